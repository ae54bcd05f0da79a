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
        "surge", of: "surge", "An event that was seen.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("kind", in: .word, "surge, outage, brownout or level-shift.") { $0.event.kind.rawValue },
            .text("onset", in: .step, "The start of its first step.", \.onset),
            .text("peak_at", in: .step, "The step farthest from the baseline.", \.peakAt),
            .text("end", in: .step, "The start of the first step after it.", \.end),
            .number("baseline", in: "events per step", "The baseline at the peak.") { $0.event.baseline },
            .number("peak", in: "events per step", "The value at the peak.") { $0.event.peak },
            .number("ratio", in: .factor, "Peak over baseline.") { $0.event.ratio },
            .integer("ramp_seconds", in: .seconds, "From the onset to four fifths of the excess.") {
                Int($0.event.rampSeconds)
            },
            .integer("hold_seconds", in: .seconds, "From then to the last step with half of it.") {
                Int($0.event.holdSeconds)
            },
            .integer("decay_seconds", in: .seconds, "From then to the end.") { Int($0.event.decaySeconds) },
        ])

    /// How high a series rises once in a given time, or why that is not known.
    struct ReturnRow: Sendable {
        let name: String
        let days: Double
        var levels: ReturnLevels?
        var failure: String?
    }

    static let returns = TableSchema<ReturnRow>(
        "surge --what returns", of: "surge --what returns", "A series and a time of return.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .number("return_days", in: "d", "A level that is reached once in so many days.", \.days),
            .estimate("level", in: "events per step", "That level.") { row in
                row.levels?.level(days: row.days)
            },
            .number("threshold", in: "events per step", "The tail is fitted to peaks above it.") {
                $0.levels?.threshold
            },
            .integer("clusters", in: "peaks", "Peaks apart from each other that the fit has seen.") {
                $0.levels?.clusterCount
            },
            .number("steps_per_peak", in: "steps", "Mean number of steps above the threshold around a peak.")
            {
                $0.levels?.stepsPerCluster
            },
            .number(
                "running_level", in: "events per step",
                "The median of the last 28 days; levels are multiples of it. Empty: peaks are taken as they are."
            ) { $0.levels?.level },
            .number("growth_per_year", in: .factor, "By how much the running level grew, told by the year.") {
                $0.levels?.growthPerYear
            },
            .number("shape", in: .plain, "The shape of the generalised Pareto tail; above 0 it is heavy.") {
                $0.levels?.tail.shape
            },
            .text("failure", in: .prose, "Why there is no level.", \.failure),
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
            .number("price_move", in: .share, "The move; below 0 it is a fall.", \.move),
            .estimate("demand_factor", in: .factor, "The demand over the usual one.", \.factor),
            .flag("is_extrapolated", "Whether the move is larger than any that was seen.") { row in
                row.response.flatMap { response in row.move.map { abs($0) > response.largestMove } }
            },
            .estimate(
                "elasticity", in: .plain, "By how much the demand's logarithm rises with that of the move."
            ) {
                $0.response?.elasticity
            },
            .number("fall_factor", in: .factor, "The demand of a fall over that of a rise as large.") {
                $0.response?.fallFactor
            },
            .number("explained", in: .share, "The part of the demand's variance that moves explain.") {
                $0.response?.explained
            },
            .text("failure", in: .prose, "Why there is no answer.", \.failure),
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
            .text("kernel", in: .word, "How the effect of an event fades.") { $0.form.rawValue },
            .text("method", in: .word, "How it was fitted.") { $0.fit?.method.rawValue },
            .integer("step_seconds", in: .seconds, "The step of counts; empty for times of events.") { row in
                row.fit.flatMap { _ in row.stepSeconds.map { Int($0) } }
            },
            .integer("events", in: "events", "Events that the fit has seen.") { $0.fit?.eventCount },
            .number("baseline_per_second", in: .perSecond, "Events that no other brought.") {
                $0.fit?.baselinePerSecond
            },
            .estimate("branching_ratio", in: "events per event", "Events that one brings directly.") {
                $0.fit?.branchingRatio
            },
            .estimate("decay_seconds", in: .seconds, "The time in which the effect fades.") {
                $0.fit?.decaySeconds
            },
            .estimate("exponent", in: .plain, "The exponent of a kernel that fades as a power.") {
                $0.fit?.exponent
            },
            .number("log_likelihood", in: "nats", "The logarithm of the likelihood.") {
                $0.fit?.logLikelihood
            },
            .number("aic", in: "nats", "Akaike's criterion; the smaller of two kernels is the better.") {
                $0.fit?.criterion
            },
            .number("ks_distance", in: .probability, "The distance of the residuals from a Poisson process.")
            {
                $0.fit?.residualDistance
            },
            .number("ks_p", in: .probability, "The probability of such a distance by chance.") {
                $0.fit?.residualP
            },
            .text("failure", in: .prose, "Why there is no fit.", \.failure),
        ])
}
