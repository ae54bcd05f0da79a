import Units

extension FieldShape {
    /// What is expected, in the words of an error.
    var expectation: String {
        switch self {
        case .text: "a string"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .number(let range): "a number\(FieldShape.words(range.lowerBound, range.upperBound))"
        case .integer(let range):
            "a whole number\(FieldShape.words(Double(range.lowerBound), Double(range.upperBound)))"
        case .flag: "true or false"
        case .duration(let range):
            "a duration such as \"250us\", \"5ms\", \"30s\", \"2h\" or \"7d\""
                + FieldShape.words(range.lowerBound, range.upperBound, unit: " s")
        case .time: "a time such as \"2026-01-05T00:00:00Z\""
        case .list(_, let count): count > 0 ? "a list of at least \(count)" : "a list"
        case .object, .map: "an object"
        case .either(let one, let other): "\(one.expectation) or \(other.expectation)"
        case .oneOf: "a value"
        }
    }

    /// What it is, in the words of the reference; `plural` where it is one of many.
    func summary(plural: Bool = false) -> String {
        let s = plural ? "s" : ""
        return switch self {
        case .text: "string\(s)"
        case .choice(let words): "one of " + FieldShape.quoted(words)
        case .number(let range): "number\(s)" + FieldShape.words(range.lowerBound, range.upperBound)
        case .integer(let range):
            "whole number\(s)" + FieldShape.words(Double(range.lowerBound), Double(range.upperBound))
        case .flag: "`true` or `false`"
        case .duration(let range):
            "duration\(s) from \(Duration.seconds(range.lowerBound).shortText) to "
                + Duration.seconds(range.upperBound).shortText
        case .time: "time\(s)"
        case .list(let item, let count):
            "list of " + item.summary(plural: true) + (count > 0 ? ", at least \(count)" : "")
        case .object: "object\(s)"
        case .map(let keys, let shape) where keys.isEmpty: "for each name: \(shape.summary())"
        case .map(let keys, let shape): "for each of \(FieldShape.quoted(keys)): \(shape.summary())"
        case .either(let one, let other):
            "\(one.summary(plural: plural)), or \(other.summary(plural: plural))"
        case .oneOf(let shapes):
            // Kinds of objects are told apart elsewhere.
            shapes.map { $0.summary(plural: plural) }
                .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                .joined(separator: ", or ")
        }
    }

    private static func quoted(_ words: [String]) -> String {
        words.map { "`\($0)`" }.joined(separator: ", ")
    }

    private static func words(_ low: Double, _ high: Double, unit: String = "") -> String {
        func text(_ value: Double) -> String {
            value == value.rounded() && abs(value) <= 1e15 ? String(Int64(saturating: value)) : "\(value)"
        }
        if low > -.greatestFiniteMagnitude, high < .greatestFiniteMagnitude {
            return " from \(text(low)) to \(text(high))\(unit)"
        }
        return low > -.greatestFiniteMagnitude ? " of at least \(text(low))\(unit)" : ""
    }
}

/// A length of time as text that reads back to the same: a whole number of days, hours or minutes, or a number of the
/// largest of s, ms, us and ns that keeps it at or above 1.
func durationText(_ seconds: Double) -> String {
    func trimmed(_ value: Double) -> String {
        value == value.rounded() ? String(Int(saturating: value)) : "\(value)"
    }
    guard seconds != 0 else { return "0s" }
    for (unit, length) in [("d", 86_400.0), ("h", 3600), ("m", 60)] where seconds >= length {
        if seconds.truncatingRemainder(dividingBy: length) == 0 { return trimmed(seconds / length) + unit }
    }
    for (unit, length) in [("s", 1.0), ("ms", 1e-3), ("us", 1e-6)] where seconds >= length {
        return trimmed((seconds / length * 1e6).rounded() / 1e6) + unit
    }
    return trimmed((seconds * 1e9 * 1e6).rounded() / 1e6) + "ns"
}
