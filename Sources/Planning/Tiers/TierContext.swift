import Exchange
import Glibc
import Numerics
import Replay
import Units

/// What planning one tier starts from.
struct TierContext: Sendable {
    let load: TierLoad
    /// The shapes that may be chosen, cheapest first.
    let shapes: [Shape]
    /// The shape of today's nodes.
    let todaysShape: Shape
    let options: PlanOptions
    let rule: Survival
    /// The share of paths that may break this tier in some step.
    private(set) var allowed: Double

    var tier: Tier { load.tier }
    var demand: DemandPaths { load.demand }
    var stepCount: Int { load.demand.stepCount }

    /// The same with another share.
    func allowing(_ share: Double) -> TierContext {
        var result = self
        result.allowed = share
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

    /// The logarithm of the factor on all loads.
    var logHeadroom: Double { log(options.headroomFactor) }

    /// The cost of nodes that always run, by the cheaper purchase.
    func flatPurchase(of shape: Shape, nodes: Int) -> PurchasePlan {
        let prices = PurchasePlan.StepPrices(of: shape, stepSeconds: demand.stepSeconds)
        return PurchasePlan(
            reserved: prices.reserved <= prices.onDemand ? nodes : 0,
            needed: [Int](repeating: nodes, count: stepCount), minimumUp: 1, prices: prices)
    }

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
        /// With one node out.
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

    /// The latency objective in words, as `99 % within 5ms`.
    var objectiveText: String {
        let time = Duration.nanoseconds(0) + .seconds(tier.objective.latencySeconds)
        return "\(percent(tier.objective.quantile)) of messages within \(time.shortText)"
    }

    /// The first step in which a figure is the largest.
    func peakTime(_ figures: [Double]) -> Timestamp {
        var best = 0
        for step in figures.indices where figures[step] > figures[best] { best = step }
        return demand.time(ofStep: best)
    }

    /// The load that has to be held, in words.
    func requirementText(_ servers: [Double], _ method: Requirement.Method) -> String {
        let how =
            switch method {
            case .counted(0): "all of \(demand.pathCount) paths stay below it"
            case .counted(let count): "all but \(count) of \(demand.pathCount) paths stay below it"
            case .tail: "\(percent(allowed)) of paths pass it in some step, by the fitted tail"
            case .largestPath: "the largest of only \(demand.pathCount) paths"
            }
        return "The load to hold peaks at \(figure(servers.max() ?? 0)) busy servers at "
            + "\(peakTime(servers)) (\(how))."
    }

    /// What has to be survived, in words.
    var survivalText: String {
        var losses: [String] = []
        if options.spareNodes == 1 { losses.append("of a node") }
        if options.spareNodes > 1 { losses.append("of \(options.spareNodes) nodes") }
        if rule.survivesZoneLoss { losses.append("of a zone") }
        return rule.isNone ? "no loss" : "the loss " + losses.joined(separator: " or ")
    }

    /// How many run, and why not fewer, in words.
    func runningText(_ nodes: Int) -> String {
        rule.isNone
            ? "\(nodes) run, with none to spare" : "\(nodes) run so that \(survivalText) leaves that many"
    }
}
