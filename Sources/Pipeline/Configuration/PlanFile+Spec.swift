import Exchange
import Ingest
import Planning
import Reporting
import Units

extension PlanFile {
    /// The table of all keys: a key is one line of a table here or in the files beside this one.
    static let spec = ObjectSpec(
        PlanFile(catalogue: Catalogue(source: "", shapes: [])),
        "What Highwater reads, forecasts, models and plans for.",
        [
            .ignored("$schema", .text, "Location of this file's JSON Schema, for editors; ignored."),
            .key("name", \.name, .text, "Name shown in reports."),
            .key("seed", \.seed, .integer(0...Int(Int32.max)), "Seed of all random numbers."),
            .required("sources", \.sources, .list(.source, atLeast: 1), "The logs to read."),
            .optional(
                "as_of", \.asOf, .time, absent: "the end of the demand's data", "Plan as of this time."),
            .key("forecast", \.forecast, .object(ForecastPlan.spec), "Settings of the forecast."),
            .optional(
                "mix", \.mix, .object(MessageMix.spec),
                absent: "from the traffic logs, else the standard mix", "Messages per trade."),
            .key(
                "bursts", \.bursts, .bursts,
                "How arrivals bunch: measured from raw trades, poisson for independent arrivals, or a profile."
            ),
            .key(
                "topology", \.topology, .topology, absent: "the standard exchange",
                "The tiers of the exchange."),
            .key(
                "failover", \.failoverSeconds, .duration(0...86_400),
                "Time until a standby serves in place of a lost single writer or primary."),
            .key(
                "replication_lag", \.replicationLagSeconds, .duration(0...86_400),
                "Time by which a standby is behind; writes of that time are lost with the primary."),
            .key(
                "client_timeout", \.clientTimeoutSeconds, .duration(1e-3...86_400),
                "Time after which a client gives up; later messages count as rejected."),
            .key(
                "catalogue", \.catalogue, .catalogues, absent: "the built-in catalogue",
                "The machines that can be bought, the file that lists them, or a list of several. A shape that several "
                    + "catalogues have is named with its catalogue, such as aws/c7i.large."),
            .key(
                "plan", \.options, .object(PlanOptions.spec),
                "Requirements on the plan, and purchase options."),
            .key(
                "exports", \.exports, .object(ExportSettings.spec),
                "Addresses that the exports name, for alerts and autoscalers."),
            .key(
                "scenarios", \.scenarios, .list(.scenarioSource, atLeast: 0),
                "What-if scenarios to test the plan with, or scenario files."),
        ])

    /// What a plan file may hold, for schemas and the reference.
    public static var shape: ObjectShape { spec.shape }

    /// Reads a plan file and the files that it names.
    ///
    /// - Throws: `ConfigurationError`, with file, line and column.
    public init(path: String) throws(ConfigurationError) {
        try self.init(text: ConfigurationFile(path: path).bytes(), path: path)
    }

    /// Reads a plan from its text; files that it names are looked for beside `path`.
    public init(text: [UInt8], path: String) throws(ConfigurationError) {
        let file = ConfigurationFile(path: path)
        let json = try PlacedJSON(parsing: text, file: path)
        try FieldShape.object(PlanFile.shape).check(json, name: "the file", file: path)
        self = try PlanFile.spec.read(json, file, into: try PlanFile())
        self.path = path
        self.text = text
        try checkOwnShapes(json["topology"], file)
        catalogue = catalogue.with(ownShapesOf: topology)
        try checkShapes(json["topology"], file)
        try checkPlacementGroups(json["topology"], file)
        try checkBudget(json["plan"], file)
        try checkSpotTiers(json["plan"]?["spot"], file)
    }
}

extension FieldType where Value == PlanFile.ScenarioSource {
    /// A scenario as it stands, read when it is asked for, or the name of its file.
    fileprivate static var scenarioSource: FieldType {
        let shape = FieldShape.either(.object(ScenarioFile.shape), .text)
        return FieldType(shape, write: { _ in "null" }) { json, _ in
            json.string.map { .file($0, json.place) } ?? .inline(json)
        }
    }
}
