import Exchange
import Glibc
import Replay
import Units

extension TierContext {
    /// The shape and nodes that come closest to what no allowed shape holds.
    struct Effort {
        var shape: Shape
        var capacity: NodeCapacity
        /// Nodes that share the load when what is to be survived has happened.
        var needed: Int
        /// Nodes that run.
        var nodes: Int
    }

    /// Nodes that break no more of the hours, by this share, are as good. Chosen, not measured.
    private static let asGood = 1e-3

    /// The shape that breaks the fewest hours with the most nodes that are allowed, the largest of equals; and the fewest
    /// nodes of it that are as good and do the work of all paths but those that may break.
    ///
    /// - Parameters:
    ///   - work: The load.
    ///   - choices: The allowed shapes, at least one, with what they hold.
    /// - Returns: The shape, and its nodes.
    func bestEffort(_ work: PathLoad, of choices: [(shape: Shape, capacity: NodeCapacity)]) -> Effort {
        let most = mostNeeded
        // Where hours break alike, the larger shape; of quotas, which have no cores, the one that lets in more.
        func size(_ option: (shape: Shape, capacity: NodeCapacity)) -> Double {
            tier.kind.law == .quota ? option.capacity.held(nodes: 1) : Double(option.shape.cores)
        }
        let ranked = choices.map { option in
            (
                option: option, hours: hoursBroken(work, on: option.capacity.levels(nodes: most)),
                size: size(option)
            )
        }.sorted { one, other in
            (one.hours, -one.size, one.option.shape.onDemandPerHour, one.option.shape.name)
                < (other.hours, -other.size, other.option.shape.onDemandPerHour, other.option.shape.name)
        }
        // Planning without a shape is refused before.
        guard let (best, hours, _) = ranked.first else { preconditionFailure("a tier without a shape") }
        let fewest =
            tier.kind.addsUp
            ? best.capacity.fewest {
                hoursBroken(work, on: best.capacity.levels(nodes: $0)) <= hours * (1 + Self.asGood) + 1e-9
            } : 1
        let working = nodes(
            doing: Requirement.level(of: work.peaks, allowed: allowed), shape: best.shape.name)
        let needed = min(most, max(fewest ?? most, working ?? most))
        return Effort(
            shape: best.shape, capacity: best.capacity, needed: needed, nodes: nodesToRun(needed))
    }

    /// The most nodes that may share the load when what is to be survived has happened.
    private var mostNeeded: Int { tier.kind.addsUp ? max(1, rule.left(of: options.largestNodeCount)) : 1 }

    private func nodesToRun(_ needed: Int) -> Int {
        min(options.largestNodeCount, tier.kind.nodesToRun(needed, rule))
    }

    /// The hours of the planned span that are expected to break, in mean over paths.
    private func hoursBroken(_ work: PathLoad, on levels: BreakLevels) -> Double {
        let steps = work.logWork.reduce(0) { $0 - expm1(-levels.hazard(logRate: $1)) }
        return steps / Double(max(1, work.pathCount)) * Double(demand.stepSeconds) / 3600
    }

    /// What is planned for a tier that cannot be held, in figures.
    func effort(of outcome: TierOutcome) -> BestEffort {
        let hazards = BreakHazards(
            outcome, loss: .planned, pathCount: demand.pathCount, stepCount: stepCount)
        let hours = Double(demand.stepSeconds) / 3600
        return BestEffort(
            shape: outcome.plan.shape, nodes: outcome.plan.peakNodes,
            hoursBroken: (0..<stepCount).reduce(0) { $0 + hazards.chance(step: $1) } * hours,
            hours: Double(stepCount) * hours, probabilityBroken: hazards.anyStep.value)
    }

    /// Whether an allowed option holds the load of the tier.
    func canHold(_ model: some CapacityModel) -> Bool {
        if tier.kind.isSharded { return canHoldShards(model) }
        return tier.kind.followsDay ? canHoldPool(model) : canHoldFixed(model)
    }
}
