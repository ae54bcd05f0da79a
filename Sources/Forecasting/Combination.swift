import Foundation
import Numerics

/// How the candidates of one series did at the origins before a place.
///
/// The loss is √(mean absolute error × sMAPE), each relative to the best candidate: robust to single outliers
/// and to scale.
struct CandidateLosses: Sendable {
    /// Relative to the best, at least 1; NaN for a candidate without a score.
    let relative: [Double]
    /// Logarithms less their mean over the candidates; NaN for a candidate without a score.
    let logs: [Double]

    /// Scores the candidates for a forecast made `place` steps before the end of the window.
    init(_ forecasts: CandidateForecasts, at place: Int, plan: OriginPlan, handicaps: [Double]) {
        let modelCount = handicaps.count
        var absolute = [Double](repeating: 0, count: modelCount)
        var relative = absolute
        var covered = absolute
        // Errors of the first candidate that always answers, where each other candidate answers too.
        var yardstick = absolute
        var yardstickRelative = absolute
        var whole = 0.0
        let outliers = forecasts.contexts[place]?.outliers ?? []
        for origin in plan.origins(count: forecasts.span.count(at: place)) {
            let offset = place + origin.offset
            guard offset < forecasts.values.count, let results = forecasts.results(at: offset, for: place),
                let actual = forecasts.actual(from: offset, count: origin.scored, knownAt: place),
                let errors = CandidateLosses.errors(
                    results, actual: actual, isOutlier: { outliers.contains(origin.offset - $0) }),
                let base = errors.lazy.compactMap({ $0 }).first
            else { continue }
            whole += origin.weight
            for (model, error) in errors.enumerated() {
                guard let error else { continue }
                absolute[model] += origin.weight * error.absolute
                relative[model] += origin.weight * error.relative
                covered[model] += origin.weight
                yardstick[model] += origin.weight * base.absolute
                yardstickRelative[model] += origin.weight * base.relative
            }
        }
        guard whole > 0 else {
            self.relative = [Double](repeating: .nan, count: modelCount)
            logs = self.relative
            return
        }
        let one = CandidateLosses.comparable(absolute, covered, yardstick)
        let two = CandidateLosses.comparable(relative, covered, yardstickRelative)
        let found = zip(one, two).map { ($0 * $1).squareRoot() }
        self.relative = found
        // Where one candidate is exact, others are infinitely worse: that is worse enough.
        let logs = zip(found, handicaps).map { min(log($0 * $1), 5) }
        let known = logs.filter { !$0.isNaN }
        let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
        self.logs = logs.map { $0 - mean }
    }

    /// Mean absolute and mean relative error of each candidate over the observed steps that are no outliers
    /// of the history before the place; nil where there are none.
    private static func errors(
        _ results: [Result<[Double], ModelFailure>], actual: [Double], isOutlier: (Int) -> Bool
    ) -> [(absolute: Double, relative: Double)?]? {
        let steps = actual.indices.filter { !actual[$0].isNaN && !isOutlier($0) }
        guard !steps.isEmpty else { return nil }
        return results.map { result in
            guard case .success(let forecast) = result else { return nil }
            var absolute = 0.0
            var relative = 0.0
            for step in steps {
                let value = actual[step]
                let error = abs(value - forecast[step])
                absolute += error
                relative += error / max(abs(value) + abs(forecast[step]), 1e-9)
            }
            return (absolute / Double(steps.count), relative / Double(steps.count))
        }
    }

    /// Losses relative to the best, as if every candidate had been scored at every origin; NaN for those
    /// never scored.
    private static func comparable(_ sums: [Double], _ covered: [Double], _ yardstick: [Double]) -> [Double] {
        let complete = zip(yardstick, covered).max { $0.1 < $1.1 }
        let reference = complete.map { $0.1 > 0 ? $0.0 / $0.1 : 0 } ?? 0
        let values = sums.indices.map { model -> Double in
            guard covered[model] > 0 else { return .nan }
            let own = sums[model] / covered[model]
            let base = yardstick[model] / covered[model]
            return base > 0 && reference > 0 ? own / base * reference : own
        }
        let best = values.filter(\.isFinite).min() ?? 0
        let floor = max(best, 1e-12 * max(reference, 1e-300))
        return values.map { $0.isNaN ? .nan : max($0, floor) / max(floor, 1e-300) }
    }
}

