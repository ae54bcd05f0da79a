import Exchange
import Glibc
import Numerics
import Replay
import Units

/// What planning one tier starts from.
struct TierContext: Sendable {
    private(set) var load: TierLoad
    /// The shapes that may be chosen, cheapest first.
    let shapes: [Shape]
    /// The shape of today's nodes.
    let todaysShape: Shape
    private(set) var options: PlanOptions
    private(set) var rule: Survival
    /// The share of paths that may break this tier in some step.
    private(set) var allowed: Double
    /// What surges to be held bring; nil where none are.
    var surgeDemand: SurgeDemand?

    var tier: Tier { load.tier }
    var demand: DemandPaths { load.demand }
    var stepCount: Int { load.demand.stepCount }

    /// The same with another share.
    func allowing(_ share: Double) -> TierContext {
        var result = self
        result.allowed = share
        return result
    }

    /// The same with less that is asked for; a chance of a break is shared out evenly among so many tiers.
    func relaxed(by relaxation: Relaxation, tierCount: Int) -> TierContext {
        var result = self
        switch relaxation {
        case .latency(let seconds, _): result.load.tier.objective.latencySeconds = seconds
        case .probability(let allowed, _): result.allowed = allowed / Double(max(1, tierCount))
        case .load(let shed): result.options.headroomFactor *= 1 - shed
        case .survival(let survival, _): result.rule = survival
        }
        return result
    }

    /// The same with another share of messages that have to be in time.
    func judged(at quantile: Double) -> TierContext {
        var result = self
        result.load.tier.objective.quantile = quantile
        return result
    }

    /// What nodes of a shape hold of some symbols' load.
    func capacity(
        _ model: some CapacityModel, symbols: some Collection<Int>, shape: Shape
    ) -> NodeCapacity {
        NodeCapacity(
            model: model, tier: tier, shape: shape, mix: load.mix(of: symbols),
            bursts: load.bursts(of: symbols), options: options)
    }

    /// What a node of a shape is good for, in servers of today's shape: those that send do more where they have more
    /// bandwidth.
    func servers(perNodeOf shape: Shape) -> Double {
        let servers = Double(tier.servers(perNodeOf: shape))
        let mix = load.mix(of: load.everySymbol)
        guard tier.sending != nil, let today = tier.mixedService(of: mix),
            let other = tier.on(shape).mixedService(of: mix)
        else { return servers }
        return servers * today.meanSeconds / other.meanSeconds
    }

    /// The most work that so many nodes of a shape do in a second, in servers of today's shape: that of their servers as seen from
    /// the busiest node, or less where a limit comes first.
    func workDone(nodes: Int, on shape: Shape) -> Double {
        let serving = Double(staffed(nodes)) * (servers(perNodeOf: shape) / (1 + tier.balancerImbalance))
        let mix = load.mix(of: load.everySymbol)
        guard let limit = tier.tightestLimit(nodes: nodes, on: shape, mix: mix),
            let mean = tier.mixedService(of: mix)?.meanSeconds
        else { return serving }
        let limited = limit.messagesPerSecond * mean
        return tier.kind.law == .quota ? limited : min(serving, limited)
    }

    /// Nodes that serve at a time; of people those who are not on a break.
    private func staffed(_ nodes: Int) -> Int { tier.staffing?.answering(of: nodes) ?? nodes }

    /// What runs out first on so many nodes of a shape.
    func binds(nodes: Int, on shape: Shape) -> BindingResource {
        tier.binds(nil, nodes: nodes, on: shape, mix: load.mix(of: load.everySymbol))
    }

    /// Nodes left in the worst of the losses that are to be survived.
    func left(of nodes: Int) -> Int { tier.left(of: nodes, zones: options.zones, rule) }

    /// Nodes left without the fullest zone.
    func leftWithoutZone(of nodes: Int) -> Int {
        nodes - tier.fullestZone(of: nodes, zones: options.zones, rule)
    }

    /// Nodes left when one is out; a supplier's are not ours to lose.
    func leftWithoutNode(of nodes: Int) -> Int { tier.kind.law == .quota ? nodes : nodes - 1 }

    /// The zones of its nodes; one without a name for a tier that lies outside of them.
    var zoneNames: [String] { tier.kind.isOutside ? [""] : options.zones }

    /// Nodes of each of these zones.
    func spread(_ nodes: Int) -> [Int] { tier.spread(nodes, zones: options.zones, rule) }

    /// The logarithm of the factor on all loads.
    var logHeadroom: Double { log(options.headroomFactor) }

    /// What nodes that run all the time cost on demand.
    func onDemandCost(of shape: Shape, nodes: Int) -> Money {
        PurchasePlan.StepPrices(of: shape, stepSeconds: demand.stepSeconds).onDemand * (nodes * stepCount)
    }

    /// The same figure in every step.
    func always<Value>(_ value: Value) -> [Value] { [Value](repeating: value, count: stepCount) }

    /// Copies of what must not be lost.
    var copies: Int { rule.copies }
}

