#if KERNEL_LEVELS
    import Glibc
    import IngestKernelsV4
    import Numerics
    import Tape
    import Units

    /// Reads Binance trades row by row in wide registers: all commas, points and newlines are listed first,
    /// then the numbers of a row are read side by side, as long as rows have the same marks.
    ///
    /// A row that is of no layout is handed to the row parser, in its place in line; so the outcome is that
    /// of the row parser alone. See `TradeColumnReader`, which does the same without these instructions.
    final class WideTradeReader {
        private let plan: TradeColumnReader.Plan
        private let builder: TapeDeltaBuilder
        private let handle: Int
        private let columns: TradeColumns
        private let marks: UnsafeMutablePointer<UInt32>
        private let scratch: RowScratch
        private let numbers: UnsafeMutablePointer<Int64>
        private let flags: UnsafeMutablePointer<UInt8>
        /// Layouts seen so far, the one at hand first in line.
        private var layouts: [(kinds: [UInt8], layout: RowLayout)] = []
        private var current = 0
        /// How many rows are tried at once: fewer where layouts change often.
        private var stretch = WideTradeReader.rowsMax

        /// Bytes that are looked through at a time, and rows that are read at a time: few enough for the
        /// nearest cache.
        private static let pieceBytes = 8 << 10
        private static let rowsMax = 128
        private static let marksMax = 15
        private static let layoutsMax = 8

        private enum Lane {
            static let price = 0
            static let quantity = 1
            static let quote = 2
            static let time = 3
            static let firstID = 4
            static let lastID = 5
        }

        /// A reader for a layout; nil where its rows have to be read otherwise, or the processor lacks the
        /// instructions.
        init?(
            _ layout: TableLayout, time: TimeColumn, naming: SeriesNaming, builder: TapeDeltaBuilder,
            level: ProcessorLevel
        ) {
            guard level == .v4, ProcessorLevel.hasByteCompression,
                let plan = TradeColumnReader.Plan(layout, time: time, naming: naming), plan.flag > 0
            else { return nil }
            self.plan = plan
            self.builder = builder
            handle = builder.eventSeries(
                SeriesID(kind: "trades", venue: naming.venue, name: naming.symbol))
            scratch = RowScratch(rows: Self.rowsMax)
            marks = .allocate(capacity: Self.pieceBytes + 128)
            marks.initialize(repeating: 0, count: Self.pieceBytes + 128)
            numbers = .allocate(capacity: 8 * Self.rowsMax)
            numbers.initialize(repeating: 0, count: 8 * Self.rowsMax)
            flags = .allocate(capacity: Self.rowsMax)
            flags.initialize(repeating: 0, count: Self.rowsMax)
            let slot = { [numbers] lane in UnsafePointer(numbers + RowLayout.slot(lane)) }
            columns = TradeColumns(
                times: slot(Lane.time), unitsPerSecond: plan.unitsPerSecond, isResolved: plan.isResolved,
                firstIDs: slot(Lane.firstID), lastIDs: slot(plan.countsIDs ? Lane.lastID : Lane.firstID),
                countsIDs: plan.countsIDs, prices: slot(Lane.price), quantities: slot(Lane.quantity),
                notionals: slot(Lane.quote), sells: flags, stride: 8)
        }

        deinit {
            marks.deallocate()
            scratch.deallocate()
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
                // The first entry is the newline before the piece.
                marks[0] = UInt32(bitPattern: -1 << 8) | 0x0A
                var count = listMarks(text: base + cursor, count: length, marks: marks + 1)
                while count > 0, marks[count] & 0xFF != 0x0A { count -= 1 }
                if count == 0 {
                    // A line that is longer than a piece, or the last one of the file.
                    let rest = memchr(base + cursor, 0x0A, block.count - cursor)
                    let end = rest.map { UnsafeRawPointer($0) - base + 1 } ?? block.count
                    reader.read(
                        Bytes(rebasing: block[cursor..<end]), byteOffset: byteOffset + cursor, into: &parser)
                    cursor = end
                    continue
                }
                let piece = Bytes(start: base + cursor, count: Int(marks[count] >> 8) + 1)
                cursor += readPiece(
                    piece, markCount: count, byteOffset: byteOffset + cursor, &reader, &parser)
            }
        }

        /// Reads whole lines and returns how many bytes of them; fewer than all where a quotation mark stays
        /// open.
        private func readPiece(
            _ piece: Bytes, markCount count: Int, byteOffset: Int, _ reader: inout LineReader,
            _ parser: inout some RowParser & ~Copyable
        ) -> Int {
            guard let text = piece.baseAddress else { return piece.count }
            var next = 0
            var start = 0
            while next < count, !reader.isWaiting {
                let done = readRows(text, next, count, &reader)
                if done > 0 {
                    next += done
                    start = Int(marks[next] >> 8) + 1
                    continue
                }
                var end = next + 1
                while marks[end] & 0xFF != 0x0A { end += 1 }
                if end - next <= Self.marksMax, turn(to: (marks + next)..<(marks + end + 1)) { continue }
                let stop = Int(marks[end] >> 8) + 1
                reader.read(
                    Bytes(rebasing: piece[start..<stop]), byteOffset: byteOffset + start, into: &parser)
                next = end
                start = stop
            }
            return start
        }

        /// Reads rows of the layout at hand and returns how many marks they had; none where the first row is
        /// of another.
        private func readRows(
            _ text: UnsafeRawPointer, _ next: Int, _ count: Int, _ reader: inout LineReader
        ) -> Int {
            guard current < layouts.count else { return 0 }
            let width = layouts[current].layout.marks
            var rows = min(stretch, (count - next) / width)
            while rows > 0 {
                let isDone = IngestKernelsV4.readRows(
                    text: text, marks: marks + next + 1, rows: rows, layout: layouts[current].layout,
                    scratch: scratch, numbers: numbers, flags: flags)
                if isDone, check(rows) {
                    stretch = min(2 * stretch, Self.rowsMax)
                    reader.accept(rows, duplicates: builder.add(columns, 0..<rows, to: handle))
                    return rows * width
                }
                rows = rows == 1 ? 0 : max(1, rows / 4)
                stretch = max(1, rows)
            }
            return 0
        }

        /// What no layout can say: notionals that have to be worked out, and ranges of ids. False where a row
        /// is odd.
        private func check(_ rows: Int) -> Bool {
            if plan.quote < 0 || plan.contractDollars != nil {
                for row in 0..<rows {
                    let own = numbers + 8 * row
                    let quantity = own[RowLayout.slot(Lane.quantity)]
                    let notional = plan.notional(price: own[RowLayout.slot(Lane.price)], quantity: quantity)
                    guard let notional else { return false }
                    own[RowLayout.slot(Lane.quote)] = notional
                }
            }
            guard plan.countsIDs else { return true }
            var odd: Int64 = 0
            for row in 0..<rows {
                let own = numbers + 8 * row
                let more = own[RowLayout.slot(Lane.lastID)] &- own[RowLayout.slot(Lane.firstID)]
                odd |= more | (TradeTableParser.aggregateMax &- 1 &- more)
            }
            return odd >= 0
        }

        /// Takes up the layout of a row with these marks; false where that is the one at hand, or there is
        /// none.
        private func turn(to range: Range<UnsafeMutablePointer<UInt32>>) -> Bool {
            let kinds = (0..<range.count).map { UInt8(truncatingIfNeeded: range.lowerBound[$0]) }
            if let known = layouts.firstIndex(where: { $0.kinds == kinds }) {
                if known == current { return false }
                current = known
                return true
            }
            guard let layout = layout(kinds) else { return false }
            if layouts.count < Self.layoutsMax {
                current = layouts.count
                layouts.append((kinds, layout))
            } else {
                current = (current + 1) % Self.layoutsMax
                layouts[current] = (kinds, layout)
            }
            return true
        }

        /// The layout of rows with these marks; nil where that is no row of the table.
        private func layout(_ kinds: [UInt8]) -> RowLayout? {
            var fields: [(start: Int, points: [Int], end: Int)] = []
            var start = 0
            var points: [Int] = []
            var end = kinds.count - 1
            var hasReturn = false
            for (index, kind) in kinds.enumerated().dropFirst() {
                switch kind {
                case 0x2E: points.append(index)
                case 0x2C, 0x0A:
                    fields.append((start, points, hasReturn ? index - 1 : index))
                    start = index
                    points = []
                case 0x0D where index == kinds.count - 2:
                    hasReturn = true
                    end = index
                default: return nil
                }
            }
            guard fields.count == plan.columnCount, fields[plan.flag].points.isEmpty else { return nil }
            var layout = RowLayout(kinds: kinds, flagEnd: fields[plan.flag].end)
            if hasReturn { layout.addNeighbours(end, end + 1) }
            func addInteger(_ lane: Int, _ column: Int, _ range: Range<Int64>) -> Bool {
                let field = fields[column]
                layout.addInteger(lane: lane, start: field.start, end: field.end, in: range)
                return field.points.isEmpty
            }
            func addDecimal(_ lane: Int, _ column: Int, atLeast low: Int64) -> Bool {
                let field = fields[column]
                layout.addDecimal(
                    lane: lane, start: field.start, point: field.points.first, end: field.end, atLeast: low)
                return field.points.count <= 1
            }
            let isQuoted = plan.quote >= 0 && plan.contractDollars == nil
            guard addDecimal(Lane.price, plan.price, atLeast: 1),
                addDecimal(Lane.quantity, plan.quantity, atLeast: 0),
                !isQuoted || addDecimal(Lane.quote, plan.quote, atLeast: 0),
                addInteger(Lane.time, plan.time, plan.times),
                addInteger(Lane.firstID, plan.firstID, 0..<Int64.max),
                !plan.countsIDs || addInteger(Lane.lastID, plan.lastID, 0..<Int64.max)
            else { return nil }
            return layout
        }
    }
#endif
