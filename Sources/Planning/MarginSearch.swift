import Exchange
import Glibc
import Numerics
import Replay

/// Looks for how far each tier of a plan is from its limits.
struct MarginSearch<Model: CapacityModel> {
    let plan: Plan
    let demand: DemandPaths
    let topology: Topology
    let catalogue: Catalogue
    let planner: Planner
    let model: Model

    /// The largest factor that is looked at, and how near the search comes on its logarithm. Chosen, not measured; service
    /// times cost a simulation for each that is tried.
    private static var factorMax: Double { 16 }
    private static var loadTolerance: Double { 1e-3 }
    private static var serviceTolerance: Double { 0.03 }

    /// The rows of `margins.csv`, in the order of the plan.
    func rows() throws -> [MarginRow] {
        let contexts = try planner.contexts(demand: demand, topology: topology, catalogue: catalogue)
        return try Parallel.map(contexts.count, threads: planner.options.threads) { index in
            Result { try row(contexts[index]) }
        }.compactMap { try $0.get() }
    }

    private func row(_ context: TierContext) throws -> MarginRow? {
        guard let tier = plan.tiers.first(where: { $0.tier == context.tier.name }) else { return nil }
        let options = planner.options
        let queues = context.queues(of: tier, loss: .planned, model)
        let isSharded = tier.kind.isSharded
        let failures = NodeFailures(
            nodes: isSharded ? context.copies : tier.peakNodes, groups: isSharded ? tier.shards.count : 1,
            perYear: options.risk.nodeFailuresPerYear, repairSeconds: options.risk.nodeRepairSeconds)
        let spares = isSharded ? context.copies - 1 : options.spareNodes
        let span = Double(demand.stepSeconds) * Double(demand.stepCount)
        let service = try largest(tolerance: Self.serviceTolerance) { factor in
            let slowed = try planner.contexts(
                demand: demand, topology: topology.slowed(by: factor), catalogue: catalogue)
            guard let other = slowed.first(where: { $0.tier.name == tier.tier }) else { return false }
            return isSafe(other.queues(of: tier, loss: .planned, model), logFactor: 0)
        }
        return MarginRow(
            tier: tier.tier,
            loadFactor: try largest(tolerance: Self.loadTolerance) { isSafe(queues, logFactor: log($0)) },
            serviceFactor: service, nodes: tier.peakNodes, spareNodes: spares,
            smallestSafeSpares: failures.smallestSafe(
                allowed: options.probabilityBrokenAllowed, spanSeconds: span),
            probabilityMoreDown: failures.chance(moreThan: spares, spanSeconds: span))
    }

    /// Whether no more paths break than all tiers together may.
    private func isSafe(_ queues: [(load: PathLoad, levels: StepLevels)], logFactor: Double) -> Bool {
        let hazards = RegretSearch<Model>.hazards(queues, paths: demand.pathCount, logFactor: logFactor)
        return Summary.mean(BreakShare.chances(hazards)) <= planner.options.probabilityBrokenAllowed
    }

    /// The largest factor that is safe, from 1 / `factorMax` to `factorMax`; nil where the least is not.
    private func largest(tolerance: Double, _ isSafe: (Double) throws -> Bool) throws -> Double? {
        let most = log(Self.factorMax)
        var (low, high) = try isSafe(1) ? (0, most) : (-most, 0)
        if high > 0 {
            // Most are near: the first step is short, so that few are tried.
            var step = 2 * tolerance
            while step < most, try isSafe(exp(step)) { (low, step) = (step, 2 * step) }
            if step >= most { return try isSafe(exp(most)) ? exp(most) : exp(low) }
            high = step
        } else if try !isSafe(exp(low)) {
            return nil
        }
        while high - low > tolerance {
            let between = 0.5 * (low + high)
            if try isSafe(exp(between)) { low = between } else { high = between }
        }
        return exp(low)
    }
}
