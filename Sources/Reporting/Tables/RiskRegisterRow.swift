import Planning
import Tables
import Units

/// A row of `risk_register.csv`: a cause of outages, what it does to the plan, and what would help.
public struct RiskRegisterRow: Sendable, Equatable {
    public var cause: RiskCause
    /// How often and how long.
    public var occurrence: RiskOptions.Occurrence
    /// Where both are from.
    public var source: String
    /// The events that were tried, as on the command line.
    public var events: String
    /// Minutes over some objective each time, in mean over histories, beyond those without the events; nil where the events
    /// cannot be tried on this exchange.
    public var minutesEach: Double?
    /// The tier that breaks first; nil where none does.
    public var firstTier: String?
    /// What a minute over costs; nil where that is not told.
    public var minuteOver: Money?
    /// The cheapest change that holds, or why there is none; nil where the plan holds as it is.
    public var mitigation: String?
    /// What it costs a month.
    public var mitigationPerMonth: Money?

    public init(
        cause: RiskCause, occurrence: RiskOptions.Occurrence, source: String, events: String,
        minutesEach: Double?, firstTier: String?, minuteOver: Money?, mitigation: String?,
        mitigationPerMonth: Money?
    ) {
        (self.cause, self.occurrence, self.source, self.events) = (cause, occurrence, source, events)
        (self.minutesEach, self.firstTier, self.minuteOver) = (minutesEach, firstTier, minuteOver)
        (self.mitigation, self.mitigationPerMonth) = (mitigation, mitigationPerMonth)
    }

    /// Minutes over in a year.
    public var minutesPerYear: Double? { minutesEach.map { $0 * occurrence.perYear } }

    /// What they cost.
    public var moneyPerYear: Money? {
        guard let minutesPerYear, let minuteOver else { return nil }
        return Money(dollars: minutesPerYear * minuteOver.dollars)
    }

    /// What the mitigation saves a year after its own price; nil without one, or without a price of minutes.
    public var savingPerYear: Money? {
        guard let moneyPerYear, let mitigationPerMonth else { return nil }
        return moneyPerYear - mitigationPerMonth * 12
    }
}

extension RunTables {
    /// The ten causes of outages.
    public static let riskRegister = TableSchema<RiskRegisterRow>(
        "risk_register.csv", of: "run", "A cause of outages, tried on the plan.",
        [
            .text("cause", in: .word, "The cause.", \.cause.rawValue),
            .number("rate_per_year", in: "per year", "How often it happens.", \.occurrence.perYear),
            .number("repair_seconds", in: .seconds, "Time until it is mended.", \.occurrence.repairSeconds),
            .text("source", in: .prose, "Source of the rate and of the time.", \.source),
            .text("events", in: .prose, "Events that were tried, as for whatif --event.", \.events),
            .number(
                "minutes_over_each", in: "min",
                "Minutes over some objective each time, averaged over histories, less those without the events; empty "
                    + "if the events cannot be tried on this exchange.",
                \.minutesEach),
            .number(
                "minutes_over_per_year", in: "min", "The same in a year, by the rate.", \.minutesPerYear),
            .money(
                "money_at_risk_usd_per_year",
                "Cost of these minutes in a year; empty if the plan file has no cost of a minute.",
                \.moneyPerYear),
            .text("first_tier", in: .name, "Tier that breaks first; empty if none does.", \.firstTier),
            .text(
                "mitigation", in: .prose,
                "Cheapest change of nodes that holds, or why there is none; empty if the plan holds.",
                \.mitigation),
            .money("mitigation_usd_per_month", "Its on-demand price per month.", \.mitigationPerMonth),
            .money(
                "saves_usd_per_year",
                "Money at risk that it removes, less its price; empty without it, or without a cost of a minute.",
                \.savingPerYear),
        ])
}
