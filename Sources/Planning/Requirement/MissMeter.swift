import Exchange
import Glibc
import Replay
import Units

/// Counts what goes wrong in the queues of one tier, in the terms of error budgets.
struct MissMeter: Sendable {
    private let budget: ErrorBudget
    private let tier: String
    private let start: Timestamp
    private let stepSeconds: Int64
    /// The logarithm of a factor on all loads.
    private let logFactor: Double

    init(_ budget: ErrorBudget, tier: String, start: Timestamp, stepSeconds: Int64, logFactor: Double = 0) {
        (self.budget, self.tier, self.start, self.stepSeconds) = (budget, tier, start, stepSeconds)
        self.logFactor = logFactor
    }

    /// What goes wrong in one step of a queue, in mean over paths; `shareLate` is of `allWork`, the tier's work over all
    /// steps in mean over paths.
    func misses(_ load: PathLoad, step: Int, levels: BreakLevels, allWork: Double) -> PlanMisses {
        var (seconds, late) = (0.0, 0.0)
        for path in 0..<load.pathCount {
            let place = path * load.stepCount + step
            let logRate = load.logWork[place] + logFactor
            let wrong = levels.goneWrong(logRate: logRate, stepSeconds: Double(stepSeconds))
            seconds += wrong.secondsOver
            late += load.work[place] * wrong.shareLate
        }
        let paths = Double(max(1, load.pathCount))
        let minutes = seconds / paths / 60
        let time = start.advanced(bySeconds: Int64(step) * stepSeconds)
        return PlanMisses(
            minutes: minutes, shareLate: allWork > 0 ? late / paths / allWork : 0,
            dollars: minutes * budget.dollars(tier, at: time))
    }

    /// What goes wrong over all steps of all queues of the tier.
    func misses(_ queues: [(load: PathLoad, levels: StepLevels)]) -> PlanMisses {
        let allWork = queues.reduce(0) { $0 + MissMeter.allWork($1.load) }
        return queues.reduce(PlanMisses()) { sum, queue in
            (0..<queue.load.stepCount).reduce(sum) {
                $0 + misses(queue.load, step: $1, levels: queue.levels.levels(step: $1), allWork: allWork)
            }
        }
    }

    /// The work of all steps, in mean over paths.
    static func allWork(_ load: PathLoad) -> Double {
        load.work.reduce(0, +) / Double(max(1, load.pathCount))
    }
}
