import Exchange
import Glibc
import Replay
import Units

/// Holds a plan against demand that it was not made from: the same nodes, other loads.
public struct PlanJudge: Sendable {
    /// One tier's queues, each with its symbols.
    struct JudgedTier: Sendable {
        var workPerTrade: [Double]
        var queues: [(symbols: [Int], levels: StepLevels)]
    }

    private let tiers: [JudgedTier]
    private let stepCount: Int

    init(_ pairs: [(context: TierContext, outcome: TierOutcome)], stepCount: Int) {
        self.stepCount = stepCount
        tiers = pairs.map { context, outcome in
            JudgedTier(
                workPerTrade: context.load.workPerTrade,
                queues: outcome.queues.enumerated().map { place, queue in
                    let shards = outcome.plan.shards
                    return (
                        shards.isEmpty ? Array(context.load.everySymbol) : shards[place].symbols,
                        queue.afterLoss
                    )
                })
        }
    }

    /// The chance that each step breaks some objective while what is to be survived is lost.
    ///
    /// - Parameter trades: Trades a second of each of the plan's symbols by step, `[symbol][step]`.
    /// - Returns: One chance a step.
    public func breakChances(tradesPerSecond trades: [[Double]]) -> [Double] {
        var hazards = [Double](repeating: 0, count: stepCount)
        for tier in tiers {
            for queue in tier.queues {
                var work = [Double](repeating: 0, count: stepCount)
                for symbol in queue.symbols where tier.workPerTrade[symbol] > 0 {
                    for step in work.indices {
                        work[step] += trades[symbol][step] * tier.workPerTrade[symbol]
                    }
                }
                let load = PathLoad(pathCount: 1, stepCount: stepCount, work: work)
                for step in hazards.indices {
                    hazards[step] += queue.levels.hazard(of: load, path: 0, step: step)
                }
            }
        }
        return hazards.map { -expm1(-$0) }
    }
}
