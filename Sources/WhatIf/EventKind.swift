import Units

/// A kind of event with its keys: the one table behind texts, files and help.
public struct EventKind: Sendable {
    /// A key of an event.
    public struct Key: Sendable {
        /// Its name.
        public var name: String
        /// What it takes.
        public var value: Value
        /// What it is without being given; nil: it must be given.
        public var defaultText: String?
        /// What it means.
        public var help: String
    }

    /// What a key takes.
    public enum Value: Sendable {
        /// A number from a range.
        case number(ClosedRange<Double>)
        /// A whole number from a range.
        case count(ClosedRange<Int>)
        /// A length of time.
        case duration
        /// Text.
        case text
    }

    /// Its name, as `surge`.
    public var name: String
    /// What it does.
    public var help: String
    /// Its keys.
    public var keys: [Key]

    /// The longest time that an event may last or wait: a day.
    static let longestSeconds = 86_400.0

    private static func duration(_ name: String, _ text: String, _ help: String) -> Key {
        Key(name: name, value: .duration, defaultText: text, help: help)
    }

    private static let start = duration("start", "0s", "when it begins")
    private static let factor = Key(
        name: "x", value: .number(0.001...10_000), defaultText: nil, help: "the factor at its height")
    private static let tier = Key(name: "tier", value: .text, defaultText: nil, help: "the tier")

    private static func wave(ramp: String, hold: String, decay: String) -> [Key] {
        [
            duration("ramp", ramp, "until it is full"), duration("hold", hold, "at its height"),
            duration("decay", decay, "until it is over"), start,
        ]
    }

    /// Every kind.
    public static let all: [EventKind] = [
        EventKind(
            name: "surge", help: "demand is multiplied",
            keys: [factor] + wave(ramp: "4m", hold: "20m", decay: "10m") + [
                Key(name: "symbols", value: .text, defaultText: "*", help: "a pattern for the symbols")
            ]),
        EventKind(
            name: "listing", help: "one symbol's demand is multiplied, that of the others by less",
            keys: [factor] + wave(ramp: "1m", hold: "30m", decay: "30m") + [
                Key(name: "symbol", value: .text, defaultText: "", help: "the symbol; none: the busiest"),
                Key(
                    name: "others", value: .number(0.001...10_000), defaultText: "1.5",
                    help: "the factor of the others"),
            ]),
        EventKind(
            name: "price-move", help: "demand answers a price that moves by so many percent within an hour",
            keys: [
                Key(
                    name: "percent", value: .number(-99...1000), defaultText: nil,
                    help: "the move in percent, as -25"),
                Key(
                    name: "elasticity", value: .number(0...3),
                    defaultText: "\(PriceMove.usualElasticity)",
                    help: "the power of the move that demand follows; 'surge --what price' measures it"),
            ] + wave(ramp: "10m", hold: "1h", decay: "3h") + [
                Key(name: "symbols", value: .text, defaultText: "*", help: "a pattern for the symbols")
            ]),
        EventKind(
            name: "flood", help: "requests that change nothing are multiplied",
            keys: [factor] + wave(ramp: "30s", hold: "15m", decay: "1m")),
        EventKind(
            name: "reconnect", help: "clients come back at once, each with some requests that change nothing",
            keys: [
                Key(
                    name: "clients", value: .count(1...1_000_000_000), defaultText: nil, help: "how many"),
                Key(
                    name: "requests", value: .number(0.01...1000), defaultText: "3",
                    help: "requests of each: to log in, to subscribe, for a snapshot"),
                duration("spread", "30s", "over what time, evenly"), start,
            ]),
        EventKind(
            name: "node-loss", help: "nodes of a tier are gone",
            keys: [
                tier,
                Key(name: "count", value: .count(1...100_000), defaultText: "1", help: "how many"),
                duration("for", "30m", "for how long"), start,
            ]),
        EventKind(
            name: "zone-loss", help: "a zone is gone with its nodes",
            keys: [
                Key(name: "zone", value: .text, defaultText: "", help: "its name; none: the first"),
                duration("for", "1h", "for how long"), start,
            ]),
        EventKind(
            name: "slowdown", help: "every message of a tier takes longer",
            keys: [tier, factor, duration("for", "10m", "for how long"), start]),
        EventKind(
            name: "bandwidth", help: "a tier carries a share of what it did",
            keys: [
                tier,
                Key(
                    name: "share", value: .number(0.001...1), defaultText: nil, help: "the share that is left"
                ),
                duration("for", "10m", "for how long"), start,
            ]),
        EventKind(
            name: "halt", help: "a tier does nothing",
            keys: [tier, duration("for", "60s", "for how long"), start]),
    ]

    /// The forms of all kinds, for help texts: `surge:x=,ramp=4m,…`.
    public static var forms: [String] {
        all.map { kind in
            "\(kind.name):" + kind.keys.map { "\($0.name)=\($0.defaultText ?? "…")" }.joined(separator: ",")
        }
    }
}

/// What is wrong with an event or a scenario.
public struct ScenarioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What, in a sentence that says how to mend it.
    public var message: String
    /// The event's text, or its number in a file.
    public var event: String?
    /// Where in the text, from 1; nil where it is no text.
    public var column: Int?
    /// The key at fault, for readers of files who know its place; nil: the event as a whole.
    public var key: String?

    /// A sentence for the user.
    public var description: String {
        let place = column.map { ", column \($0)" } ?? ""
        return event.map { "event '\($0)'\(place): \(message)" } ?? message
    }
}
