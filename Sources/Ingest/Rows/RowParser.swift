/// What became of a row.
enum RowOutcome {
    case accepted
    case duplicate
    case bad(BadRow)
}

/// Where a row stands in its file.
struct RowPosition {
    let line: Int
    let byteOffset: Int
}

/// Reads the rows of one format into the builder of one file's delta.
protocol RowParser: ~Copyable {
    /// Takes in one line, without its line end; never an empty line.
    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome

    /// Takes note of a row that was found to be bad before it could be parsed.
    mutating func pass()

    /// Whether a quoted field may run over several lines.
    var joinsQuotedLines: Bool { get }

    /// Takes note of a line that begins with `#`, which is no row.
    mutating func note(directive: Bytes)

    /// Called after the last row: rows that were accepted at first and turn out to be duplicates or bad.
    func finish() -> [(position: RowPosition, outcome: RowOutcome)]
}

extension RowParser where Self: ~Copyable {
    var joinsQuotedLines: Bool { false }

    mutating func pass() {}

    mutating func note(directive: Bytes) {}

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] { [] }
}
