import CommandLineKit
import Pipeline

/// What `config check` is told.
struct ConfigCheckOptions: OptionGroup {
    @Argument("plan", help: "Plan files.", atLeast: 1, completion: .file(extensions: ["json"]))
    var plans: [String]
}

extension Command {
    static let config = Command(
        name: "config", abstract: "Check plan files, or print their JSON Schema.",
        subcommands: [configCheck, configSchema])

    private static let configCheck = Command(
        name: "check", abstract: "Check plan files.", options: ConfigCheckOptions.self,
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
        name: "schema", abstract: "Print the JSON Schema of plan files.", options: FileOutput.self,
        run: { output, _ in
            try output.write(PlanFile.spec.jsonSchema(title: "Highwater plan"))
            return .success
        })
}
