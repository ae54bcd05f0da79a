import Tables
import Units

/// What a run's model of bursts rests on: how it compares with the raw logs, and where there were none.
public struct BurstEvidence: Sendable, Equatable {
    /// The model's waits beside those of the logs' own arrivals, at the service times and servers of the run's tiers.
    public var rows: [BurstRow] = []
    /// The symbols without a raw log, those with the most work first.
    public var assumed: [SeriesID] = []
    /// How far the load that their queues hold may be off, and how that is known; nil where nothing is assumed.
    public var error: AssumptionError?
    /// Whether the plan file says that arrivals are independent.
    public var isPoisson = false

    /// The factor by which a held load is off where a symbol's own log is missing.
    public struct AssumptionError: Sendable, Equatable {
        /// In either direction, at least 1.
        public var factor: Double
        /// How many of the run's own logs were left out in turn to measure it; 0: it is that of public logs.
        public var logs: Int

        public init(factor: Double, logs: Int) { (self.factor, self.logs) = (factor, logs) }
    }

    public init() {}

    /// A model is good enough in a cell if its figure is within this factor of the log's. (The project's goal.)
    public static let factorWanted = 1.5
    /// Where both figures are within this factor of the service time, nothing waits, and the cell says nothing of the
    /// model. (Chosen, not measured.)
    static let waitingFactor = 1.05
    /// So many symbols are named. (Chosen: what fits on a line.)
    private static let namedMax = 3

    /// The cells in which something waits, by the log or by the model.
    var waiting: [BurstRow] {
        rows.filter { row in
            guard let trace = row.row.traceSeconds, let model = row.row.modelSeconds else { return false }
            return max(trace, model) > BurstEvidence.waitingFactor * row.row.serviceSeconds
        }
    }

    /// Whether the model is near enough in a cell.
    static func isNear(_ row: BurstRow) -> Bool {
        guard let trace = row.row.traceSeconds, let model = row.row.modelSeconds else { return false }
        return model <= factorWanted * trace && trace <= factorWanted * model
    }

    /// The model against the logs, in a sentence; nil without raw logs.
    public var comparison: String? {
        guard !rows.isEmpty else { return nil }
        let symbols = Set(rows.map(\.id)).count
        let logs = symbols == 1 ? "the raw log of one symbol" : "the raw logs of \(symbols) symbols"
        let waiting = waiting
        guard !waiting.isEmpty else {
            return
                "at the message rate of \(logs) no message waits in any of the \(rows.count) queues compared, so "
                + "the logs cannot confirm the burst model"
        }
        let near = waiting.count(where: BurstEvidence.isNear)
        return
            "the model's p99 is within \(NumberText.figure(BurstEvidence.factorWanted))x of the logs' own in "
            + "\(near) of \(waiting.count) cells (\(logs))"
    }

    /// What is assumed instead of measured, in a sentence; nil where every symbol has a raw log.
    public var assumption: String? {
        if isPoisson { return "arrivals are independent of each other, because the plan file says so" }
        guard !assumed.isEmpty else { return nil }
        let named = assumed.prefix(BurstEvidence.namedMax).map(\.name).joined(separator: ", ")
        let rest = assumed.count - BurstEvidence.namedMax
        let who = rest > 0 ? "\(assumed.count) symbols (\(named) and \(rest) more)" : named
        let lack = "bursts of \(who), because there are no raw logs of \(assumed.count == 1 ? "it" : "them")"
        guard let error else { return lack }
        let origin =
            error.logs == 0
            ? "as for public logs"
            : "measured by leaving out the raw logs of \(error.logs) symbols in turn"
        return lack + "; the load that a queue holds may be off by a factor of "
            + "\(NumberText.figure(error.factor, digits: 2)), \(origin)"
    }
}
