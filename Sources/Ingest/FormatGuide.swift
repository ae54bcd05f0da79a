/// The table of formats as a page.
public enum FormatGuide {
    /// The page, in Markdown: a table to choose from, then a section for each format, then what holds for
    /// all.
    public static var markdown: String {
        let formats = InputFormat.allCases
        var text =
            "# Formats\n\nWhat `highwater ingest` reads. `highwater ingest --list-formats` prints this "
            + "page.\n\n"
        text += "| name | what it is |\n|---|---|\n"
        for format in formats { text += "| `\(format.rawValue)` | \(format.title) |\n" }
        text += "\n" + common
        for format in formats { text += "\n" + section(format) }
        return text
    }

    private static func section(_ format: InputFormat) -> String {
        var text = "## `\(format.rawValue)`\n\n\(format.title).\n\n"
        text += "- **Layout:** \(format.grammar)\n"
        text += "- **Known by:** \(format.recognition)\n"
        text += "- **Series:** \(format.series)\n"
        if !format.notes.isEmpty { text += "- **Note:** \(format.notes)\n" }
        if !format.samples.isEmpty {
            text += "- **Sample:** " + format.samples.map { "`samples/\($0)`" }.joined(separator: ", ") + "\n"
        }
        return text
    }

    private static let common = """
        The format is found by content, never by the file's name; `--format-in` decides where two would \
        fit, and `--map` \
        names the columns of a table or the keys of JSON that is none of these.

        What holds for all of them:

        - Compressed files (`gzip`, `zstd`, `zip`, `xz`, `bzip2`) and standard input (`-`) are read as \
        plain ones. Of a \
        zip with several files, each is read by itself.
        - Text is UTF-8, with or without a byte order mark, or UTF-16 with one. Lines end in LF or CRLF. \
        Blank lines, lines \
        that begin with `#`, a first line `sep=…`, up to four banner lines above a header, and a header \
        that comes again \
        are not rows.
        - Tables are cut at commas, tabs, semicolons or bars; a quoted field may hold the delimiter, \
        doubled marks and line \
        ends. A line may have 1 MiB.
        - Numbers may be in scientific notation. They are kept in units of 1e-8, exactly.
        - Times are seconds, milliseconds, microseconds or nanoseconds since the epoch, with or without a \
        fraction, or ISO \
        8601 with any offset, or text that names its month (`05/Jan/2026:09:00:00 +0000`). Dates of numbers alone \
        (`05/01/2026`) need a map that says what comes first. The unit is found for the whole column; a stamp of another unit is taken \
        where its date is \
        within five years of the file's others. A text without a zone is UTC, or what `--zone` says.
        - Rows may come in any order. Rows with an id that was there before, in the same file, another file \
        or an earlier \
        ingest, are duplicates. The symbol is that of a column, of `--symbol`, or of the file's name without venue, kind, \
        dates, numbers and remarks; a name that tells none is asked about where files would meet. Rows without ids are never duplicates of each other: two alike are two trades.
        - A trade is counted at the second of its time, a bar over its own length. Each series of counts \
        by interval has a step of its own, which may be of months; times that jitter \
        around it are put on it, and one of two steps is refused.
        - `accepted + duplicates + quarantined = rows`, always. `--quarantine FILE` lists the rows that \
        were not taken in, \
        each with line, column, byte offset and reason.

        """
}
