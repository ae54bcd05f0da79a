import Replay
import Tables
import Units

extension RunTables {
    /// Where today's exchange gives way.
    public static let saturation = TableSchema<SaturationPoint>(
        "saturation.csv", of: "run, replay", "A queue and one of its saturation points.",
        [
            .text(
                "tier", in: .name,
                "The tier, or 'journey' for an order's whole path, which saturates with its first queue.",
                \.scope.description),
            .text("shard", in: .name, "The shard; empty if the tier has none.", \.shard),
            .text(
                "kind", in: .word,
                "stability (work exceeds capacity), slo (the latency objective), usl_peak or knee."
            ) { $0.kind.rawValue },
            .estimate(
                "load_multiplier", in: .factor,
                "Multiple of the forecast peak hour, the busiest hour of the median path; empty if no multiple in range "
                    + "saturates it.",
                \.loadMultiplier),
            .estimate("rate_per_second", in: .perSecond, "Message rate at that multiple.", \.ratePerSecond),
            .text("binding_resource", in: .word, "The limiting resource.", \.bindingResource.description),
            .time(
                "reached_at", "First step whose 99 % quantile reaches it; empty if none does.",
                \.reachedAt),
        ])

    /// What clients see at each load.
    public static let latencyCurve = TableSchema<LatencyCurvePoint>(
        "latency_curve.csv", of: "run, replay",
        "A queue at one multiple of the forecast, in its worst window.",
        [
            .text(
                "tier", in: .name, "The tier, or 'journey' for an order's whole path.", \.scope.description),
            .text("shard", in: .name, "The shard; empty if the tier has none.", \.shard),
            .number("load_multiplier", in: .factor, "Multiple of the forecast peak hour.", \.loadMultiplier),
            .number("rate_per_second", in: .perSecond, "Message rate in the window.", \.ratePerSecond),
            .number("utilisation", in: .share, "Mean work over capacity in the window.", \.utilisation),
            .estimate("p50_us", in: .microseconds, "Median latency (waiting plus service).") {
                $0.p50Seconds.scaled(by: 1e6)
            },
            .estimate("p99_us", in: .microseconds, "99 % quantile of the latency.") {
                $0.p99Seconds.scaled(by: 1e6)
            },
            .estimate("p999_us", in: .microseconds, "99.9 % quantile of the latency.") {
                $0.p999Seconds.scaled(by: 1e6)
            },
            .estimate(
                "share_over_slo", in: .share, "Share of messages slower than the objective.",
                \.shareOverObjective),
        ])
}
