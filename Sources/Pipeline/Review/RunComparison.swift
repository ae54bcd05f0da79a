import Reporting
import Tables
import Units

/// What changed from one finished run to the next.
public struct RunComparison: Sendable {
    /// One figure of both runs.
    public struct Row: Sendable, Equatable {
        /// What it is of: `all`, a tier, a queue or a series.
        public var subject: String
        /// What it is.
        public var figure: String
        /// Its unit.
        public var unit: String
        /// As the old run has it; empty where it has none.
        public var old: String
        /// As the new run has it; empty where it has none.
        public var new: String
        /// The new number over the old one, less 1; nil where one of them is no number, or the old one is 0.
        public var change: Double?
        /// Whether both say the same.
        public var isSame: Bool { old == new }
    }

    /// All figures, in the order of the new run; those that only the old one has come last.
    public let rows: [Row]
    /// What the plan costs over its span, in US dollars.
    public let cost: (old: Double, new: Double)
    /// What changes the cost of each tier.
    public let costParts: [(tier: String, change: CostChange)]
    /// Keys of the plan file whose value is another, in the order of their names: the rules that changed.
    public let rules: [Row]

    /// Compares two folders.
    ///
    /// - Throws: `ResultManifestError` and `TableError` with the place of what is missing or wrong.
    public init(old: String, new: String) throws {
        let (before, after) = (try Figures(old), try Figures(new))
        var rows: [Row] = []
        for figure in after.all {
            rows.append(RunComparison.row(before.value(figure), figure))
        }
        for figure in before.all where after.value(figure) == nil {
            rows.append(RunComparison.row(figure, nil))
        }
        rules = PlanKeys.changes(from: try RunManifest(old).planText, to: try RunManifest(new).planText)
        self.rows = rows + rules
        cost = (before.cost, after.cost)
        costParts = after.tiers.union(before.tiers).sorted().map { tier in
            (tier, CostChange(from: before.paid[tier] ?? .init(), to: after.paid[tier] ?? .init()))
        }
    }

    private static func row(_ old: Figure?, _ new: Figure?) -> Row {
        let known = new ?? old
        var change: Double?
        if let was = old?.number, let now = new?.number, was != 0 { change = now / was - 1 }
        return Row(
            subject: known?.subject ?? "", figure: known?.name ?? "", unit: known?.unit ?? "",
            old: old?.text ?? "", new: new?.text ?? "", change: change)
    }

    /// The change of the cost over the old one; nil where the old one is free.
    public var costIncrease: Double? { cost.old > 0 ? cost.new / cost.old - 1 : nil }

    /// What changed, in a few sentences.
    public var sentences: [String] {
        let changed = rows.filter { !$0.isSame }
        guard !changed.isEmpty else { return ["nothing changed"] }
        var lines = [
            "cost \(NumberText.figure(cost.old)) to \(NumberText.figure(cost.new)) USD"
                + (costIncrease.map { " (\(RunComparison.signed($0 * 100)) %)" } ?? "")
        ]
        for part in costParts {
            let why = part.change.parts.filter { abs($0.dollars) >= 0.005 }.map {
                "\(RunComparison.signed($0.dollars)) USD by \($0.cause)"
            }
            if !why.isEmpty { lines.append("\(part.tier): " + why.joined(separator: ", ")) }
        }
        let demand = changed.filter { $0.figure == "mean_demand" }.compactMap(\.change)
        if let least = demand.min(), let most = demand.max() {
            lines.append(
                "demand: \(RunComparison.signed(least * 100)) to \(RunComparison.signed(most * 100)) % by series"
            )
        }
        lines += RunComparison.ruleLines(rules)
        if rules.isEmpty, changed.contains(where: { $0.figure == "plan_file" }) {
            lines.append("the plan file was changed, in its comments or order alone")
        }
        return lines
    }

    /// More keys of one object than this that only one of the two sets are told as a number. Chosen, not measured.
    private static let keysMax = 3

