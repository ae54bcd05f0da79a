import Exchange
import Glibc
import Replay
import Units

/// Holds a plan against demand that it was not made from: the same nodes, other loads.
///
/// The backtest of plans and the review of a finished run score by it: a queue is its work for one trade of each symbol and
/// the levels at which its hours break while what is to be survived is lost.
public struct PlanJudge: Sendable {
    /// One queue of the plan.
    public struct Queue: Sendable {
        /// Seconds of work for one trade, by symbol; 0 for a symbol that does not come here.
        let secondsPerTrade: [Double]
        /// What breaks it in each step.
        let levels: StepLevels
        /// Its tier.
        let tier: String

        init(tier: String, secondsPerTrade: [Double], levels: StepLevels) {
            self.tier = tier
            self.secondsPerTrade = secondsPerTrade
            self.levels = levels
        }

        /// A queue as the tables of a run have it.
        ///
        /// - Parameters:
        ///   - tier: The tier's name, by which error budgets count.
        ///   - secondsPerTrade: Seconds of work for one trade, by symbol.
        ///   - levels: The levels that differ, in seconds of work a second.
        ///   - places: For each step the place among them.
        public init(tier: String = "", secondsPerTrade: [Double], levels: [BreakLevels], places: [Int]) {
            precondition(places.allSatisfy(levels.indices.contains), "a step without levels")
            self.init(
                tier: tier, secondsPerTrade: secondsPerTrade, levels: StepLevels(levels, places: places))
        }
    }

    /// The plan's queues, in its order.
    private let queues: [Queue]
    private let stepCount: Int

    /// A judge of some queues over so many steps.
    public init(queues: [Queue], stepCount: Int) {
        precondition(queues.allSatisfy { $0.levels.places.count == stepCount }, "steps without levels")
        self.queues = queues
        self.stepCount = stepCount
    }

    init(_ pairs: [(context: TierContext, outcome: TierOutcome)], stepCount: Int) {
        let queues = pairs.flatMap { context, outcome in
            let shards = outcome.plan.shards
            return outcome.queues.enumerated().map { place, queue in
                var seconds = context.load.workPerTrade
                if !shards.isEmpty {
                    let own = Set(shards[place].symbols)
                    for symbol in seconds.indices where !own.contains(symbol) { seconds[symbol] = 0 }
                }
                return Queue(tier: context.tier.name, secondsPerTrade: seconds, levels: queue.afterLoss)
            }
        }
        self.init(queues: queues, stepCount: stepCount)
    }

    /// How the plan fares, all queues together.
    ///
    /// - Parameter trades: Trades a second of each of the plan's symbols by step, `[symbol][step]`.
    /// - Returns: The chance of each step to break some objective.
    public func score(tradesPerSecond trades: [[Double]]) -> PlanScore {
        score(
            hazards(trades).reduce(into: [Double](repeating: 0, count: stepCount)) { sums, queue in
                for step in sums.indices { sums[step] += queue[step] }
            })
    }

    /// How each queue fares by itself, in the plan's order.
    public func queueScores(tradesPerSecond trades: [[Double]]) -> [PlanScore] {
        hazards(trades).map(score)
    }

    private func score(_ hazards: [Double]) -> PlanScore {
        PlanScore(stepChances: hazards.map { -expm1(-$0) })
    }

    /// What goes wrong in the tiers that an error budget counts.
    ///
    /// - Parameters:
    ///   - trades: Trades a second of each of the plan's symbols by step, `[symbol][step]`.
    ///   - budget: The budget.
    ///   - start: The start of the first step.
    ///   - stepSeconds: Seconds of a step.
    /// - Returns: Minutes, late requests and their price.
    public func misses(
        tradesPerSecond trades: [[Double]], budget: ErrorBudget, start: Timestamp, stepSeconds: Int64
    ) -> PlanMisses {
        var tiers: [String] = []
        for queue in queues where !tiers.contains(queue.tier) { tiers.append(queue.tier) }
        return tiers.filter(budget.counts).reduce(PlanMisses()) { sum, tier in
            let meter = MissMeter(budget, tier: tier, start: start, stepSeconds: stepSeconds)
            return sum
                + meter.misses(
                    queues.filter { $0.tier == tier }.map { (load($0, trades), $0.levels) })
        }
    }

    /// For each queue and step −log(1 − the chance of a break).
    private func hazards(_ trades: [[Double]]) -> [[Double]] {
        queues.map { queue in
            let load = load(queue, trades)
            return (0..<stepCount).map { queue.levels.hazard(of: load, path: 0, step: $0) }
        }
    }

    /// The work that trades bring to a queue.
    private func load(_ queue: Queue, _ trades: [[Double]]) -> PathLoad {
        var work = [Double](repeating: 0, count: stepCount)
        for (symbol, seconds) in queue.secondsPerTrade.enumerated() where seconds > 0 {
            for step in work.indices { work[step] += trades[symbol][step] * seconds }
        }
        return PathLoad(pathCount: 1, stepCount: stepCount, work: work)
    }
}

/// How a plan fares at loads that came, given the bursts that hours have at such loads.
public struct PlanScore: Sendable, Equatable {
    /// The chance that each step breaks some objective while what is to be survived is lost.
    public let stepChances: [Double]

    init(stepChances: [Double]) { self.stepChances = stepChances }

    /// The chance that any step breaks.
    public var probabilityBroken: Double { 1 - stepChances.reduce(1) { $0 * (1 - $1) } }

    /// Whether it broke, as likely as not.
    public var broke: Bool { PlanScore.isBroken(probabilityBroken) }

    /// Whether a chance of a break counts as a break.
    public static func isBroken(_ probability: Double) -> Bool { probability >= 0.5 }

    /// How many hours are expected to break, for steps of some length.
    public func hoursBroken(stepSeconds: Int64) -> Double {
        stepChances.reduce(0, +) * Double(stepSeconds) / 3600
    }
}
