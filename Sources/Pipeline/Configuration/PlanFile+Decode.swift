import Exchange
import Foundation
import Ingest
import Planning
import Units

extension PlanFile {
    /// Reads a plan file and the files that it names.
    ///
    /// - Throws: `ConfigurationError`, with file, line and column.
    public init(path: String) throws(ConfigurationError) {
        try self.init(text: PlanFile.readFile(path), path: path)
    }

    /// Reads a plan from its text; files that it names are looked for beside `path`.
    public init(text: [UInt8], path: String) throws(ConfigurationError) {
        try self.init()
        self.path = path
        self.text = text
        let value = try PlacedJSON(parsing: text, file: path)
        try PlanFile.spec.check(value, file: path)
        name = value["name"]?.string ?? name
        seed = value["seed"]?.number.map { UInt64($0) } ?? seed
        asOf = value["as_of"]?.string.flatMap { Timestamp(iso8601: $0) }
        for item in value["sources"]?.items ?? [] { sources.append(try source(item, file: path)) }
        if let forecast = value["forecast"] { try decodeForecast(forecast, file: path) }
        mix = value["mix"].map(PlanFile.mix)
        if let catalogue = value["catalogue"] { try decodeCatalogue(catalogue, file: path) }
        if let topology = value["topology"] { try decodeTopology(topology, file: path) }
        try checkShapes(value["topology"], file: path)
        if let plan = value["plan"] { try decodeOptions(plan, file: path) }
        scenarios = (value["scenarios"]?.items ?? []).map { item in
            item.string.map { .file($0, item.place) } ?? .inline(item)
        }
    }

