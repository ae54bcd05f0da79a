import Foundation
import Units

/// What a value of a configuration file may be, as checks, schemas and the reference see it.
public indirect enum FieldShape: Sendable {
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
    case list(FieldShape, atLeast: Int)
    /// An object with known keys.
    case object(ObjectShape)
    /// An object whose keys are these words, or any where there are none.
    case map(keys: [String], FieldShape)
    /// Either of two, told apart by the kind of value.
    case either(FieldShape, FieldShape)
    /// One of several, told apart and checked by what reads it.
    case oneOf([FieldShape])
}

/// What an object of a configuration file may hold.
public struct ObjectShape: Sendable {
    /// What the object is, in a sentence.
    public var meaning: String
    /// How the same is written as a text, where it can be; "" else.
    public var form = ""
    /// Its keys.
    public var fields: [FieldEntry]
}

/// A key of an object.
public struct FieldEntry: Sendable {
    public var key: String
    /// What its value may be.
    public var shape: FieldShape
    /// What its value counts or measures, where neither the shape nor the key says so; "" else.
    public var unit = ""
    /// What holds where the key is absent.
    public var absence: Absence
    /// What it means, in a sentence.
    public var meaning: String

    /// What holds where a key is absent.
    public enum Absence: Sendable, Equatable {
        /// It may not be.
        case refused
        /// This value, as JSON.
        case value(String)
        /// What these words say.
        case words(String)
        /// Nothing, or what the keys of an object say.
        case nothing
    }

    /// Whether it must be there.
    public var isRequired: Bool { absence == .refused }
}

extension ObjectShape {
    fileprivate func checkMembers(_ value: PlacedJSON, file: String, _ found: inout [ConfigurationError]) {
        var seen: [String: TextPlace] = [:]
        for member in value.members {
            if let first = seen.updateValue(member.place, forKey: member.key) {
                found.append(
                    ConfigurationError(
                        file: file, place: member.place,
                        message:
                            "duplicate key '\(member.key)', already set in line \(first.line); remove one of the "
                            + "two"))
                continue
            }
            guard let field = fields.first(where: { $0.key == member.key }) else {
                found.append(
                    ConfigurationError.unknown(
                        "key", member.key, among: fields.map(\.key), at: member.place, file: file))
                continue
            }
            field.shape.check(member.value, name: "'\(field.key)'", file: file, &found)
        }
        for missing in fields where missing.isRequired && seen[missing.key] == nil {
            found.append(
                ConfigurationError(
                    file: file, place: value.place,
                    message: "the key '\(missing.key)' is missing here: \(missing.meaning)"))
        }
    }
}

extension FieldShape {
    /// Checks a value against the shape; `name` is what errors call it.
    ///
    /// - Throws: `ConfigurationError` for the first unknown or repeated key, missing key or wrong value in the order of
    ///   the text, with all others.
    func check(_ value: PlacedJSON, name: String, file: String) throws(ConfigurationError) {
        var found: [ConfigurationError] = []
        check(value, name: name, file: file, &found)
        if let error = ConfigurationError(all: found) { throw error }
    }

    /// Adds what is wrong with a value.
    fileprivate func check(
        _ value: PlacedJSON, name: String, file: String, _ found: inout [ConfigurationError]
    ) {
        switch self {
        case .list(let item, let count):
            guard case .array(let items) = value.kind else { break }
            guard items.count >= count else {
                found.append(wrong(value, name, file, "a list of \(items.count)"))
                return
            }
            for entry in items { item.check(entry, name: "an item of \(name)", file: file, &found) }
            return
        case .object(let object):
            guard case .object = value.kind else { break }
            object.checkMembers(value, file: file, &found)
            return
        case .map(let keys, let shape):
            guard case .object(let members) = value.kind else { break }
            let object = ObjectShape(
                meaning: "",
                fields: (keys.isEmpty ? members.map(\.key) : keys).map {
                    FieldEntry(key: $0, shape: shape, absence: .nothing, meaning: "")
                })
            object.checkMembers(value, file: file, &found)
            return
        case .either(let one, let other):
            (one.takes(value) ? one : other).check(value, name: name, file: file, &found)
            return
        default:
            found += [problem(of: value, name: name, file: file)].compactMap { $0 }
            return
        }
        found.append(wrong(value, name, file))
    }

    private func wrong(
        _ value: PlacedJSON, _ name: String, _ file: String, _ kind: String? = nil
    ) -> ConfigurationError {
        ConfigurationError(
            file: file, place: value.place,
            message: "\(name) must be \(expectation), not \(kind ?? value.kindName)")
    }

    /// What is wrong with a value that has no parts.
    private func problem(of value: PlacedJSON, name: String, file: String) -> ConfigurationError? {
        func wrong(_ kind: String? = nil) -> ConfigurationError { self.wrong(value, name, file, kind) }
        switch self {
        case .text:
            guard let text = value.string else { return wrong() }
            return text.isEmpty ? wrong("an empty string") : nil
        case .choice(let words):
            guard let text = value.string else { return wrong() }
            return words.contains(text)
                ? nil : ConfigurationError.unknown("value", text, among: words, at: value.place, file: file)
        case .number(let range):
            guard let number = value.number else { return wrong() }
            return range.contains(number) ? nil : wrong("\(number)")
        case .integer(let range):
            guard let number = value.number else { return wrong() }
            return Int(exactly: number).map(range.contains) ?? false ? nil : wrong("\(number)")
        case .flag: return value.bool == nil ? wrong() : nil
        case .duration(let range):
            guard let text = value.string else { return wrong() }
            return Duration(text: text).map { range.contains($0.inSeconds) } ?? false
                ? nil : wrong("'\(text)'")
        case .time:
            guard let text = value.string else { return wrong() }
            return Timestamp(iso8601: text) == nil ? wrong("'\(text)'") : nil
        case .list, .object, .map, .either, .oneOf: return nil
        }
    }

    /// Whether a value is of this kind at all.
    func takes(_ value: PlacedJSON) -> Bool {
        switch (self, value.kind) {
        case (.object, .object), (.map, .object), (.list, .array), (.number, .number), (.integer, .number),
            (.flag, .bool), (.text, .string), (.choice, .string), (.duration, .string), (.time, .string),
            (.oneOf, _):
            true
        default: false
        }
    }
}

extension PlacedJSON {
    /// What kind of value it is, in words.
    fileprivate var kindName: String {
        switch kind {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
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
        ConfigurationError(
            file: file, place: place,
            message: "unknown \(what) '\(word)'; \(knownWords(words, near: word))")
    }
}