    /// The rules that changed: each in a line, but keys that only one of the two sets in one line for their outermost object.
    static func ruleLines(_ rules: [Row]) -> [String] {
        /// The object whose keys all come or all go, and whether they come.
        func group(_ row: Row) -> String? {
            guard row.old.isEmpty != row.new.isEmpty else { return nil }
            return "\(row.old.isEmpty)" + row.figure.prefix { $0 != "." }
        }
        var counts: [String: Int] = [:]
        for key in rules.compactMap(group) { counts[key, default: 0] += 1 }
        var told: Set<String> = []
        return rules.compactMap { row in
            guard let key = group(row), let count = counts[key], count > keysMax else {
                return "rule \(row.figure): \(row.old.isEmpty ? "not set" : row.old) to "
                    + "\(row.new.isEmpty ? "not set" : row.new)"
            }
            guard told.insert(key).inserted else { return nil }
            let name = row.figure.prefix { $0 != "." }
            return row.old.isEmpty
                ? "rule \(name): \(count) keys are set that were not (defaults, or other values: see the table)"
                : "rule \(name): \(count) keys are no longer set, and take their defaults"
        }
    }

    private static func signed(_ value: Double) -> String {
        (value > 0 ? "+" : "") + NumberText.figure(value)
    }

    /// The table of `diff`.
    public static let table = TableSchema<Row>(
        "diff", of: "diff", "A figure of two runs that differs.",
        [
            .text("subject", in: .name, "What it is of: all, a tier, a queue or a series.", \.subject),
            .text("figure", in: .word, "What it is.", \.figure),
            .text("unit", in: .word, "Its unit.", \.unit),
            .text("old", in: "as unit says", "The old run's; empty where it has none.", \.old),
            .text("new", in: "as unit says", "The new run's; empty where it has none.", \.new),
            .number("change", in: .share, "The new number over the old one, less 1.", \.change),
        ])
}

extension RunComparison {
    private struct Figure {
        var subject: String
        var name: String
        var unit: String
        var text: String
        var number: Double?
    }

    /// The figures of one run.
    private struct Figures {
        private(set) var all: [Figure] = []
        /// Hours and dollars of the plan's nodes, by tier.
        private(set) var paid: [String: CostChange.Paid] = [:]
        private let folder: String
        private var places: [String: Int] = [:]

        var tiers: Set<String> { Set(paid.keys) }
        var cost: Double { paid.keys.sorted().reduce(0) { $0 + (paid[$1]?.dollars ?? 0) } }

        init(_ folder: String) throws {
            self.folder = folder
            let manifest = try RunManifest(folder)
            add("all", "as_of", "time", try manifest.asOf.description)
            add("all", "feasible", "true or false", String(try manifest.isFeasible))
            add("all", "version", "name", try manifest.version)
            add("all", "plan_file", "content", RunComparison.digest(try manifest.planText))
            try readPlan()
            try readCost()
            try readCapacity()
            try readRisk()
            try readSaturation()
            try readDemand()
        }

        func value(_ figure: Figure) -> Figure? {
            places["\(figure.subject)\n\(figure.name)"].map { all[$0] }
        }

        private mutating func add(
            _ subject: String, _ name: String, _ unit: String, _ text: String, _ number: Double? = nil
        ) {
            places["\(subject)\n\(name)"] = all.count
            all.append(Figure(subject: subject, name: name, unit: unit, text: text, number: number))
        }

        private mutating func add(_ subject: String, _ name: String, _ unit: String, _ number: Double) {
            add(subject, name, unit, NumberText.csv(number), number)
        }

