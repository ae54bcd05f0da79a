import Numerics
import Units

extension SamplePaths {
    /// The paths with peaks as far above the running level as past horizons' peaks were.
    ///
    /// Of each series, every path is multiplied by a factor of its own, so that the highest steps of the paths have
    /// the distribution that the past tells (`PeakOutlook`) and keep their order: what surged together on the paths
    /// still does, and how far the level of a whole week may be off is no longer averaged away by hours that are
    /// calibrated one by one. Series whose history is short, negative somewhere or missing at its end stay as they
    /// are.
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
        let changed = Parallel.fill(values.count, parts: ids.count, threads: threads) { series, target in
            let factors =
                outlook.centres[series].isFinite
                ? factors(of: series, peaks: outlook.peaks(of: series, levels: levels, common: common)) : nil
            for path in 0..<pathCount {
                let first = (path * ids.count + series) * stepCount
                let factor = factors?[path] ?? 1
                for index in first..<first + stepCount { target[index] = factor * values[index] }
            }
        }
        return SamplePaths(
            ids: ids, start: start, stepSeconds: stepSeconds, stepCount: stepCount, pathCount: pathCount,
            values: changed)
    }

    /// A path is never made larger or smaller than by this factor.
    private static let largestFactor: Float = 20

    /// By path, what brings the peaks of a series to rising ones, in their order.
    private func factors(of series: Int, peaks: [Double]) -> [Float] {
        let own = (0..<pathCount).map { path -> Float in
            let first = (path * ids.count + series) * stepCount
            return values[first..<first + stepCount].reduce(0) { max($0, $1) }
        }
        let order = own.indices.sorted { (own[$0], $0) < (own[$1], $1) }
        var factors = [Float](repeating: 1, count: pathCount)
        for (rank, path) in order.enumerated() where own[path] > 0 {
            let factor = Float(peaks[rank]) / own[path]
            factors[path] = min(max(factor, 1 / SamplePaths.largestFactor), SamplePaths.largestFactor)
        }
        return factors
    }
}
