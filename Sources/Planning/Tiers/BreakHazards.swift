import Glibc
import Numerics
import Units

/// With what chance a tier breaks its objective, by path and step, as −log(1 − chance): bursts and queues that break apart
/// from each other add up.
struct BreakHazards: Sendable {
    /// What has happened to the nodes.
    enum Loss: CaseIterable, Sendable {
        /// Nothing.
        case none
        /// What is to be survived.
        case planned
        /// One node of every tier is out.
        case node
        /// The fullest zone is out.
        case zone

        func levels(of queue: TierOutcome.Queue) -> StepLevels {
            switch self {
            case .none: queue.allUp
            case .planned: queue.afterLoss
            case .node: queue.nodeOut
            case .zone: queue.zoneOut
            }
        }
    }

    let pathCount: Int
    let stepCount: Int
    /// `[path][step]`, flat.
    private(set) var hazards: [Double]

    /// Of a tier: over all of its queues.
    init(_ outcome: TierOutcome, loss: Loss, pathCount: Int, stepCount: Int) {
        self.pathCount = pathCount
        self.stepCount = stepCount
        hazards = [Double](repeating: 0, count: pathCount * stepCount)
        for queue in outcome.queues {
            let levels = loss.levels(of: queue)
            for path in 0..<pathCount {
                for step in 0..<stepCount {
                    hazards[path * stepCount + step] += levels.hazard(of: queue.load, path: path, step: step)
                }
            }
        }
    }

    init(any tiers: [BreakHazards], pathCount: Int, stepCount: Int) {
        self.pathCount = pathCount
        self.stepCount = stepCount
        hazards = [Double](repeating: 0, count: pathCount * stepCount)
        for tier in tiers {
            for place in hazards.indices { hazards[place] += tier.hazards[place] }
        }
    }

    /// The chance that a path breaks in a step, in mean over paths.
    func chance(step: Int) -> Double { chance(steps: step..<step + 1) }

    /// The chance that a path breaks in some of these steps, in mean over paths.
    func chance(of steps: [Int]) -> Double {
        Summary.mean(
            BreakShare.chances(
                (0..<pathCount).map { path in steps.reduce(0) { $0 + hazards[path * stepCount + $1] } }))
    }

    /// The chance that a path breaks in some step of a range, in mean over paths.
    func chance(steps: Range<Int>) -> Double {
        Summary.mean(BreakShare.chances(sums(steps)))
    }

    /// The chance that a path breaks in some step, with Wilson's interval for the drawn paths.
    var anyStep: Estimate { BreakShare.interval(sums(0..<stepCount)) }

    /// Each path's hazard over some steps.
    private func sums(_ steps: Range<Int>) -> [Double] {
        (0..<pathCount).map { path in
            steps.reduce(0) { $0 + hazards[path * stepCount + $1] }
        }
    }
}
