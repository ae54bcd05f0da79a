import Units

extension Disturbance {
    /// Reads `surge:x=5,ramp=4m,hold=20m`.
    ///
    /// - Throws: `ScenarioError` with the column.
    public init(text: String) throws(ScenarioError) {
        let name = String(text.prefix { $0 != ":" })
        var pairs: [(key: String, value: String)] = []
        // Of a key that is given twice, the second is at fault.
        var columns: [String: Int] = [:]
        var column = name.count + 2
        for part in text.dropFirst(name.count + 1).split(separator: ",", omittingEmptySubsequences: false) {
            if part.isEmpty, text.count <= name.count + 1 { break }
            guard let equals = part.firstIndex(of: "=") else {
                throw ScenarioError(
                    message: "'\(part)' is not in the form key=value", event: text, column: column)
            }
            let key = String(part[..<equals])
            pairs.append((key, String(part[part.index(after: equals)...])))
            columns[key] = column
            column += part.count + 1
        }
        do {
            try self.init(kind: name, pairs: pairs)
        } catch {
            var placed = error
            placed.event = text
            placed.column = error.key.flatMap { columns[$0] } ?? 1
            throw placed
        }
    }

    /// An event from its kind and its keys with their values as text, as a file has them.
    ///
    /// - Throws: `ScenarioError` with the key at fault.
    public init(kind name: String, pairs: [(key: String, value: String)]) throws(ScenarioError) {
        guard let kind = EventKind.all.first(where: { $0.name == name }) else {
            let names = EventKind.all.map(\.name)
            throw ScenarioError(
                message: "unknown event '\(name)'; \(knownWords(names, near: name))")
        }
        self.init(kind, values: try Disturbance.checked(pairs, of: kind))
    }

    /// The texts by key: each is known and given once, its text is a value of it, and none is missing.
    private static func checked(
        _ pairs: [(key: String, value: String)], of kind: EventKind
    ) throws(ScenarioError) -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in pairs {
            guard let key = kind.keys.first(where: { $0.name == name }) else {
                let names = kind.keys.map(\.name)
                throw ScenarioError(
                    message: "'\(kind.name)' has no key '\(name)'; \(knownWords(names, near: name))",
                    key: name)
            }
            guard values[name] == nil else {
                throw ScenarioError(message: "duplicate key '\(name)'", key: name)
            }
            guard key.takes(value) else {
                throw ScenarioError(
                    message: "'\(name)' is '\(value)'; expected \(key.expectation)", key: name)
            }
            values[name] = value
        }
        if let missing = kind.keys.first(where: { $0.defaultText == nil && values[$0.name] == nil }) {
            throw ScenarioError(
                message: "'\(kind.name)' needs the key '\(missing.name)': \(phrase(missing.meaning))",
                key: nil)
        }
        return values
    }

    /// A sentence within another.
    private static func phrase(_ sentence: String) -> String {
        sentence.prefix(1).lowercased() + sentence.dropFirst().dropLast(sentence.hasSuffix(".") ? 1 : 0)
    }
}
