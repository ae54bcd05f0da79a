import CommandLineKit
import Files
import Foundation
import Pipeline
import Tables

/// Options that commands with a table on standard output share.
enum Output {
    static let format = Option.value(
        "format", placeholder: "format", help: "How the table is written.", defaultText: "csv",
        choices: DataTable.Format.allCases.map(\.rawValue))
    static let file = Option.value(
        "output", short: "o", placeholder: "file", help: "Write there instead of to standard output (-).",
        completion: .file(extensions: ["csv", "json"]))
    static let folder = Option.value(
        "output", short: "o", placeholder: "folder", help: "The folder for the result; made if need be.",
        completion: .directory)

    static let dryRun = Option.flag(
        "dry-run", short: "n", help: "Do everything but write; say what would be written.")

    /// Puts a result into the folder that was asked for, all or none; in a dry run only says what it would hold.
    static func write(_ files: [(name: String, bytes: [UInt8])], to path: String, _ context: Context) throws {
        if context.arguments.flag("dry-run") {
            context.note("would write to \(path): \(files.map(\.name).joined(separator: ", "))")
            return
        }
        let folder = try ResultFolder(path: path, command: context.arguments.command.joined(separator: " "))
        for file in files { try folder.add(file.name, file.bytes) }
        try folder.finish()
    }

    static func format(_ context: Context) -> DataTable.Format {
        context.arguments.string("format").flatMap(DataTable.Format.init) ?? .csv
    }

    /// Writes a finished table to the file that was asked for, or to standard output.
    static func write(_ table: DataTable, _ context: Context) throws {
        var table = table
        table.finish()
        try write(table.bytes, context)
    }

    static func write(_ bytes: [UInt8], _ context: Context) throws {
        if let path = context.arguments.string("output"), path != "-" {
            try ResultFile.write(bytes, to: path)
            return
        }
        let output = StandardOutput()
        try output.write(bytes)
    }
}
