import CommandLineKit
import Foundation
import Units

/// What a command gets from the terminal and from the options of every command.
struct Context: Sendable {
    /// The command's path, as `["config", "check"]`.
    let command: [String]
    /// Threads to use.
    let threads: Int
    /// The seed that was asked for; nil: the plan's, or 1.
    let seed: UInt64?
    let isQuiet: Bool
    let progress: ProgressReporter
    /// Colours for standard output.
    let style: TerminalStyle

    init(_ parsed: ParsedArguments) throws {
        let given = try GlobalOptions(parsed)
        command = parsed.command
        let cores = ProcessInfo.processInfo.activeProcessorCount
        threads = given.threads ?? max(1, min(cores, 64))
        seed = given.seed.map { UInt64($0) }
        isQuiet = given.quiet
        progress = ProgressReporter(mode: given.quiet ? .none : given.progress)
        let hasColour =
            isatty(STDOUT_FILENO) == 1 && !given.noColor
            && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
        style = TerminalStyle(isColoured: hasColour)
    }

    /// What is wrong with the command line as a whole.
    func refusal(_ message: String) -> UsageError { UsageError(message, path: command) }

    /// A remark for the reader, on standard error.
    func note(_ text: String) {
        guard !isQuiet else { return }
        FileHandle.standardError.write(Data((printable(excerpt(text)) + "\n").utf8))
    }
}

/// Whether there is a file or folder at a path.
func fileExists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
}
