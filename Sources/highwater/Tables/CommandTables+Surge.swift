import Forecasting
import Tables
import Units

extension CommandTables {
    /// An event with its series' name and its instants as the input writes them.
    struct SurgeRow: Sendable {
        let event: SurgeEvent
        let name: String
        let onset: String
        let peakAt: String
        let end: String
    }

    static let surges = TableSchema<SurgeRow>(
        "surge", of: "surge", "A detected event.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("kind", in: .word, "surge, outage, brownout or level-shift.") { $0.event.kind.rawValue },
            .text("onset", in: .step, "Start of the event's first step.", \.onset),
            .text("peak_at", in: .step, "Start of a surge's highest step, or else of the lowest.", \.peakAt),
            .text("end", in: .step, "Start of the first step after the event.", \.end),
            .number("baseline", in: "events per step", "Baseline at the peak.") { $0.event.baseline },
            .number("peak", in: "events per step", "Value at the peak.") { $0.event.peak },
            .number("ratio", in: .factor, "Peak over baseline.") { $0.event.ratio },
            .integer(
                "ramp_seconds", in: .seconds,
                "Time from onset until four fifths of the peak excess is reached."
            ) {
                Int($0.event.rampSeconds)
            },
            .integer(
                "hold_seconds", in: .seconds, "Time from there to the last step with half of the peak excess."
            ) {
                Int($0.event.holdSeconds)
            },
            .integer("decay_seconds", in: .seconds, "Time from there to the end.") {
                Int($0.event.decaySeconds)
            },
        ])

    /// How high a series rises once in a given time, or why that is not known.
    struct ReturnRow: Sendable {
        let name: String
        var days: Double
        let stepSeconds: Int64
        var levels: ReturnLevels?
        var maxima: BlockMaxima?
        var failure: String?

        var level: Estimate? {
            levels?.level(days: days) ?? maxima?.level(blocks: days * 86_400 / Double(stepSeconds))
        }
    }

    static let returns = TableSchema<ReturnRow>(
        "surge --what returns", of: "surge --what returns", "A series and a return period.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .number(
                "return_days", in: "d", "Return period: the level is reached once in this many days.", \.days),
            .estimate(
                "level", in: "events per step", "Return level: peaks surpass it once in that time.", \.level),
            .estimate(
                "step_level", in: "events per step",
                "The level that single steps surpass once in that time; a peak has several steps."
            ) { row in
                row.levels?.stepLevel(days: row.days)
            },
            .number("threshold", in: "events per step", "Threshold of the tail fit; peaks above it count.") {
                $0.levels?.threshold
            },
            .integer("clusters", in: "peaks", "Number of separate peaks, or of maxima, in the fit.") {
                $0.levels?.clusterCount ?? $0.maxima?.count
            },
            .number("steps_per_peak", in: "steps", "Mean number of steps above the threshold per peak.") {
                $0.levels?.stepsPerCluster
            },
            .number(
                "running_level", in: "events per step",
                "Median of the last 28 days, which levels are multiples of. Empty: peaks are absolute."
            ) { $0.levels?.level },
            .number("growth_per_year", in: .factor, "Growth factor of the running level per year.") {
                $0.levels?.growthPerYear
            },
            .number(
                "shape", in: .plain,
                "Shape of the tail (generalised Pareto; extreme value for maxima); above 0 it is heavy."
            ) {
                $0.levels?.tail.shape ?? $0.maxima?.distribution.shape
            },
            .text("failure", in: .prose, "Why there is no return level.", \.failure),
        ])

    /// How demand answers one price move, or why that is not known.
    struct PriceRow: Sendable {
        let name: String
        var response: PriceResponse?
        var move: Double?
        var failure: String?

        var factor: Estimate? { response.flatMap { response in move.map { response.factor(move: $0) } } }
    }

    static let prices = TableSchema<PriceRow>(
        "surge --what price", of: "surge --what price", "A series and a price move within one step.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .number("price_move", in: .share, "The price move; negative for a fall.", \.move),
            .estimate("demand_factor", in: .factor, "Demand relative to normal.", \.factor),
            .flag("is_extrapolated", "Whether the move is larger than any in the data.") { row in
                row.response.flatMap { response in row.move.map { abs($0) > response.largestMove } }
            },
            .estimate(
                "elasticity", in: .plain, "Exponent of demand as a power of the size of the move."
            ) {
                $0.response?.elasticity
            },
            .number("fall_factor", in: .factor, "Demand after a fall, relative to a rise of the same size.") {
                $0.response?.fallFactor
            },
            .number("explained", in: .share, "Share of the variance of demand that price moves explain.") {
                $0.response?.explained
            },
            .text("failure", in: .prose, "Why there is no estimate.", \.failure),
        ])

    /// A Hawkes process fitted to a series, or why it could not be.
    struct HawkesRow: Sendable {
        let name: String
        let form: HawkesKernel.Form
        let stepSeconds: Int64?
        var fit: HawkesFit?
        var failure: String?
    }

    static let hawkes = TableSchema<HawkesRow>(
        "surge --what hawkes", of: "surge --what hawkes", "A series and a kernel.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("kernel", in: .word, "How the excitation by an event decays.") { $0.form.rawValue },
            .text("method", in: .word, "How the kernel was fitted.") { $0.fit?.method.rawValue },
            .integer("step_seconds", in: .seconds, "Step of the counts; empty for event times.") { row in
                row.fit.flatMap { _ in row.stepSeconds.map { Int($0) } }
            },
            .integer("events", in: "events", "Number of events in the fit.") { $0.fit?.eventCount },
            .number("baseline_per_second", in: .perSecond, "Rate of events that no other event triggered.") {
                $0.fit?.baselinePerSecond
            },
            .estimate("branching_ratio", in: "events per event", "Events that one event triggers directly.") {
                $0.fit?.branchingRatio
            },
            .estimate("decay_seconds", in: .seconds, "Decay time of the excitation.") {
                $0.fit?.decaySeconds
            },
            .estimate("exponent", in: .plain, "Exponent of a power-law kernel.") {
                $0.fit?.exponent
            },
            .number("log_likelihood", in: "nats", "Logarithm of the likelihood.") {
                $0.fit?.logLikelihood
            },
            .number(
                "aic", in: "nats",
                "Akaike information criterion; the kernel with the smaller value fits better."
            ) {
                $0.fit?.criterion
            },
            .number(
                "ks_distance", in: .probability,
                "Kolmogorov-Smirnov distance of the residuals from a Poisson process."
            ) {
                $0.fit?.residualDistance
            },
            .number("ks_p", in: .probability, "p-value of that distance.") {
                $0.fit?.residualP
            },
            .text("failure", in: .prose, "Why there is no fit.", \.failure),
        ])
}
