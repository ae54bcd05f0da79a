import Foundation
import Numerics

/// The weights of the candidates of one series at one origin, from their errors at the origins before it and,
/// by a third, from those of the series that resemble it.
///
/// Each eighth of the short season and each band of leads has weights of its own. A weight is the loss to the power −6; candidates below
/// 3 % of the best one's weight are left out. The forecast is the weighted interquartile mean: the mean of the
/// middle half, which stragglers on either side do not move.
struct Combination: Sendable {
    /// One a candidate, the mean over the eighths and bands; 0 for those that have no answer or no score.
    let weights: [Double]
    /// The loss relative to the best; NaN where there is no score.
    let losses: [Double]
    /// By eighth of the season, by band of leads, then by candidate.
    private let byPart: [[Double]]
    private let bandCount: Int
    private let season: Int

    /// The power of the loss.
    static let sharpness = 6.0
    /// The least weight, as a share of the best candidate's.
    static let leastShare = 0.03
    /// The weight of the neighbours' losses at full strength, against 1 for its own.
    static let neighbourWeight = 0.5

    /// Weighs the candidates of the series `index` of a block; `all` are the losses of the block's series, `season`
    /// the short season of this one.
    init(
        _ all: [CandidateLosses], index: Int, season: Int, pool: CandidateBlock.BlockNeighbours?,
        answers: [Result<[Double], ModelFailure>], modelCount: Int
    ) {
        losses = all[index].relative
        self.season = season
        bandCount = all[index].bandCount
        let found = all[index].logs.indices.map { part in
            let pooled = Combination.pooled(all, index: index, part: part, pool: pool)
            return Combination.weights(pooled, answers: answers, modelCount: modelCount)
        }
        byPart = found
        let share = 1 / Double(found.count)
        weights = (0..<modelCount).map { model in found.reduce(0) { $0 + share * $1[model] } }
    }

    /// The losses of one part with those of the neighbours.
    private static func pooled(
        _ all: [CandidateLosses], index: Int, part: Int, pool: CandidateBlock.BlockNeighbours?
    ) -> [Double] {
        let own = all[index].logs[part]
        guard let pool, let place = pool.places[index] else { return own }
        let rows = pool.neighbourhood.rows[place]
        let share = neighbourWeight * pool.neighbourhood.strength[place]
        guard !rows.isEmpty, share > 0 else { return own }
        return own.indices.map { model in
            guard !own[model].isNaN else { return own[model] }
            var sum = 0.0
            var total = 0.0
            for neighbour in rows {
                let logs = all[pool.members[neighbour.index]].logs
                let value = logs[min(part, logs.count - 1)][model]
                guard !value.isNaN else { continue }
                sum += neighbour.weight * value
                total += neighbour.weight
            }
            return total > 0 ? (own[model] + share * sum / total) / (1 + share) : own[model]
        }
    }

    private static func weights(
        _ losses: [Double], answers: [Result<[Double], ModelFailure>], modelCount: Int
    ) -> [Double] {
        let best = losses.filter { !$0.isNaN }.min() ?? 0
        let raw = losses.enumerated().map { index, loss in
            guard !loss.isNaN, index < answers.count, case .success = answers[index] else { return 0.0 }
            return exp(-sharpness * (loss - best))
        }.map { $0 < leastShare ? 0 : $0 }
        let total = raw.reduce(0, +)
        return total > 0 ? raw.map { $0 / total } : withoutScores(answers, count: modelCount)
    }

    /// The combined forecast from an origin `offset` steps before that of the weights, or nil where no weighted
    /// candidate answers.
    func forecast(_ results: [Result<[Double], ModelFailure>], offset: Int, horizon: Int) -> [Double]? {
        var members: [Int] = []
        // One candidate after another.
        var forecasts: [Double] = []
        for (model, result) in results.enumerated() where weights[model] > 0 {
            guard case .success(let values) = result, values.count == horizon else { continue }
            members.append(model)
            forecasts += values
        }
        let common = members.map { weights[$0] }
        guard common.reduce(0, +) > 0 else { return nil }
        let byPart = byPart.map { part -> [Double] in
            let own = members.map { part[$0] }
            let used = own.reduce(0, +) > 0 ? own : common
            let total = used.reduce(0, +)
            return used.map { $0 / total }
        }
        var shares = [Double](repeating: 0, count: forecasts.count)
        for step in 0..<horizon {
            let place =
                byPart.count > bandCount ? CandidateLosses.part(step - offset, season: season) * bandCount : 0
            let part = place + CandidateLosses.band(step)
            for member in members.indices { shares[member * horizon + step] = byPart[part][member] }
        }
        return [Double](unsafeUninitializedCapacity: horizon) { result, filled in
            if let target = result.baseAddress {
                Kernels.best.combine(
                    forecasts, members: members.count, steps: horizon, shares: shares, to: target)
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
