/// Lines for a terminal of 80 columns.
public enum TerminalWidth {
    /// Columns of a terminal.
    public static let columns = 80
    private static let indent = "      "

    /// The lines, those that are longer broken between words and indented; a word that is longer than a line stays whole.
    public static func wrapped(_ lines: [String]) -> [String] {
        lines.flatMap(wrapped)
    }

    private static func wrapped(_ line: String) -> [String] {
        guard line.count > columns else { return [line] }
        var parts: [String] = []
        // Spaces at the beginning and between columns stay.
        var current = ""
        var rest = line[...]
        while !rest.isEmpty {
            let spaces = rest.prefix { $0 == " " }
            let word = rest.dropFirst(spaces.count).prefix { $0 != " " }
            rest = rest.dropFirst(spaces.count + word.count)
            let isFirst = current.allSatisfy { $0 == " " }
            if !isFirst, current.count + spaces.count + word.count > columns {
                parts.append(current)
                current = indent + word
            } else {
                current += spaces + word
            }
        }
        parts.append(current)
        return parts
    }
}
