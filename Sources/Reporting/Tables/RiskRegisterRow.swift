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
    /// The share of histories that it breaks, beyond those that break without the events; nil where they cannot be tried.
    public var shareBroken: Double?
    /// Of all causes together, the share of the breaks of a year, and of their minutes, that are of this one; nil where none is.
    public var shareOfBreaks: Double?
    public var shareOfMinutes: Double?
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

    /// Minutes over some objective when it breaks one: the mean over histories, by their share that breaks.
    public var minutesWhenBroken: Double? {
        guard let minutesEach, let shareBroken, shareBroken > 0 else { return nil }
        return minutesEach / shareBroken
    }

    /// Times in a year that it breaks an objective.
    public var breaksPerYear: Double? { shareBroken.map { $0 * occurrence.perYear } }

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

extension [RiskRegisterRow] {
    /// The same with the share that each has of all breaks and minutes.
    public var withShares: [RiskRegisterRow] {
        let breaks = reduce(0) { $0 + ($1.breaksPerYear ?? 0) }
        let minutes = reduce(0) { $0 + ($1.minutesPerYear ?? 0) }
        return map { row in
            var row = row
            row.shareOfBreaks = breaks > 0 ? row.breaksPerYear.map { $0 / breaks } : nil
            row.shareOfMinutes = minutes > 0 ? row.minutesPerYear.map { $0 / minutes } : nil
            return row
        }
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
                "share_broken", in: .share,
                "Share of the what-if's histories in which it breaks an objective, less those that break without the events.",
                \.shareBroken),
            .number(
                "minutes_when_broken", in: "min",
                "Minutes over some objective when it breaks one: minutes_over_each over share_broken; empty if it never does.",
                \.minutesWhenBroken),
            .number(
                "minutes_over_each", in: "min",
                "Minutes over some objective each time, averaged over histories, less those without the events; empty "
                    + "if the events cannot be tried on this exchange.",
                \.minutesEach),
            .number(
                "minutes_over_per_year", in: "min", "The same in a year, by the rate.", \.minutesPerYear),
            .number(
                "share_of_breaks", in: .share,
                "Its share of all causes' breaks in a year, each rate_per_year times share_broken; empty if there are none.",
                \.shareOfBreaks),
            .number(
                "share_of_minutes", in: .share,
                "Its share of all causes' minutes over in a year; empty if there are none.", \.shareOfMinutes),
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
