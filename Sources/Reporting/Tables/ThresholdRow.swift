import Tables

/// A row of `thresholds.csv`: what an alert at a share of what a queue of the plan holds would be good for.
public struct ThresholdRow: Sendable, Equatable {
    public var tier: String
    /// The shard; nil for a tier that is one queue.
    public var shard: String?
    /// The load at which it alerts, over what the queue holds in the same hour with all nodes up.
    public var level: Double
    /// That load in the hour in which the queue is the closest to what it holds, in seconds of work a second.
    public var work: Double
    /// From the alert until the objective breaks in a surge that rises at the pace that is looked at until it does; nil where
    /// nothing comes in that hour.
    public var surgeLeadSeconds: Double?
    /// The multiple of the hour's median at which it breaks.
    public var surgeBreaksAt: Double?
    /// Alerts in past weeks, at the loads that came, after which the load passed what is held.
    public var breaks: Int
    /// From these alerts to the break, in seconds, median; nil where there was none.
    public var pastLeadSeconds: Double?
    /// Alerts a week in past weeks after which it did not.
    public var falseAlarmsPerWeek: Double
    /// Weeks of the past that were looked at.
    public var weeks: Double

    /// What there is to go by.
    public enum LeadSource: String, Sendable, CaseIterable {
        /// Past loads that passed what is held.
        case past = "past breaks"
        /// None did: the surge.
        case surge
    }

    /// From the alert to the break: in past weeks where there was one, else in the surge; nil where neither is.
    public var leadSeconds: Double? { pastLeadSeconds ?? surgeLeadSeconds }

    /// Where that is from.
    public var leadSource: LeadSource? {
        pastLeadSeconds != nil ? .past : surgeLeadSeconds != nil ? .surge : nil
    }

    public init(
        tier: String, shard: String?, level: Double, work: Double, surgeLeadSeconds: Double?, breaks: Int,
        pastLeadSeconds: Double?, falseAlarmsPerWeek: Double, weeks: Double
    ) {
        (self.tier, self.shard, self.level, self.work) = (tier, shard, level, work)
        (self.surgeLeadSeconds, self.breaks) = (surgeLeadSeconds, breaks)
        (self.pastLeadSeconds, self.weeks) = (pastLeadSeconds, weeks)
        self.falseAlarmsPerWeek = falseAlarmsPerWeek
    }
}

extension RunTables {
    /// What alerts are good for.
    public static let thresholds = TableSchema<ThresholdRow>(
        "thresholds.csv", of: "run", "An alert on the load of a queue of the plan.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty where the tier has none.", \.shard),
            .number(
                "alert_level", in: .share,
                "Load at which it alerts, over the queue's capacity in the same hour with all nodes up.",
                \.level),
            .number(
                "work", in: "s of work per second", "That load in the hour with the least room.", \.work),
            .number(
                "lead_seconds", in: .seconds,
                "Time from the alert until the objective breaks: lead_seconds_past, or lead_seconds_surge without past breaks.",
                \.leadSeconds),
            .text(
                "lead_from", in: .word,
                "What lead_seconds is from: past breaks, or the surge if no past load broke it."
            ) { $0.leadSource?.rawValue ?? "" },
            .number(
                "lead_seconds_surge", in: .seconds,
                "Time from the alert until the objective breaks in a surge from the median of that hour that rises by 4 "
                    + "times as much in 4 minutes, and goes on rising until it breaks; 0 if it is broken before, empty "
                    + "if the median is 0.",
                \.surgeLeadSeconds),
            .number(
                "surge_breaks_at", in: "factor",
                "Multiple of the median at which that surge breaks the objective.",
                \.surgeBreaksAt),
            .integer(
                "past_breaks", in: "number",
                "Alerts on past loads after which the load exceeded the capacity.", \.breaks),
            .number(
                "lead_seconds_past", in: .seconds,
                "Time from these alerts to the break, median, in whole steps; empty if there were none.",
                \.pastLeadSeconds),
            .number(
                "false_alarms_per_week", in: "per week",
                "Alerts on past loads after which it did not.", \.falseAlarmsPerWeek),
            .number("weeks", in: "weeks", "Past weeks used.", \.weeks),
        ])
}
