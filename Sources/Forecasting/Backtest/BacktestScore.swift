import Units

/// How well one model did on one series, over all origins.
public struct BacktestScore: Sendable {
    public let id: SeriesID
    /// `combined` or the candidate's name.
    public let model: String
    /// Steps ahead.
    public let horizon: Int
    /// Origins that were scored.
    public let originCount: Int
    /// Mean absolute error over the mean absolute difference of one first season, averaged over origins.
    public let mase: Double
    /// Symmetric mean absolute percentage error, 0 to 200.
    public let smape: Double
    /// Pinball loss of the median, in units of the series.
    public let pinball50: Double
    /// Pinball loss of the 90 % quantile.
    public let pinball90: Double
    /// Pinball loss of the 99 % quantile.
    public let pinball99: Double
    /// Share of values in the central 90 % interval.
    public let coverage90: Double
    /// Share of values not above the 99 % quantile.
    public let coverage99: Double
    /// |largest forecast − largest value| / largest value of each horizon, averaged over origins.
    public let peakError: Double
    /// Why there are no figures; nil where there are.
    public let failure: String?
}

/// Sums over origins; figures without a value are NaN.
struct BacktestTally: Sendable {
    /// Levels that the figures need.
    static let neededLevels = [0.05, 0.5, 0.9, 0.95, 0.99]
    /// The levels between which the interval of `coverage90` lies.
    private static let levels90 = (low: 0.05, high: 0.95)

    private let levels: [Double]
    private var originCount = 0
    private var steps = 0.0
    private var smape = 0.0
    private var pinball: [Double]
    private var inside = 0.0
    private var below99 = 0.0
    private var scaled = Average()
    private var peak = Average()

    private struct Average: Sendable {
        var sum = 0.0
        var count = 0.0
        var value: Double { count > 0 ? sum / count : .nan }

        mutating func add(_ value: Double) {
            guard value.isFinite else { return }
            sum += value
            count += 1
        }
    }

    var isEmpty: Bool { originCount == 0 }

    init(_ levels: [Double]) {
        self.levels = levels
        pinball = [Double](repeating: 0, count: levels.count)
    }

    /// Adds one origin. Missing values are not scored; quantiles are `[level][step]`.
    mutating func add(actual: [Double], mean: [Double], quantiles: [[Double]], scale: Double) {
        var absolute = Average()
        var highest = (actual: -Double.infinity, forecast: -Double.infinity)
        for (step, value) in actual.enumerated() where value.isFinite {
            let error = abs(value - mean[step])
            absolute.add(error)
            let size = abs(value) + abs(mean[step])
            smape += size > 0 ? 200 * error / size : 0
            steps += 1
            for (index, level) in levels.enumerated() {
                let difference = value - quantiles[index][step]
                pinball[index] += max(level * difference, (level - 1) * difference)
            }
            if let low = quantile(BacktestTally.levels90.low, quantiles, step),
                let high = quantile(BacktestTally.levels90.high, quantiles, step),
                low <= value, value <= high
            {
                inside += 1
            }
            if let top = quantile(0.99, quantiles, step), value <= top { below99 += 1 }
            highest = (max(highest.actual, value), max(highest.forecast, mean[step]))
        }
        guard absolute.count > 0 else { return }
        originCount += 1
        if scale > 0 { scaled.add(absolute.value / scale) }
        if highest.actual != 0 { peak.add(abs(highest.forecast - highest.actual) / abs(highest.actual)) }
    }

    func score(id: SeriesID, model: String, horizon: Int, failure: String?) -> BacktestScore {
        func share(_ sum: Double) -> Double { steps > 0 ? sum / steps : .nan }
        func loss(_ level: Double) -> Double {
            levels.firstIndex(of: level).map { share(pinball[$0]) } ?? .nan
        }
        return BacktestScore(
            id: id, model: model, horizon: horizon, originCount: originCount, mase: scaled.value,
            smape: share(smape), pinball50: loss(0.5), pinball90: loss(0.9), pinball99: loss(0.99),
            coverage90: share(inside), coverage99: share(below99), peakError: peak.value, failure: failure)
    }

    private func quantile(_ level: Double, _ quantiles: [[Double]], _ step: Int) -> Double? {
        levels.firstIndex(of: level).map { quantiles[$0][step] }
    }
}
