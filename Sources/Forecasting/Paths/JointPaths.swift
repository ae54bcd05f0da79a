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
    /// O(paths log paths) for each step and series. Throws `JointPathsError` where the forecasts do not fit
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
        let common = (0..<pathCount).map { noise(stream: UInt64($0) &* 2, stepCount) }
        let ranks = RankedQuantiles(first.levels, pathCount: pathCount)
        let columns = Parallel.map(answered.count, threads: threads) { index in
            let template = stretches.errors(of: known[index].values)
            return series(
                forecasts[answered[index]], index: index, template: template, assignment: assignment,
                common: common, ranks: ranks)
        }
        var values = [Double](repeating: 0, count: pathCount * answered.count * stepCount)
        for (index, column) in columns.enumerated() {
            for path in 0..<pathCount {
                let target = (path * answered.count + index) * stepCount
                for step in 0..<stepCount { values[target + step] = column[path * stepCount + step] }
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

    /// Slowly varying normal noise: a first-order autoregression of variance 1.
    private func noise(stream: UInt64, _ stepCount: Int) -> [Double] {
        var random = Random(seed: seed, stream: 1000 &+ stream)
        let memory = 0.95
        let fresh = (1 - memory * memory).squareRoot()
        var value = random.normal()
        return (0..<stepCount).map { _ in
            value = memory * value + fresh * random.normal()
            return value
        }
    }

    /// One series: `[path][step]`.
    private func series(
        _ forecast: SeriesForecast, index: Int, template: [[Double]?], assignment: [Int], common: [[Double]],
        ranks: RankedQuantiles
    ) -> [Double] {
        let stepCount = forecast.mean.count
        var scores = [Double](repeating: 0, count: pathCount * stepCount)
        // Stretches that serve several paths are told apart by a little noise, shared in part by all series;
        // a stretch that this series does not reach back to is noise alone.
        let spread = Summary.median(template.compactMap { $0 }.flatMap { $0.map(abs) })
        let unit = spread > 0 ? 1.4826 * spread : 1
        for path in 0..<pathCount {
            let own = noise(stream: UInt64(index + 1) &* 2_000_003 &+ UInt64(path) &* 2 &+ 1, stepCount)
            let past = assignment.isEmpty ? nil : template[assignment[path]]
            let size = past == nil ? 1 : 0.25
            for step in 0..<stepCount {
                let mixed = 0.707 * (common[path][step] + own[step])
                scores[path * stepCount + step] = (past?[step] ?? 0) + size * unit * mixed
            }
        }
        var result = scores
        var order = Array(0..<pathCount)
        for step in 0..<stepCount {
            order.sort {
                (scores[$0 * stepCount + step], $0) < (scores[$1 * stepCount + step], $1)
            }
            for (rank, path) in order.enumerated() {
                result[path * stepCount + step] = ranks.value(forecast, rank: rank, step: step)
            }
        }
        return result
    }
}

/// Why paths cannot be drawn.
public enum JointPathsError: Error, Equatable, CustomStringConvertible {
    /// There is not one history for each forecast.
    case differentCounts
    /// No series has a forecast.
    case nothingForecast
    /// Two forecasts differ in start, step or horizon.
    case differentSteps(SeriesID, SeriesID)

    /// What is wrong.
    public var description: String {
        switch self {
        case .differentCounts: "each forecast needs its history"
        case .nothingForecast: "no series has a forecast"
        case .differentSteps(let one, let other):
            "the forecasts of \(one) and \(other) differ in start, step or horizon"
        }
    }
}

/// Stretches of the history as long as the horizon, and what a plain seasonal forecast got wrong on them.
private struct Stretches {
    private let horizon: Int
    private let season: Int
    /// Steps from the start of each stretch to the end of the history.
    private let offsets: [Int]

    var count: Int { offsets.count }

    /// Stretches begin a short season apart, so that hours keep their place; at most 400, the latest.
    init(longest: Int, horizon: Int, seasons: [Int]) {
        self.horizon = horizon
        let season = seasons.last { 2 * $0 + horizon <= longest } ?? 1
        self.season = season
        let spacing = seasons.first ?? max(1, horizon / 4)
        offsets = Array(
            stride(from: horizon, through: longest - 2 * season, by: max(1, min(spacing, horizon))).prefix(
                400))
    }

    /// Log ratios to the mean of the two last seasons (differences where values are negative); nil where the
    /// series does not reach back so far.
    func errors(of values: [Double]) -> [[Double]?] {
        let present = values.filter(\.isFinite)
        let offset = 0.01 * present.reduce(0) { $0 + abs($1) } / Double(max(present.count, 1)) + 1e-9
        let isNegative = present.contains { $0 < 0 }
        func scaled(_ value: Double) -> Double { isNegative ? value : log(value + offset) }
        return offsets.map { back in
            let start = values.count - back
            guard start - 2 * season >= 0 else { return nil }
            return (0..<horizon).map { step in
                let behind = (step / season + 1) * season
                let one = value(values, start + step - behind)
                let two = value(values, start + step - behind - season, otherwise: one)
                let actual = value(values, start + step)
                guard actual.isFinite, one.isFinite else { return 0 }
                return scaled(actual) - scaled((one + two) / 2)
            }
        }
    }

    private func value(_ values: [Double], _ index: Int, otherwise: Double = .nan) -> Double {
        values.indices.contains(index) && values[index].isFinite ? values[index] : otherwise
    }
}

/// The levels (r + ½) / n as places between the levels of the quantiles.
private struct RankedQuantiles {
    private let places: [SeriesForecast.LevelPlace]

    init(_ levels: [Double], pathCount: Int) {
        places = (0..<pathCount).map {
            SeriesForecast.LevelPlace((Double($0) + 0.5) / Double(pathCount), among: levels)
        }
    }

    func value(_ forecast: SeriesForecast, rank: Int, step: Int) -> Double {
        forecast.quantile(at: places[rank], step: step)
    }
}
