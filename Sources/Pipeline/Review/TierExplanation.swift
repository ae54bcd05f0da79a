import Planning
import Reporting
import Tables
import Units

/// Why a finished run gives a tier these nodes: what its tables say of one hour, in sentences.
public struct TierExplanation: Sendable {
    /// Why it could not be made.
    public struct UnknownTier: Error, Sendable, Equatable {
        /// The tiers of the run.
        public let known: [String]
    }

    /// The tier.
    public let tier: String
    /// The start of the step.
    public let start: Timestamp
    /// What runs, what it is for, and what was rejected.
    public let sentences: [String]
    /// What each further promise costs: what is asked, the load in servers, nodes.
    public let ladder: [(rung: String, servers: String, nodes: String)]
    /// Whether the ladder is that of the hour; else it is that of the whole span, of a run that did not keep the hours.
    public let isOfHour: Bool

    /// Reads a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder of a finished run.
    ///   - tier: The tier.
    ///   - at: An instant of the step; nil: the step in which the tier is the busiest.
    /// - Throws: `UnknownTier`, `TableError` with the place of what is missing or wrong.
    public init(run folder: String, tier: String, at: Timestamp?) throws {
        let plan = try TableReader(RunTables.plan, ofRun: folder)
        let steps = try TierExplanation.steps(of: tier, plan)
        guard let first = steps.first else {
            var known: [String] = []
            for row in plan.rows where !known.contains(plan.text(row, "tier")) {
                known.append(plan.text(row, "tier"))
            }
            throw UnknownTier(known: known)
        }
        let step =
            at.map { at in steps.last { $0.start <= at } ?? first }
            ?? steps.reduce(first) { $1.utilisationQ99 > $0.utilisationQ99 ? $1 : $0 }
        self.tier = tier
        start = step.start
        let tightest = try TierExplanation.queues(of: folder, at: step.start)
        sentences =
            [TierExplanation.running(tier, step), TierExplanation.load(step)]
            + TierExplanation.binding(tier, step, tightest) + (try TierExplanation.held(tier, folder))
            + (try TierExplanation.rejected(tier, folder))
        let hour = try TierExplanation.hourLadder(of: tier, at: step.start, folder)
        isOfHour = hour != nil
        ladder = try hour ?? TierExplanation.ladder(of: tier, folder)
    }

    private struct Step {
        var start: Timestamp
        var nodes = 0.0
        var dollars = 0.0
        var shape: String
        var utilisationQ50 = 0.0
        var utilisationQ99 = 0.0
        var probabilityBroken = 0.0
        var resource: String
        var constraint: String
    }

    /// The steps of a tier, all zones together.
    private static func steps(of tier: String, _ table: TableReader) throws -> [Step] {
        var steps: [Timestamp: Step] = [:]
        for row in table.rows where table.text(row, "tier") == tier {
            let start = try table.time(row, "ds")
            var step =
                steps[start]
                ?? Step(
                    start: start, shape: table.text(row, "shape"),
                    resource: table.text(row, "binding_resource"),
                    constraint: table.text(row, "binding_constraint"))
            step.nodes += try table.number(row, "nodes")
            step.dollars += try table.number(row, "cost_usd")
            step.utilisationQ50 = try table.number(row, "utilisation_q50")
            step.utilisationQ99 = try table.number(row, "utilisation_q99")
            step.probabilityBroken = try table.number(row, "p_slo_broken")
            steps[start] = step
        }
        return steps.values.sorted { $0.start < $1.start }
    }

    private static func running(_ tier: String, _ step: Step) -> String {
        "\(tier) from \(step.start): \(NumberText.figure(step.nodes)) × \(step.shape), "
            + "$\(NumberText.figure(step.dollars)) for the step; the number is set by \(step.constraint)."
    }

    private static func load(_ step: Step) -> String {
        "The busiest node is \(NumberText.percent(step.utilisationQ50)) utilised on the median path and "
            + "\(NumberText.percent(step.utilisationQ99)) at 99 %. The chance of breaking the objective in this step, "
            + "during the failures to survive, is \(NumberText.percent(step.probabilityBroken))."
    }

    private struct Queue {
        var tier: String
        var name: String
        var load: Double
        var held: Double
        var share: Double { held > 0 ? load / held : load > 0 ? .infinity : 0 }
    }

    /// All queues by the share of what they hold in a step that their load has, the tightest first.
    private static func queues(of folder: String, at start: Timestamp) throws -> [Queue] {
        let table = try TableReader(RunTables.capacity, ofRun: folder)
        var queues: [Queue] = []
        for row in table.rows where try table.time(row, "ds") == start {
            let (tier, shard) = (table.text(row, "tier"), table.text(row, "shard"))
            queues.append(
                Queue(
                    tier: tier, name: shard.isEmpty ? tier : shard, load: try table.number(row, "work_q99"),
                    held: try table.number(row, "held_after_loss")))
        }
        return queues.sorted { ($1.share, $0.name) < ($0.share, $1.name) }
    }