/// The weights of the candidates of one series at one origin, from their errors at the origins before it and,
/// by a third, from those of the series that resemble it.
///
/// A weight is the loss to the power −6; candidates below a tenth of the best one's weight are left out. The
/// forecast is the mean of the weighted mean and the weighted median.
struct Combination: Sendable {
    /// One a candidate; 0 for those that have no answer or no score.
    let weights: [Double]
    /// The loss relative to the best; NaN where there is no score.
    let losses: [Double]

    /// The power of the loss.
    static let sharpness = 6.0
    /// The least weight, as a share of the best candidate's.
    static let leastShare = 0.1
    /// The weight of the neighbours' losses at full strength, against 1 for its own.
    static let neighbourWeight = 0.5

    /// Weighs the candidates of the series `index` of a block; `all` are the losses of the block's series.
    init(
        _ all: [CandidateLosses], index: Int, pool: CandidateBlock.BlockNeighbours?,
        answers: [Result<[Double], ModelFailure>], modelCount: Int
    ) {
        let own = all[index]
        losses = own.relative
        guard own.logs.contains(where: { !$0.isNaN }) else {
            weights = Combination.withoutScores(answers, count: modelCount)
            return
        }
        let place = pool?.places[index]
        let rows = place.flatMap { pool?.neighbourhood.rows[$0] } ?? []
        let strength = rows.isEmpty ? 0 : place.flatMap { pool?.neighbourhood.strength[$0] } ?? 0
        let pooled = own.logs.indices.map { model -> Double in
            guard !own.logs[model].isNaN, let pool, strength > 0 else { return own.logs[model] }
            var sum = 0.0
            var total = 0.0
            for neighbour in rows {
                let value = all[pool.members[neighbour.index]].logs[model]
                guard !value.isNaN else { continue }
                sum += neighbour.weight * value
                total += neighbour.weight
            }
            guard total > 0 else { return own.logs[model] }
            let share = Combination.neighbourWeight * strength
            return (own.logs[model] + share * sum / total) / (1 + share)
        }
        let best = pooled.filter { !$0.isNaN }.min() ?? 0
        let raw = pooled.enumerated().map { index, loss in
            guard !loss.isNaN, index < answers.count, case .success = answers[index] else { return 0.0 }
            return exp(-Combination.sharpness * (loss - best))
        }.map { $0 < Combination.leastShare ? 0 : $0 }
        let total = raw.reduce(0, +)
        weights =
            total > 0
            ? raw.map { $0 / total } : Combination.withoutScores(answers, count: modelCount)
    }

    /// The combined forecast, or nil where no weighted candidate answers.
    func forecast(_ results: [Result<[Double], ModelFailure>], horizon: Int) -> [Double]? {
        var shares: [Double] = []
        // One candidate after another.
        var forecasts: [Double] = []
        for (weight, result) in zip(weights, results) where weight > 0 {
            guard case .success(let values) = result, values.count == horizon else { continue }
            shares.append(weight)
            forecasts += values
        }
        let total = shares.reduce(0, +)
        guard total > 0 else { return nil }
        for member in shares.indices { shares[member] /= total }
        return [Double](unsafeUninitializedCapacity: horizon) { result, filled in
            if let target = result.baseAddress {
                Kernels.best.combine(forecasts, shares.count, horizon, shares, target)
            }
            filled = horizon
        }
    }

    /// Before any score: the first candidate that answers.
    private static func withoutScores(_ answers: [Result<[Double], ModelFailure>], count: Int) -> [Double] {
        var weights = [Double](repeating: 0, count: count)
        let answering = answers.indices.filter { index in
            if case .success = answers[index] { return true }
            return false
        }
        if let first = answering.first { weights[first] = 1 }
        return weights
    }
}
