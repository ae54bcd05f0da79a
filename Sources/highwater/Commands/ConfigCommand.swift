import CommandLineKit
import Pipeline

extension Command {
    /// Plan files.
    static let config = Command(
        spec: CommandSpec(
            name: "config", abstract: "Check plan files, or print their JSON Schema.", options: [],
            subcommands: [
                CommandSpec(
                    name: "check", abstract: "Check plan files.",
                    arguments: [
                        Argument(
                            "plan", help: "Plan files.", count: .many(atLeast: 1),
                            completion: .file(extensions: ["json"]))
                    ], options: []),
                CommandSpec(
                    name: "schema", abstract: "Print the JSON Schema of plan files.",
                    options: [Output.file]),
            ]),
        run: { context in
            if context.arguments.command.last == "schema" {
                try Output.write(PlanFile.spec.jsonSchema(title: "Highwater plan"), context)
                return .success
            }
            for path in context.arguments.arguments {
                let plan = try PlanFile(path: path)
                _ = try plan.loadedScenarios()
                context.note(
                    "\(path): \(plan.sources.count) sources, \(plan.topology.tiers.count) tiers, no errors")
            }
            return .success
        })
}
