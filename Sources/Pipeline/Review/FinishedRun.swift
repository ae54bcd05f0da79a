import Planning
import Replay
import Reporting
import Tables
import Units

/// What a weekly run foresaw and planned, read from its folder.
struct FinishedRun {
    /// Quantiles of one symbol's forecast.
    struct Foresight {
        var id: SeriesID
        var starts: [Timestamp] = []
        var mean: [Double] = []
        /// By level, one figure a step.
        var quantiles: [Double: [Double]] = [:]
    }

    /// One queue with what it holds in each step, in seconds of work a second.
    struct Queue {
        var tier: String
        var shard: String?
        var starts: [Timestamp] = []
        var workQ99: [Double] = []
        var heldAfterLoss: [Double] = []
        var heldAllUp: [Double] = []
        /// For each step, which of `breakLevels` apply.
        var places: [Int] = []
        /// Seconds of work a second at which hours break it while what is to be survived is lost, by the nodes that serve.
        var breakLevels: [[Double]] = []
        /// How far over hours are, by the nodes that serve; none without an error budget.
        var extents: [Int: BreakExtent] = [:]
        /// Seconds of work for one trade, by symbol.
        var secondsPerTrade: [SeriesID: Double] = [:]
    }

    let folder: String
    let stepSeconds: Int64
    /// Whether the plan said that it holds every objective.
    let saidHolds: Bool
    /// The chance of a break that it told.
    private(set) var probabilityTold = 0.0
    /// What its nodes cost.
    private(set) var cost = Money.zero
    var forecasts: [Foresight] = []
    var queues: [Queue] = []
    /// Nodes of each tier, by the start of the step.
    private(set) var nodes: [String: [Timestamp: Int]] = [:]
    /// The shape of each tier's nodes, the last step's; none in runs that did not keep it.
    private(set) var shapes: [String: String] = [:]
    /// The plan that was run; nil where the run did not keep it, or a file that it names is gone.
    let plan: PlanFile?
    /// Whether the run kept its plan file.
    let keepsPlan: Bool
    /// The error budget that the plan was to keep; nil: none.
    let budget: ErrorBudget?
    /// What the plan expected of it.
    private(set) var missesTold = PlanMisses()

    static let levels: [(name: String, level: Double)] = [
        ("q025", 0.025), ("q50", 0.5), ("q90", 0.9), ("q975", 0.975), ("q99", 0.99), ("q999", 0.999),
    ]

    /// The lowest of these levels, under which a step is remarkably quiet.
    static let lowest = 0.025

    /// Reads a folder that `WeeklyRun.write` wrote.
    ///
    /// - Throws: `ResultManifestError` and `TableError` with the place of what is missing or wrong.
    init(_ folder: String) throws {
        self.folder = folder
        let manifest = try RunManifest(folder)
        stepSeconds = try manifest.stepSeconds
        saidHolds = try manifest.isFeasible
        budget = try FinishedRun.budget(manifest)
        let text = manifest.planTextIfAny ?? ""
        keepsPlan = !text.isEmpty
        plan = keepsPlan ? try? PlanFile(text: Array(text.utf8), path: manifest.planFile) : nil
        try readForecasts()
        try readQueues()
        try readBreakLevels()
        try readNodes()
        try readRisk()
        guard budget != nil else { return }
        try readExtents()
        try readBudget()
    }

    /// The budget of the plan file that was run.
    private static func budget(_ manifest: RunManifest) throws -> ErrorBudget? {
        guard let text = manifest.planTextIfAny, !text.isEmpty else { return nil }
        let file = ConfigurationFile(path: try manifest.planFile)
        guard let json = try PlacedJSON(parsing: Array(text.utf8), file: file.path)["plan"]?["budget"]
        else { return nil }
        return try FieldType<ErrorBudget>.budget.read(json, file)
    }

    /// The start of the span.
    var start: Timestamp? { forecasts.flatMap(\.starts).min() }
    /// Its steps.
    var stepCount: Int { forecasts.map(\.starts.count).max() ?? 0 }

    /// What holds the run's nodes against loads of its symbols, in the order of its forecasts.
    ///
    /// - Throws: `TableError` where a queue has other steps than the forecasts.
    func judge() throws -> PlanJudge {
        PlanJudge(
            queues: try queues.map { queue in
                guard queue.starts.count == stepCount else {
                    throw TableError(
                        file: folder + "/" + RunTables.capacity.description.file, line: 1, column: 1,
                        message: "\(queue.shard ?? queue.tier) has \(queue.starts.count) steps: expected "
                            + "\(stepCount), as in forecast.csv")
                }
                let most = queue.places.max() ?? 0
                let levels = (0...most).map { place in
                    queue.breakLevels.indices.contains(place) ? queue.breakLevels[place] : []
                }
                return PlanJudge.Queue(
                    tier: queue.tier,
                    secondsPerTrade: forecasts.map { queue.secondsPerTrade[$0.id] ?? 0 },
                    levels: levels.enumerated().map { place, levels in
                        BreakLevels(perSecond: levels, stepSeconds: Double(stepSeconds))
                            .with(queue.extents[place])
                    },
                    places: queue.places)
            }, stepCount: stepCount)
    }

