import Exchange
import Units
import WhatIf

/// An outage that happened, or a laboratory's test, with its published figures and what the model is given of it.
public struct Incident: Sendable {
    /// A short name, as its file's.
    public var name = ""
    public var title = ""
    /// Where it was read.
    public var source = ""
    /// What happened.
    public var happened = ""
    /// What the model is given, and which of it was chosen.
    public var given = ""
    /// The tiers, in the order in which requests pass them.
    public var tiers: [Tier] = []
    /// Requests a second that enter the first tier.
    public var requestsPerSecond = 1.0
    public var runs: [Run] = []
    /// What was published and the model cannot show, with the reason.
    public var notShown: [String] = []

    /// One replay.
    public struct Run: Sendable {
        public var name = ""
        /// Requests a second; nil: those of the incident.
        public var requestsPerSecond: Double?
        /// The tiers; none: those of the incident.
        public var tiers: [Tier] = []
        public var events: [Disturbance] = []
        /// How long it is watched after the last event, in seconds.
        public var watchSeconds = 600.0
        public var figures: [Figure] = []
    }

    /// A figure of a replay, beside what was published.
    public struct Figure: Sendable {
        public var measure = IncidentMeasure.recovers
        /// The tier; nil: the first.
        public var tier: String?
        /// The part of the scenario that it is of, in seconds.
        public var fromSeconds = 0.0
        /// nil: to the end.
        public var toSeconds: Double?
        /// A word or a number, as `measure` has it; nil: not published.
        public var reported: String?
        /// The difference that is no disagreement, as a share of the published number.
        public var within = 0.1
        /// Whether the model was given it, or something was chosen so that it comes out: then it is no test.
        public var isGiven = false
    }
}

/// Reads incidents.
public enum IncidentFile {
    /// An incident from a file.
    ///
    /// - Throws: `ConfigurationError`, with line and column.
    public static func read(path: String) throws(ConfigurationError) -> Incident {
        let file = ConfigurationFile(path: path)
        return try FieldType.object(Incident.spec).read(text: try file.bytes(), file)
    }
}

extension Incident {
    fileprivate static let spec = ObjectSpec(
        Incident(), "An outage or a laboratory's test, with its published figures.",
        [
            .required("name", \.name, .text, "Short name."),
            .required("title", \.title, .text, "Title."),
            .required("source", \.source, .text, "Where it was read."),
            .required("happened", \.happened, .text, "What happened."),
            .required("given", \.given, .text, "What the model is given."),
            .key("tiers", \.tiers, .list(.object(Tier.spec), atLeast: 0), "The tiers, in order."),
            .key(
                "requests_per_second", \.requestsPerSecond, .number(1e-3...1e12),
                "Requests a second that enter the first tier."),
            .key("runs", \.runs, .list(.object(Run.spec), atLeast: 0), "The replays."),
            .key(
                "not_shown", \.notShown, .list(.text, atLeast: 0),
                "What the model cannot show, with the reason."),
        ])
}

extension Incident.Run {
    fileprivate static let spec = ObjectSpec(
        Incident.Run(), "One replay.",
        [
            .required("name", \.name, .text, "What is replayed."),
            .optional(
                "requests_per_second", \.requestsPerSecond, .number(1e-3...1e12),
                absent: "the incident's", "Requests a second."),
            .key(
                "tiers", \.tiers, .list(.object(Tier.spec), atLeast: 0), absent: "the incident's",
                "The tiers."),
            .required("events", \.events, .list(.event, atLeast: 1), "The disturbances."),
            .key("watch", \.watchSeconds, .duration(0...86_400), "Time watched after the last event."),
            .required("figures", \.figures, .list(.object(Incident.Figure.spec), atLeast: 1), "Figures."),
        ])
}

extension Incident.Figure {
    fileprivate static let spec = ObjectSpec(
        Incident.Figure(), "A figure beside what was published.",
        [
            .required("measure", \.measure, .choice, "What is measured."),
            .optional("tier", \.tier, .text, absent: "the first", "The tier."),
            .key("from", \.fromSeconds, .duration(0...259_200), "Start of the window."),
            .optional("to", \.toSeconds, .duration(0...259_200), absent: "the end", "End of the window."),
            .optional("reported", \.reported, .text, absent: "not published", "What was published."),
            .key("within", \.within, .number(0...10), "Share by which the model may differ."),
            .key(
                "given", \.isGiven, .flag,
                "Whether the model was given it, so that its agreement is no test."),
        ])
}
