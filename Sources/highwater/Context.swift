import CommandLineKit
import Foundation
import Units

/// What a command gets from the command line and the terminal.
struct Context: Sendable {
    let arguments: ParsedArguments
    /// Threads to use.
    let threads: Int
    /// The seed that was asked for; nil: the plan's, or 1.
    let seed: UInt64?
    let isQuiet: Bool
    let progress: ProgressReporter
    /// Colours for standard output.
    let style: TerminalStyle

    init(_ arguments: ParsedArguments) throws {
        self.arguments = arguments
        let cores = ProcessInfo.processInfo.activeProcessorCount
        threads = try arguments.int("threads", in: 1...1024) ?? max(1, min(cores, 64))
        seed = try arguments.int("seed", in: 0...Int(Int32.max)).map { UInt64($0) }
        isQuiet = arguments.flag("quiet")
        let mode = arguments.string("progress").flatMap(ProgressReporter.Mode.init) ?? .auto
        progress = ProgressReporter(mode: isQuiet ? .none : mode)
        let hasColour =
            isatty(STDOUT_FILENO) == 1 && !arguments.flag("no-color")
            && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
        style = TerminalStyle(isColoured: hasColour)
    }

    /// A path that the command cannot do without.
    func required(_ option: String, _ hint: String) throws -> String {
        guard let value = arguments.string(option) else {
            throw UsageError(
                "Missing expected option '--\(option)': \(hint)", path: arguments.command)
        }
        return value
    }

    /// A length of time, in whole seconds.
    func seconds(_ option: String) throws -> Int64? {
        try arguments.value(option, expected: "a length of time in whole seconds, as 1m, 1h or 7d") { text in
            guard let seconds = Duration(text: text)?.inSeconds, seconds >= 1, seconds == seconds.rounded()
            else { return nil }
            return Int64(seconds)
        }
    }

    /// An instant, in ISO 8601.
    func time(_ option: String) throws -> Timestamp? {
        try arguments.value(option, expected: "an instant, as 2026-01-05T00:00:00Z") {
            Timestamp(iso8601: $0)
        }
    }

    /// A remark for the reader, on standard error.
    func note(_ text: String) {
        guard !isQuiet else { return }
        FileHandle.standardError.write(Data((printable(text) + "\n").utf8))
    }
}

/// Whether there is a file or folder at a path.
func fileExists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
}

/// A folder that goes when this does.
final class ScratchFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "highwater-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
