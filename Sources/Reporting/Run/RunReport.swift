import Exchange
import Forecasting
import Planning
import Replay
import Units
import WhatIf

/// All that a weekly run found out: the one value that feeds every output.
public struct RunReport: Sendable {
    /// The exchange's name.
    public var name: String
    /// The start of the planned span.
    public var asOf: Timestamp
    /// What each input file gave.
    public var inputs: [InputSummary]
    /// Rows that were not taken in.
    public var quarantine: [QuarantineEntry]
    /// The history of each symbol, in trades a step.
    public var histories: [RegularSeries]
    /// Their forecasts, in the same order, in trades a step.
    public var forecasts: [SeriesForecast]
    /// Surges and outages that were seen, by series.
    public var surges: [SurgeEvent]
    /// How high each series rises once in a given time.
    public var returnLevels: [ReturnLevelRow]
    /// The demand that was planned for.
    public var demand: DemandPaths
    /// Where the mix of messages is from.
    public var mixOrigin: String
    /// Today's exchange.
    public var topology: Topology
    /// What can be bought.
    public var catalogue: Catalogue
    /// What today's exchange does under the demand.
    public var replay: ReplayResult
    /// The allocation.
    public var plan: Plan
    /// What the plan does under disturbances.
    public var scenarios: [WhatIfResult]
    /// How long today's nodes last.
    public var headroom: [HeadroomRow] = []
    /// The plan on futures that it was not made for; none where they were not tried.
    public var regret: [RegretRow] = []
    /// How far each tier of the plan is from its limits; none where that was not tried.
    public var margins: [MarginRow] = []
    /// What alerts are good for.
    public var thresholds: [ThresholdRow] = []
    /// The ten causes of outages; none where they were not tried.
    public var register: [RiskRegisterRow] = []
    /// What the model of bursts rests on.
    public var bursts = BurstEvidence()
    /// Past weeks, planned again and held against what came.
    public var pastPlans: PlanBacktestReport?
    /// Why there are none.
    public var pastPlansAbsence: PastPlansAbsence?
    /// What a reader has to know beside the plan's own findings.
    public var notes: [String]
    /// Whether a plan that does not hold is exported nevertheless.
    public var forcesExports = false

    /// A report from its parts.
    public init(
        name: String, asOf: Timestamp, inputs: [InputSummary], quarantine: [QuarantineEntry],
        histories: [RegularSeries], forecasts: [SeriesForecast], surges: [SurgeEvent],
        returnLevels: [ReturnLevelRow], demand: DemandPaths, mixOrigin: String, topology: Topology,
        catalogue: Catalogue, replay: ReplayResult, plan: Plan, scenarios: [WhatIfResult], notes: [String]
    ) {
        self.name = name
        self.asOf = asOf
        self.inputs = inputs
        self.quarantine = quarantine
        self.histories = histories
        self.forecasts = forecasts
        self.surges = surges
        self.returnLevels = returnLevels
        self.demand = demand
        self.mixOrigin = mixOrigin
        self.topology = topology
        self.catalogue = catalogue
        self.replay = replay
        self.plan = plan
        self.scenarios = scenarios
        self.notes = notes
    }

    /// Whether the files for other tools are written: those of a plan that does not hold only where that is asked for.
    public var hasExports: Bool { plan.isFeasible || forcesExports }

    /// The end of the planned span.
    public var end: Timestamp { demand.time(ofStep: demand.stepCount) }
}

/// Why no past week was planned again.
public enum PastPlansAbsence: Sendable, Equatable {
    /// The plan file or the command line says so.
    case switchedOff
    /// Fewer spans of history than it takes.
    case shortHistory
    /// So many symbols, which would take several times as long as the run itself.
    case manySymbols(Int)

    /// A sentence without a full stop.
    public var sentence: String {
        switch self {
        case .switchedOff: "none was planned again, because past_weeks is 0"
        case .shortHistory: "none could be planned again, because the history is too short"
        case .manySymbols(let count):
            "none was planned again, because that takes long with \(count) symbols; set past_weeks to do it"
        }
    }
}
