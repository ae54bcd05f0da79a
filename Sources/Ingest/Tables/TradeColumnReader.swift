import Glibc
import Numerics
import Tape
import Units

/// Reads Binance trades many rows at a time: commas and newlines are found first, then one column after the
/// other is read, then the rows go to the builder together.
///
/// A row of any shape but the usual one is handed to the row parser, in its place in line; so the outcome is
/// that of the row parser alone.
final class TradeColumnReader {
    private let kernels: TableKernels
    private let builder: TapeDeltaBuilder
    private let handle: Int
    private let plan: Plan

    /// Where the columns are; -1 for one that is not there.
    struct Plan {
        var time, price, quantity, quote, flag, firstID, lastID: Int
        var columnCount: Int
        var countsIDs: Bool
        var unitsPerSecond: Int64
        var isResolved: Bool
        /// The times, in units, that a log can hold.
        var times: Range<Int64>
        var contractDollars: Int64?
        /// Whether a number is expected in the first column, so that no comment passes for a row.
        var readsFirstColumn: Bool { [time, price, quantity, firstID, lastID].contains(0) }
    }

    private let masks: UnsafeMutablePointer<UInt64>
    private let separators: UnsafeMutablePointer<UInt32>
    private let words: UnsafeMutablePointer<UInt64>
    private let numbers: UnsafeMutablePointer<Int64>
    private let flags: UnsafeMutablePointer<UInt8>
    private let columns: TradeColumns

    /// Bytes that are looked through at a time, and rows that are read at a time.
    private static let pieceBytes = 32 << 10
    private static let rowsMax = 1024

    /// A reader for a layout; nil where its rows have to be read one by one.
    init?(
        _ layout: TableLayout, time: TimeColumn, naming: SeriesNaming, builder: TapeDeltaBuilder,
        level: ProcessorLevel = .best
    ) {
        guard let plan = Plan(layout, time: time, naming: naming) else { return nil }
        self.plan = plan
        self.builder = builder
        kernels = TableKernels(level)
        handle = builder.eventSeries(SeriesID(kind: "trades", venue: naming.venue, name: naming.symbol))
        masks = .allocate(capacity: Self.pieceBytes / 64 + 16)
        separators = .allocate(capacity: Self.pieceBytes + 64)
        words = .allocate(capacity: 4 * Self.rowsMax)
        numbers = .allocate(capacity: 6 * Self.rowsMax)
        flags = .allocate(capacity: Self.rowsMax)
        words.initialize(repeating: 0, count: 4 * Self.rowsMax)
        numbers.initialize(repeating: 0, count: 6 * Self.rowsMax)
        flags.initialize(repeating: 0, count: Self.rowsMax)
        columns = TradeColumns(
            times: numbers, unitsPerSecond: plan.unitsPerSecond, isResolved: plan.isResolved,
            firstIDs: numbers + Self.rowsMax,
            lastIDs: numbers + (plan.countsIDs ? 2 : 1) * Self.rowsMax, countsIDs: plan.countsIDs,
            prices: numbers + 3 * Self.rowsMax, quantities: numbers + 4 * Self.rowsMax,
            notionals: numbers + 5 * Self.rowsMax, sells: flags)
    }

    deinit {
        masks.deallocate()
        separators.deallocate()
        words.deallocate()
        numbers.deallocate()
        flags.deallocate()
    }

    /// Reads a block of whole lines. 64 bytes before and behind it must be readable.
    func read(
        _ block: Bytes, byteOffset: Int, _ reader: inout LineReader,
        _ parser: inout some RowParser & ~Copyable
    ) {
        guard let base = block.baseAddress else { return }
        var cursor = 0
        while cursor < block.count {
            if reader.isWaiting {
                // A quotation mark is open: the row parser knows where its row ends.
                reader.read(
                    Bytes(rebasing: block[cursor...]), byteOffset: byteOffset + cursor, into: &parser)
                return
            }
            let length = min(Self.pieceBytes, block.count - cursor)
            // The first entry is the byte before the piece.
            separators[0] = UInt32.max
            let found = kernels.listBytes(base + cursor, length, 0x2C, 0x0A, masks, separators + 1)
            let lines = found >> 32
            var count = found & 0xFFFF_FFFF
            if lines == 0 {
                // A line that is longer than a piece, or the last one of the file.
                let rest = memchr(base + cursor, 0x0A, block.count - cursor)
                let end = rest.map { UnsafeRawPointer($0) - base + 1 } ?? block.count
                reader.read(
                    Bytes(rebasing: block[cursor..<end]), byteOffset: byteOffset + cursor, into: &parser)
                cursor = end
                continue
            }
            while block[cursor + Int(separators[count])] != 0x0A { count -= 1 }
            let piece = Bytes(start: base + cursor, count: Int(separators[count]) + 1)
            cursor += readPiece(
                piece, separatorCount: count, isEven: count == lines * plan.columnCount,
                byteOffset: byteOffset + cursor, &reader, &parser)
        }
    }

