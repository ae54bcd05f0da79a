import Tape
import Units

/// Reads `unique_id,ds,y` and `timestamp,value`: counts by interval, the interval inferred for each series.
///
/// A `y` that is empty or NaN is a missing interval: accepted, and nothing stored.
struct SeriesTableParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private let columns: (id: Int?, time: Int, value: Int)
    private let columnCount: Int
    private let builder: TapeDeltaBuilder
    private let naming: SeriesNaming
    private var directory = SeriesDirectory<Int>()
    private var store = CountStore()
    private let style: NumberStyle

    init(_ table: TableReading, naming: SeriesNaming, builder: TapeDeltaBuilder) {
        let layout = table.layout
        splitter = FieldSplitter(delimiter: layout.delimiter)
        time = table.time
        time.areEvents = false
        store.zone = time.zone
        style = layout.numbers
        self.builder = builder
        self.naming = naming
        columns = (layout.columns[.uniqueID], layout.columns[.time] ?? 0, layout.columns[.value] ?? 1)
        columnCount = layout.columnCount
    }

    var joinsQuotedLines: Bool { true }

    mutating func pass() { time.pass() }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == columnCount else {
            time.pass()
            return .bad(.fieldCount)
        }
        let stamp: Timestamp
        switch time.read(splitter.field(columns.time)) {
        case .success(let read): stamp = read
        case .failure(let problem): return .bad(problem.reason)
        }
        let value = CountValue.read(splitter.field(columns.value), style)
        guard value != .unreadable else { return .bad(.value) }
        if let column = columns.id, splitter.field(column).isEmpty { return .bad(.name) }
        guard let index = seriesIndex() else { return .bad(.tooManySeries) }
        if case .units(let units) = value { store.add(units, at: stamp, to: index, position) }
        return .accepted
    }

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] { store.finish(builder) }

    private mutating func seriesIndex() -> Int? {
        guard let column = columns.id else {
            if store.seriesCount > 0 { return 0 }
            return store.addSeries(SeriesID(kind: "metrics", venue: naming.venue, name: naming.symbol))
        }
        let next = store.seriesCount
        var fresh: SeriesID?
        let found = directory.handle(venue: nil, name: splitter.field(column)) { _, name in
            let id = SeriesID(name)
            return (
                id,
                {
                    fresh = id
                    return next
                }
            )
        }
        if let fresh { _ = store.addSeries(fresh) }
        return found
    }
}
