import CommandLineKit
import Files
import Pipeline
import Reporting

extension Command {
    /// A plan file from what there is.
    static let initialise = Command(
        spec: CommandSpec(
            name: "init", abstract: "Write a commented plan file from the logs of a folder.",
            discussion:
                "Reads the logs to see what they hold. An existing file is not replaced without --force.",
            options: [
                .value(
                    "from-logs", placeholder: "folder", help: "The folder with the logs.",
                    completion: .directory),
                .flag("force", help: "Replace the plan file if there is one."),
                .flag("dry-run", short: "n", help: "Print the plan instead of writing it."),
                .value(
                    "output", short: "o", placeholder: "file", help: "The plan file.",
                    defaultText: "plan.json", completion: .file(extensions: ["json"])),
            ]),
        run: { context in
            let folder = try context.required("from-logs", "the folder with the logs")
            context.progress.begin("init", total: nil)
            let text = try PlanTemplate(logs: folder, threads: context.threads).text()
            context.progress.finish()
            if context.arguments.flag("dry-run") {
                let output = StandardOutput()
                try output.write(text)
                return .success
            }
            let path = context.arguments.string("output") ?? "plan.json"
            if !context.arguments.flag("force"), fileExists(path) {
                throw ToolError("exists already; --force replaces it", file: path, exit: .failure)
            }
            try ResultFile.write(Array(text.utf8), to: path)
            context.note("wrote \(path); next: highwater run \(path) --data-root \(folder) -o result")
            return .success
        })
}
