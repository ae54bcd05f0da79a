import Tape
import Units

/// Reads tables of bars that say how many trades each holds: Binance klines, BitMEX, and any header that
/// names its columns. A bar without trades may leave its prices empty.
struct BarTableParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private var closeTime: TimeColumn?
    private var clock: BarClock
    private let columns: BarColumns
    private let columnCount: Int
    private let naming: SeriesNaming
    private let builder: TapeDeltaBuilder
    /// The usual length of a bar in this file.
    private let stepSeconds: Int64
    private var directory = SeriesDirectory<Series>()
    /// The series of all rows, where no column names it.
    private let fixed: Series?
    /// The series and the length of the last row, and their handle.
    private var last: (series: Series, stepSeconds: Int64, handle: Int)?
    /// Where an absent interval had no trades: the starts of the bars, to fill the gaps between them.
    private var starts: [Int64]?
    /// Takes note of the starts of bars without an end.
    private let steps: BarSteps?
    private let opensAtLastClose: Bool

    /// A series and the face value of its contracts.
    private final class Series {
        let id: SeriesID
        let contractDollars: Int64?

        init(_ id: SeriesID) {
            self.id = id
            contractDollars = SeriesNaming.contractDollars(venue: id.venue, symbol: id.name)
        }
    }

    init(
        _ table: TableReading, naming: SeriesNaming, builder: TapeDeltaBuilder, steps: BarSteps? = nil
    ) {
        let layout = table.layout
        splitter = FieldSplitter(delimiter: layout.delimiter)
        time = table.time
        time.areEvents = false
        closeTime = table.closeTime
        closeTime?.areEvents = false
        clock = BarClock(table.time.zone)
        opensAtLastClose = layout.opensAtLastClose
        stepSeconds = table.stepSeconds
        self.naming = naming
        self.builder = builder
        columns = BarColumns(layout.columns)
        let id = SeriesID(kind: "trades", venue: naming.venue, name: naming.symbol)
        fixed = columns.symbol < 0 ? Series(id) : nil
        columnCount = layout.columnCount
        starts = layout.absentIsZero ? [] : nil
        self.steps = table.closeTime == nil && !layout.absentIsZero ? steps : nil
    }

    var joinsQuotedLines: Bool { true }

    mutating func pass() { time.pass() }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == columnCount else {
            time.pass()
            return .bad(.fieldCount)
        }
        do throws(BadRow) {
            let start = try BarTableParser.read(&time, splitter.field(columns.time))
            let step = try readStep(from: start)
            guard columns.tradeCount >= 0,
                let trades = Self.wholeNumber(splitter.field(columns.tradeCount))
            else { throw .count }
            let series = try series()
            var row = TapeRow(start: clock.start(start.seconds, of: series), count: trades)
            row.quantity = try amount(columns.volume)
            row.prices = try readPrices(from: start, stepSeconds: step, trades: trades)
            row.notional = try notional(of: row, series)
            switch builder.addBar(row, to: handle(series, stepSeconds: step)) {
            case .added:
                starts?.append(row.start)
                steps?.add(row.start, line: position.line, of: series.id, series)
                return .accepted
            case .duplicate: return .duplicate
            case .conflict: return .bad(.conflictingBar)
            }
        } catch {
            return .bad(error)
        }
    }

    /// The longest gap that is filled: a stray stamp must not make centuries of bars.
    private static let gapSecondsMax: Int64 = 7 * 86_400
    /// The most bars that gaps of one file are filled with: more than ten years of minutes.
    private static let fillersMax: Int64 = 6_000_000

    /// Fills the gaps; the bars that this makes are no rows of the file.
    func finish() -> [(position: RowPosition, outcome: RowOutcome)] {
        guard let starts, !starts.isEmpty else { return [] }
        let sorted = starts.sorted()
        let id = SeriesID(kind: "trades", venue: naming.venue, name: naming.symbol)
        let handle = builder.barSeries(id, stepSeconds: stepSeconds)
        var fillers: Int64 = 0
        for (one, next) in zip(sorted, sorted.dropFirst())
        where next - one > stepSeconds && next - one <= BarTableParser.gapSecondsMax {
            fillers += (next - one - 1) / stepSeconds
            guard fillers <= BarTableParser.fillersMax else { break }
            for start in stride(from: one + stepSeconds, to: next, by: Int64.Stride(stepSeconds)) {
                _ = builder.addBar(TapeRow(start: start), to: handle)
            }
        }
        return []
    }

    /// A count such as `157` or `157.0`.
    private static func wholeNumber(_ field: Bytes) -> Int64? {
        if let count = NumberParsing.unsigned(field) { return count }
        guard let units = NumberParsing.fixed(field), units >= 0, units % 100_000_000 == 0 else { return nil }
        return Int64(exactly: units / 100_000_000)
    }

    @inline(__always)
    private static func read(_ column: inout TimeColumn, _ field: Bytes) throws(BadRow) -> Timestamp {
        switch column.read(field) {
        case .success(let stamp): return stamp
        case .failure(let problem): throw problem.reason
        }
    }

    /// Binance ends a bar one unit of time before the next begins, and cuts a bar short where maintenance
    /// begins: such a bar still stands for the whole interval. Months differ in length by themselves.
    private mutating func readStep(from start: Timestamp) throws(BadRow) -> Int64 {
        guard let unit = closeTime?.unit else { return stepSeconds }
        let field = splitter.field(columns.closeTime)
        guard let read = closeTime?.read(field) else { return stepSeconds }
        let end: Timestamp
        switch read {
        case .success(let stamp): end = stamp
        case .failure(let problem): throw problem.reason
        }
        let length = end.nanoseconds - start.nanoseconds + unit.nanoseconds
        let isMonth = stepSeconds >= 28 * 86_400
        // Where the clock is set back between start and end, local times seem to lie an hour further apart.
        let fold = time.zone.secondPass(of: start.seconds) ?? 0
        if !isMonth, length > 0, length <= (stepSeconds + fold) * 1_000_000_000 { return stepSeconds }
        let step = (length + 500_000_000) / 1_000_000_000
        guard step >= 1, step <= Tape.stepSecondsMax, abs(length - step * 1_000_000_000) <= 2_000_000 else {
            throw .barLength
        }
        return step
    }

    /// A number of zero or more; zero where the column is missing or empty.
    @inline(__always)
    private func amount(_ column: Int) throws(BadRow) -> Int128 {
        guard column >= 0 else { return 0 }
        let field = splitter.field(column)
        guard field.count > 0 else { return 0 }
        let value = try NumberParsing.checkedQuantity(field).get()
        guard value >= 0 else { throw .quantity }
        return value
    }

    private func readPrices(
        from start: Timestamp, stepSeconds: Int64, trades: Int64
    ) throws(BadRow) -> PriceRange? {
        if trades == 0, isUnpriced() { return nil }
        let open = try NumberParsing.checkedPrice(splitter.field(columns.open)).get()
        let high = try NumberParsing.checkedPrice(splitter.field(columns.high)).get()
        let low = try NumberParsing.checkedPrice(splitter.field(columns.low)).get()
        let close = try NumberParsing.checkedPrice(splitter.field(columns.close)).get()
        guard high >= low else { throw .priceRange }
        guard (low...high).contains(close), opensAtLastClose || (low...high).contains(open) else {
            throw .barPrice
        }
        let end = start.nanoseconds + stepSeconds * 1_000_000_000 - 1
        return PriceRange(
            open: PricePoint(nanoseconds: start.nanoseconds, price: open), high: high, low: low,
            close: PricePoint(nanoseconds: end, price: close))
    }

    /// Whether one of the prices is empty, or a word for that.
    private func isUnpriced() -> Bool {
        for column in [columns.open, columns.high, columns.low, columns.close] {
            let field = splitter.field(column)
            if field.isEmpty { return true }
            let word = String(decoding: field.prefix(5), as: UTF8.self).lowercased()
            if ["null", "none", "nan"].contains(word) { return true }
        }
        return false
    }

    private func notional(of row: TapeRow, _ series: Series) throws(BadRow) -> Int128 {
        guard let dollars = series.contractDollars else { return try amount(columns.quoteVolume) }
        let (product, overflow) = row.quantity.multipliedReportingOverflow(by: Int128(dollars))
        return overflow ? .max : product
    }

    private mutating func handle(_ series: Series, stepSeconds: Int64) -> Int {
        if let last, last.series === series, last.stepSeconds == stepSeconds { return last.handle }
        let handle = builder.barSeries(series.id, stepSeconds: stepSeconds)
        last = (series, stepSeconds, handle)
        return handle
    }

    private mutating func series() throws(BadRow) -> Series {
        if let fixed { return fixed }
        let symbol = splitter.field(columns.symbol)
        guard !symbol.isEmpty else { throw .name }
        let found = directory.handle(venue: nil, name: symbol) { [naming] _, name in
            let id = SeriesID(kind: "trades", venue: naming.venue, name: name)
            return (id, { Series(id) })
        }
        guard let found else { throw .tooManySeries }
        return found
    }
}

/// Where the columns of a table of bars are; -1 for one that is not there.
private struct BarColumns {
    let time, closeTime, open, high, low, close, volume, quoteVolume, tradeCount, symbol: Int

    init(_ roles: [ColumnRole: Int]) {
        // Where rows are only counted, there is no such column, and its field is not read.
        time = roles[.time] ?? 0
        closeTime = roles[.closeTime] ?? -1
        open = roles[.open] ?? -1
        high = roles[.high] ?? -1
        low = roles[.low] ?? -1
        close = roles[.close] ?? -1
        volume = roles[.volume] ?? -1
        quoteVolume = roles[.quoteVolume] ?? -1
        tradeCount = roles[.tradeCount] ?? -1
        symbol = roles[.symbol] ?? -1
    }
}
