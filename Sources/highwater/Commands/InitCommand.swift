import CommandLineKit
import Files
import Foundation
import Pipeline
import Reporting

/// What `init` is told.
struct InitOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "Folder of the logs.", required: "the folder of the logs",
        completion: .directory)
    var fromLogs: String
    @Flag(help: "Overwrite an existing plan file.") var force: Bool
    @Flag(short: "n", help: "Print the plan instead of writing it.") var dryRun: Bool
    @Option(
        .text, short: "o", placeholder: "file", help: "Plan file to write.", defaultText: "plan.json",
        completion: .file(extensions: ["json"]))
    var output: String?
}

extension Command {
    /// A plan file from what there is.
    static let initialise = Command(
        name: "init", abstract: "Write a commented plan file from a folder of logs.",
        discussion:
            "Reads the logs to find out what they contain. Keeps an existing file unless --force is given.",
        examples: [
            "highwater init --from-logs logs -o plan.json"
        ],
        options: InitOptions.self,
        run: { given, context in
            let folder = given.fromLogs
            context.progress.begin("init", total: nil)
            let text = try PlanTemplate(logs: folder, threads: context.threads).text()
            context.progress.finish()
            for line in text.split(separator: "\n") {
                guard let words = line.range(of: "// not read: ") else { continue }
                context.note("not read: \(line[words.upperBound...])")
            }
            if given.dryRun || given.output == "-" {
                let output = StandardOutput()
                try output.write(text)
                return .success
            }
            let path = given.output ?? "plan.json"
            if !given.force, fileExists(path) {
                throw ToolError("already exists; use --force to overwrite it", file: path, exit: .failure)
            }
            try ResultFile.write(Array(text.utf8), to: path)
            context.note("wrote \(path); next: highwater run \(path) --data-root \(folder) -o result")
            return .success
        })
}