    /// A file's bytes.
    static func readFile(_ path: String) throws(ConfigurationError) -> [UInt8] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ConfigurationError(file: path, place: nil, message: "there is no such file")
        }
        guard !isDirectory.boolValue else {
            throw ConfigurationError(file: path, place: nil, message: "it is a folder; expected a JSON file")
        }
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw ConfigurationError(file: path, place: nil, message: "it cannot be read")
        }
    }

    /// The path of a file that the plan names: absolute, or beside the plan file.
    func path(besidePlan name: String) -> String {
        guard !name.hasPrefix("/"), let path else { return name }
        let folder = URL(filePath: path).deletingLastPathComponent().relativePath
        return folder == "." ? name : folder + "/" + name
    }

    private func source(_ value: PlacedJSON, file: String) throws(ConfigurationError) -> Source {
        var source = Source(
            paths: (value["paths"]?.items ?? []).compactMap(\.string),
            use: value["use"]?.string.flatMap(Use.init) ?? .demand,
            sampleShare: value["sample_share"]?.number ?? 1)
        source.format = value["format"]?.string
        source.venue = value["venue"]?.string
        source.symbol = value["symbol"]?.string
        source.place = value.place
        if let map = value["map"] { source.map = try columnMap(map, file: file) }
        if let routes = value["routes"] { source.routes = try routeRules(routes, file: file) }
        return source
    }

    private func columnMap(_ value: PlacedJSON, file: String) throws(ConfigurationError) -> ColumnMap {
        guard let named = try text(ofFileNamed: value, "column map", file: file) else {
            return try ColumnMapFile.decode(value, file: file)
        }
        return try ColumnMapFile.read(named.text, file: named.path)
    }

    private func routeRules(
        _ value: PlacedJSON, file: String
    ) throws(ConfigurationError) -> [RouteTable.Rule] {
        if let named = try text(ofFileNamed: value, "file of routes", file: file) {
            do throws(IngestConfigurationError) {
                return try RouteTable.rules(String(decoding: named.text, as: UTF8.self), path: named.path)
            } catch {
                let place = error.line == 0 ? nil : TextPlace(line: error.line, column: error.column)
                throw ConfigurationError(file: error.path, place: place, message: error.message)
            }
        }
        var rules: [RouteTable.Rule] = []
        for item in value.items {
            do throws(IngestConfigurationError) {
                rules += try RouteTable.rules(item.string ?? "", path: file)
            } catch {
                throw ConfigurationError(file: file, place: item.place, message: error.message)
            }
        }
        return rules
    }

    /// The text of the file that a value names; nil where the value is no text.
    private func text(
        ofFileNamed value: PlacedJSON, _ kind: String, file: String
    ) throws(ConfigurationError) -> (path: String, text: [UInt8])? {
        guard let name = value.string else { return nil }
        let target = path(besidePlan: name)
        guard FileManager.default.fileExists(atPath: target) else {
            throw ConfigurationError(
                file: file, place: value.place, message: "the \(kind) '\(target)' does not exist")
        }
        return (target, try PlanFile.readFile(target))
    }

    private static func mix(_ value: PlacedJSON) -> MessageMix {
        MessageMix(
            ordersPerTrade: value["orders_per_trade"]?.number ?? 0,
            cancelsPerTrade: value["cancels_per_trade"]?.number ?? 0,
            queriesPerTrade: value["queries_per_trade"]?.number ?? 0)
    }

    private mutating func decodeForecast(_ value: PlacedJSON, file: String) throws(ConfigurationError) {
        let step = value["step"]?.seconds ?? Double(forecast.stepSeconds)
        guard step == step.rounded(), 86_400.truncatingRemainder(dividingBy: step) == 0 else {
            throw ConfigurationError(
                file: file, place: value["step"]?.place, message: "'step' must divide a day, as 15m or 1h")
        }
        forecast.stepSeconds = Int64(step)
        forecast.horizon = max(1, Int(((value["horizon"]?.seconds ?? 604_800) / step).rounded(.up)))
        let seasons = value["seasons"]?.items.compactMap(\.seconds) ?? [86_400, 604_800]
        forecast.seasons = seasons.map { Int(($0 / step).rounded()) }.filter { $0 > 1 }
        forecast.historySeconds = value["history"]?.seconds.map { Int64($0) }
        forecast.paths = value["paths"]?.number.map { Int($0) } ?? forecast.paths
        forecast.symbols = value["symbols"]?.string ?? forecast.symbols
    }

    private mutating func decodeCatalogue(_ value: PlacedJSON, file: String) throws(ConfigurationError) {
        if let named = try text(ofFileNamed: value, "catalogue", file: file) {
            catalogue = try CatalogueFile.read(named.text, file: named.path)
        } else {
            catalogue = try CatalogueFile.decode(value, file: file)
        }
    }

    private mutating func decodeOptions(_ value: PlacedJSON, file: String) throws(ConfigurationError) {
        if let zones = value["zones"]?.items.compactMap(\.string) {
            guard Set(zones).count == zones.count else {
                throw ConfigurationError(
                    file: file, place: value["zones"]?.place, message: "a zone is named twice")
            }
            options.zones = zones
        }
        options.spareNodes = value["spare_nodes"]?.number.map { Int($0) } ?? options.spareNodes
        options.survivesZoneLoss = value["survives_zone_loss"]?.bool ?? options.survivesZoneLoss
        options.probabilityBrokenAllowed =
            value["probability_broken"]?.number ?? options.probabilityBrokenAllowed
        options.headroomFactor = value["headroom_factor"]?.number ?? options.headroomFactor
        options.capacityFigure =
            value["capacity_figure"]?.string.flatMap(PlanOptions.CapacityFigure.init)
            ?? options.capacityFigure
        options.minimumUpSeconds = value["minimum_up"]?.seconds ?? options.minimumUpSeconds
        options.extraLeadSeconds = value["extra_lead"]?.seconds ?? options.extraLeadSeconds
        options.maintenanceSeconds = value["maintenance_window"]?.seconds ?? options.maintenanceSeconds
        let peaks = (value["history_peaks"]?.items ?? []).map { peak in
            PlanOptions.HistoricalPeak(
                messagesPerSecond: peak["messages_per_second"]?.number ?? 0,
                overSeconds: peak["over"]?.seconds ?? 1, yearsCovered: peak["years"]?.number ?? 5,
                origin: "plan file")
        }
        options.historicalPeak = peaks.max { $0.messagesPerSecond < $1.messagesPerSecond }
    }
}

extension PlacedJSON {
    /// The length of a time that was checked.
    var seconds: Double? {
        string.flatMap { Duration(text: $0)?.inSeconds }
    }
}
