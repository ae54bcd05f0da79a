import Numerics

/// The quantiles of forecasts at evenly spread levels: (r − ½) / n for r = 1 … n.
struct QuantileLadder: Sendable {
    /// Places between the same two levels of the forecasts.
    private let rungs: [(places: Range<Int>, below: Int)]
    /// By place, the share of the way from the level below to the one above.
    private let shares: [Double]

    /// The places of `count` levels among those of the forecasts.
    init(_ levels: [Double], count: Int) {
        let places = (0..<count).map {
            SeriesForecast.LevelPlace((Double($0) + 0.5) / Double(count), among: levels)
        }
        shares = places.map(\.share)
        var rungs: [(places: Range<Int>, below: Int)] = []
        for (place, level) in places.enumerated() {
            if let last = rungs.last, last.below == level.below {
                rungs[rungs.count - 1].places = last.places.lowerBound..<place + 1
            } else {
                rungs.append((place..<place + 1, level.below))
            }
        }
        self.rungs = rungs
    }

    /// The quantiles of one step, rising.
    func fill(_ values: inout [Float], _ forecast: SeriesForecast, step: Int) {
        guard forecast.levels.count > 1 else {
            let only = Float(forecast.quantiles.first?[step] ?? forecast.mean[step])
            for place in values.indices { values[place] = only }
            return
        }
        let (lowest, highest) = (forecast.range.lowerBound, forecast.range.upperBound)
        for rung in rungs {
            let below = forecast.quantiles[rung.below][step]
            let width = forecast.quantiles[rung.below + 1][step] - below
            values.withUnsafeMutableBufferPointer { values in
                shares.withUnsafeBufferPointer { shares in
                    guard let source = shares.baseAddress, let target = values.baseAddress else { return }
                    let first = rung.places.lowerBound
                    Kernels.best.between(
                        source + first, count: rung.places.count, below: below, width: width, lowest: lowest,
                        highest: highest, to: target + first)
                }
            }
        }
    }
}
