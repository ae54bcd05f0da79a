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

    /// Called after the last row: rows that were accepted at first and turn out to be duplicates or bad.
    func finish() -> [(position: RowPosition, outcome: RowOutcome)]
}

extension RowParser where Self: ~Copyable {
    func finish() -> [(position: RowPosition, outcome: RowOutcome)] { [] }
}