    /// Reads whole lines and returns how many bytes of them; fewer than all where a quotation mark stays
    /// open.
    private func readPiece(
        _ piece: Bytes, separatorCount count: Int, isEven: Bool, byteOffset: Int, _ reader: inout LineReader,
        _ parser: inout some RowParser & ~Copyable
    ) -> Int {
        guard let text = piece.baseAddress else { return piece.count }
        let width = plan.columnCount
        var next = 0
        var start = 0
        while start < piece.count, !reader.isWaiting {
            let own = separators + 1 + next
            let rows = kernels.wholeRows(text, own, width, min((count - next) / width, Self.rowsMax), isEven)
            if rows == 0 {
                while piece[Int(separators[next + 1])] != 0x0A { next += 1 }
                let end = Int(separators[next + 1]) + 1
                reader.read(
                    Bytes(rebasing: piece[start..<end]), byteOffset: byteOffset + start, into: &parser)
                next += 1
                start = end
                continue
            }
            var done = rows
            if readColumns(text, own, rows) {
                reader.accept(rows, duplicates: builder.add(columns, 0..<rows, to: handle))
            } else {
                done = addSingly(piece, own, rows, byteOffset: byteOffset, &reader, &parser)
            }
            next += done * width
            start = Int(separators[next]) + 1
        }
        return start
    }

    /// Reads the columns of some rows; false where any row is unusual.
    private func readColumns(_ text: UnsafeRawPointer, _ own: UnsafePointer<UInt32>, _ rows: Int) -> Bool {
        let bad = words + 3 * Self.rowsMax
        bad.update(repeating: 0, count: rows)
        func read(_ kernel: TableKernels.ReadNumbers, _ column: Int, _ place: Int) {
            kernel(
                text, own, plan.columnCount, column, rows, words, words + Self.rowsMax,
                words + 2 * Self.rowsMax, numbers + place * Self.rowsMax, bad)
        }
        read(kernels.readIntegers, plan.time, 0)
        read(kernels.readIntegers, plan.firstID, 1)
        if plan.countsIDs { read(kernels.readIntegers, plan.lastID, 2) }
        read(kernels.readDecimals, plan.price, 3)
        read(kernels.readDecimals, plan.quantity, 4)
        let isQuoted = plan.quote >= 0 && plan.contractDollars == nil
        if isQuoted { read(kernels.readDecimals, plan.quote, 5) }
        kernels.readFlags(text, own, plan.columnCount, plan.flag, rows, flags, bad)
        if !isQuoted { computeNotionals(rows, bad) }
        markOddLines(text, own, rows, bad)
        return check(rows, bad)
    }

    /// Marks rows with a quotation mark anywhere, and comments: columns that are not read may hold them.
    private func markOddLines(
        _ text: UnsafeRawPointer, _ own: UnsafePointer<UInt32>, _ rows: Int,
        _ bad: UnsafeMutablePointer<UInt64>
    ) {
        let width = plan.columnCount
        var position = Int(Int32(bitPattern: own[-1])) + 1
        let end = Int(own[rows * width - 1])
        var row = 0
        while let mark = memchr(text + position, 0x22, end - position) {
            let place = UnsafeRawPointer(mark) - text
            while Int(own[row * width + width - 1]) < place { row += 1 }
            bad[row] |= 1
            position = Int(own[row * width + width - 1])
        }
        guard !plan.readsFirstColumn else { return }
        for row in 0..<rows {
            let first = Int(Int32(bitPattern: own[row * width - 1])) + 1
            if text.load(fromByteOffset: first, as: UInt8.self) == 0x23 { bad[row] |= 1 }
        }
    }

