/// On which paths and in which steps a tier breaks its objective.
struct BrokenPaths: Sendable {
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

        func held(by queue: TierOutcome.Queue) -> [Double] {
            switch self {
            case .none: queue.heldAllUp
            case .planned: queue.heldPlanned
            case .node: queue.heldNodeOut
            case .zone: queue.heldZoneOut
            }
        }
    }

    let pathCount: Int
    let stepCount: Int
    /// `[path][step]`, flat.
    private(set) var isBroken: [Bool]

    /// Of a tier: wherever one of its queues has more load than it holds.
    init(_ outcome: TierOutcome, loss: Loss, pathCount: Int, stepCount: Int) {
        self.pathCount = pathCount
        self.stepCount = stepCount
        isBroken = [Bool](repeating: false, count: pathCount * stepCount)
        for queue in outcome.queues {
            let held = loss.held(by: queue)
            for path in 0..<pathCount {
                for step in 0..<stepCount where queue.load.work(path: path, step: step) > held[step] {
                    isBroken[path * stepCount + step] = true
                }
            }
        }
    }

    /// Wherever any of some tiers breaks.
    init(any tiers: [BrokenPaths], pathCount: Int, stepCount: Int) {
        self.pathCount = pathCount
        self.stepCount = stepCount
        isBroken = [Bool](repeating: false, count: pathCount * stepCount)
        for tier in tiers {
            for place in isBroken.indices where tier.isBroken[place] { isBroken[place] = true }
        }
    }

    /// Paths that break in a step.
    func count(step: Int) -> Int {
        (0..<pathCount).count { isBroken[$0 * stepCount + step] }
    }

    /// Paths that break in some step of a range.
    func count(steps: Range<Int>) -> Int {
        (0..<pathCount).count { path in
            isBroken[(path * stepCount + steps.lowerBound)..<(path * stepCount + steps.upperBound)].contains(
                true)
        }
    }

    /// Paths that break in some step.
    var count: Int { count(steps: 0..<stepCount) }
}
