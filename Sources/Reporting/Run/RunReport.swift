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
    /// What a reader has to know beside the plan's own findings.
    public var notes: [String]

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

    /// The end of the planned span.
    public var end: Timestamp { demand.time(ofStep: demand.stepCount) }
}

/// What one input file gave.
public struct InputSummary: Sendable, Equatable {
    /// The file as it was named.
    public var path: String
    /// What it was read for, as `demand`.
    public var use: String
    /// Its format.
    public var format: String
    /// Rows, of which so many were taken in, were there already, or could not be read.
    public var rows: Int
    /// Rows taken in.
    public var accepted: Int
    /// Rows that were there already.
    public var duplicates: Int
    /// Rows that could not be read.
    public var quarantined: Int

    /// A summary.
    public init(
        path: String, use: String, format: String, rows: Int, accepted: Int, duplicates: Int,
        quarantined: Int
    ) {
        self.path = path
        self.use = use
        self.format = format
        self.rows = rows
        self.accepted = accepted
        self.duplicates = duplicates
        self.quarantined = quarantined
    }
}

/// A row that was not taken in.
public struct QuarantineEntry: Sendable, Equatable {
    /// The file.
    public var path: String
    /// The line, from 1.
    public var line: Int
    /// Where on the line the fault lies, in bytes from 1; nil where it is the row as a whole.
    public var column: Int?
    /// Where the line starts, in bytes.
    public var byteOffset: Int
    /// Why.
    public var reason: String
    /// Its first bytes.
    public var excerpt: String

    /// An entry.
    public init(
        path: String, line: Int, column: Int? = nil, byteOffset: Int, reason: String, excerpt: String
    ) {
        self.path = path
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
        self.reason = reason
        self.excerpt = excerpt
    }
}

/// How high a series rises once in so many days, in events a second.
public struct ReturnLevelRow: Sendable, Equatable {
    /// The series.
    public var id: SeriesID
    /// The time.
    public var days: Double
    /// The level; nil where the history does not tell.
    public var perSecond: Estimate?

    /// A row.
    public init(id: SeriesID, days: Double, perSecond: Estimate?) {
        self.id = id
        self.days = days
        self.perSecond = perSecond
    }
}
