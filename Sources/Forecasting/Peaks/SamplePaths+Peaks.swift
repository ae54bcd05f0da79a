import Numerics
import Units

extension SamplePaths {
    /// The paths with peaks as far above the running level as past horizons' peaks were.
    ///
    /// Of each series, every path is multiplied by a factor of its own, so that the highest steps of the paths have the
    /// distribution that the past tells (`PeakOutlook`): what surged together on the paths still does, and how far the level
    /// of a whole week may be off is no longer averaged away by hours that are calibrated one by one. Which path of a series
    /// gets which peak follows its own peak and, from the second round on, how far the sum over all series is from what the
    /// past tells of sums, so that series rise together as much as they did. Series whose history is short, negative
    /// somewhere or missing at its end stay as they are.
    ///
    /// - Parameters:
    ///   - histories: What was known of each of the series, in their order.
    ///   - seasons: Lengths of the seasons in steps.
    ///   - threads: Threads to use; the result does not depend on them.
    /// - Returns: As many paths of the same series and steps.
    public func withPeaks(of histories: [RegularSeries], seasons: [Int], threads: Int = 1) -> SamplePaths {
        precondition(histories.count == ids.count, "one history for each series")
        let season = seasons.filter { $0 > 1 }.min() ?? max(1, stepCount / 7)
        let known = histories.map { Forecaster.align($0, to: start).values }
        let outlook = PeakOutlook(
            known.map { $0.contains { $0 < 0 } ? [] : $0 }, horizon: stepCount, season: season,
            threads: threads)
        let levels = (0..<pathCount).map { (Double($0) + 0.5) / Double(pathCount) }
        let common = outlook.commonQuantiles(levels)
        let told = outlook.centres.indices.map { series in
            outlook.centres[series].isFinite
                ? outlook.peaks(of: series, levels: levels, common: common) : nil
        }
        let drawn = (0..<ids.count * pathCount).map { place in
            peak(path: place % pathCount, series: place / pathCount)
        }
        var factors = [Double](repeating: 1, count: ids.count * pathCount)
        var pulls = [Double](repeating: 1, count: pathCount)
        for round in 0...SamplePaths.sumRounds {
            for series in ids.indices {
                guard let peaks = told[series] else { continue }
                let own = (0..<pathCount).map { path in
                    let place = series * pathCount + path
                    return (drawn: drawn[place], score: drawn[place] * factors[place] * pulls[path])
                }
                for (path, factor) in SamplePaths.factors(own, to: peaks).enumerated() {
                    factors[series * pathCount + path] = factor
                }
            }
            guard round < SamplePaths.sumRounds, ids.count > 1, let peaks = told.last ?? nil else { break }
            let found = factors
            let sums = Parallel.map(pathCount, threads: threads) { totalPeak(path: $0, factors: found) }
            pulls = SamplePaths.factors(sums.map { ($0, $0) }, to: peaks)
        }
        let found = factors
        let changed = Parallel.fill(values.count, parts: ids.count, threads: threads) { series, target in
            for path in 0..<pathCount {
                let first = (path * ids.count + series) * stepCount
                let factor = Float(found[series * pathCount + path])
                for index in first..<first + stepCount { target[index] = factor * values[index] }
            }
        }
        return SamplePaths(
            ids: ids, start: start, stepSeconds: stepSeconds, stepCount: stepCount, pathCount: pathCount,
            values: changed)
    }

    /// A path is never made larger or smaller than by this factor. Chosen, not measured.
    private static let factorMax = 20.0
    /// How often the order of the paths is moved towards what is told of the sum. Chosen, not measured.
    private static let sumRounds = 3

    private func peak(path: Int, series: Int) -> Double {
        let first = (path * ids.count + series) * stepCount
        return Double(values[first..<first + stepCount].reduce(0) { max($0, $1) })
    }

    private func totalPeak(path: Int, factors: [Double]) -> Double {
        var sums = [Double](repeating: 0, count: stepCount)
        for series in ids.indices {
            let first = (path * ids.count + series) * stepCount
            let factor = factors[series * pathCount + path]
            for step in 0..<stepCount { sums[step] += factor * Double(values[first + step]) }
        }
        return sums.max() ?? 0
    }

    /// By path, what brings the peaks that were drawn to rising ones, in the order of the scores.
    private static func factors(_ own: [(drawn: Double, score: Double)], to peaks: [Double]) -> [Double] {
        let order = own.indices.sorted { (own[$0].score, $0) < (own[$1].score, $1) }
        var factors = [Double](repeating: 1, count: own.count)
        for (rank, path) in order.enumerated() where own[path].drawn > 0 {
            factors[path] = min(max(peaks[rank] / own[path].drawn, 1 / factorMax), factorMax)
        }
        return factors
    }
}
