import Tape
import Units

/// Reads tables of bars that say how many trades each holds: Binance klines, BitMEX, and any header that
/// names its columns. A bar without trades may leave its prices empty.
struct BarTableParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private var closeTime: TimeColumn?
    private let columns: [ColumnRole: Int]
    private let columnCount: Int
    private let naming: SeriesNaming
    private let builder: TapeDeltaBuilder
    /// The usual length of a bar in this file.
    private let stepSeconds: Int64
    private var directory = SeriesDirectory<SeriesID>()
    /// The series of all rows, where no column names it, and the face value of its contracts.
    private let fixed: (id: SeriesID, contractDollars: Int64?)?
    /// Where an absent interval had no trades: the starts of the bars, to fill the gaps between them.
    private var starts: [Int64]?

    init(
        _ layout: TableLayout, time: TimeColumn, closeTime: TimeColumn?, stepSeconds: Int64,
        naming: SeriesNaming,
        builder: TapeDeltaBuilder
    ) {
        splitter = FieldSplitter(delimiter: layout.delimiter)
        self.time = time
        self.closeTime = closeTime
        self.stepSeconds = stepSeconds
        self.naming = naming
        self.builder = builder
        columns = layout.columns
        if layout.columns[.symbol] == nil {
            fixed = (
                SeriesID(kind: "trades", venue: naming.venue, name: naming.symbol),
                SeriesNaming.contractDollars(venue: naming.venue, symbol: naming.symbol)
            )
        } else {
            fixed = nil
        }
        columnCount = layout.columnCount
        starts = layout.absentIsZero ? [] : nil
    }

    var joinsQuotedLines: Bool { true }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == columnCount else { return .bad(.fieldCount) }
        do {
            let start = try BarTableParser.read(&time, field(.time))
            let step = try readStep(from: start)
            guard let trades = field(.tradeCount).flatMap(Self.wholeNumber) else { throw BadRow.count }
            let id = try series()
            var row = TapeRow(start: start.seconds, count: trades)
            row.quantity = try amount(.volume)
            row.prices = try readPrices(from: start, stepSeconds: step, trades: trades)
            row.notional = try notional(of: row, id)
            switch builder.addBar(row, to: id, stepSeconds: step) {
            case .added:
                starts?.append(row.start)
                return .accepted
            case .duplicate: return .duplicate
            case .conflict: return .bad(.conflictingBar)
            }
        } catch {
            return .bad(error as? BadRow ?? .value)
        }
    }

    /// The longest gap that is filled: a stray stamp must not make centuries of bars.
    private static let gapSecondsMax: Int64 = 7 * 86_400
    /// The most bars that gaps of one file are filled with: more than ten years of minutes.
    private static let fillersMax: Int64 = 6_000_000

    /// Fills the gaps; the bars that this makes are no rows of the file.
    func finish() -> [(position: RowPosition, outcome: RowOutcome)] {
        guard let starts else { return [] }
        let sorted = starts.sorted()
        let id = SeriesID(kind: "trades", venue: naming.venue, name: naming.symbol)
        var fillers: Int64 = 0
        for (one, next) in zip(sorted, sorted.dropFirst())
        where next - one > stepSeconds && next - one <= BarTableParser.gapSecondsMax {
            fillers += (next - one - 1) / stepSeconds
            guard fillers <= BarTableParser.fillersMax else { break }
            for start in stride(from: one + stepSeconds, to: next, by: Int64.Stride(stepSeconds)) {
                _ = builder.addBar(TapeRow(start: start), to: id, stepSeconds: stepSeconds)
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

    private func field(_ role: ColumnRole) -> Bytes? {
        columns[role].map { splitter.field($0) }
    }

    private static func read(_ column: inout TimeColumn, _ field: Bytes?) throws -> Timestamp {
        guard let field else { throw BadRow.time }
        switch column.read(field) {
        case .success(let stamp): return stamp
        case .failure(let problem): throw problem.reason
        }
    }

    /// Binance ends a bar one unit of time before the next begins, and cuts a bar short where maintenance
    /// begins: such a bar still stands for the whole interval. Months differ in length by themselves.
    private mutating func readStep(from start: Timestamp) throws -> Int64 {
        guard var column = closeTime else { return stepSeconds }
        let end = try BarTableParser.read(&column, field(.closeTime))
        closeTime = column
        let length = end.nanoseconds - start.nanoseconds + column.unit.nanoseconds
        let isMonth = stepSeconds >= 28 * 86_400
        if !isMonth, length > 0, length <= stepSeconds * 1_000_000_000 { return stepSeconds }
        let step = (length + 500_000_000) / 1_000_000_000
        guard step >= 1, step <= Tape.stepSecondsMax, abs(length - step * 1_000_000_000) <= 2_000_000 else {
            throw BadRow.barLength
        }
        return step
    }

    /// A number of zero or more; zero where the column is missing or empty.
    private func amount(_ role: ColumnRole) throws -> Int128 {
        guard let field = field(role), field.count > 0 else { return 0 }
        guard let value = NumberParsing.fixed(field), value >= 0 else { throw BadRow.quantity }
        return value
    }

    private func readPrices(from start: Timestamp, stepSeconds: Int64, trades: Int64) throws -> PriceRange? {
        let fields = [ColumnRole.open, .high, .low, .close].compactMap { field($0) }
        if trades == 0, fields.contains(where: { $0.isEmpty || Self.isNull($0) }) { return nil }
        let prices = fields.compactMap(NumberParsing.price)
        guard prices.count == 4 else { throw BadRow.price }
        // BitMEX opens a bar at the close before it, which may lie outside the bar's own range.
        guard prices[1] >= prices[2] else { throw BadRow.priceRange }
        let end = start.nanoseconds + stepSeconds * 1_000_000_000 - 1
        return PriceRange(
            open: PricePoint(nanoseconds: start.nanoseconds, price: prices[0]), high: prices[1],
            low: prices[2],
            close: PricePoint(nanoseconds: end, price: prices[3]))
    }

    private static func isNull(_ field: Bytes) -> Bool {
        ["null", "none", "nan"].contains(String(decoding: field.prefix(5), as: UTF8.self).lowercased())
    }

    private func notional(of row: TapeRow, _ id: SeriesID) throws -> Int128 {
        let dollars =
            if let fixed { fixed.contractDollars } else {
                SeriesNaming.contractDollars(venue: id.venue, symbol: id.name)
            }
        if let dollars {
            let (product, overflow) = row.quantity.multipliedReportingOverflow(by: Int128(dollars))
            return overflow ? .max : product
        }
        return try amount(.quoteVolume)
    }

    private mutating func series() throws -> SeriesID {
        if let fixed { return fixed.id }
        guard let symbol = field(.symbol), !symbol.isEmpty else { throw BadRow.name }
        let found = directory.handle(venue: nil, name: symbol) { [naming] _, name in
            let id = SeriesID(kind: "trades", venue: naming.venue, name: name)
            return (id, { id })
        }
        guard let found else { throw BadRow.tooManySeries }
        return found
    }
}
