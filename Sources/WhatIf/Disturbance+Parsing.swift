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
                    message: "'\(part)' is not of the form key=value", event: text, column: column)
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
                message: "unknown event '\(name)'; \(Disturbance.hint(name, names))known: "
                    + names.joined(separator: ", "))
        }
        let values = try Disturbance.values(of: kind, pairs)
        self = try Disturbance.build(kind, values)
    }

    private static func hint(_ word: String, _ known: [String]) -> String {
        nearMiss(to: word, among: known).map { "did you mean '\($0)'? " } ?? ""
    }

    /// Every key's text, defaults filled in, checked against the table.
    private static func values(
        of kind: EventKind, _ pairs: [(key: String, value: String)]
    ) throws(ScenarioError) -> [String: String] {
        var values: [String: String] = [:]
        for (key, value) in pairs {
            guard let entry = kind.keys.first(where: { $0.name == key }) else {
                let names = kind.keys.map(\.name)
                throw ScenarioError(
                    message: "'\(kind.name)' has no key '\(key)'; \(hint(key, names))it has "
                        + names.joined(separator: ", "), key: key)
            }
            guard values[key] == nil else {
                throw ScenarioError(message: "the key '\(key)' is given twice", key: key)
            }
            guard isValid(value, entry.value) else {
                throw ScenarioError(
                    message: "'\(key)' is '\(value)'; expected \(expectation(entry.value))", key: key)
            }
            values[key] = value
        }
        for entry in kind.keys where values[entry.name] == nil {
            guard let text = entry.defaultText else {
                throw ScenarioError(
                    message: "'\(kind.name)' needs the key '\(entry.name)': \(entry.help)", key: nil)
            }
            values[entry.name] = text
        }
        return values
    }

    private static func isValid(_ text: String, _ value: EventKind.Value) -> Bool {
        switch value {
        case .number(let range): Double(text).map(range.contains) ?? false
        case .count(let range): Int(text).map(range.contains) ?? false
        case .duration: Duration(text: text).map { $0.inSeconds <= EventKind.longestSeconds } ?? false
        case .text: !text.isEmpty
        }
    }

    private static func expectation(_ value: EventKind.Value) -> String {
        switch value {
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration: "a length of time up to a day, as 30s, 4m or 1h"
        case .text: "a name"
        }
    }

    private static func build(
        _ kind: EventKind, _ values: [String: String]
    ) throws(ScenarioError) -> Disturbance {
        func text(_ key: String) -> String { values[key] ?? "" }
        func number(_ key: String) -> Double { Double(text(key)) ?? 1 }
        func seconds(_ key: String) -> Double { Duration(text: text(key))?.inSeconds ?? 0 }
        func named(_ key: String) -> String? { text(key).isEmpty ? nil : text(key) }
        let effect: Effect
        switch kind.name {
        case "surge": effect = .surge(factor: number("x"), symbols: text("symbols"))
        case "listing":
            effect = .listing(factor: number("x"), symbol: named("symbol"), othersFactor: number("others"))
        case "price-move":
            let factor = PriceMove.demandFactor(percent: number("percent"), elasticity: number("elasticity"))
            effect = .surge(factor: factor, symbols: text("symbols"))
        case "flood": effect = .flood(factor: number("x"))
        case "reconnect":
            let requests = number("clients") * number("requests")
            effect = .reconnect(requestsPerSecond: requests / max(1, seconds("spread")))
        case "node-loss": effect = .nodeLoss(tier: text("tier"), count: Int(text("count")) ?? 1)
        case "zone-loss": effect = .zoneLoss(zone: named("zone"))
        case "slowdown": effect = .slowdown(tier: text("tier"), factor: number("x"))
        case "bandwidth": effect = .bandwidth(tier: text("tier"), share: number("share"))
        default: effect = .halt(tier: text("tier"))
        }
        let isWave = kind.keys.contains { $0.name == "hold" }
        return Disturbance(
            startSeconds: seconds("start"), rampSeconds: isWave ? seconds("ramp") : 0,
            holdSeconds: isWave
                ? seconds("hold") : kind.name == "reconnect" ? max(1, seconds("spread")) : seconds("for"),
            decaySeconds: isWave ? seconds("decay") : 0, effect: effect)
    }
}
