/// A line of a text file with a caret below a column, for an error.
public struct SourceExcerpt: Sendable, Equatable {
    /// The two lines, each indented, without a line end after the last.
    public let text: String

    /// Columns of the line that are shown; of a longer one those around the place.
    private static let width = 76
    private static let indent = "  "

    /// The line of a place.
    ///
    /// - Parameters:
    ///   - line: The line's text, without its end.
    ///   - column: The column in characters, from 1; one beyond the line's end points behind it.
    public init(line: String, column: Int) {
        let letters = line.map { SourceExcerpt.shown($0) }
        let place = min(max(column - 1, 0), letters.count)
        // What is shown begins well before the place, and ends where the width does.
        let start = letters.count <= SourceExcerpt.width ? 0 : max(0, place - SourceExcerpt.width / 2)
        let end = min(letters.count, start + SourceExcerpt.width)
        let (before, after) = (start > 0 ? "… " : "", end < letters.count ? " …" : "")
        let spaces = String(repeating: " ", count: before.count + place - start)
        text =
            SourceExcerpt.indent + before + letters[start..<end].joined() + after + "\n"
            + SourceExcerpt.indent
            + spaces + "^"
    }

    /// A character in one column of a terminal: what would move the caret is a space or a question mark.
    private static func shown(_ letter: Character) -> String {
        guard letter != "\t" else { return " " }
        let isPlain = letter.unicodeScalars.allSatisfy { printable(String($0)) == String($0) }
        return isPlain ? String(letter) : "?"
    }
}
