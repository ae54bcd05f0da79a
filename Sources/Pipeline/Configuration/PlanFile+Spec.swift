import Exchange
import Ingest
import Planning
import Units

extension PlanFile {
    /// The table of all keys: a key is one line of a table here or in the files beside this one.
    static let spec = ObjectSpec(
        PlanFile(catalogue: Catalogue(source: "", shapes: [])),
        "What Highwater reads, forecasts, models and has to hold.",
        [
            .ignored("$schema", .text, "Where the JSON Schema of this file is, for editors; not read."),
            .key("name", \.name, .text, "A name for the reports."),
            .key("seed", \.seed, .integer(0...Int(Int32.max)), "Everything random follows from it."),
            .required("sources", \.sources, .list(.source, atLeast: 1), "The logs to read."),
            .optional(
                "as_of", \.asOf, .time, absent: "the end of the demand's data", "What 'now' is."),
            .key("forecast", \.forecast, .object(ForecastPlan.spec), "What is forecast."),
            .optional(
                "mix", \.mix, .object(MessageMix.spec),
                absent: "from the traffic logs, else the standard mix", "Messages with each trade."),
            .key(
                "topology", \.topology, .topology, absent: "the standard exchange", "The exchange's tiers."),
            .key(
                "catalogue", \.catalogue, .catalogue.or(.file("catalogue", CatalogueFile.read)),
                absent: "the catalogue that is built in",
                "What can be bought, or the file that says so."),
            .key("plan", \.options, .object(PlanOptions.spec), "What has to be held."),
            .key(
                "scenarios", \.scenarios, .list(.scenarioSource, atLeast: 0),
                "Disturbances that the plan is tried with, or files that hold one."),
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
        try checkShapes(json["topology"], file)
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
