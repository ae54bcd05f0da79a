/// The columns of tables as text for readers.
public enum ColumnGuide {
    /// A page of Markdown with every table and its columns.
    ///
    /// - Parameters:
    ///   - tables: The tables, in order.
    ///   - introduction: What stands above them.
    /// - Returns: The page.
    public static func markdown(_ tables: [TableDescription], introduction: String) -> String {
        introduction + "\n"
            + tables.map { table in
                """

                ## \(table.file)

                Written by \(commands(table)). A row: \(sentence(table.meaning))

                | column | type | unit | meaning |
                |---|---|---|---|

                """
                    + table.columns.map { column in
                        "| `\(column.name)` | \(column.type.rawValue) | \(column.unit.text) | "
                            + "\(escaped(column.meaning + condition(column))) |\n"
                    }.joined()
            }.joined()
    }

    /// The names of all tables, each with what a row is.
    public static func list(_ tables: [TableDescription]) -> String {
        let width = tables.map(\.file.count).max() ?? 0
        return tables.map { "\(padded($0.file, width))  \($0.meaning)\n" }.joined()
    }

    /// The columns of one table.
    public static func text(_ table: TableDescription) -> String {
        func cells(_ column: ColumnDescription) -> [String] {
            [column.name, column.type.rawValue, column.unit.text, column.meaning + condition(column)]
        }
        let rows = [["column", "type", "unit", "meaning"]] + table.columns.map(cells)
        let widths = (0..<3).map { place in rows.map { $0[place].count }.max() ?? 0 }
        let lines = rows.map { row in
            (0..<3).map { padded(row[$0], widths[$0]) + "  " }.joined() + row[3] + "\n"
        }
        return "\(table.file): written by \(table.command). A row: \(sentence(table.meaning))\n\n"
            + lines.joined()
    }

    private static func commands(_ table: TableDescription) -> String {
        table.command.split(separator: ", ").map { "`\($0)`" }.joined(separator: ", ")
    }

    private static func condition(_ column: ColumnDescription) -> String {
        column.condition.map { " Only with \($0)." } ?? ""
    }

    private static func sentence(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
