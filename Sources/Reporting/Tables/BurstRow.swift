import Replay
import Tables
import Units

/// A queue that a log's arrivals pass through, and the same by the model.
public struct BurstRow: Sendable, Equatable {
    /// The series.
    public let id: SeriesID
    /// Its mean rate over the whole log.
    public let ratePerSecond: Double
    /// The queue, and what was found.
    public let row: BurstTable.Row
    /// Whose queue it is; empty where it is nobody's.
    public let tiers: [String]

    public init(id: SeriesID, ratePerSecond: Double, row: BurstTable.Row, tiers: [String] = []) {
        (self.id, self.ratePerSecond, self.row, self.tiers) = (id, ratePerSecond, row, tiers)
    }
}

extension RunTables {
    /// Waits under a log's own arrivals, and under the model's.
    public static let bursts = TableSchema<BurstRow>(
        "bursts.csv", of: "run, bursts", "A series with a raw log, a queue and a level.",
        [
            .text("unique_id", in: .name, "The series.") { $0.id.description },
            .number(
                "rate_per_second", in: .perSecond, "Mean arrival rate over the whole log.", \.ratePerSecond),
            .number(
                "level", in: .factor,
                "1 for the log itself; otherwise a multiple of its windows' median level."
            ) { $0.row.level },
            .number("service_us", in: .microseconds, "Service time of every arrival.") {
                $0.row.serviceSeconds * 1e6
            },
            .integer("servers", in: "servers", "Number of servers.") { $0.row.servers },
            .integer("windows", in: "windows", "Number of the log's windows behind trace_p99_us.") {
                $0.row.windows
            },
            .number(
                "trace_p99_us", in: .microseconds,
                "99 % quantile of the sojourn time under the log's own arrivals (bursts: --quantile; run: the tier's)."
            ) { row in row.row.traceSeconds.map { $0 * 1e6 } },
            .number("model_p99_us", in: .microseconds, "The same quantile under the model's arrivals.") {
                row in
                row.row.modelSeconds.map { $0 * 1e6 }
            },
        ])
}
