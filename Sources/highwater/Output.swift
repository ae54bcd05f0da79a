import CommandLineKit
import Files
import Foundation
import Tables

extension Option where Value == DataTable.Format {
    static var format: Option {
        Option(wrappedValue: .csv, .choice, placeholder: "format", help: "Output format of the table.")
    }
}

extension Option where Value == String {
    /// The folder for a result; the error where it is missing says `hint`.
    static func folder(required hint: String) -> Option {
        Option(
            ValueReader(expected: "a folder, as the result is several files") { $0 == "-" ? nil : $0 },
            name: "output", short: "o", placeholder: "folder",
            help: "Folder for the result; created if missing.", required: hint, completion: .directory)
    }

    static var tape: Option {
        Option(
            .text, placeholder: "folder", help: "Folder of the tape.", required: "the folder of the tape",
            completion: .directory)
    }
}

extension Flag {
    static var dryRun: Flag {
        Flag(
            name: "dry-run", short: "n", help: "Do everything except write; report what would be written.")
    }
}

/// Where a command's text or table goes.
struct FileOutput: OptionGroup {
    @Option(
        .text, name: "output", short: "o", placeholder: "file",
        help: "Write to FILE instead of standard output (-).",
        completion: .file(extensions: ["csv", "json"]))
    var file: String?

    /// Whether a terminal shows what is written.
    var isTerminal: Bool { (file == nil || file == "-") && isatty(STDOUT_FILENO) == 1 }

    func write(_ bytes: [UInt8]) throws {
        if let file, file != "-" {
            try ResultFile.write(bytes, to: file)
        } else {
            try StandardOutput().write(bytes)
        }
    }
}

/// How a command's table is written, and where to.
struct TableOutput: OptionGroup {
    @Option(.format) var format: DataTable.Format
    @Flag(help: "In CSV, prefix text that a spreadsheet would read as a formula with an apostrophe.")
    var csvSafe: Bool
    let destination = FileOutput()

    /// Writes a finished table; on a terminal, characters that would steer it are written out.
    func write(_ table: DataTable) throws {
        var table = table
        table.finish()
        var bytes = table.bytes
        if csvSafe, format == .csv { bytes = DataTable.guardingFormulas(bytes) }
        if destination.isTerminal {
            let lines = String(decoding: bytes, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            bytes = Array(lines.map { printable(String($0)) }.joined(separator: "\n").utf8)
        }
        try destination.write(bytes)
    }
}

extension Context {
    /// Puts a result into a folder, all or none; in a dry run only says what it would hold.
    func write(_ files: [(name: String, bytes: [UInt8])], to path: String, isDryRun: Bool) throws {
        if isDryRun {
            note("would write to \(path): \(files.map(\.name).joined(separator: ", "))")
            return
        }
        let folder = try ResultFolder(path: path, command: command.joined(separator: " "))
        for file in files { try folder.add(file.name, file.bytes) }
        try folder.finish()
    }
}
