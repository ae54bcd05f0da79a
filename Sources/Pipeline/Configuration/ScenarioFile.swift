import Units
import WhatIf

/// Reads scenarios of what-if runs.
public enum ScenarioFile {
    /// What its file may hold, for schemas and the reference.
    public static var shape: ObjectShape { Scenario.spec.shape }

    /// A scenario from a file.
    ///
    /// - Throws: `ConfigurationError`, with line and column.
    public static func read(path: String) throws(ConfigurationError) -> Scenario {
        let file = ConfigurationFile(path: path)
        return try FieldType.object(Scenario.spec).read(text: try file.bytes(), file)
    }
}

extension Scenario {
    fileprivate static let spec = ObjectSpec(
        Scenario(name: "", events: []), "A what-if scenario: disturbances over time.",
        [
            .ignored("$schema", .text, "Location of this file's JSON Schema, for editors; ignored."),
            .required("name", \.name, .text, "Short name."),
            .key("description", \.description, .text, "Description for readers."),
            .required(
                "events", \.events, .list(.event, atLeast: 1),
                "The disturbances: objects with the key 'event' and the keys of that event."),
        ])
}

extension FieldType where Value == Disturbance {
    /// `"surge:x=5"` as on the command line, or an object with the key `event`.
    static var event: FieldType {
        let shape = FieldShape.oneOf(EventKind.all.map { .object($0.shape) } + [.text])
        return FieldType(shape, write: { _ in "null" }) { json, file throws(ConfigurationError) in
            do throws(ScenarioError) {
                if let text = json.string { return try Disturbance(text: text) }
            } catch {
                throw file.error(json.place, error.message)
            }
            guard case .object(let members) = json.kind, let kind = json["event"]?.string else {
                throw file.error(
                    json.place,
                    "an event must be an object with the key 'event', or a string such as \"surge:x=5\"")
            }
            let pairs = try pairs(members, file)
            do throws(ScenarioError) {
                return try Disturbance(kind: kind, pairs: pairs)
            } catch {
                let place = error.key.flatMap { key in members.last { $0.key == key }?.place } ?? json.place
                throw file.error(place, error.message)
            }
        }
    }

    /// The members of an event's object with their values as text.
    static func pairs(
        _ members: [PlacedJSON.Member], _ file: ConfigurationFile
    ) throws(ConfigurationError) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for member in members where member.key != "event" {
            switch member.value.kind {
            case .string(let text): pairs.append((member.key, text))
            case .number(let value):
                let isWhole = value == value.rounded() && abs(value) < 1e15
                pairs.append((member.key, isWhole ? "\(Int(saturating: value))" : "\(value)"))
            default:
                throw file.error(member.value.place, "'\(member.key)' must be a number or a string")
            }
        }
        return pairs
    }
}

extension EventKind {
    /// The table of an event's keys.
    fileprivate var shape: ObjectShape {
        let kind = FieldEntry(
            key: "event", shape: .choice([name]), absence: .refused, meaning: "Kind of disturbance.")
        return ObjectShape(meaning: meaning, form: form, fields: [kind] + keys.map(\.entry))
    }
}

extension EventKey {
    fileprivate var entry: FieldEntry {
        let shape: FieldShape =
            switch type {
            case .number(let range): .number(range)
            case .count(let range): .integer(range)
            case .duration: .duration(0...EventKey.longestSeconds)
            case .tier, .zone, .region, .group, .symbols: .text
            case .word(let words): words.isEmpty ? .text : .choice(words)
            }
        let absence: FieldEntry.Absence =
            switch defaultText {
            case nil: .refused
            case ""?: .nothing
            case let text?: .value(Double(decimal: text) == nil ? "\"\(text)\"" : text)
            }
        let unit =
            switch type {
            case .number, .count: unit
            case .duration, .tier, .zone, .region, .group, .symbols, .word: ""
            }
        return FieldEntry(key: name, shape: shape, unit: unit, absence: absence, meaning: meaning)
    }
}

extension PlanFile {
    /// The scenarios of the plan, files read.
    ///
    /// - Throws: `ConfigurationError`, with file, line and column.
    public func loadedScenarios() throws(ConfigurationError) -> [Scenario] {
        let file = ConfigurationFile(path: path ?? "plan")
        var loaded: [Scenario] = []
        for source in scenarios {
            switch source {
            case .file(let name, _):
                let target = path == nil ? name : file.path(beside: name)
                loaded.append(try ScenarioFile.read(path: target))
            case .inline(let json): loaded.append(try Scenario.spec.read(json, file))
            }
        }
        return loaded
    }
}
