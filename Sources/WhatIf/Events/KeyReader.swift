import Units

/// Gives a disturbance the values of its keys, and notes each key that is asked for: reading a key declares it.
///
/// Without values it gives defaults, and the least of the range for what has none; so a kind lists its keys.
struct KeyReader {
    private let values: [String: String]
    /// The keys that were asked for, in their order.
    private(set) var keys: [EventKey] = []

    /// A reader of values as text, all of which their keys take.
    init(values: [String: String] = [:]) {
        self.values = values
    }

    /// A number; a default of nil: it must be given.
    mutating func number(
        _ name: String, in unit: String, _ range: ClosedRange<Double>, default value: Double? = nil,
        _ meaning: String
    ) -> Double {
        let text = value.map { number in Int(exactly: number).map { "\($0)" } ?? "\(number)" }
        return Double(decimal: self.text(name, .number(range), unit, text, meaning)) ?? range.lowerBound
    }

    /// A whole number; a default of nil: it must be given.
    mutating func count(
        _ name: String, in unit: String, _ range: ClosedRange<Int>, default value: Int? = nil,
        _ meaning: String
    ) -> Int {
        let text = value.map { "\($0)" }
        return Int(self.text(name, .count(range), unit, text, meaning)) ?? range.lowerBound
    }

    /// A length of time, in seconds; its default as text, as `4m`.
    mutating func seconds(_ name: String, default text: String, _ meaning: String) -> Double {
        Duration(text: self.text(name, .duration, "time", text, meaning))?.inSeconds ?? 0
    }

    /// A zone; nil where none is named.
    mutating func zone(_ meaning: String) -> String? {
        let text = text("zone", .zone, "name", "", meaning)
        return text.isEmpty ? nil : text
    }

    /// A region; nil where none is named.
    mutating func region(_ meaning: String) -> String? {
        let text = text("region", .region, "name", "", meaning)
        return text.isEmpty ? nil : text
    }

    /// A placement group.
    mutating func group(_ meaning: String) -> String { text("group", .group, "name", nil, meaning) }

    /// A pattern for symbols; empty where none is given and the default is.
    mutating func symbols(_ name: String, default text: String, _ meaning: String) -> String {
        self.text(name, .symbols, "pattern", text, meaning)
    }

    /// One of a few words, or any where none are listed.
    mutating func word(
        _ name: String, _ words: [String], default text: String, _ meaning: String
    ) -> String {
        self.text(name, .word(words), "word", text, meaning)
    }

    private mutating func text(
        _ name: String, _ type: EventKey.ValueType, _ unit: String, _ defaultText: String?, _ meaning: String
    ) -> String {
        keys.append(
            EventKey(name: name, type: type, unit: unit, defaultText: defaultText, meaning: meaning))
        return values[name] ?? defaultText ?? ""
    }
}

/// Keys that several kinds have.
extension KeyReader {
    mutating func tier() -> String { text("tier", .tier, "name", nil, "The tier.") }

    /// `x`.
    mutating func factor() -> Double {
        number("x", in: "factor", EventKey.factors, "The factor at the peak.")
    }

    mutating func symbols() -> String {
        symbols("symbols", default: "*", "Pattern for the symbols affected.")
    }

    /// `ramp`, `hold`, `decay` and `start`.
    mutating func course(ramp: String, hold: String, decay: String) -> Course {
        let ramp = seconds("ramp", default: ramp, "Time to rise to the peak.")
        let hold = seconds("hold", default: hold, "Time at the peak.")
        let decay = seconds("decay", default: decay, "Time to fall back to normal.")
        return Course(startSeconds: start(), rampSeconds: ramp, holdSeconds: hold, decaySeconds: decay)
    }

    /// `for` and `start`.
    mutating func pulse(for length: String) -> Course {
        let length = seconds("for", default: length, "Duration.")
        return Course(startSeconds: start(), holdSeconds: length)
    }

    mutating func start() -> Double {
        seconds("start", default: "0s", "Delay from the start of the scenario.")
    }
}

extension EventKey {
    /// Factors on demand or on times.
    static let factors = 0.001...10_000.0
}
