import Exchange
import Ingest
import Planning
import Reporting
import Units
import WhatIf

/// What a weekly run reads, forecasts, models and has to hold: the plan file.
///
/// The file is JSON with comments. Every key has a default but `sources`; `Datasets/PLAN.md` has them all.
public struct PlanFile: Sendable {
    /// A name for the reports.
    public var name = "exchange"
    /// Everything random follows from it.
    public var seed: UInt64 = 1
    /// The logs.
    public var sources: [Source] = []
    /// What "now" is; nil: the end of the demand's data.
    public var asOf: Timestamp?
    public var forecast = ForecastPlan()
    /// Messages with each trade; nil: from the traffic logs where there are any, else the standard mix.
    public var mix: MessageMix?
    /// How arrivals bunch.
    public var bursts = Bursts.measured
    /// The exchange.
    public var topology = Topology.standard
    /// Seconds until a standby serves in place of a lost single writer or primary.
    public var failoverSeconds = 2.0
    /// Seconds of writes that a standby is behind.
    public var replicationLagSeconds = 0.05
    /// Seconds after which a client gives up.
    public var clientTimeoutSeconds = 30.0
    /// What can be bought.
    public var catalogue: Catalogue
    /// What has to be held.
    public var options = PlanOptions()
    /// What the exports name.
    public var exports = ExportSettings()
    /// Disturbances that the plan is tried with.
    public var scenarios: [ScenarioSource] = []
    /// The file that it was read from; nil for the defaults.
    public var path: String?
    public var text: [UInt8] = []

    /// The defaults, with the catalogue that is built in.
    public init() throws(ConfigurationError) {
        catalogue = try CatalogueFile.standard()
    }

    /// The defaults, with another catalogue.
    init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// Where it is from how arrivals bunch.
    public enum Bursts: Sendable, Equatable {
        /// From raw trades, or the law of public logs where there are none.
        case measured
        /// Arrivals are independent of each other, as in a laboratory's test.
        case poisson
        /// All symbols' arrivals bunch as this says, carried to their own rates.
        case profile(BurstProfile)
    }

    /// How this exchange's disturbances are simulated.
    public func whatIfOptions(threads: Int) -> WhatIfOptions {
        var whatIf = WhatIfOptions(
            seed: seed, threads: threads, hasBursts: bursts != .poisson, failoverSeconds: failoverSeconds,
            replicationLagSeconds: replicationLagSeconds, timeoutSeconds: clientTimeoutSeconds)
        whatIf.spareNodes = options.spareNodes
        return whatIf
    }

    /// Some of the logs.
    public struct Source: Sendable, Equatable {
        /// Files, folders and patterns, below the data root.
        public var paths: [String]
        /// What they are good for.
        public var use: Use
        /// Their format; nil: found by content.
        public var format: String?
        /// Their venue; nil: by file name.
        public var venue: String?
        /// Their symbol; nil: by file name.
        public var symbol: String?
        /// Where tables, or JSON lines, of no known format hold what; nil: the format is found by content.
        public var map: ColumnMap?
        /// Rules for the classes of requests, before those that are built in.
        public var routes: [RouteTable.Rule] = []
        /// The share of requests that the log holds, above 0 to 1.
        public var sampleShare = 1.0
        /// Where the source stands in the plan file.
        public var place: TextPlace?

        public init(paths: [String], use: Use, sampleShare: Double = 1) {
            self.paths = paths
            self.use = use
            self.sampleShare = sampleShare
        }
    }

    /// What logs are good for.
    public enum Use: String, Sendable, CaseIterable {
        /// Trades by symbol, whose level is forecast; raw ones tell burstiness too.
        case demand
        /// Raw trades that tell how arrivals bunch, and nothing of the level.
        case burstiness
        /// Requests, which tell how many orders, cancels and queries come with a trade.
        case traffic
    }

    public struct ForecastPlan: Sendable, Equatable {
        /// The length of a step.
        public var stepSeconds: Int64 = 3600
        /// How far ahead, in seconds.
        public var horizonSeconds = 604_800.0
        /// Seasons in seconds, the shortest first.
        public var seasonSeconds = [86_400.0, 604_800]
        /// How much history is used; nil: all.
        public var historySeconds: Int64?
        /// Sample paths that are drawn.
        public var paths = 500
        /// Which series of the class `trades` are planned for.
        public var symbols = "*"

        public init() {}

        /// How many steps ahead, at least one; those of `horizonSeconds`, rounded up.
        public var horizon: Int {
            get { max(1, Int(saturating: (horizonSeconds / Double(stepSeconds)).rounded(.up))) }
            set { horizonSeconds = Double(newValue) * Double(stepSeconds) }
        }

        /// Seasons of more than one step, in steps.
        public var seasons: [Int] {
            seasonSeconds.map { Int(saturating: ($0 / Double(stepSeconds)).rounded()) }.filter { $0 > 1 }
        }
    }

    /// A scenario, by file or as it stands in the plan file.
    public enum ScenarioSource: Sendable, Equatable {
        /// A file, below the plan file's folder.
        case file(String, TextPlace)
        /// An object in the plan file.
        case inline(PlacedJSON)
    }
}
