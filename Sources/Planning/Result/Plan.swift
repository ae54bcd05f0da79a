import Exchange
import Units

/// The allocation for the planned span: what to run, when, what it costs, what may break it, and why.
public struct Plan: Sendable, Equatable {
    /// What was asked.
    public var options: PlanOptions
    /// The rule by which the requirement was set, with its figures.
    public var promise: PlanPromise
    /// What the reader has to know first, the infeasible before the warnings, in the order of the tiers.
    public var findings: [PlanFinding]
    /// Each tier's choice, in the order of the topology.
    public var tiers: [TierPlan]
    /// `plan.csv`: one row a tier, zone and step, in this order.
    public var allocation: [AllocationRow]
    /// `placement.csv`: one row a sharded tier and symbol, by tier, shard, then falling load.
    public var placement: [PlacementRow]
    /// For each sharded tier its placement over the demand's symbols, as a replay takes it.
    public var placements: [String: Placement]
    /// `cost.csv`: what each tier costs by purchase, and today's allocation for comparison.
    public var cost: [CostRow]
    /// `excuses.csv`: every option that was rejected.
    public var excuses: [ExcuseRow]
    /// `risk.csv`: one row a tier, then one for all together.
    public var risk: [RiskRow]
    /// `compliance.csv`: what supervisors ask for.
    public var compliance: [ComplianceRow]
    /// `capacity.csv`: one row a queue and step.
    public var capacity: [CapacityRow]
    /// `break_levels.csv`: what breaks each queue, one row for each of the hours that were drawn.
    public var breakLevels: [BreakLevelRow]
    /// `work.csv`: one row a queue and symbol.
    public var work: [WorkRow]
    /// `ladder.csv`: what each further promise costs a tier in nodes.
    public var ladder: [LadderRow]
    /// `ladder_hours.csv`: the same by step.
    public var hourLadder: [HourLadderRow] = []
    /// What each tier's purchase is the cheapest of, in the order of `tiers`; `--export-model` writes it.
    public var programmes: [PurchaseProgramme] = []
    /// `maintenance.csv`: windows for planned work, the safest first; they do not overlap.
    public var maintenance: [MaintenanceRow]
    /// `hold.csv`: how surges on top of the forecast are held, by surge, then tier, then all together.
    public var holds: [HoldRow] = []
    /// `budget.csv` and `budget_frontier.csv`: what the error budget comes to; nil where none was asked.
    public var budget: PlanBudget?
    /// `break_extents.csv`: how far over the objective hours are, where a budget was asked.
    public var breakExtents: [BreakExtentRow] = []

    /// A plan from its parts.
    public init(
        options: PlanOptions, promise: PlanPromise, findings: [PlanFinding], tiers: [TierPlan],
        allocation:
            [AllocationRow], placement: [PlacementRow], placements: [String: Placement], cost: [CostRow],
        excuses: [ExcuseRow], risk: [RiskRow], compliance: [ComplianceRow],
        maintenance:
            [MaintenanceRow], capacity: [CapacityRow] = [], breakLevels: [BreakLevelRow] = [],
        work: [WorkRow] = [], ladder: [LadderRow] = []
    ) {
        self.options = options
        self.promise = promise
        self.findings = findings
        self.tiers = tiers
        self.allocation = allocation
        self.placement = placement
        self.placements = placements
        self.cost = cost
        self.excuses = excuses
        self.risk = risk
        self.compliance = compliance
        self.maintenance = maintenance
        self.capacity = capacity
        self.breakLevels = breakLevels
        self.work = work
        self.ladder = ladder
    }

    /// Whether every requirement is held; `findings` say what is not.
    public var isFeasible: Bool { !findings.contains { $0.severity == .infeasible } }

    /// The chance that some tier breaks in some step while what is to be survived is lost, as `risk.csv` tells it.
    public var probabilityBroken: Double { risk.last?.probabilityAnyStep.value ?? .nan }

    /// The cost of all tiers over the planned span.
    public var totalCost: Money { tiers.reduce(.zero) { $0 + $1.cost } }

    /// The cost of today's allocation over the same span, on demand.
    public var todaysCost: Money { tiers.reduce(.zero) { $0 + $1.todaysCost } }

    /// The plan and today's allocation, like for like in a month.
    public var monthly: MonthlyCost {
        let planned = cost.filter { $0.purchase != .today }
        let today = cost.filter { $0.purchase == .today }
        return MonthlyCost(
            planned: planned.reduce(.zero) { $0 + $1.monthlyCost },
            today: today.reduce(.zero) { $0 + $1.monthlyCost },
            todayComparable: today.reduce(.zero) { $0 + $1.comparableMonthlyCost })
    }
}

/// Costs in a month of `Shape.hoursPerMonth` hours that are all as those of the planned span.
public struct MonthlyCost: Sendable, Equatable {
    /// The plan.
    public var planned: Money
    /// Today's allocation on demand.
    public var today: Money
    /// Today's allocation bought as the plan buys, with commitment where that is cheaper.
    public var todayComparable: Money
}
