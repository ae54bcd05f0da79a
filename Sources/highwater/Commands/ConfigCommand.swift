import CommandLineKit
import Pipeline

/// What `config check` is told.
struct ConfigCheckOptions: OptionGroup {
    @Argument("plan", help: "Plan files to check.", atLeast: 1, completion: .file(extensions: ["json"]))
    var plans: [String]
}

/// What `config schema` is told.
struct ConfigSchemaOptions: OptionGroup {
    @Option(.choice, placeholder: "file", help: "Kind of file that the schema is for.") var of =
        ConfigurationKind.plan
    let output = FileOutput()
}

/// A kind of configuration file.
enum ConfigurationKind: String, CaseIterable {
    case plan
    case scenario
    case catalogue
    case columnMap = "column-map"

    /// What it is called in its schema.
    var title: String { self == .columnMap ? "column map" : rawValue }

    /// What it may hold.
    var shape: ObjectShape {
        switch self {
        case .plan: PlanFile.shape
        case .scenario: ScenarioFile.shape
        case .catalogue: CatalogueFile.shape
        case .columnMap: ColumnMapFile.shape
        }
    }
}

extension Command {
    static let config = Command(
        name: "config", abstract: "Check plan files, or print their JSON Schema or key reference.",
        subcommands: [configCheck, configSchema, configReference])

    private static let configCheck = Command(
        name: "check", abstract: "Check plan files for errors.", options: ConfigCheckOptions.self,
        run: { given, context in
            for path in given.plans {
                let plan = try PlanFile(path: path)
                _ = try plan.loadedScenarios()
                context.note(
                    "\(path): \(plan.sources.count) sources, \(plan.topology.tiers.count) tiers, no errors")
            }
            return .success
        })

    private static let configSchema = Command(
        name: "schema", abstract: "Print the JSON Schema of plan files or of the files that they refer to.",
        options: ConfigSchemaOptions.self,
        run: { given, _ in
            try given.output.write(given.of.shape.jsonSchema(title: "Highwater \(given.of.title)"))
            return .success
        })

    private static let configReference = Command(
        name: "reference",
        abstract: "Print every plan-file key with its default and meaning, as Markdown.",
        options: FileOutput.self,
        run: { output, _ in
            try output.write(Array(PlanReference.page.utf8))
            return .success
        })
}
