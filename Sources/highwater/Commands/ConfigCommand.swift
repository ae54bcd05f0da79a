import CommandLineKit
import Pipeline

/// What `config check` is told.
struct ConfigCheckOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder",
        help: "Also check that the sources match files, with relative paths from FOLDER.",
        completion: .directory)
    var dataRoot: String?
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
        name: "check", abstract: "Check plan files for errors.",
        discussion: """
            Prints all errors of all files, each with its line and a caret below the place: keys and values, files that \
            the plan names, and what can never hold, such as an objective below the service time. Exits with 78 if \
            there are any.
            """,
        examples: ["highwater config check plan.json --data-root logs"], options: ConfigCheckOptions.self,
        run: { given, context in
            var status = ExitStatus.success
            for path in given.plans {
                var found: [ConfigurationError] = []
                do throws(ConfigurationError) {
                    let plan = try PlanFile(path: path)
                    found = plan.problems(dataRoot: given.dataRoot)
                    if found.isEmpty {
                        context.note(
                            "\(path): \(plan.sources.count) sources, \(plan.topology.tiers.count) tiers, no errors"
                        )
                    }
                } catch {
                    found = [error]
                }
                for error in found { Highwater.complain(error) }
                if !found.isEmpty { status = .badConfiguration }
            }
            return status
        })

    private static let configSchema = Command(
        name: "schema", abstract: "Print the JSON Schema of plan files or of the files that they refer to.",
        examples: [
            "highwater config schema --of scenario -o scenario.schema.json"
        ],
        options: ConfigSchemaOptions.self,
        run: { given, _ in
            try given.output.write(given.of.shape.jsonSchema(title: "Highwater \(given.of.title)"))
            return .success
        })

    private static let configReference = Command(
        name: "reference",
        abstract: "Print every plan-file key with its default and meaning, as Markdown.",
        examples: [
            "highwater config reference -o PLAN.md"
        ],
        options: FileOutput.self,
        run: { output, _ in
            try output.write(Array(PlanReference.page.utf8))
            return .success
        })
}
