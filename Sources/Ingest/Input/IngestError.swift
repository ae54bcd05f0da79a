import Tables
import Units

/// Why a whole file was not taken in. What the tape held stays as it was.
public enum IngestError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is nothing at this path.
    case missing(path: String)
    /// The path cannot be opened or read.
    case unreadable(path: String, message: String)
    /// The file has no rows.
    case empty(path: String)
    /// The file is not text.
    case binary(path: String, hint: String)
    /// No format fits; `near` says which came closest and what it missed.
    case unrecognised(path: String, near: String)
    /// The format that was asked for does not exist.
    case unknownFormat(name: String)
    /// The file is of another format than was asked for.
    case otherFormat(path: String, wanted: String, found: String)
    /// The column map names what the file has not.
    case unmapped(path: String, message: String)
    /// Neither a column nor the file's name says of which symbol its trades are; with `symbol`, another such file was taken
    /// in by that name.
    case unnamed(path: String, symbol: String?)
    /// The same file is in the tape already, as another series: its symbol was not told then, or another one.
    case renamed(path: String, series: String)
    /// The tape holds the same trades as another series; the symbol was given by hand.
    case sameTrades(path: String, series: String, other: String)
    /// A document that breaks off, or is damaged.
    case malformed(path: String, line: Int, column: Int, message: String)
    /// The tool that unpacks the file has failed.
    case decompression(path: String, tool: String, message: String)
    /// Too large a share of the rows is bad.
    case tooManyBadRows(path: String, quarantined: Int, rows: Int, limit: Double, example: QuarantinedRow?)
    /// Logs without trade ids of the same series and time are in the tape, or in an earlier file, already.
    case overlap(path: String, series: String)

    /// The message, in words.
    public var description: String {
        switch self {
        case .missing(let path): "\(path): no such file or folder"
        case .unreadable(let path, let message): "\(path): cannot be read: \(message)"
        case .empty(let path): "\(path): empty: it has no rows"
        case .binary(let path, let hint): "\(path): not text; \(hint)"
        case .unrecognised(let path, let near):
            "\(path): unrecognised format: \(near); `highwater ingest --list-formats` describes all formats"
        case .unknownFormat(let name):
            "unknown format '\(name)'; \(knownWords(InputFormat.allNames, near: name))"
        case .otherFormat(let path, let wanted, let found):
            "\(path): looks like \(found), not \(wanted)"
        case .unmapped(let path, let message): "\(path): the column map does not fit: \(message)"
        case .unnamed(let path, nil):
            "\(path): neither a column nor the file name gives the symbol of these trades, and other files "
                + "of this run have similar names; give it with --symbol"
        case .unnamed(let path, let symbol?):
            "\(path): neither a column nor the file name gives the symbol of these trades, and another such "
                + "file is on the tape as '\(symbol)'; give it with --symbol"
        case .renamed(let path, let series):
            "\(path): the tape already has this file under a series name other than \(series); its rows are not counted "
                + "twice. To use the new name, read the files into a new tape"
        case .sameTrades(let path, let series, let other):
            "\(path): the tape already has these trades as \(other), so they are not counted again as \(series). Leave "
                + "out --symbol, read the files into a new tape, or add them with --overlap keep"
        case .malformed(let path, let line, let column, let message):
            "\(path):\(line):\(column): \(message); nothing was ingested"
        case .decompression(let path, let tool, let message): "\(path): \(tool) failed: \(message)"
        case .tooManyBadRows(let path, let quarantined, let rows, let limit, let example):
            "\(path): \(quarantined) of \(rows) rows are bad, above the limit of "
                + "\(NumberText.percent(limit)); nothing was ingested"
                + (example.map { "; \($0.place): \($0.explanation)" + IngestError.quoted($0.excerpt) }
                    ?? "")
        case .overlap(let path, let series):
            "\(path): rows of \(series) without trade ids overlap in time with the tape; `--overlap keep` "
                + "adds them to what is there"
        }
    }

    /// The start of a row, for the end of a message.
    private static func quoted(_ excerpt: String) -> String {
        excerpt.isEmpty ? "" : " in '\(excerpt.prefix(60))\(excerpt.count > 60 ? "…" : "")'"
    }
}
