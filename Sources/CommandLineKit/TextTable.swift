/// A table for a terminal: columns as wide as their cells, the header underlined.
public struct TextTable: Sendable, CustomStringConvertible {
    public struct Column: Sendable {
        /// The header.
        public var name: String
        /// To which side its cells are set.
        public var alignment: Alignment

        public init(_ name: String, alignment: Alignment = .left) {
            self.name = name
            self.alignment = alignment
        }
    }

    /// A side.
    public enum Alignment: Sendable {
        /// Text.
        case left
        /// Numbers, which end below each other.
        case right
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    public init(columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; it must have a cell for each column.
    public mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count, "one cell a column")
        rows.append(cells)
    }

    /// The table, with a line end after each row; widths count characters.
    public var description: String {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].name.count) { max($0, $1[column].count) }
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { column -> String in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                return columns[column].alignment == .left ? cells[column] + space : space + cells[column]
            }.joined(separator: "  ")
            return String(padded.reversed().drop { $0 == " " }.reversed()) + "\n"
        }
        let rule = widths.map { String(repeating: "─", count: $0) }
        return line(columns.map(\.name)) + line(rule) + rows.map(line).joined()
    }
}
