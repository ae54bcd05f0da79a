import Foundation
import Numerics

/// A direct ridge regression of the next values on the last ones, in which each series borrows from those
/// that resemble it.
///
/// The normal equations of a series are its own plus ten times the mean of its neighbours', weighted by their
/// similarity; all steps of the horizon share one factorisation.
public struct PooledRegression: PassingModel {
    /// What is regressed.
    public enum Input: String, Sendable {
        /// Values on the log scale, a long season of them.
        case logarithm = "log"
        /// Values on the log scale, four short seasons of them, with no regard to the phase of the origin.
        case short
        /// Values as they are.
        case plain
        /// What the seasonal profile leaves on the log scale.
        case rest
    }

    private let input: Input
    /// `pooled_log`, `pooled_short`, `pooled_plain` or `pooled_rest`.
    public var name: String { "pooled_\(input.rawValue)" }

    /// How much the neighbours count at full strength.
    static let neighbourWeight = 10.0
    /// The ridge over the mean of the moments' diagonal. Chosen, not measured.
    private static let ridgeShare: Float = 1e-4
    /// The longest stretch of regressors, in steps.
    static let longestSpan = RecentValues.longest

    /// A model of an input.
    public init(_ input: Input) {
        self.input = input
    }

    /// Needs a short season of stretches, each a long season and a horizon; seasons of at most 96 steps.
    public func forecasts(_ pool: SeriesPool, from origins: [[RecentValues]], horizon: Int)
        -> [Result<[[Double]], ModelFailure>]
    {
        let sources = Parallel.map(pool.windows.count, threads: pool.threads) {
            source(pool.windows[$0], horizon)
        }
        var results: [Result<[[Double]], ModelFailure>] = sources.map { source in
            switch source {
            case .failure(let failure): .failure(failure)
            case .success: .failure(ModelFailure("the normal equations have no solution"))
            }
        }
        var groups: [WindowMoments.Shape: [Int]] = [:]
        for (index, source) in sources.enumerated() {
            if case .success(let source) = source { groups[source.shape, default: []].append(index) }
        }
        for (shape, members) in groups {
            let known = members.compactMap { index -> Source? in
                if case .success(let source) = sources[index] { source } else { nil }
            }
            let found = forecasts(
                known, members: members, shape: shape, pool: pool, origins: members.map { origins[$0] })
            for (member, forecasts) in zip(members, found) {
                if let forecasts { results[member] = .success(forecasts) }
            }
        }
        return results
    }

    /// What the moments of one series are made of.
    private struct Source: Sendable {
        let shape: WindowMoments.Shape
        let scale: Double
        /// The values over their scale.
        let values: [Double]
    }

    private func source(_ window: HistoryWindow, _ horizon: Int) -> Result<Source, ModelFailure> {
        guard let short = window.shortSeason else {
            return .failure(ModelFailure("the history covers less than two seasons"))
        }
        let long = window.longSeason ?? short
        guard 2 * short <= PooledRegression.longestSpan else {
            return .failure(ModelFailure("the season is longer than 96 steps"))
        }
        if input == .logarithm || input == .short, window.logScale == .identity {
            return .failure(ModelFailure("negative values have no logarithm"))
        }
        guard horizon <= 2 * max(long, 2 * short) else {
            return .failure(ModelFailure("the horizon is longer than two long seasons"))
        }
        let wanted =
            switch input {
            case .rest: 3 * short
            case .short: 4 * short
            case .logarithm, .plain: max(long, 2 * short)
            }
        let span = min(wanted, PooledRegression.longestSpan / short * short)
        let shape = WindowMoments.Shape(span: span, horizon: horizon, season: short)
        let values = regressed(window, long: long)
        var size = 0.0
        for index in short..<values.levels.count {
            size += abs(values.levels[index] - values.levels[index - short])
        }
        size /= Double(values.levels.count - short)
        guard size > 1e-12 * (abs(values.levels[0]) + 1e-300) else {
            return .failure(ModelFailure("repeats its season exactly"))
        }
        guard shape.hasStretches(values.rest.count) else {
            return .failure(.tooShort(window, needs: span + horizon + short))
        }
        let centre = Summary.mean(values.rest)
        return .success(Source(shape: shape, scale: size, values: values.rest.map { ($0 - centre) / size }))
    }

    /// The values by whose differences the series is scaled, and what is regressed.
    private func regressed(_ window: HistoryWindow, long: Int) -> (levels: [Double], rest: [Double]) {
        let span = min(window.count, HistorySpan.adaptive(long))
        switch input {
        case .logarithm, .short, .rest:
            let logs = Array(window.logs.suffix(span))
            guard input == .rest else { return (logs, logs) }
            let profile = window.profile(on: window.logScale, shrinkage: SeasonalProfile.weeklyShrinkage)
            return (logs, logs.indices.map { logs[$0] - profile.value(atStep: $0 - span) })
        case .plain:
            let values = Array(window.filled.suffix(span))
            return (values, values)
        }
    }

