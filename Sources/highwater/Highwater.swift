import CommandLineKit
import Foundation
import Ingest
import Pipeline
import Tape

/// The program: finds the command, runs it and turns what was thrown into a message and an exit code.
enum Highwater {
    /// Every command, in the order of the help.
    static let commands: [Command] = [
        .run, .initialise, .generate, .ingest, .merge, .submit, .show, .doctor, .forecast, .backtest, .surge,
        .queue,
        .bursts, .replay, .plan, .place, .whatif, .incidents, .book, .flow, .calibrate, .review, .explain,
        .diff, .verify, .describe, .config, .manual,
    ]

    static let tool = CommandLineTool(
        name: "highwater", version: highwaterVersion,
        abstract: "Plan an exchange's capacity from its own logs.",
        commands: commands.map(\.spec), globalOptions: GlobalOptions.self)

    /// Runs a command line and returns the exit code.
    static func main(_ arguments: [String]) -> ExitStatus {
        ignoreBrokenPipes()
        do {
            switch try tool.parse(arguments) {
            case .help(let path): return try show(tool.help(for: path, width: terminalWidth()))
            case .version: return try show(highwaterVersion + "\n")
            case .completions(let shell): return try show(tool.completionScript(for: shell))
            case .run(let parsed):
                guard let command = commands.first(where: { $0.spec.name == parsed.command.first }) else {
                    return try show(tool.help(for: [], width: terminalWidth()))
                }
                return try command.run(parsed)
            }
        } catch {
            return report(error)
        }
    }

    private static func show(_ text: String) throws -> ExitStatus {
        let output = StandardOutput()
        try output.write(text)
        return .success
    }

    private static func report(_ error: any Error) -> ExitStatus {
        Interruption.waitForEnd()
        return tell(error)
    }

    private static func tell(_ error: any Error) -> ExitStatus {
        tool.exitStatus(reporting: Failures.translate(error)) { text in
            FileHandle.standardError.write(Data(text.utf8))
        }
    }

    static func terminalWidth() -> Int {
        let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 80
        return min(max(columns, 60), 120)
    }
}

/// One command: its place in the option table, and what it does.
struct Command: Sendable {
    let spec: CommandSpec
    let run: @Sendable (ParsedArguments) throws -> ExitStatus

    /// A command that does something with the options of a group.
    init<Options: OptionGroup>(
        name: String, abstract: String, discussion: String = "", examples: [String] = [],
        options: Options.Type, run: @escaping @Sendable (Options, Context) throws -> ExitStatus
    ) {
        spec = CommandSpec(
            name: name, abstract: abstract, discussion: discussion, examples: examples, options: options)
        self.run = { parsed in
            let context = try Context(parsed)
            return try run(try Options(parsed), context)
        }
    }

    /// A command that does nothing without one of its subcommands.
    init(name: String, abstract: String, subcommands: [Command]) {
        spec = CommandSpec(name: name, abstract: abstract, subcommands: subcommands.map(\.spec))
        run = { parsed in
            let chosen = subcommands.first { $0.spec.name == parsed.command.last }
            return try chosen?.run(parsed) ?? .usage
        }
    }
}

extension Highwater {
    /// Tells of an error that does not end the command by itself.
    static func complain(_ error: any Error) {
        _ = tool.exitStatus(reporting: Failures.translate(error)) { text in
            FileHandle.standardError.write(Data(text.utf8))
        }
    }
}
