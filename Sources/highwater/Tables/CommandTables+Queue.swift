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
            .number("load", in: .share, "Offered load: work over capacity.") { $0.queue.load },
            .estimate("utilisation", in: .share, "Server utilisation: work done over capacity.") {
                $0.queue.utilisation
            },
            .estimate("mean_wait_us", in: .microseconds, "Mean time waiting before service.") {
                $0.queue.meanWaitSeconds.scaled(by: 1e6)
            },
            .estimate("mean_sojourn_us", in: .microseconds, "Mean sojourn time (waiting plus service).") {
                $0.queue.meanSojournSeconds.scaled(by: 1e6)
            },
            .estimate("p50_us", in: .microseconds, "Median sojourn time.") {
                $0.queue.p50Seconds.scaled(by: 1e6)
            },
            .estimate("p90_us", in: .microseconds, "90 % quantile of the sojourn time.") {
                $0.queue.p90Seconds.scaled(by: 1e6)
            },
            .estimate("p99_us", in: .microseconds, "99 % quantile of the sojourn time.") {
                $0.queue.p99Seconds.scaled(by: 1e6)
            },
            .estimate("p999_us", in: .microseconds, "99.9 % quantile of the sojourn time.") {
                $0.queue.p999Seconds.scaled(by: 1e6)
            },
            .estimate("share_over_slo", in: .share, "Share of customers whose sojourn time exceeds --slo.") {
                $0.hasThreshold ? $0.queue.shareOverThreshold : nil
            },
            .number(
                "trusted_quantile", in: .share,
                "Highest reported quantile with enough independent excursions above it; empty if none has."
            ) { $0.queue.trustedQuantile },
            .number(
                "p999_excursions", in: "excursions",
                "Independent excursions above the 99.9 % quantile that the simulated customers should contain."
            ) { $0.queue.expectedExcursions },
            .list(
                [
                    .estimate(
                        "share_refused", in: .share, "Share of attempts rejected because the queue was full."
                    ) {
                        $0.system?.shareRefused
                    },
                    .estimate("share_timed_out", in: .share, "Share of attempts that timed out.") {
                        $0.system?.shareTimedOut
                    },
                    .estimate("share_lost", in: .share, "Share of customers who were never served.") {
                        $0.system?.shareLost
                    },
                    .estimate("attempts", in: "attempts", "Mean number of attempts per customer.") {
                        $0.system?.attempts
                    },
                    .estimate("served_per_second", in: .perSecond, "Rate of customers served.") {
                        $0.system?.servedPerSecond
                    },
                    .estimate("first_wait_us", in: .microseconds, "Mean wait of the priority class.") {
                        $0.system?.firstWaitSeconds.scaled(by: 1e6)
                    },
                    .estimate("other_wait_us", in: .microseconds, "Mean wait of the other customers.") {
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
        "queue --saturation", of: "queue --saturation", "The largest load that meets --slo.",
        [
            .text("kind", in: .word, "saturation.") { _ in "saturation" },
            .number("quantile", in: .share, "Share of customers that must stay within --slo.", \.quantile),
            .number("slo_us", in: .microseconds, "The latency objective.") { $0.thresholdSeconds * 1e6 },
            .estimate("load", in: .share, "The largest load that meets the objective.", \.load),
            .estimate("rate_per_second", in: .perSecond, "Arrival rate at that load.", \.rate),
            .text("found", in: .prose, "'in range', or why there is no such load.", \.found),
        ])

    /// What a load test or a book's work is fitted by.
    static let calibrated = TableSchema<CalibratedParameter>(
        "calibrate", of: "calibrate", "A parameter of the model.",
        [
            .text("parameter", in: .name, "Name of the parameter, ending in its unit.", \.name),
            .number("estimate", in: "as its name says", "Best estimate.", \.estimate),
            .number("lo", in: "as its name says", "Lower end of the 95 % interval.", \.lo),
            .number("hi", in: "as its name says", "Upper end of the 95 % interval.", \.hi),
            .number("standard_error", in: "as its name says", "Standard error.", \.standardError),
        ])

    static let placed = TableSchema<(symbol: String, shard: Int, load: Double)>(
        "place", of: "place", "A symbol and its shard.",
        [
            .text("symbol", in: .name, "The symbol.") { $0.symbol },
            .integer("shard", in: "shards", "Number of the shard, counted from 0.") { $0.shard },
            .number("load", in: "as in the input", "Load of the symbol.") { $0.load },
        ])
}