    private static func binding(_ tier: String, _ step: Step, _ queues: [Queue]) -> [String] {
        guard let own = queues.first(where: { $0.tier == tier }) else { return [] }
        func place(_ queue: Queue) -> String {
            "\(queue.name) with \(NumberText.figure(queue.load)) of the \(NumberText.figure(queue.held)) busy cores "
                + "that it holds (\(NumberText.percent(queue.share)))"
        }
        var lines = ["Limiting resource: \(step.resource), at \(place(own))."]
        if let next = queues.first(where: { $0.name != own.name }) {
            lines.append(
                "\(next.tier == tier ? "Next in the tier" : "Next tightest"): \(place(next)).")
        }
        return lines
    }

    private static func rejected(_ tier: String, _ folder: String) throws -> [String] {
        let table = try TableReader(RunTables.excuses, ofRun: folder)
        return table.rows.filter { table.text($0, "tier") == tier }.map {
            "Rejected, \(table.text($0, "option")): \(table.text($0, "reason"))."
        }
    }

    /// How the tier holds surges on top of the forecast, and at what price; none where the run has none to hold.
    private static func held(_ tier: String, _ folder: String) throws -> [String] {
        guard try RunManifest(folder).files.contains(RunTables.hold.description.file) else { return [] }
        let table = try TableReader(
            RunTables.hold, ofRun: folder,
            columns: ["event", "tier", "way", "extra_cost_usd", "extra_cost_month_usd"])
        return try table.rows.filter { table.text($0, "tier") == tier }.map { row in
            func count(_ column: String) -> Int? {
                table.has(column) ? Int(table.text(row, column)) : nil
            }
            guard let way = HoldRow.Way(rawValue: table.text(row, "way")) else {
                throw table.error(row, "way", "expected one of the ways to hold a surge")
            }
            var held = HoldRow(
                event: table.text(row, "event"), tier: tier, way: way,
                extraCost: Money(dollars: try table.number(row, "extra_cost_usd")),
                extraCostOfMonth: Money(dollars: try table.number(row, "extra_cost_month_usd")))
            held.nodesWithout = count("nodes_without")
            held.nodesBefore = count("nodes_before")
            held.nodesAtHeight = count("nodes_needed")
            held.triggerWork =
                table.has("trigger_work") ? Double(decimal: table.text(row, "trigger_work")) : nil
            held.lagSeconds = table.has("lag_s") ? Double(decimal: table.text(row, "lag_s")) : nil
            return "Surge to hold, \(held.tierSentence)."
        }
    }

    /// The ladder of one hour; nil where the run did not keep it.
    private static func hourLadder(
        of tier: String, at start: Timestamp, _ folder: String
    ) throws -> [(rung: String, servers: String, nodes: String)]? {
        guard try RunManifest(folder).files.contains(RunTables.hourLadder.description.file) else {
            return nil
        }
        let columns = RunTables.hourLadder.description.columns.map(\.name).filter { $0 != "nodes_hold" }
        let table = try TableReader(RunTables.hourLadder, ofRun: folder, columns: columns)
        for row in table.rows where table.text(row, "tier") == tier {
            guard try table.time(row, "ds") == start else { continue }
            func rung(
                _ name: String, _ work: String, _ nodes: String
            ) throws -> (rung: String, servers: String, nodes: String) {
                let count = table.text(row, nodes)
                let servers = NumberText.figure(try table.number(row, work))
                return (name, servers, count.isEmpty ? "no number" : count)
            }
            // Runs of before this column have none.
            let isHolding = table.has("nodes_hold") && !table.text(row, "nodes_hold").isEmpty
            let held = isHolding ? [try rung("the surges to hold", "work_to_hold", "nodes_hold")] : []
            return [
                try rung("the work of this hour on the median path", "work_q50", "nodes_q50"),
                try rung("the work of this hour on 99 % of paths", "work_q99", "nodes_q99"),
                try rung("the objective under bursts", "work_to_hold", "nodes_objective"),
                try rung("the failures to survive", "work_to_hold", "nodes_losses"),
            ] + held + [
                try rung("warm-up and minimum up time", "work_to_hold", "nodes_running")
            ]
        }
        return nil
    }

    private static func ladder(
        of tier: String, _ folder: String
    ) throws -> [(rung: String, servers: String, nodes: String)] {
        let table = try TableReader(RunTables.ladder, ofRun: folder)
        return try table.rows.filter { table.text($0, "tier") == tier }.map { row in
            let nodes = table.text(row, "nodes")
            let rung = LadderRow.Rung(rawValue: table.text(row, "rung"))
            return (
                rung?.sentencePart ?? table.text(row, "rung"),
                NumberText.figure(try table.number(row, "busy_servers")), nodes.isEmpty ? "no number" : nodes
            )
        }
    }
}
