import Foundation
import Units

/// What an object of a configuration file may hold: the one table that checks it and publishes its JSON Schema.
public struct ObjectSpec: Sendable {
    /// What the object is, in a sentence.
    public var help: String
    /// Its keys.
    public var fields: [FieldSpec]

    /// An object.
    public init(_ help: String, _ fields: [FieldSpec]) {
        self.help = help
        self.fields = fields
    }
}

/// A key of an object.
public struct FieldSpec: Sendable {
    /// The key.
    public var key: String
    /// What its value may be.
    public var type: FieldType
    /// Whether it must be there.
    public var isRequired: Bool
    /// What it means, its default included.
    public var help: String

    /// A key.
    public init(_ key: String, _ type: FieldType, required: Bool = false, _ help: String) {
        self.key = key
        self.type = type
        isRequired = required
        self.help = help
    }
}

/// What a value may be.
public indirect enum FieldType: Sendable {
    /// Any text, not empty.
    case text
    /// One of these words.
    case choice([String])
    /// A number within a range.
    case number(ClosedRange<Double>)
    /// A whole number within a range.
    case integer(ClosedRange<Int>)
    /// `true` or `false`.
    case flag
    /// A length of time, as `"5ms"`, within a range of seconds.
    case duration(ClosedRange<Double>)
    /// An instant, in ISO 8601.
    case time
    /// A list with at least so many items.
    case list(FieldType, atLeast: Int)
    /// An object with known keys.
    case object(ObjectSpec)
    /// An object whose keys are these words, or any where there are none.
    case map(keys: [String], FieldType)
    /// Either of two, told apart by the kind of value.
    case either(FieldType, FieldType)
    /// One of several, told apart and checked by what reads it.
    case oneOf([FieldType])
}

extension ObjectSpec {
    /// Checks a value against the table.
    ///
    /// - Throws: `ConfigurationError` for the first unknown or repeated key, missing key or wrong value in the order of
    ///   the text.
    public func check(_ value: PlacedJSON, file: String) throws(ConfigurationError) {
        try FieldType.object(self).check(value, name: "the file", file: file)
    }

    fileprivate func checkMembers(_ value: PlacedJSON, file: String) throws(ConfigurationError) {
        var seen: [String: TextPlace] = [:]
        for member in value.members {
            if let first = seen.updateValue(member.place, forKey: member.key) {
                throw ConfigurationError(
                    file: file, place: member.place,
                    message:
                        "the key '\(member.key)' is already set in line \(first.line); remove one of the two")
            }
            guard let field = fields.first(where: { $0.key == member.key }) else {
                throw ConfigurationError.unknown(
                    "key", member.key, among: fields.map(\.key), at: member.place, file: file)
            }
            try field.type.check(member.value, name: "'\(field.key)'", file: file)
        }
        if let missing = fields.first(where: { $0.isRequired && seen[$0.key] == nil }) {
            throw ConfigurationError(
                file: file, place: value.place,
                message: "the key '\(missing.key)' is missing here: \(missing.help)")
        }
    }
}

extension FieldType {
    fileprivate func check(_ value: PlacedJSON, name: String, file: String) throws(ConfigurationError) {
        func wrong(_ found: String? = nil) -> ConfigurationError {
            ConfigurationError(
                file: file, place: value.place,
                message: "\(name) must be \(expectation), not \(found ?? value.kindName)")
        }
        switch self {
        case .oneOf: return
        case .text:
            guard let text = value.string else { throw wrong() }
            guard !text.isEmpty else { throw wrong("an empty text") }
        case .choice(let words):
            guard let text = value.string else { throw wrong() }
            guard words.contains(text) else {
                throw ConfigurationError.unknown("value", text, among: words, at: value.place, file: file)
            }
        case .number(let range):
            guard let number = value.number else { throw wrong() }
            guard range.contains(number) else { throw wrong("\(number)") }
        case .integer(let range):
            guard let number = value.number else { throw wrong() }
            guard let whole = Int(exactly: number), range.contains(whole) else { throw wrong("\(number)") }
        case .flag: guard value.bool != nil else { throw wrong() }
        case .duration(let range):
            guard let text = value.string else { throw wrong() }
            guard let seconds = Duration(text: text)?.inSeconds, range.contains(seconds) else {
                throw wrong("'\(text)'")
            }
        case .time:
            guard let text = value.string else { throw wrong() }
            guard Timestamp(iso8601: text) != nil else { throw wrong("'\(text)'") }
        case .list(let item, let count):
            guard case .array(let items) = value.kind else { throw wrong() }
            guard items.count >= count else { throw wrong("a list of \(items.count)") }
            for entry in items { try item.check(entry, name: "an item of \(name)", file: file) }
        case .object(let spec):
            guard case .object = value.kind else { throw wrong() }
            try spec.checkMembers(value, file: file)
        case .map(let keys, let type):
            guard case .object(let members) = value.kind else { throw wrong() }
            let spec = ObjectSpec(
                "", (keys.isEmpty ? members.map(\.key) : keys).map { FieldSpec($0, type, "") })
            try spec.checkMembers(value, file: file)
        case .either(let one, let other):
            try (one.takes(value) ? one : other).check(value, name: name, file: file)
        }
    }

    /// Whether a value is of this kind at all.
    private func takes(_ value: PlacedJSON) -> Bool {
        switch (self, value.kind) {
        case (.object, .object), (.map, .object), (.list, .array), (.number, .number), (.integer, .number),
            (.flag, .bool), (.text, .string), (.choice, .string), (.duration, .string), (.time, .string),
            (.oneOf, _):
            true
        default: false
        }
    }

    /// What is expected, in words.
    private var expectation: String {
        switch self {
        case .text: "a text"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .number(let range): "a number\(FieldType.words(range.lowerBound, range.upperBound))"
        case .integer(let range):
            "a whole number\(FieldType.words(Double(range.lowerBound), Double(range.upperBound)))"
        case .flag: "true or false"
        case .duration(let range):
            "a length of time such as \"250us\", \"5ms\", \"30s\", \"2h\" or \"7d\""
                + FieldType.words(range.lowerBound, range.upperBound, unit: " s")
        case .time: "an instant such as \"2026-01-05T00:00:00Z\""
        case .list(_, let count): count > 0 ? "a list of at least \(count)" : "a list"
        case .object, .map: "an object"
        case .either(let one, let other): "\(one.expectation) or \(other.expectation)"
        case .oneOf: "a value"
        }
    }

    private static func words(_ low: Double, _ high: Double, unit: String = "") -> String {
        func text(_ value: Double) -> String {
            value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
        }
        if low > -.greatestFiniteMagnitude, high < .greatestFiniteMagnitude {
            return " from \(text(low)) to \(text(high))\(unit)"
        }
        return low > -.greatestFiniteMagnitude ? " of at least \(text(low))\(unit)" : ""
    }
}

extension PlacedJSON {
    /// What kind of value it is, in words.
    fileprivate var kindName: String {
        switch kind {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension ConfigurationError {
    /// A word that is none of those that are known, with the nearest of them.
    static func unknown(
        _ what: String, _ word: String, among words: [String], at place: TextPlace?, file: String
    ) -> ConfigurationError {
        let near = nearMiss(to: word, among: words).map { "did you mean '\($0)'? " } ?? ""
        return ConfigurationError(
            file: file, place: place,
            message: "unknown \(what) '\(word)'; \(near)Known: \(words.joined(separator: ", "))")
    }
}
