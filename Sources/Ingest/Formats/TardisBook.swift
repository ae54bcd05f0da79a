import Tape
import Units

extension InputFormat {
    /// Tardis's changes of the book.
    public static let tardisBook = InputFormat(
        "tardis-book", rows: .messages, title: "Tardis `incremental_book_L2`",
        grammar: "`exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount`",
        recognition: "a header with exchange, symbol, `is_snapshot`, side, price and amount",
        series: "`messages/<exchange>/<symbol>`; each row, a change of one level, counts as one message",
        notes: "An amount of 0 removes the level. Snapshot rows count too, as they were sent.",
        samples: ["tardis_incremental_book_L2.csv"])
}

struct TardisBookFormat: TableFormat {
    let about = InputFormat.tardisBook

    var recognition: [Recognition] {
        [
            .names(.particular) {
                $0.has(.exchange, .symbol, .time, .isSnapshot, .side, .price, .quantity)
                    ? TableLayout(columns: $0.columns) : nil
            }
        ]
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.rows(&lines, TardisBookParser(table, builder: feed.builder))
    }
}

/// Counts the changes of book levels.
struct TardisBookParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private let layout: TableLayout
    private let builder: TapeDeltaBuilder
    private var directory = SeriesDirectory<Int>()

    init(_ table: TableReading, builder: TapeDeltaBuilder) {
        layout = table.layout
        splitter = FieldSplitter(delimiter: layout.delimiter)
        time = table.time
        self.builder = builder
    }

    var joinsQuotedLines: Bool { true }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == layout.columnCount else { return .bad(.fieldCount) }
        let stamp: Timestamp
        switch time.read(field(.time)) {
        case .success(let read): stamp = read
        case .failure(let problem): return .bad(problem.reason)
        }
        if case .failure(let reason) = NumberParsing.checkedPrice(field(.price)) { return .bad(reason) }
        switch NumberParsing.checkedQuantity(field(.quantity)) {
        case .success(let amount): guard amount >= 0 else { return .bad(.quantity) }
        case .failure(let reason): return .bad(reason)
        }
        let side = field(.side)
        guard side.elementsEqual("bid".utf8) || side.elementsEqual("ask".utf8) else { return .bad(.side) }
        guard TradeTableParser.flag(field(.isSnapshot)) != nil else { return .bad(.flag) }
        guard !field(.symbol).isEmpty, !field(.exchange).isEmpty else { return .bad(.name) }
        let handle = directory.handle(venue: field(.exchange), name: field(.symbol)) {
            [builder] venue, name in
            let id = SeriesID(kind: "messages", venue: venue ?? "generic", name: name)
            return (id, { builder.eventSeries(id) })
        }
        guard let handle else { return .bad(.tooManySeries) }
        builder.addRequest(to: handle, time: stamp, isResolved: time.isResolved, status: 0, bytes: 0)
        return .accepted
    }

    private func field(_ role: ColumnRole) -> Bytes { splitter.field(layout.columns[role] ?? 0) }
}
