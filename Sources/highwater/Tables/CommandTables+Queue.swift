import Replay
import Tables
import Units

extension CommandTables {
    /// A queue at one load; what surrounds it where something does.
    struct QueueRow: Sendable {
        let queue: QueueExperiment.Row
        /// Whether an objective was given.
        let hasThreshold: Bool
        var system: SystemExperiment.Row?
    }

    /// What stands for the options that put something around a queue.
    static let surroundings = "what surrounds it"

    static let queue = TableSchema<QueueRow>(
        "queue", of: "queue", "The queue at one load.",
        [
            .number("load", in: .share, "Offered work over capacity.") { $0.queue.load },
            .estimate("utilisation", in: .share, "Work done over capacity.") { $0.queue.utilisation },
            .estimate("mean_wait_us", in: .microseconds, "The mean time before service.") {
                $0.queue.meanWaitSeconds.scaled(by: 1e6)
            },
            .estimate("mean_sojourn_us", in: .microseconds, "The mean time until served.") {
                $0.queue.meanSojournSeconds.scaled(by: 1e6)
            },
            .estimate("p50_us", in: .microseconds, "The time until served, median.") {
                $0.queue.p50Seconds.scaled(by: 1e6)
            },
            .estimate("p90_us", in: .microseconds, "The same, 90 % quantile.") {
                $0.queue.p90Seconds.scaled(by: 1e6)
            },
            .estimate("p99_us", in: .microseconds, "The same, 99 % quantile.") {
                $0.queue.p99Seconds.scaled(by: 1e6)
            },
            .estimate("p999_us", in: .microseconds, "The same, 99.9 % quantile.") {
                $0.queue.p999Seconds.scaled(by: 1e6)
            },
            .estimate("share_over_slo", in: .share, "Customers who take longer than --slo.") {
                $0.hasThreshold ? $0.queue.shareOverThreshold : nil
            },
            .list(
                [
                    .estimate("share_refused", in: .share, "Attempts that found the queue full.") {
                        $0.system?.shareRefused
                    },
                    .estimate("share_timed_out", in: .share, "Attempts that were given up.") {
                        $0.system?.shareTimedOut
                    },
                    .estimate("share_lost", in: .share, "Customers who were never served.") {
                        $0.system?.shareLost
                    },
                    .estimate("attempts", in: "attempts", "Attempts a customer.") { $0.system?.attempts },
                    .estimate("served_per_second", in: .perSecond, "Customers served.") {
                        $0.system?.servedPerSecond
                    },
                    .estimate("first_wait_us", in: .microseconds, "The mean wait of those who go first.") {
                        $0.system?.firstWaitSeconds.scaled(by: 1e6)
                    },
                    .estimate("other_wait_us", in: .microseconds, "The mean wait of the others.") {
                        $0.system?.otherWaitSeconds.scaled(by: 1e6)
                    },
                ]
            ).only(with: surroundings),
        ])

    /// The largest load that keeps the objective.
    struct QueueSaturation: Sendable {
        let quantile: Double
        let thresholdSeconds: Double
        var load: Estimate?
        var rate: Estimate?
        var found: String
    }

    static let queueSaturation = TableSchema<QueueSaturation>(
        "queue --saturation", of: "queue --saturation", "The largest load that keeps --slo.",
        [
            .text("kind", in: .word, "saturation.") { _ in "saturation" },
            .number("quantile", in: .share, "The share that must stay within --slo.", \.quantile),
            .number("slo_us", in: .microseconds, "The objective.") { $0.thresholdSeconds * 1e6 },
            .estimate("load", in: .share, "The largest load that keeps it.", \.load),
            .estimate("rate_per_second", in: .perSecond, "Arrivals at that load.", \.rate),
            .text("found", in: .prose, "in range, or why there is none.", \.found),
        ])

    /// A queue that a log's arrivals pass through, and the same by the model.
    struct BurstRow: Sendable {
        let id: SeriesID
        let ratePerSecond: Double
        let row: BurstTable.Row
    }

    static let bursts = TableSchema<BurstRow>(
        "bursts", of: "bursts", "A series, a queue and a level.",
        [
            .text("unique_id", in: .name, "The series.") { $0.id.description },
            .number(
                "rate_per_second", in: .perSecond, "Arrivals in the whole log, in mean.", \.ratePerSecond),
            .number(
                "level", in: .factor,
                "1 for the log itself, otherwise a multiple of the median level of its windows."
            ) { $0.row.level },
            .number("service_us", in: .microseconds, "The service time of every arrival.") {
                $0.row.serviceSeconds * 1e6
            },
            .integer("servers", in: "servers", "How many serve.") { $0.row.servers },
            .integer("windows", in: "windows", "How many windows the log's figure is from.") {
                $0.row.windows
            },
            .number(
                "trace_p99_us", in: .microseconds,
                "The 99 % quantile of the time until served in the log, or that of --quantile."
            ) { row in row.row.traceSeconds.map { $0 * 1e6 } },
            .number("model_p99_us", in: .microseconds, "The same by the model.") { row in
                row.row.modelSeconds.map { $0 * 1e6 }
            },
        ])

    /// What a load test or a book's work is fitted by.
    static let calibrated = TableSchema<CalibratedParameter>(
        "calibrate", of: "calibrate", "A parameter of the model.",
        [
            .text("parameter", in: .name, "Its name, with its unit last.", \.name),
            .number("estimate", in: "as its name says", "The best figure.", \.estimate),
            .number("lo", in: "as its name says", "The lower end of its 95 % interval.", \.lo),
            .number("hi", in: "as its name says", "Its upper end.", \.hi),
            .number("standard_error", in: "as its name says", "The standard error.", \.standardError),
        ])

    static let placed = TableSchema<(symbol: String, shard: Int, load: Double)>(
        "place", of: "place", "A symbol and the shard that it is put on.",
        [
            .text("symbol", in: .name, "The symbol.") { $0.symbol },
            .integer("shard", in: "shards", "The shard, from 0.") { $0.shard },
            .number("load", in: "as in the input", "The symbol's load.") { $0.load },
        ])
}
