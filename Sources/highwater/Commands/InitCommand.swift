import CommandLineKit
import Files
import Pipeline
import Reporting

/// What `init` is told.
struct InitOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "The folder with the logs.", required: "the folder with the logs",
        completion: .directory)
    var fromLogs: String
    @Flag(help: "Replace the plan file if there is one.") var force: Bool
    @Flag(short: "n", help: "Print the plan instead of writing it.") var dryRun: Bool
    @Option(
        .text, short: "o", placeholder: "file", help: "The plan file.", defaultText: "plan.json",
        completion: .file(extensions: ["json"]))
    var output: String?
}

extension Command {
    /// A plan file from what there is.
    static let initialise = Command(
        name: "init", abstract: "Write a commented plan file from the logs of a folder.",
        discussion:
            "Reads the logs to see what they hold. An existing file is not replaced without --force.",
        options: InitOptions.self,
        run: { given, context in
            let folder = given.fromLogs
            context.progress.begin("init", total: nil)
            let text = try PlanTemplate(logs: folder, threads: context.threads).text()
            context.progress.finish()
            if given.dryRun {
                let output = StandardOutput()
                try output.write(text)
                return .success
            }
            let path = given.output ?? "plan.json"
            if !given.force, fileExists(path) {
                throw ToolError("exists already; --force replaces it", file: path, exit: .failure)
            }
            try ResultFile.write(Array(text.utf8), to: path)
            context.note("wrote \(path); next: highwater run \(path) --data-root \(folder) -o result")
            return .success
        })
}
