/// The table of formats as a page.
public enum FormatGuide {
    /// The page, in Markdown: a table to choose from, then a section for each format, then what holds for
    /// all.
    public static var markdown: String {
        let formats = InputFormat.allCases
        var text =
            "# Formats\n\nThe log formats that `highwater ingest` reads. `highwater ingest --list-formats` "
            + "prints this page.\n\n"
        text += "| name | description |\n|---|---|\n"
        for format in formats { text += "| `\(format.rawValue)` | \(format.title) |\n" }
        text += "\n" + common
        for format in formats { text += "\n" + section(format) }
        return text
    }

    private static func section(_ format: InputFormat) -> String {
        var text = "## `\(format.rawValue)`\n\n\(format.title).\n\n"
        text += "- **Layout:** \(format.grammar)\n"
        text += "- **Detected from:** \(format.recognition)\n"
        text += "- **Series:** \(format.series)\n"
        if !format.notes.isEmpty { text += "- **Note:** \(format.notes)\n" }
        if !format.samples.isEmpty {
            text += "- **Sample:** " + format.samples.map { "`samples/\($0)`" }.joined(separator: ", ") + "\n"
        }
        return text
    }

    private static let common = """
        The format is detected from the content, never from the file name. `--format-in` chooses a format if \
        two would fit. `--map` describes an unrecognised format: see [Column maps](#column-maps).

        Rules for all formats:

        - Compressed files (`gzip`, `zstd`, `zip`, `xz`, `bzip2`) and standard input (`-`) are read directly. \
        Each file of a zip archive is read separately.
        - Text is UTF-8, with or without a byte order mark, or UTF-16 with one. Lines end in LF or CRLF. \
        Blank lines, lines that begin with `#`, a first line `sep=…`, up to four banner lines above a header, \
        and a repeated header are not rows.
        - Tables are separated by commas, tabs, semicolons or bars. A quoted field may contain the delimiter, \
        doubled quotation marks and line ends. A line may have up to 1 MiB.
        - Numbers may be in scientific notation. They are stored exactly, in units of 1e-8.
        - Times are seconds, milliseconds, microseconds or nanoseconds since the epoch, with or without a \
        fraction, or ISO 8601 with any offset, or text that names its month (`05/Jan/2026:09:00:00 +0000`). \
        All-numeric dates (`05/01/2026`) need a map that says which part comes first. The time unit is \
        detected for the whole column. A timestamp in another unit is accepted if its date is within five \
        years of the file's other dates. A timestamp without a time zone is UTC, or in the zone of `--zone`.
        - Rows may come in any order. A row is a duplicate if its id was already read from the same file, \
        another file or an earlier ingest. The symbol comes from a column, from `--symbol`, or from the file \
        name without venue, kind, dates, numbers and remarks. If the file name has no symbol and files would \
        be mixed up, `--symbol` is required. Rows without ids are never duplicates: two identical rows are \
        two trades.
        - A trade is counted in the second of its timestamp, and a bar over its own length. Each series of \
        counts has its own step, which may be monthly. Times that jitter around the step are aligned to it. \
        Missing steps are gaps, however many: the step is what all distances are multiples of. A series with two steps is \
        rejected, and so is one without any. Bars without a closing time must all have the same length.
        - `accepted + duplicates + quarantined = rows`, always. `--quarantine FILE` lists the quarantined \
        rows, each with line, column, byte offset and reason.
        - Outputs of load tests (k6, JMeter, Gatling, Locust, Artillery, vegeta, wrk, wrk2, hey, oha, fortio, \
        autocannon, bombardier, ab, siege) are not traffic: `highwater calibrate --input` reads them.

        ## Column maps

        `ingest --map FILE` and `sources[].map` of the plan file name what an unrecognised log holds. \
        [PLAN.md](PLAN.md) lists all keys under `sources[].map`.

        | the log has | the map says |
        |---|---|
        | a date and a time of day in two columns | `"columns": { "time": "Date", "time_of_day": "Time", … }`; \
        with `"time_unit": "ms"`, numbers are milliseconds since midnight |
        | times of day in digits, such as 93001 for 09:30:01 | `"time_of_day_digits": "HHMMSS"` (or `"HH"`, `"HHMM"`, \
        `"HHMMSSmmm"`); without it, all must have one width, as 093001 |
        | local times, or zones such as EST that have several meanings | `"zone": "America/New_York"` or `"+05:30"`; it \
        overrides `--zone` |
        | dates such as 03/02/2026 | `"dates": "day-first"` or `"month-first"` |
        | words for the side | `"sides": { "buy": ["K", "achat"], "sell": ["V", "vente"] }` |
        | a negative quantity for a sale | the same column as `side` and as `quantity` |
        | decimal commas, thousands separators | `"decimal": ","`; with `"."`, commas separate thousands |
        | prices in cents, quantities in lots | `"scale": { "price": 0.01, "quantity": 100 }` |
        | no price, side, status or path | `"constants": { "price": 1, "side": "buy" }` |
        | `label:value` between tabs, or `key=value` | `"text": "ltsv"` or `"text": "logfmt"` |
        | JSON lines, or one JSON array | `"text": "json-lines"`; nested keys as `a.b.c`, elements of arrays by number |
        | row numbers instead of times, or no times | `"start"`, `"step"` and `"first"` |

        A value that the map cannot read is quarantined with its line and column: it is never read in another way.

        """
}
