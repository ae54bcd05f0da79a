import Foundation
import Numerics

/// A direct ridge regression of the next values on the last ones, in which each series borrows from those that
/// resemble it.
///
/// The normal equations of a series are its own plus ten times the mean of its neighbours', weighted by their
/// similarity; all steps of the horizon share one factorisation.
public struct PooledRegression: SharedModel {
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
    /// The longest stretch of regressors.
    static let longestSpan = 192

    /// A model of an input.
    public init(_ input: Input) {
        self.input = input
    }

    /// Needs a short season of stretches, each a long season and a horizon; seasons of at most 96 steps.
    public func fit(_ pool: SeriesPool, horizon: Int) -> [Result<any FittedModel, ModelFailure>] {
        let parts = Parallel.map(pool.windows.count, threads: pool.threads) {
            part(pool.windows[$0], horizon)
        }
        var results: [Result<any FittedModel, ModelFailure>] = parts.map { part in
            switch part {
            case .failure(let failure): .failure(failure)
            case .success: .failure(ModelFailure("the normal equations have no solution"))
            }
        }
        var groups: [WindowMoments.Shape: [Int]] = [:]
        for (index, part) in parts.enumerated() {
            if case .success(let part) = part { groups[part.shape, default: []].append(index) }
        }
        for (shape, members) in groups {
            let known = members.compactMap { index -> Part? in
                if case .success(let part) = parts[index] { part } else { nil }
            }
            let solved = solve(known, members: members, shape: shape, pool: pool)
            for (member, model) in zip(members, solved) {
                if let model { results[member] = .success(model) }
            }
        }
        return results
    }

    /// One series' moments.
    private struct Part: Sendable {
        let shape: WindowMoments.Shape
        let scale: Double
        let moments: WindowMoments
    }

    private func part(_ window: HistoryWindow, _ horizon: Int) -> Result<Part, ModelFailure> {
        guard let short = window.shortSeason else { return .failure(ModelFailure("holds no season twice")) }
        let long = window.longSeason ?? short
        guard 2 * short <= PooledRegression.longestSpan else {
            return .failure(ModelFailure("a season of more than 96 steps"))
        }
        if input == .logarithm || input == .short, window.logScale == .identity {
            return .failure(ModelFailure("no logarithm of negative values"))
        }
        guard horizon <= 2 * max(long, 2 * short) else {
            return .failure(ModelFailure("a horizon of more than two long seasons"))
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
        let centre = Summary.mean(values.rest)
        let moments = WindowMoments(
            values.rest.map { ($0 - centre) / size }, shape: shape,
            phaseWeight: input == .logarithm || input == .plain ? 3 : 0)
        guard let moments else {
            return .failure(.tooShort(window, needs: span + horizon + short))
        }
        return .success(Part(shape: shape, scale: size, moments: moments))
    }

    /// The values by whose differences the series is scaled, and what is regressed.
    private func regressed(_ window: HistoryWindow, long: Int) -> (levels: [Double], rest: [Double]) {
        let span = min(window.count, HistorySpan.adaptive(long))
        switch input {
        case .logarithm, .short, .rest:
            let logs = Array(window.logs.suffix(span))
            guard input == .rest else { return (logs, logs) }
            let profile = window.profile(on: window.logScale, shrinkage: ProfileAutoregression.weekly)
            return (logs, logs.indices.map { logs[$0] - profile.value(atStep: $0 - span) })
        case .plain:
            let values = Array(window.filled.suffix(span))
            return (values, values)
        }
    }

    /// Adds the neighbours' moments and factorises.
    private func solve(_ parts: [Part], members: [Int], shape: WindowMoments.Shape, pool: SeriesPool)
        -> [(any FittedModel)?]
    {
        var place = [Int](repeating: -1, count: pool.windows.count)
        for (index, member) in members.enumerated() { place[member] = index }
        let known = place
        let rows = members.map { member in
            let share = PooledRegression.neighbourWeight * pool.neighbours.strength[member]
            return pool.neighbours.rows[member].compactMap { neighbour -> (index: Int, weight: Float)? in
                guard known[neighbour.index] >= 0 else { return nil }
                return (known[neighbour.index], Float(share * neighbour.weight))
            }
        }
        let moments = parts.map(\.moments.values)
        let width = 64
        let chunks = (parts.count + width - 1) / width
        let solved = Parallel.map(chunks, threads: pool.threads) { chunk -> [(any FittedModel)?] in
            let range = chunk * width..<min((chunk + 1) * width, parts.count)
            let sums = SinglePrecision.sums(range, of: moments, adding: rows)
            return zip(range, sums).map { fitted(parts[$0], moments: $1) }
        }
        return solved.flatMap { $0 }
    }

    /// One series' equations, from its moments and what its neighbours add.
    private func fitted(_ part: Part, moments: [Float]) -> (any FittedModel)? {
        let span = part.shape.span
        var trace: Float = 0
        for row in 0..<span { trace += moments[row * (row + 1) / 2 + row] }
        guard trace > 0, trace.isFinite,
            let factor = PackedCholesky(
                lower: moments[..<part.shape.packed], order: span, ridge: 1e-4 * trace / Float(span))
        else { return nil }
        return Fitted(
            input: input, shape: part.shape, scale: part.scale, factor: factor, moments: moments)
    }

    private struct Fitted: FittedModel {
        let input: Input
        let shape: WindowMoments.Shape
        let scale: Double
        let factor: PackedCholesky
        /// As in `WindowMoments`.
        let moments: [Float]

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let (span, season) = (shape.span, shape.season)
            guard window.count >= span, horizon <= shape.horizon else {
                return [Double](repeating: .nan, count: horizon)
            }
            let profile: SeasonalProfile? =
                input == .rest
                ? window.profile(on: window.logScale, shrinkage: ProfileAutoregression.weekly) : nil
            let source = input == .plain ? window.filled : window.logs
            var last = Array(source.suffix(span))
            if let profile { for index in 0..<span { last[index] -= profile.value(atStep: index - span) } }
            let anchor = Summary.mean(last.suffix(season))
            let regressors = last.map { Float(($0 - anchor) / scale) }
            // There are fewer forecasts than steps: this is cheaper than the coefficients of each step.
            var weights = regressors
            factor.solve(&weights)
            let sums = SinglePrecision.product(
                moments[shape.packed...], vector: weights, rows: shape.horizon, columns: span)
            return (0..<horizon).map { step in
                var value = anchor + scale * Double(sums[step] + regressors[span - season + step % season])
                if let profile { value += profile.value(atStep: step) }
                return input == .plain ? value : window.logScale.invert(value)
            }
        }
    }
}
