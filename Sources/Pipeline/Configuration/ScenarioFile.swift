import Units
import WhatIf

/// Reads scenarios of what-if runs.
public enum ScenarioFile {
    /// The table of its keys.
    public static let spec = ObjectSpec(
        "Disturbances over time.",
        [
            FieldSpec("$schema", .text, "Where the JSON Schema of this file is, for editors; not read."),
            FieldSpec("name", .text, required: true, "A short name."),
            FieldSpec("description", .text, "What happens, for the reader."),
            FieldSpec(
                "events", .list(.oneOf(EventKind.all.map { .object($0.spec) } + [.text]), atLeast: 1),
                required: true, "What happens: objects with the key 'event' and the keys of that kind."),
        ])

    /// A scenario from a file.
    ///
    /// - Throws: `ConfigurationError`, with line and column.
    public static func read(path: String) throws(ConfigurationError) -> Scenario {
        let value = try PlacedJSON(parsing: try PlanFile.readFile(path), file: path)
        try spec.check(value, file: path)
        return try decode(value, file: path)
    }

    /// A scenario from a value that was checked.
    static func decode(_ value: PlacedJSON, file: String) throws(ConfigurationError) -> Scenario {
        var events: [Disturbance] = []
        for item in value["events"]?.items ?? [] { events.append(try event(item, file: file)) }
        return Scenario(
            name: value["name"]?.string ?? "", description: value["description"]?.string ?? "", events: events
        )
    }

    /// `"surge:x=5"` as on the command line, or an object with the key `event`.
    private static func event(_ item: PlacedJSON, file: String) throws(ConfigurationError) -> Disturbance {
        do {
            if let text = item.string { return try Disturbance(text: text) }
        } catch {
            throw ConfigurationError(file: file, place: item.place, message: error.message)
        }
        guard case .object(let members) = item.kind, let kind = item["event"]?.string else {
            throw ConfigurationError(
                file: file, place: item.place,
                message: "an event is an object with the key 'event', or a text such as \"surge:x=5\"")
        }
        var pairs: [(key: String, value: String)] = []
        for member in members where member.key != "event" {
            switch member.value.kind {
            case .string(let text): pairs.append((member.key, text))
            case .number(let value):
                pairs.append(
                    (member.key, value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)")
                )
            default:
                throw ConfigurationError(
                    file: file, place: member.value.place,
                    message: "'\(member.key)' must be a number or a text")
            }
        }
        do {
            return try Disturbance(kind: kind, pairs: pairs)
        } catch {
            let place = error.key.flatMap { key in members.last { $0.key == key }?.place } ?? item.place
            throw ConfigurationError(file: file, place: place, message: error.message)
        }
    }
}

extension EventKind {
    /// The table of an event's keys.
    fileprivate var spec: ObjectSpec {
        ObjectSpec(
            meaning, [FieldSpec("event", .choice([name]), required: true, "The kind.")] + keys.map(\.spec))
    }
}

extension EventKey {
    fileprivate var spec: FieldSpec {
        let type: FieldType =
            switch self.type {
            case .number(let range): .number(range)
            case .count(let range): .integer(range)
            case .duration: .duration(0...EventKey.longestSeconds)
            case .tier, .zone, .symbols: .text
            }
        let known = defaultText.flatMap { $0.isEmpty ? nil : $0 }
        let help = known.map { meaning.dropLast() + "; default \($0)." } ?? meaning
        return FieldSpec(name, type, required: defaultText == nil, help)
    }
}

extension PlanFile {
    /// The scenarios of the plan, files read.
    ///
    /// - Throws: `ConfigurationError`, with file, line and column.
    public func loadedScenarios() throws(ConfigurationError) -> [Scenario] {
        var loaded: [Scenario] = []
        for source in scenarios {
            switch source {
            case .file(let name, _): loaded.append(try ScenarioFile.read(path: path(besidePlan: name)))
            case .inline(let value): loaded.append(try ScenarioFile.decode(value, file: path ?? "plan"))
            }
        }
        return loaded
    }
}
