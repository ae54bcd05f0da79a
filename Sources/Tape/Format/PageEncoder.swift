/// Codes the rows of one page, column by column: each column as what its neighbours do not tell already,
/// divided by the largest power of ten that divides all of it, in as many bits as its values take.
///
/// What tells what: the bins of a row give its count and the milliseconds of its first and last event; the
/// close of the row before gives the open; ids mostly rise by one. The bytes follow from the rows alone,
/// which must be in time order.
final class PageEncoder {
    private var low: UnsafeMutablePointer<UInt64>
    private var high: UnsafeMutablePointer<UInt64>
    private var capacity = 0
    private var output: UnsafeMutableRawPointer
    private var outputCapacity = 0
    private var position: UnsafeMutableRawPointer

    static let allZero: UInt8 = 0xFF

    init() {
        low = .allocate(capacity: 0)
        high = .allocate(capacity: 0)
        output = .allocate(byteCount: 0, alignment: 8)
        position = output
    }

    deinit {
        low.deallocate()
        high.deallocate()
        output.deallocate()
    }

    /// The bytes of a range of rows, which must be in time order; valid until the next call.
    func encode(_ batch: RowBatch, _ range: Range<Int>) -> UnsafeRawBufferPointer {
        let firstBin = range.lowerBound == 0 ? 0 : batch.binEnds[range.lowerBound - 1]
        let endBin = range.isEmpty ? firstBin : batch.binEnds[range.upperBound - 1]
        reserve(rows: range.count, bins: endBin - firstBin)
        batch.rows.withUnsafeBufferPointer { rows in
            batch.bins.withUnsafeBufferPointer { bins in
                batch.binEnds.withUnsafeBufferPointer { ends in
                    encode(
                        PageRows(
                            rows: UnsafeBufferPointer(rebasing: rows[range]),
                            bins: UnsafeBufferPointer(rebasing: bins[firstBin..<endBin]),
                            ends: UnsafeBufferPointer(rebasing: ends[range]), endsBase: firstBin))
                }
            }
        }
        return UnsafeRawBufferPointer(start: output, count: position - output)
    }

    private func encode(_ page: PageRows) {
        let flags = PageFlags(page.rows)
        writeHeader(page, flags)
        encodeStarts(page.rows)
        encodeBins(page)
        encodeCounts(page, flags)
        encodeSums(page.rows, flags)
        encodeStatuses(page.rows, flags)
        encodePrices(page, flags)
    }

    private func reserve(rows: Int, bins: Int) {
        let longest = max(rows, bins) + 1
        if capacity < longest {
            low.deallocate()
            high.deallocate()
            low = .allocate(capacity: longest)
            high = .allocate(capacity: longest)
            capacity = longest
        }
        // 35 columns of rows, of which six have two halves, and four of bins.
        let room = 200 + 41 * (BitPacking.room(rows) + 1) + 3 * (BitPacking.room(bins) + 1)
        if outputCapacity < room {
            output.deallocate()
            output = .allocate(byteCount: room, alignment: 8)
            outputCapacity = room
        }
        position = output
    }

    private func writeHeader(_ page: PageRows, _ flags: PageFlags) {
        var writer = ByteWriter()
        writer.write(UInt64(page.rows.count))
        writer.write(UInt64(flags.bits))
        writer.write(page.rows.first?.start ?? 0)
        writer.write(flags.firstPrice)
        writer.write(flags.firstID)
        for byte in writer.bytes { writeByte(byte) }
    }

    // MARK: Columns

    private func encodeStarts(_ rows: UnsafeBufferPointer<TapeRow>) {
        var last = rows.first?.start ?? 0
        for index in rows.indices {
            low[index] = UInt64(bitPattern: rows[index].start &- last)
            last = rows[index].start
        }
        encodeNarrow(rows.count)
    }

    private func encodeCounts(_ page: PageRows, _ flags: PageFlags) {
        let rows = page.rows
        var next = 0
        for index in rows.indices {
            var inBins: Int64 = 0
            while next < page.end(index) {
                inBins &+= Int64(page.bins[next].count)
                next &+= 1
            }
            low[index] = UInt64(bitPattern: rows[index].count &- inBins)
        }
        encodeNarrow(rows.count)
        encode(rows) { $0.countFraction }
        encode(rows) { $0.buys }
        if flags.hasSides {
            encode(rows) { $0.count &- $0.buys &- $0.sells }
        } else {
            encode(rows) { $0.sells }
        }
    }

    private func encodeSums(_ rows: UnsafeBufferPointer<TapeRow>, _ flags: PageFlags) {
        encodeWide(rows, if: flags.hasQuantities) { $0.quantity }
        encodeWide(rows, if: flags.hasQuantities) { $0.notional }
        encodeWide(rows, if: flags.hasResponses) { $0.bytes }
        encodeWide(rows, if: flags.hasSquares) { $0.quantitySquares }
        encodeWide(rows, if: flags.hasSquares) { $0.notionalSquares }
        encodeWide(rows, if: flags.hasResponses) { $0.bytesSquares }
    }