/// What came out of planning one tier.
struct TierOutcome: Sendable {
    /// One queue of the tier with what it holds in each step, in seconds of work a second.
    struct Queue: Sendable {
        var load: PathLoad
        /// Servers, as seen from the busiest node, over which the work is spread in each step.
        var servers: [Double]
        /// What breaks it with all serving nodes up.
        var allUp: StepLevels
        /// The same when what is to be survived has happened.
        var afterLoss: StepLevels
        var nodeOut: StepLevels
        /// With the fullest zone out.
        var zoneOut: StepLevels
        /// What runs out.
        var bindingResource: BindingResource
    }

    var plan: TierPlan
    var queues: [Queue]
    var purchase: PurchasePlan
    /// Nodes that run in each step, by zone.
    var zoneNodes: [[Int]]
    /// Nodes of them that serve.
    var zoneServing: [[Int]]
    /// Reserved nodes of each zone.
    var zoneReserved: [Int]
    /// What sets the number of nodes in each step.
    var constraints: [NodeConstraint]
    var excuses: [ExcuseRow] = []
    var findings: [PlanFinding] = []
    var placementRows: [PlacementRow] = []
    var placement: Placement?
    /// How the requirement was found.
    var method: Requirement.Method
    /// What the purchase is the cheapest of.
    var programme: PurchaseProgramme

    /// Whether the forecast cannot be held.
    var isShort: Bool { findings.contains { $0.severity == .infeasible && !$0.isOfSurge } }
}

extension TierContext {
    /// The share of paths on which a load breaks the objective in some step.
    func probabilityBroken(_ load: PathLoad, _ levels: StepLevels) -> Estimate {
        BreakShare.interval(levels.hazards(of: load))
    }

    /// The factor on a load, headroom included, up to which no more than the allowed share of paths breaks.
    func margin(_ load: PathLoad, _ levels: StepLevels) -> Double {
        let held = levels.held
        return BreakShare.margin(
            allowed: allowed, stresses: load.largestShares(of: held.map { $0 / options.headroomFactor })
        ) { levels.hazard(of: load, path: $0, logFactor: $1 + logHeadroom) }
    }

    /// Whether no more than the allowed share of paths breaks.
    func isHeld(_ load: PathLoad, _ levels: StepLevels) -> Bool {
        let held = levels.held
        return BreakShare.isHeld(
            allowed: allowed, stresses: load.largestShares(of: held.map { $0 / options.headroomFactor })
        ) { levels.hazard(of: load, path: $0, logFactor: $1 + logHeadroom) }
    }

    /// The same in every step.
    func always(_ levels: BreakLevels) -> StepLevels { StepLevels(always: levels, steps: stepCount) }

    /// The load that has to be held in its worst step.
    func loadToHold(_ requirement: Requirement) -> LoadToHold {
        let servers = requirement.servers
        var worst = 0
        for step in servers.indices where servers[step] > servers[worst] { worst = step }
        var load = LoadToHold(
            servers: servers.max() ?? 0, start: demand.time(ofStep: worst), method: requirement.method,
            pathCount: demand.pathCount, probabilityAllowed: allowed)
        load.isConstant = servers.count > 1 && servers.allSatisfy { $0 == servers[0] }
        return load
    }

    /// Nodes and what they hold.
    func nodes(_ needed: Int, running: Int, of shape: Shape, _ capacity: NodeCapacity) -> TierReasons.Nodes {
        TierReasons.Nodes(
            needed: needed, running: running, shape: shape.name, held: capacity.held(nodes: needed),
            servers: max(1, Int(saturating: (Double(needed) * servers(perNodeOf: shape)).rounded())))
    }

    /// What a capacity lacks for a load.
    func shortfall(of capacity: NodeCapacity, against load: Double) -> Shortfall {
        let most = options.largestNodeCount
        let held = capacity.held(nodes: most)
        return held <= 0
            ? .breaksIdle(tier.objective) : .passesLimit(nodes: most, held: held, load: load, rule)
    }

    /// The memory that a node of a shape lacks, serving so many symbols, all where nothing else is said; nil: none.
    func lackOfMemory(on shape: Shape, symbols: Int? = nil) -> Shortfall? {
        let needed = tier.memoryGiB(symbols: symbols ?? demand.symbols.count)
        return needed > shape.memoryGiB ? .tooLittleMemory(neededGiB: needed, hasGiB: shape.memoryGiB) : nil
    }

    /// The allowed shapes whose memory is enough for all symbols, all shapes where none is.
    func shapesWithMemory() -> [Shape] {
        let enough = shapes.filter { lackOfMemory(on: $0) == nil }
        return enough.isEmpty ? shapes : enough
    }

    /// That no allowed shape holds the load: what the best of them lacks.
    func noShapeHolds(_ shortfall: Shortfall, bestOf shape: Shape) -> PlanFinding {
        PlanFinding(
            tier: tier.name,
            fact: .noShapeHolds(shape: shape.name, kind: tier.kind, shortfall))
    }
}
