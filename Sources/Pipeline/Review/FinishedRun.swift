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
        /// Seconds of work for one trade, by symbol.
        var secondsPerTrade: [SeriesID: Double] = [:]
    }

    let folder: String
    let stepSeconds: Int64
    private(set) var forecasts: [Foresight] = []
    private(set) var queues: [Queue] = []
    /// Nodes of each tier, by the start of the step.
    private(set) var nodes: [String: [Timestamp: Int]] = [:]

    static let levels: [(name: String, level: Double)] = [
        ("q025", 0.025), ("q50", 0.5), ("q90", 0.9), ("q975", 0.975), ("q99", 0.99), ("q999", 0.999),
    ]

    /// Reads a folder that `WeeklyRun.write` wrote.
    ///
    /// - Throws: `ResultManifestError` and `TableError` with the place of what is missing or wrong.
    init(_ folder: String) throws {
        self.folder = folder
        stepSeconds = try RunManifest(folder).stepSeconds
        try readForecasts()
        try readQueues()
        try readNodes()
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
            columns: ["tier", "shard", "ds", "work_q99", "held_after_loss", "held_all_up"])
        func key(_ table: TableReader, _ row: TableReader.Row) -> (tier: String, shard: String?) {
            let shard = table.text(row, "shard")
            return (table.text(row, "tier"), shard.isEmpty ? nil : shard)
        }
        for row in held.rows {
            let (tier, shard) = key(held, row)
            if queues.last.map({ $0.tier != tier || $0.shard != shard }) ?? true {
                queues.append(Queue(tier: tier, shard: shard))
            }
            let last = queues.count - 1
            queues[last].starts.append(try held.time(row, "ds"))
            queues[last].workQ99.append(try held.number(row, "work_q99"))
            queues[last].heldAfterLoss.append(try held.number(row, "held_after_loss"))
            queues[last].heldAllUp.append(try held.number(row, "held_all_up"))
        }
        let work = try TableReader(
            RunTables.work, ofRun: folder, columns: ["tier", "shard", "unique_id", "work_us_per_trade"])
        for row in work.rows {
            let (tier, shard) = key(work, row)
            guard let place = queues.firstIndex(where: { $0.tier == tier && $0.shard == shard }) else {
                continue
            }
            queues[place].secondsPerTrade[SeriesID(work.text(row, "unique_id"))] =
                try work.number(row, "work_us_per_trade") * 1e-6
        }
    }

    private mutating func readNodes() throws(TableError) {
        let table = try TableReader(RunTables.plan, ofRun: folder, columns: ["tier", "ds", "nodes"])
        for row in table.rows {
            let (tier, start) = (table.text(row, "tier"), try table.time(row, "ds"))
            nodes[tier, default: [:]][start, default: 0] += Int(saturating: try table.number(row, "nodes"))
        }
    }
}