    private func encodeStatuses(_ rows: UnsafeBufferPointer<TapeRow>, _ flags: PageFlags) {
        guard flags.hasResponses else {
            for _ in 0..<5 { writeByte(Self.allZero) }
            return
        }
        encode(rows) { $0.statuses.success }
        encode(rows) { $0.statuses.redirect }
        encode(rows) { $0.statuses.clientError }
        encode(rows) { $0.statuses.tooManyRequests }
        encode(rows) { $0.statuses.serverError }
    }

    private func encodePrices(_ page: PageRows, _ flags: PageFlags) {
        let rows = page.rows
        if flags.prices == .none { return }
        if flags.prices == .some { encode(rows) { $0.prices == nil ? 0 : 1 } }
        var lastPrice = flags.firstPrice
        encodePriced(rows) { _, prices in
            defer { lastPrice = prices.close.price }
            return prices.open.price &- lastPrice
        }
        encodePriced(rows) { _, prices in prices.close.price &- prices.open.price }
        encodePriced(rows) { _, prices in prices.high &- max(prices.open.price, prices.close.price) }
        encodePriced(rows) { _, prices in min(prices.open.price, prices.close.price) &- prices.low }
        encodePriced(rows) { index, prices in
            let first = page.start(index)
            let inBins = first < page.end(index) ? page.bins[first].firstMillisecond : 0
            return prices.open.nanoseconds &- rows[index].start &* 1_000_000_000 &- inBins &* 1_000_000
        }
        encodePriced(rows) { index, prices in
            let end = page.end(index)
            let inBins = page.start(index) < end ? page.bins[end &- 1].lastMillisecond : 0
            return prices.close.nanoseconds &- rows[index].start &* 1_000_000_000 &- inBins &* 1_000_000
        }
        if flags.hasIDs {
            var lastID = flags.firstID
            encodePriced(rows) { _, prices in
                defer { lastID = prices.close.id &+ 1 }
                return prices.open.id &- lastID
            }
            encodePriced(rows) { index, prices in
                prices.close.id &- prices.open.id &- (rows[index].count &- 1)
            }
        }
        encodePriced(rows) { _, prices in prices.open.quantity }
        encodePriced(rows) { _, prices in prices.close.quantity }
    }

    /// How many bins each row has; the steps between them in milliseconds with a mark for more than one
    /// event; of the marked ones, the other milliseconds, and the events beyond one a millisecond.
    private func encodeBins(_ page: PageRows) {
        let rows = page.rows.count
        for index in 0..<rows { low[index] = UInt64(page.end(index) &- page.start(index)) }
        encodeNarrow(rows)
        let (low, high) = (low, high)
        var next = 0
        var many = 0
        for index in 0..<rows {
            var last: UInt64 = 0
            let end = page.end(index)
            while next < end {
                let bin = page.bins[next]
                let isMany: UInt64 = bin.count == 1 ? 0 : 1
                low[next] = (UInt64(bitPattern: bin.firstMillisecond) &- last) &<< 1 | isMany
                // Written in any case and kept where there is more than one event, which cannot be foreseen.
                high[many] = UInt64(truncatingIfNeeded: next)
                many &+= Int(truncatingIfNeeded: isMany)
                last = bin.bin &* 10
                next &+= 1
            }
        }
        pack(low, page.bins.count)
        for index in 0..<many {
            let bin = page.bins[Int(truncatingIfNeeded: high[index])]
            low[index] = bin.milliseconds &>> (UInt64(bin.milliseconds.trailingZeroBitCount) &+ 1)
            high[index] = bin.count &- UInt64(bin.milliseconds.nonzeroBitCount)
        }
        pack(low, many)
        pack(high, many)
    }

    // MARK: One column

    @inline(__always)
    private func encode(_ rows: UnsafeBufferPointer<TapeRow>, _ value: (TapeRow) -> Int64) {
        let low = low
        for index in rows.indices { low[index] = UInt64(bitPattern: value(rows[index])) }
        encodeNarrow(rows.count)
    }

    @inline(__always)
    private func encodePriced(
        _ rows: UnsafeBufferPointer<TapeRow>, _ value: (Int, borrowing PriceRange) -> Int64
    ) {
        let low = low
        var count = 0
        for index in rows.indices {
            guard let prices = rows[index].prices else { continue }
            low[count] = UInt64(bitPattern: value(index, prices))
            count &+= 1
        }
        encodeNarrow(count)
    }

    @inline(__always)
    private func encodeWide(
        _ rows: UnsafeBufferPointer<TapeRow>, if isPresent: Bool, _ value: (TapeRow) -> Int128
    ) {
        guard isPresent else { return writeByte(Self.allZero) }
        let (low, high) = (low, high)
        var lowUnion: UInt64 = 0
        var highUnion: UInt64 = 0
        for index in rows.indices {
            let wide = value(rows[index])
            low[index] = UInt64(truncatingIfNeeded: wide)
            high[index] = UInt64(truncatingIfNeeded: wide >> 64)
            lowUnion |= low[index]
            highUnion |= high[index]
        }
        encodeWide(rows.count, lowUnion, highUnion)
    }

