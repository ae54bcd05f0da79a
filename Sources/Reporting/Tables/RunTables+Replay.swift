import Replay
import Tables
import Units

extension RunTables {
    /// Where today's exchange gives way.
    public static let saturation = TableSchema<SaturationPoint>(
        "saturation.csv", of: "run, replay", "A queue and one of the ways in which it saturates.",
        [
            .text(
                "tier", in: .name, "The tier; journey for the way through all of them.", \.scope.description),
            .text("shard", in: .name, "The shard; empty where the tier has none.", \.shard),
            .text(
                "kind", in: .word,
                "stability (more work than is done), slo (the latency objective), usl_peak or knee."
            ) { $0.kind.rawValue },
            .estimate(
                "load_multiplier", in: .factor,
                "The multiple of the forecast's busiest hour; empty where none in range is too much.",
                \.loadMultiplier),
            .estimate("rate_per_second", in: .perSecond, "Messages at that multiple.", \.ratePerSecond),
            .text("binding_resource", in: .word, "What runs out.", \.bindingResource.description),
            .time(
                "reached_at", "The first step whose 99 % quantile reaches it; empty where none does.",
                \.reachedAt),
        ])

    /// What clients see at each load.
    public static let latencyCurve = TableSchema<LatencyCurvePoint>(
        "latency_curve.csv", of: "run, replay",
        "A queue at one multiple of the forecast, in its worst window.",
        [
            .text(
                "tier", in: .name, "The tier; journey for the way through all of them.", \.scope.description),
            .text("shard", in: .name, "The shard; empty where the tier has none.", \.shard),
            .number("load_multiplier", in: .factor, "The multiple of the busiest hour.", \.loadMultiplier),
            .number("rate_per_second", in: .perSecond, "Messages in the window.", \.ratePerSecond),
            .number("utilisation", in: .share, "Work over capacity in the window, in mean.", \.utilisation),
            .estimate("p50_us", in: .microseconds, "Waiting and service together, median.") {
                $0.p50Seconds.scaled(by: 1e6)
            },
            .estimate("p99_us", in: .microseconds, "The same, 99 % quantile.") {
                $0.p99Seconds.scaled(by: 1e6)
            },
            .estimate("p999_us", in: .microseconds, "The same, 99.9 % quantile.") {
                $0.p999Seconds.scaled(by: 1e6)
            },
            .estimate(
                "share_over_slo", in: .share, "Messages that take longer than the objective.",
                \.shareOverObjective),
        ])
}
