import Foundation
import Numerics
import Units

/// Draws futures of all series together, so that they surge at once where they did in the history.
///
/// The Schaake shuffle (Clark et al. 2004) with the forecasts' own quantiles: each path follows one stretch
/// of the common history, the same for all series. What a plain seasonal forecast got wrong on that stretch
/// decides where in its distribution each series lies at each step: the path with the r-th largest error of n
/// gets the quantile at level (r − ½) / n. So every step of every series has the calibrated distribution, and
/// the order in time and across series is the history's.
public struct JointPaths: Sendable {
    /// Number of paths.
    public let pathCount: Int
    /// The seed: equal seeds give equal paths.
    public let seed: UInt64
    /// Lengths of the seasons in steps.
    public let seasons: [Int]
    /// Threads to use; the paths do not depend on them.
    public let threads: Int

    /// A sampler of at least one path.
    public init(pathCount: Int, seed: UInt64, seasons: [Int], threads: Int = 1) {
        self.pathCount = max(1, pathCount)
        self.seed = seed
        self.seasons = seasons.filter { $0 > 1 }.sorted()
        self.threads = threads
    }

    /// Draws paths around forecasts that start at one instant, with the histories that they were made from,
    /// in the same order; series without an answer are left out.
    ///
    /// O(paths) for each step and series. Throws `JointPathsError` where the forecasts do not fit
    /// together.
    public func sample(_ forecasts: [SeriesForecast], histories: [RegularSeries]) throws(JointPathsError)
        -> SamplePaths
    {
        guard forecasts.count == histories.count else { throw .differentCounts }
        let answered = forecasts.indices.filter { forecasts[$0].isAnswered }
        guard let first = answered.first.map({ forecasts[$0] }) else { throw .nothingForecast }
        for index in answered {
            let other = forecasts[index]
            guard other.start == first.start, other.stepSeconds == first.stepSeconds,
                other.mean.count == first.mean.count
            else { throw .differentSteps(first.id, other.id) }
        }
        let stepCount = first.mean.count
        let known = answered.map { Forecaster.align(histories[$0], to: first.start) }
        let stretches = Stretches(
            longest: known.map(\.values.count).max() ?? 0, horizon: stepCount, seasons: seasons)
        let assignment = assignStretches(count: stretches.count)
        var shared = PathNoise(seed: seed, stream: 2, pathCount: pathCount)
        let common = (0..<stepCount).flatMap { _ in
            shared.advance()
            return shared.values
        }
        let seriesCount = answered.count
        let ladder = QuantileLadder(first.levels, count: pathCount)
        let values = Parallel.fill(
            pathCount * seriesCount * stepCount, parts: seriesCount, threads: threads
        ) { index, values in
            let forecast = forecasts[answered[index]]
            draw(
                forecast, stretches.errors(of: known[index].values), assignment: assignment, index: index,
                common: common, ladder: ladder
            ) { path, steps, drawn in
                let target = (path * seriesCount + index) * stepCount + steps.lowerBound
                _ = UnsafeMutableBufferPointer(rebasing: values[target..<target + steps.count])
                    .update(fromContentsOf: drawn)
            }
        }
        return SamplePaths(
            ids: answered.map { forecasts[$0].id }, start: first.start, stepSeconds: first.stepSeconds,
            stepCount: stepCount, pathCount: pathCount, values: values)
    }

    /// Each stretch as often as any other, in random order.
    private func assignStretches(count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var random = Random(seed: seed, stream: 1)
        var result: [Int] = []
        while result.count < pathCount {
            var round = Array(0..<count)
            random.shuffle(&round)
            result += round
        }
        return Array(result.prefix(pathCount))
    }

    /// The noise on a stretch that the series reaches back to, over that on one it does not. Chosen, not measured.
    private static let knownNoiseShare: Float = 0.25
    /// √½: the series' own noise and what is common to all are added, and have the variance of one together.
    private static let ownNoiseScale: Float = 0.707

    /// Draws the paths of one series and hands out a few steps of one path after another.
    private func draw(
        _ forecast: SeriesForecast, _ errors: Stretches.Errors, assignment: [Int], index: Int,
        common: [Float], ladder: QuantileLadder,
        write: (Int, Range<Int>, UnsafeBufferPointer<Float>) -> Void
    ) {
        // Stretches that serve several paths are told apart by a little noise, shared in part by all series;
        // a stretch that this series does not reach back to is noise alone.
        let unit = Float(errors.typicalSize)
        let sizes = (0..<pathCount).map { path in
            let isKnown = !assignment.isEmpty && errors.isKnown[assignment[path]]
            return (isKnown ? JointPaths.knownNoiseShare : 1) * JointPaths.ownNoiseScale * unit
        }
        var own = PathNoise(seed: seed, stream: UInt64(index) &* 2 &+ 3, pathCount: pathCount)
        var order = RankOrder(count: pathCount)
        var scores = [Float](repeating: 0, count: pathCount)
        var values = scores
        // Results of a few steps stay in the cache until they are written, a line of it for each path.
        let width = 16
        var drawn = [Float](repeating: 0, count: pathCount * width)
        let stepCount = forecast.mean.count
        for first in stride(from: 0, to: stepCount, by: width) {
            let steps = first..<min(first + width, stepCount)
            for step in steps {
                own.advance()
                JointPaths.score(
                    &scores, sizes: sizes, common: common[(step * pathCount)...], own: own.values,
                    errors: errors.byStep[(step * errors.isKnown.count)...], assignment: assignment)
                ladder.fill(&values, forecast, step: step)
                order.scatter(values, inOrderOf: scores, to: &drawn, first: step - first, width: width)
            }
            drawn.withUnsafeBufferPointer { drawn in
                for path in 0..<pathCount {
                    let start = path * width
                    write(path, steps, UnsafeBufferPointer(rebasing: drawn[start..<start + steps.count]))
                }
            }
        }
    }

    /// By path, the error of its stretch and its noise.
    private static func score(
        _ scores: inout [Float], sizes: [Float], common: ArraySlice<Float>, own: [Float],
        errors: ArraySlice<Float>, assignment: [Int]
    ) {
        let count = scores.count
        precondition(
            sizes.count == count && own.count == count && common.count >= count
                && (assignment.isEmpty || assignment.count == count), "one for each path")
        common.withUnsafeBufferPointer { common in
            errors.withUnsafeBufferPointer { errors in
                guard let common = common.baseAddress else { return }
                // Without stretches no error is read.
                let errors = errors.baseAddress ?? common
                if assignment.isEmpty {
                    Kernels.best.pathScores(
                        sizes, common, own, count: count, errors: errors, assignment: nil, to: &scores)
                } else {
                    Kernels.best.pathScores(
                        sizes, common, own, count: count, errors: errors, assignment: assignment, to: &scores)
                }
            }
        }
    }
}
