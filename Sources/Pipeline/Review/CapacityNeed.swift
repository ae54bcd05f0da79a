import Exchange
import Planning
import Units

/// What would have held the load of a queue that was too small: more nodes where nodes share the load, a larger shape where
/// one node serves, and neither where one writer serves a symbol.
struct CapacityNeed: Equatable {
    /// Nodes that would have been enough, no fewer than ran; nil where more nodes hold no more.
    var nodes: Int?
    /// The cheapest shape that would have been enough, today's if that is; nil where nodes are added, or no shape is.
    var shape: String?
    /// What else would have helped; empty where nodes or a shape would have.
    var remedy = ""

    /// More nodes than this are no answer.
    private static let nodesMax = 1_000_000

    /// The need of a queue whose worst step had so many times the work that it held.
    ///
    /// - Parameters:
    ///   - queue: The queue.
    ///   - run: Its run.
    ///   - running: Nodes of its tier in that step.
    ///   - factor: Work over what was held with the loss that is to be survived.
    init(_ queue: FinishedRun.Queue, of run: FinishedRun, running: Int, factor: Double) {
        let tier = run.plan?.topology.tiers.first { $0.name == queue.tier }
        guard factor.isFinite else {
            remedy = "nothing was left to serve: survive the loss first"
            return
        }
        if queue.shard != nil || tier?.kind.isSharded == true {
            // At its level no more is needed.
            guard factor > 1 else { return }
            let symbols = queue.secondsPerTrade.values.count { $0 > 0 }
            remedy = symbols > 1 ? "fewer symbols on the shard" : "shorten the engine's service time"
            return
        }
        guard let tier, let plan = run.plan else {
            // A run that kept no plan tells no kinds; one whose plan names a file that is gone could be of any.
            if !run.keepsPlan { nodes = CapacityNeed.inProportion(running, factor) }
            return
        }
        if tier.kind.addsUp {
            nodes = CapacityNeed.nodes(of: tier, plan.options, running: running, factor: factor)
            if nodes == nil { remedy = tier.kind.words.remedy }
        } else {
            shape = CapacityNeed.shape(of: tier, plan, now: run.shapes[tier.name] ?? tier.shape, factor)
            if shape == nil { remedy = tier.kind.words.remedy }
        }
    }

    private static func inProportion(_ running: Int, _ factor: Double) -> Int {
        max(running, Int(saturating: (Double(running) * factor - 1e-9).rounded(.up)))
    }

    /// The fewest nodes of which so many times those that a loss left now are left.
    private static func nodes(
        of tier: Tier, _ options: PlanOptions, running: Int, factor: Double
    ) -> Int? {
        func left(_ nodes: Int) -> Int { tier.left(of: nodes, zones: options.zones, options.survival) }
        let now = left(running)
        guard factor > 1 else { return running }
        guard now > 0 else { return nil }
        let needed = (Double(now) * factor - 1e-9).rounded(.up)
        guard needed < Double(nodesMax) else { return nil }
        var nodes = inProportion(running, factor)
        while left(nodes) < Int(saturating: needed), nodes < nodesMax { nodes += 1 }
        return nodes < nodesMax ? nodes : nil
    }

    /// The cheapest shape with so many times the servers, and the bandwidth where the tier sends: of those that are allowed, or
    /// else of all.
    private static func shape(of tier: Tier, _ plan: PlanFile, now: String, _ factor: Double) -> String? {
        guard let current = plan.catalogue.shape(named: now) else { return nil }
        guard factor > 1 else { return now }
        func isEnough(_ shape: Shape) -> Bool {
            let servers = Double(tier.servers(perNodeOf: shape))
            guard servers >= factor * Double(tier.servers(perNodeOf: current)) - 1e-9 else { return false }
            return tier.sending == nil || shape.networkGbps >= factor * current.networkGbps - 1e-9
        }
        let enough = plan.catalogue.shapes.filter(isEnough)
        return (enough.first { tier.allowedShapes.contains($0.name) } ?? enough.first)?.name
    }
}
