import Tape
import Units

extension InputFormat {
    /// Grafana's wide tables: a time, and a column for each series.
    public static let grafana = InputFormat(
        "grafana", rows: .counts, venue: "grafana", title: "Grafana panel as CSV, one column per series",
        grammar:
            "`Time,<series>,<series>,…`, separated by commas, semicolons or tabs; UTF-8, or UTF-16 as "
            + "exported for spreadsheets",
        recognition: "a header with a time, rows at a regular step, and numbers in the other columns",
        series: "`metrics/<venue>/<column>`",
        notes:
            "A cell that is empty, `null` or NaN is missing. Thousands marks and decimal commas are read if "
            + "the column is unambiguous. Export without formatting, as `1.2 kreq/s` is not a number. Times "
            + "that jitter around a step are aligned to it.",
        samples: ["grafana.csv", "grafana_utf16.csv"])
}

struct GrafanaFormat: TableFormat {
    let about = InputFormat.grafana

    var recognition: [Recognition] {
        [.names(.time) { WideTable.layout($0) { WideTable.kind($0, $1, $2) == .series } }]
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.rows(&lines, GrafanaParser(table, naming: feed.naming, builder: feed.builder))
    }

    func faults(in found: Finding) -> any RowFaults {
        var faults = TableFaults(found.table)
        faults.valuesAreAllOthers = true
        return faults
    }
}

/// Reads rows of which each holds a point of every series.
struct GrafanaParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private let layout: TableLayout
    private let builder: TapeDeltaBuilder
    private var store = CountStore()
    private var values: [Int128?]

    init(_ table: TableReading, naming: SeriesNaming, builder: TapeDeltaBuilder) {
        layout = table.layout
        splitter = FieldSplitter(delimiter: layout.delimiter)
        time = table.time
        time.areEvents = false
        store.zone = time.zone
        self.builder = builder
        values = Array(repeating: nil, count: layout.columnCount)
        var seen: [String: Int] = [:]
        for (index, name) in layout.names.enumerated() where index != layout.columns[.time] {
            // Columns of one name are told apart by their place.
            let plain = name.isEmpty ? "column \(index + 1)" : name
            seen[plain, default: 0] += 1
            let unique = seen[plain] == 1 ? plain : "\(plain) (column \(index + 1))"
            _ = store.addSeries(SeriesID(kind: "metrics", venue: naming.venue, name: unique))
        }
    }

    var joinsQuotedLines: Bool { true }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == layout.columnCount else { return .bad(.fieldCount) }
        let timeIndex = layout.columns[.time] ?? 0
        let stamp: Timestamp
        switch time.read(splitter.field(timeIndex)) {
        case .success(let read): stamp = read
        case .failure(let problem): return .bad(problem.reason)
        }
        for index in 0..<count where index != timeIndex {
            switch CountValue.read(splitter.field(index), layout.numbers) {
            case .units(let units): values[index] = units
            case .missing: values[index] = nil
            case .unreadable: return .bad(.value)
            }
        }
        for index in 0..<count where index != timeIndex {
            guard let units = values[index] else { continue }
            store.add(units, at: stamp, to: index < timeIndex ? index : index - 1, position)
        }
        return .accepted
    }

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] {
        store.finish(builder, sharesRows: true)
    }
}