        private mutating func readPlan() throws(TableError) {
            let table = try TableReader(
                RunTables.plan, ofRun: folder, columns: ["tier", "ds", "nodes", "shape"])
            var order: [String] = []
            var shapes: [String: String] = [:]
            var nodes: [String: [String: Double]] = [:]
            for row in table.rows {
                let tier = table.text(row, "tier")
                if shapes[tier] == nil { order.append(tier) }
                shapes[tier] = table.text(row, "shape")
                nodes[tier, default: [:]][table.text(row, "ds"), default: 0] += try table.number(row, "nodes")
            }
            for tier in order {
                add(tier, "shape", "name", shapes[tier] ?? "")
                let counts = nodes[tier].map { Array($0.values) } ?? []
                add(tier, "nodes_min", "nodes", counts.min() ?? 0)
                add(tier, "nodes_max", "nodes", counts.max() ?? 0)
            }
            let placement = try TableReader(RunTables.placement, ofRun: folder, columns: ["tier", "shard"])
            var shards: [String: Set<String>] = [:]
            for row in placement.rows {
                shards[placement.text(row, "tier"), default: []].insert(placement.text(row, "shard"))
            }
            for tier in shards.keys.sorted() {
                add(tier, "shards", "shards", Double(shards[tier]?.count ?? 0))
            }
        }

        private mutating func readCost() throws(TableError) {
            let table = try TableReader(
                RunTables.cost, ofRun: folder, columns: ["tier", "purchase", "node_hours", "cost_usd"])
            var order: [String] = []
            for row in table.rows where table.text(row, "purchase") != "today" {
                let tier = table.text(row, "tier")
                if paid[tier] == nil { order.append(tier) }
                paid[tier, default: .init()].hours += try table.number(row, "node_hours")
                paid[tier, default: .init()].dollars += try table.number(row, "cost_usd")
            }
            for tier in order {
                let sums = paid[tier] ?? .init()
                add(tier, "node_hours", "h", sums.hours)
                add(tier, "cost", "USD", sums.dollars)
                if sums.hours > 0 { add(tier, "price", "USD/h", sums.dollars / sums.hours) }
            }
            add("all", "cost", "USD", cost)
        }

        /// Work and what is held, over all queues and steps.
        private mutating func readCapacity() throws(TableError) {
            let table = try TableReader(
                RunTables.capacity, ofRun: folder, columns: ["tier", "work_q99", "held_all_up"])
            for row in table.rows {
                let tier = table.text(row, "tier")
                paid[tier, default: .init()].work += try table.number(row, "work_q99")
                paid[tier, default: .init()].held += try table.number(row, "held_all_up")
            }
        }

        private mutating func readRisk() throws(TableError) {
            let table = try TableReader(RunTables.risk, ofRun: folder, columns: ["tier", "p_any_step"])
            for row in table.rows {
                add(table.text(row, "tier"), "p_broken", "probability", try table.number(row, "p_any_step"))
            }
        }

        private mutating func readSaturation() throws(TableError) {
            let table = try TableReader(
                RunTables.saturation, ofRun: folder,
                columns: ["tier", "shard", "kind", "load_multiplier", "reached_at"])
            for row in table.rows where table.text(row, "kind") == "slo" {
                let shard = table.text(row, "shard")
                let tier = table.text(row, "tier")
                let queue =
                    shard.isEmpty || shard == tier ? tier : tier == "journey" ? "journey to \(shard)" : shard
                let multiplier = table.text(row, "load_multiplier")
                add(queue, "todays_headroom", "factor", multiplier, Double(decimal: multiplier))
                add(queue, "todays_saturation", "time", table.text(row, "reached_at"))
            }
        }

        private mutating func readDemand() throws(TableError) {
            let table = try TableReader(RunTables.forecast, ofRun: folder, columns: ["unique_id", "mean"])
            var order: [String] = []
            var sums: [String: (sum: Double, steps: Double)] = [:]
            for row in table.rows {
                let id = table.text(row, "unique_id")
                if sums[id] == nil { order.append(id) }
                sums[id, default: (0, 0)].sum += try table.number(row, "mean")
                sums[id, default: (0, 0)].steps += 1
            }
            for id in order {
                let (sum, steps) = sums[id] ?? (0, 1)
                add(id, "mean_demand", "events a step", sum / steps)
            }
        }
    }

    /// A short name of a text.
    private static func digest(_ text: String) -> String {
        let digits = String(FNV1a.hash(text.utf8), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