    private mutating func readForecasts() throws(TableError) {
        let columns = FinishedRun.levels.map(\.name)
        let table = try TableReader(
            RunTables.forecast, ofRun: folder, columns: ["unique_id", "ds", "mean"] + columns)
        for row in table.rows {
            let id = SeriesID(table.text(row, "unique_id"))
            if forecasts.last?.id != id { forecasts.append(Foresight(id: id)) }
            let last = forecasts.count - 1
            forecasts[last].starts.append(try table.time(row, "ds"))
            forecasts[last].mean.append(try table.number(row, "mean"))
            for (name, level) in FinishedRun.levels {
                forecasts[last].quantiles[level, default: []].append(try table.number(row, name))
            }
        }
    }

    private mutating func readQueues() throws(TableError) {
        let held = try TableReader(
            RunTables.capacity, ofRun: folder,
            columns: ["tier", "shard", "ds", "work_q99", "held_after_loss", "held_all_up", "levels"])
        for row in held.rows {
            let (tier, shard) = FinishedRun.key(held, row)
            if queues.last.map({ $0.tier != tier || $0.shard != shard }) ?? true {
                queues.append(Queue(tier: tier, shard: shard))
            }
            let last = queues.count - 1
            queues[last].starts.append(try held.time(row, "ds"))
            queues[last].workQ99.append(try held.number(row, "work_q99"))
            queues[last].heldAfterLoss.append(try held.number(row, "held_after_loss"))
            queues[last].heldAllUp.append(try held.number(row, "held_all_up"))
            queues[last].places.append(try FinishedRun.levelsNumber(held, row))
        }
        let work = try TableReader(
            RunTables.work, ofRun: folder, columns: ["tier", "shard", "unique_id", "work_us_per_trade"])
        for row in work.rows {
            guard let place = place(of: FinishedRun.key(work, row)) else { continue }
            queues[place].secondsPerTrade[SeriesID(work.text(row, "unique_id"))] =
                try work.number(row, "work_us_per_trade") * 1e-6
        }
    }

    private mutating func readBreakLevels() throws(TableError) {
        let table = try TableReader(
            RunTables.breakLevels, ofRun: folder, columns: ["tier", "shard", "levels", "work"])
        for row in table.rows {
            guard let place = place(of: FinishedRun.key(table, row)) else { continue }
            let number = try FinishedRun.levelsNumber(table, row)
            while queues[place].breakLevels.count <= number { queues[place].breakLevels.append([]) }
            queues[place].breakLevels[number].append(try table.number(row, "work"))
        }
    }

    private mutating func readExtents() throws(TableError) {
        let table = try TableReader(
            RunTables.breakExtents, ofRun: folder,
            columns: ["tier", "shard", "levels", "share_over", "late_broken", "late_held"])
        var rows: [Int: [Int: [(over: Double, broken: Double, held: Double)]]] = [:]
        for row in table.rows {
            guard let place = place(of: FinishedRun.key(table, row)) else { continue }
            let number = try FinishedRun.levelsNumber(table, row)
            rows[place, default: [:]][number, default: []].append(
                (
                    try table.number(row, "share_over"), try table.number(row, "late_broken"),
                    try table.number(row, "late_held")
                ))
        }
        for (place, own) in rows {
            for (number, figures) in own where figures.count == BreakExtent.logRatios.count {
                queues[place].extents[number] = BreakExtent(
                    stepSeconds: Double(stepSeconds), shareOver: figures.map(\.over),
                    lateBroken: figures.map(\.broken), lateHeld: figures.map(\.held))
            }
        }
    }

    /// The last row of `budget.csv` is that of all tiers together.
    private mutating func readBudget() throws(TableError) {
        let table = try TableReader(
            RunTables.budget, ofRun: folder, columns: ["minutes", "late_share", "misses_usd"])
        guard let row = table.rows.last else { return }
        missesTold = PlanMisses(
            minutes: try table.number(row, "minutes"), shareLate: try table.number(row, "late_share"),
            dollars: try table.number(row, "misses_usd"))
    }

    private static func key(_ table: TableReader, _ row: TableReader.Row) -> (tier: String, shard: String?) {
        let shard = table.text(row, "shard")
        return (table.text(row, "tier"), shard.isEmpty ? nil : shard)
    }

    private func place(of key: (tier: String, shard: String?)) -> Int? {
        queues.firstIndex { $0.tier == key.tier && $0.shard == key.shard }
    }

    /// Far more levels than a queue has steps. Chosen, not measured.
    private static let levelsMax = 100_000.0

    private static func levelsNumber(_ table: TableReader, _ row: TableReader.Row) throws(TableError) -> Int {
        let number = try table.number(row, "levels")
        guard number >= 0, number <= levelsMax, number == number.rounded() else {
            throw table.error(row, "levels", "expected a whole number from 0 on")
        }
        return Int(saturating: number)
    }

    private mutating func readNodes() throws(TableError) {
        let table = try TableReader(
            RunTables.plan, ofRun: folder, columns: ["tier", "ds", "nodes", "cost_usd"])
        for row in table.rows {
            let (tier, start) = (table.text(row, "tier"), try table.time(row, "ds"))
            nodes[tier, default: [:]][start, default: 0] += Int(saturating: try table.number(row, "nodes"))
            if table.has("shape") { shapes[tier] = table.text(row, "shape") }
            cost += Money(dollars: try table.number(row, "cost_usd"))
        }
    }

    /// The last row of `risk.csv` is that of all tiers together.
    private mutating func readRisk() throws(TableError) {
        let table = try TableReader(RunTables.risk, ofRun: folder, columns: ["p_any_step"])
        guard let row = table.rows.last else { return }
        probabilityTold = try table.number(row, "p_any_step")
    }
}
