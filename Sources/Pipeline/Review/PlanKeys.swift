import Tables

/// The keys of a plan file with their values, by the names of the rules that they are: `plan.spare_nodes`,
/// `topology.tiers.gateway.nodes`.
enum PlanKeys {
    /// Those whose value is another in the second text, by name; nothing where one of them cannot be read.
    static func changes(from old: String, to new: String) -> [RunComparison.Row] {
        guard old != new, let was = values(old), let now = values(new) else { return [] }
        return Set(was.keys).union(now.keys).sorted().compactMap { key in
            guard was[key]?.text != now[key]?.text else { return nil }
            var change: Double?
            if let before = was[key]?.number, let after = now[key]?.number, before != 0 {
                change = after / before - 1
            }
            return RunComparison.Row(
                subject: "rule", figure: key, unit: "as in the plan file", old: was[key]?.text ?? "",
                new: now[key]?.text ?? "", change: change)
        }
    }

    private static func values(_ text: String) -> [String: (text: String, number: Double?)]? {
        guard let json = try? PlacedJSON(parsing: Array(text.utf8), file: "plan") else { return nil }
        var found: [String: (text: String, number: Double?)] = [:]
        collect(json, "", &found)
        return found
    }

    private static func collect(
        _ json: PlacedJSON, _ name: String, _ found: inout [String: (text: String, number: Double?)]
    ) {
        func below(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
        switch json.kind {
        case .null: found[name] = ("null", nil)
        case .bool(let value): found[name] = ("\(value)", nil)
        case .number(let value): found[name] = (NumberText.csv(value), value)
        case .string(let text): found[name] = (text, nil)
        case .object(let members): for member in members { collect(member.value, below(member.key), &found) }
        case .array(let items):
            for (index, item) in items.enumerated() {
                // An item with a name is known by it, wherever it stands.
                collect(item, below(item["name"]?.string ?? "\(index)"), &found)
            }
        }
    }
}