    /// The moments of each series, those of its neighbours added, and the forecasts that follow; nil where
    /// there is no solution.
    private func forecasts(
        _ sources: [Source], members: [Int], shape: WindowMoments.Shape, pool: SeriesPool,
        origins: [[RecentValues]]
    ) -> [[[Double]]?] {
        let length = shape.count
        let phaseWeight: Double = input == .logarithm || input == .plain ? 3 : 0
        let moments = pool.scratch
        moments.fill(parts: sources.count, length: length, threads: pool.threads) { part, values in
            WindowMoments.fill(values, sources[part].values, shape: shape, phaseWeight: phaseWeight)
        }
        let rows = neighbours(members, pool)
        // Many rows at a time read the moments fewer times; each row is a sum of its own.
        let width = max(32, min(128, (sources.count + pool.threads - 1) / pool.threads))
        let chunks = (sources.count + width - 1) / width
        return Parallel.map(chunks, threads: pool.threads) { chunk -> [[[Double]]?] in
            let range = chunk * width..<min((chunk + 1) * width, sources.count)
            let sums = SinglePrecision.sums(
                range, of: moments.values(length * sources.count), length: length, adding: rows)
            return range.map { member in
                let first = (member - range.lowerBound) * length
                return forecasts(sources[member], sums[first..<first + length], from: origins[member])
            }
        }.flatMap { $0 }
    }

    /// By member, which others are added with which weight.
    private func neighbours(_ members: [Int], _ pool: SeriesPool) -> [[(index: Int, weight: Float)]] {
        var known = [Int](repeating: -1, count: pool.windows.count)
        for (index, member) in members.enumerated() { known[member] = index }
        return members.map { member in
            let share = PooledRegression.neighbourWeight * pool.neighbours.strength[member]
            return pool.neighbours.rows[member].compactMap { neighbour -> (index: Int, weight: Float)? in
                guard known[neighbour.index] >= 0 else { return nil }
                return (known[neighbour.index], Float(share * neighbour.weight))
            }
        }
    }

    /// Forecasts of one series from its origins, by its moments with those of its neighbours.
    private func forecasts(_ source: Source, _ moments: ArraySlice<Float>, from origins: [RecentValues])
        -> [[Double]]?
    {
        let shape = source.shape
        let (span, season, first) = (shape.span, shape.season, moments.startIndex)
        var trace: Float = 0
        for row in 0..<span { trace += moments[first + row * (row + 1) / 2 + row] }
        guard trace > 0, trace.isFinite else { return nil }
        let states = origins.map { State($0, input, shape: shape, scale: source.scale) }
        let regressors = states.flatMap { $0.regressors }
        var weights = regressors
        // There are fewer forecasts than steps: this is cheaper than the coefficients of each step.
        let isSolved = SingleCholesky.solve(
            lower: moments[first..<first + shape.packed], order: span,
            ridge: PooledRegression.ridgeShare * trace / Float(span),
            &weights, count: states.count)
        guard isSolved else { return nil }
        let sums = SinglePrecision.product(
            weights, transposed: moments[(first + shape.packed)...], rows: states.count, inner: span,
            columns: shape.horizon)
        return states.indices.map { index in
            let (state, origin) = (states[index], origins[index])
            guard origin.count >= span else { return [Double](repeating: .nan, count: shape.horizon) }
            return (0..<shape.horizon).map { step in
                let base = regressors[index * span + span - season + step % season]
                let rest = Double(sums[index * shape.horizon + step] + base)
                var value = state.anchor + source.scale * rest
                if input == .rest, let profile = origin.profile { value += profile.value(atStep: step) }
                return input == .plain ? value : origin.logScale.invert(value)
            }
        }
    }

    /// What is regressed at an origin: over the scale, and less the mean of the last season; zeros where the
    /// window is too short.
    private struct State {
        let anchor: Double
        let regressors: [Float]

        init(_ origin: RecentValues, _ input: Input, shape: WindowMoments.Shape, scale: Double) {
            let span = shape.span
            guard origin.count >= span else {
                anchor = .nan
                regressors = [Float](repeating: 0, count: span)
                return
            }
            var last = Array((input == .plain ? origin.filled : origin.logs).suffix(span))
            if input == .rest, let profile = origin.profile {
                for index in 0..<span { last[index] -= profile.value(atStep: index - span) }
            }
            let anchor = Summary.mean(last.suffix(shape.season))
            self.anchor = anchor
            regressors = last.map { Float(($0 - anchor) / scale) }
        }
    }
}