    private func computeNotionals(_ rows: Int, _ bad: UnsafeMutablePointer<UInt64>) {
        let notionals = numbers + 5 * Self.rowsMax
        for row in 0..<rows {
            // Rows that are bad already hold any number.
            let value = plan.notional(
                price: columns.prices[row] & (1 << 53 - 1), quantity: columns.quantities[row] & (1 << 53 - 1))
            if value == nil { bad[row] |= 1 }
            notionals[row] = value ?? 0
        }
    }

    /// Whether all rows are usual; marks those that are not.
    private func check(_ rows: Int, _ bad: UnsafeMutablePointer<UInt64>) -> Bool {
        let low = plan.times.lowerBound
        let high = plan.times.upperBound &- 1
        var all: UInt64 = 0
        for row in 0..<rows {
            let time = columns.times[row]
            let odd = (time &- low) | (high &- time) | (columns.prices[row] &- 1)
            bad[row] |= UInt64(bitPattern: odd &>> 63)
            all |= bad[row]
        }
        guard plan.countsIDs else { return all == 0 }
        for row in 0..<rows {
            let more = columns.lastIDs[row] &- columns.firstIDs[row]
            let odd = more | (TradeTableParser.aggregateMax &- 1 &- more)
            bad[row] |= UInt64(bitPattern: odd &>> 63)
            all |= bad[row]
        }
        return all == 0
    }

    /// Adds rows of which some are unusual; returns how many, fewer than all where a quotation mark stays
    /// open.
    private func addSingly(
        _ piece: Bytes, _ own: UnsafePointer<UInt32>, _ rows: Int, byteOffset: Int,
        _ reader: inout LineReader, _ parser: inout some RowParser & ~Copyable
    ) -> Int {
        let bad = words + 3 * Self.rowsMax
        let width = plan.columnCount
        var row = 0
        while row < rows {
            if bad[row] != 0 {
                let low = Int(Int32(bitPattern: own[row * width - 1])) + 1
                let line = Bytes(rebasing: piece[low...Int(own[row * width + width - 1])])
                reader.read(line, byteOffset: byteOffset + low, into: &parser)
                row += 1
                if reader.isWaiting { return row }
                continue
            }
            var end = row + 1
            while end < rows, bad[end] == 0 { end += 1 }
            reader.accept(end - row, duplicates: builder.add(columns, row..<end, to: handle))
            row = end
        }
        return rows
    }
}

extension TradeColumnReader.Plan {
    /// The notional of a row that does not say it; nil where it is 2^60 or more.
    @inline(__always)
    func notional(price: Int64, quantity: Int64) -> Int64? {
        if let contractDollars { return quantity &* contractDollars }
        let value = NumberParsing.notional(price: price, quantity: Int128(quantity))
        return value >> 60 == 0 ? Int64(truncatingIfNeeded: value) : nil
    }

    init?(_ layout: TableLayout, time column: TimeColumn, naming: SeriesNaming) {
        let columns = layout.columns
        let first = columns[.firstID]
        guard layout.delimiter == 0x2C, layout.columnCount <= 16, columns[.symbol] == nil,
            columns[.exchange] == nil,
            column.unit != .text, let time = columns[.time], let price = columns[.price],
            let quantity = columns[.quantity], let flag = columns[.isBuyerMaker],
            let id = first ?? columns[.id]
        else { return nil }
        if first != nil, columns[.lastID] == nil { return nil }
        self.time = time
        self.price = price
        self.quantity = quantity
        self.flag = flag
        quote = columns[.quoteQuantity] ?? -1
        firstID = id
        lastID = first == nil ? id : columns[.lastID] ?? id
        columnCount = layout.columnCount
        countsIDs = first != nil
        unitsPerSecond = 1_000_000_000 / column.unit.nanoseconds
        isResolved = column.isResolved
        let unit = column.unit.nanoseconds
        times =
            (column.earliest.nanoseconds + unit - 1) / unit..<Timestamp.plausible.upperBound.nanoseconds
            / unit
        contractDollars = SeriesNaming.contractDollars(venue: naming.venue, symbol: naming.symbol)
    }
}