    private func encodeWide(_ count: Int, _ lowUnion: UInt64, _ highUnion: UInt64) {
        if highUnion == 0, Int64(bitPattern: lowUnion) >= 0 { return encodeNarrow(count) }
        var power = 0
        if Int64(bitPattern: highUnion) >= 0 {
            power = ExactDivision.commonPower(low: low, high: high, count: count, lowUnion: lowUnion)
            if power > 0 { ExactDivision.divide(low: low, high: high, count: count, power: power) }
        }
        writeByte(PageMode(power: power, isWide: true, isSigned: false).byte)
        pack(low, count)
        pack(high, count)
    }

    private func encodeNarrow(_ count: Int) {
        let low = low
        var union: UInt64 = 0
        for index in 0..<count { union |= low[index] }
        guard union != 0 else { return writeByte(Self.allZero) }
        let power = ExactDivision.commonPower(low, count: count, union: union)
        let isSigned = Int64(bitPattern: union) < 0
        if power > 0 { ExactDivision.divide(low, count: count, power: power) }
        if isSigned {
            for index in 0..<count {
                let value = Int64(bitPattern: low[index])
                low[index] = UInt64(bitPattern: value &<< 1 ^ value &>> 63)
            }
        }
        writeByte(PageMode(power: power, isWide: false, isSigned: isSigned).byte)
        pack(low, count)
    }

    private func pack(_ values: UnsafePointer<UInt64>, _ count: Int) {
        position = BitPacking.pack(values, count: count, into: position)
    }

    private func writeByte(_ byte: UInt8) {
        position.storeBytes(of: byte, as: UInt8.self)
        position += 1
    }
}

/// The rows of a page with their bins, which lie in one run.
private struct PageRows {
    let rows: UnsafeBufferPointer<TapeRow>
    let bins: UnsafeBufferPointer<PackedBin>
    let ends: UnsafeBufferPointer<Int>
    /// Where the first row's bins start, as `ends` counts.
    let endsBase: Int

    @inline(__always)
    func start(_ row: Int) -> Int { row == 0 ? 0 : ends[row &- 1] &- endsBase }

    @inline(__always)
    func end(_ row: Int) -> Int { ends[row] &- endsBase }
}

/// How a column is coded: divided by which power of ten, in 128 bits or 64, with signs or without.
struct PageMode {
    let power: Int
    let isWide: Bool
    let isSigned: Bool

    init(power: Int, isWide: Bool, isSigned: Bool) {
        self.power = power
        self.isWide = isWide
        self.isSigned = isSigned
    }

    /// Reads a byte; nil where no column is coded so.
    init?(_ byte: UInt8) {
        power = Int(byte & 31)
        isWide = byte & 64 != 0
        isSigned = byte & 32 != 0
        guard byte < 128, power <= ExactDivision.powerMax else { return nil }
    }

    var byte: UInt8 { UInt8(power) | (isSigned ? 32 : 0) | (isWide ? 64 : 0) }
}

/// What holds for all rows of a page.
struct PageFlags {
    enum Presence: UInt8 {
        case none = 0
        case all = 1
        case some = 2
    }

    var prices = Presence.none
    var hasSides = false
    var hasIDs = false
    /// Whether there are statuses or response sizes; not written down, since their columns are then of zeros.
    private(set) var hasResponses = true
    /// Whether there are sums of quantities or notionals, and of their squares; not written down either.
    private(set) var hasQuantities = true
    private(set) var hasSquares = true
    var firstPrice: Int64 = 0
    var firstID: Int64 = 0

    init(_ rows: UnsafeBufferPointer<TapeRow>) {
        var priced = 0
        var responses: Int64 = 0
        var bytes: Int128 = 0
        var quantities: Int128 = 0
        var squares: Int128 = 0
        for index in rows.indices {
            let statuses = rows[index].statuses
            responses |= statuses.success | statuses.redirect | statuses.clientError
            responses |= statuses.tooManyRequests | statuses.serverError
            bytes |= rows[index].bytes | rows[index].bytesSquares
            quantities |= rows[index].quantity | rows[index].notional
            squares |= rows[index].quantitySquares | rows[index].notionalSquares
            if rows[index].buys | rows[index].sells != 0 { hasSides = true }
            guard let range = rows[index].prices else { continue }
            if priced == 0 {
                firstPrice = range.open.price
                firstID = range.open.id
            }
            if range.open.id != PricePoint.noID || range.close.id != PricePoint.noID { hasIDs = true }
            priced &+= 1
        }
        hasResponses = responses != 0 || bytes != 0
        hasQuantities = quantities != 0
        hasSquares = squares != 0
        if !hasIDs { firstID = 0 }
        prices = priced == 0 ? .none : priced == rows.count ? .all : .some
    }

    init?(bits: UInt64) {
        guard bits < 16, let prices = Presence(rawValue: UInt8(bits & 3)) else { return nil }
        self.prices = prices
        hasSides = bits & 4 != 0
        hasIDs = bits & 8 != 0
    }

    var bits: UInt8 { prices.rawValue | (hasSides ? 4 : 0) | (hasIDs ? 8 : 0) }
}
