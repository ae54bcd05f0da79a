import Tape
import Units

extension InputFormat {
    /// Tables of events with a time and marks of their own.
    public static let events = InputFormat(
        "events", rows: .events, title: "Table of events",
        grammar: "a header with a time and any other columns; each row is one event",
        recognition:
            "a time column without a regular step, no more specific column name, and no formatted numbers "
            + "(units or thousands marks), which would be a series formatted for display",
        series: "`requests/<venue>/<file>`; rows are counted, and the other columns are ignored",
        samples: ["inference_events.csv"])
}

struct EventsFormat: TableFormat {
    let about = InputFormat.events

    var recognition: [Recognition] {
        [.names(.time) { WideTable.layout($0) { WideTable.kind($0, $1, $2) == .events } }]
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.rows(&lines, EventsParser(table, naming: feed.naming, builder: feed.builder))
    }
}

/// Counts rows by their time.
struct EventsParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private let layout: TableLayout
    private let builder: TapeDeltaBuilder
    private let handle: Int

    init(_ table: TableReading, naming: SeriesNaming, builder: TapeDeltaBuilder) {
        layout = table.layout
        splitter = FieldSplitter(delimiter: layout.delimiter)
        time = table.time
        self.builder = builder
        handle = builder.eventSeries(
            SeriesID(kind: "requests", venue: naming.venue, name: naming.symbol))
    }

    var joinsQuotedLines: Bool { true }

    mutating func pass() { time.pass() }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == layout.columnCount else {
            time.pass()
            return .bad(.fieldCount)
        }
        switch time.read(splitter.field(layout.columns[.time] ?? 0)) {
        case .success(let stamp):
            builder.addRequest(to: handle, time: stamp, isResolved: time.isResolved, status: 0, bytes: 0)
            return .accepted
        case .failure(let problem): return .bad(problem.reason)
        }
    }
}
