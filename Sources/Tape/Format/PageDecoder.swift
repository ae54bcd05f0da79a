extension RowBatch {
    /// Reads a page that a `PageEncoder` wrote.
    init(decodingPage bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        let head = try PageHead(&reader, length: bytes.count)
        let (count, flags) = (head.count, head.flags)
        var columns = PageColumns(count: count)
        var start = head.firstStart
        try columns.read(&reader) { row, value in
            start &+= value
            row.start = start
        }
        let sizes = try PageColumns.narrow(count, from: &reader)
        let bins = try PageColumns.bins(sizes, from: &reader)
        try columns.readCounts(&reader, bins, flags)
        try columns.readSums(&reader)
        try columns.readStatuses(&reader)
        try columns.readPrices(&reader, bins, flags)
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
        self.init(rows: columns.rows, bins: bins.bins, binEnds: bins.ends)
    }
}

extension CountBatch {
    /// Reads the columns of counts of a page; the others are left alone.
    init(decodingPage bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        let head = try PageHead(&reader, length: bytes.count)
        let count = head.count
        var start = head.firstStart
        let steps = try PageColumns.narrow(count, from: &reader)
        let sizes = try PageColumns.narrow(count, from: &reader)
        let bins = try PageColumns.bins(sizes, from: &reader)
        let others = try PageColumns.narrow(count, from: &reader)
        let fractions = try PageColumns.narrow(count, from: &reader)
        var rows: [CountRow] = []
        rows.reserveCapacity(count)
        for index in 0..<count {
            start &+= steps[index]
            var events = others[index]
            for bin in bins.bins[bins.range(index)] { events &+= Int64(bin.count) }
            rows.append(CountRow(start: start, count: events, countFraction: fractions[index]))
        }
        self.init(rows: rows, bins: bins.bins, binEnds: bins.ends)
    }
}

/// What a page begins with.
private struct PageHead {
    /// The most rows that a page can hold: a month of bars by the second.
    private static let rowsMax = 31 * 86_400

    let count: Int
    let flags: PageFlags
    let firstStart: Int64

    init(_ reader: inout ByteReader, length: Int) throws {
        count = try reader.readCount(limit: Self.rowsMax)
        // A column of rows takes a bit for 32 rows at the least, so that no bad count asks for a giant
        // allocation.
        guard count / 32 <= length, var flags = PageFlags(bits: try reader.readUnsigned()) else {
            throw ByteReader.Malformed()
        }
        firstStart = try reader.readSigned()
        flags.firstPrice = try reader.readSigned()
        flags.firstID = try reader.readSigned()
        self.flags = flags
    }
}

/// Rows that are being filled in, column by column.
private struct PageColumns {
    var rows: [TapeRow]

    init(count: Int) {
        rows = Array(repeating: TapeRow(start: 0), count: count)
    }

    /// Bins of all rows.
    struct Bins {
        var bins: [PackedBin] = []
        var ends: [Int] = []

        func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
    }

    mutating func read(_ reader: inout ByteReader, _ set: (inout TapeRow, Int64) -> Void) throws {
        let values = try Self.narrow(rows.count, from: &reader)
        for index in rows.indices { set(&rows[index], values[index]) }
    }

    mutating func readCounts(_ reader: inout ByteReader, _ bins: Bins, _ flags: PageFlags) throws {
        try read(&reader) { $0.count = $1 }
        for index in rows.indices {
            for bin in bins.bins[bins.range(index)] { rows[index].count &+= Int64(bin.count) }
        }
        try read(&reader) { $0.countFraction = $1 }
        try read(&reader) { $0.buys = $1 }
        try read(&reader) { row, value in
            row.sells = flags.hasSides ? row.count &- row.buys &- value : value
        }
    }

    mutating func readSums(_ reader: inout ByteReader) throws {
        try readWide(&reader) { $0.quantity = $1 }
        try readWide(&reader) { $0.notional = $1 }
        try readWide(&reader) { $0.bytes = $1 }
        try readWide(&reader) { $0.quantitySquares = $1 }
        try readWide(&reader) { $0.notionalSquares = $1 }
        try readWide(&reader) { $0.bytesSquares = $1 }
    }

    mutating func readStatuses(_ reader: inout ByteReader) throws {
        try read(&reader) { $0.statuses.success = $1 }
        try read(&reader) { $0.statuses.redirect = $1 }
        try read(&reader) { $0.statuses.clientError = $1 }
        try read(&reader) { $0.statuses.tooManyRequests = $1 }
        try read(&reader) { $0.statuses.serverError = $1 }
    }

    mutating func readPrices(_ reader: inout ByteReader, _ bins: Bins, _ flags: PageFlags) throws {
        var priced = Array(rows.indices)
        switch flags.prices {
        case .none: return
        case .all: break
        case .some:
            let has = try Self.narrow(rows.count, from: &reader)
            priced = priced.filter { has[$0] != 0 }
        }
        var columns: [[Int64]] = []
        for index in 0..<10 {
            let isID = index == 6 || index == 7
            let isThere = !isID || flags.hasIDs
            columns.append(
                isThere
                    ? try Self.narrow(priced.count, from: &reader)
                    : [Int64](repeating: 0, count: priced.count))
        }
        var lastPrice = flags.firstPrice
        var nextID = flags.firstID
        for (position, index) in priced.enumerated() {
            let range = bins.range(index)
            let base = rows[index].start &* 1_000_000_000
            let firstBin = range.isEmpty ? 0 : bins.bins[range.lowerBound].firstMillisecond
            let lastBin = range.isEmpty ? 0 : bins.bins[range.upperBound - 1].lastMillisecond
            let openPrice = lastPrice &+ columns[0][position]
            let closePrice = openPrice &+ columns[1][position]
            var openID = PricePoint.noID
            var closeID = PricePoint.noID
            if flags.hasIDs {
                openID = nextID &+ columns[6][position]
                closeID = openID &+ columns[7][position] &+ (rows[index].count &- 1)
                nextID = closeID &+ 1
            }
            rows[index].prices = PriceRange(
                open: PricePoint(
                    nanoseconds: base &+ firstBin &* 1_000_000 &+ columns[4][position], id: openID,
                    price: openPrice, quantity: columns[8][position]),
                high: max(openPrice, closePrice) &+ columns[2][position],
                low: min(openPrice, closePrice) &- columns[3][position],
                close: PricePoint(
                    nanoseconds: base &+ lastBin &* 1_000_000 &+ columns[5][position], id: closeID,
                    price: closePrice, quantity: columns[9][position]))
            lastPrice = closePrice
        }
    }

    private mutating func readWide(
        _ reader: inout ByteReader, _ set: (inout TapeRow, Int128) -> Void
    ) throws {
        let mode = try Self.mode(&reader)
        guard let mode else { return }
        if !mode.isWide {
            let values = try Self.narrow(rows.count, mode, from: &reader)
            for index in rows.indices { set(&rows[index], Int128(values[index])) }
            return
        }
        let low = try Self.unpack(rows.count, from: &reader)
        let high = try Self.unpack(rows.count, from: &reader)
        let factor = Int128(ExactDivision.powerOfTen(mode.power))
        for index in rows.indices {
            let value = Int128(Int64(bitPattern: high[index])) << 64 | Int128(low[index])
            set(&rows[index], value &* factor)
        }
    }

    /// The mode of a column; nil for one of zeros.
    private static func mode(_ reader: inout ByteReader) throws -> PageMode? {
        let byte = try reader.readByte()
        if byte == PageEncoder.allZero { return nil }
        guard let mode = PageMode(byte) else { throw ByteReader.Malformed() }
        return mode
    }

    static func narrow(_ count: Int, from reader: inout ByteReader) throws -> [Int64] {
        guard let mode = try mode(&reader) else { return [Int64](repeating: 0, count: count) }
        guard !mode.isWide else { throw ByteReader.Malformed() }
        return try narrow(count, mode, from: &reader)
    }

    private static func narrow(
        _ count: Int, _ mode: PageMode, from reader: inout ByteReader
    ) throws -> [Int64] {
        let factor = ExactDivision.powerOfTen(mode.power)
        let packed = try unpack(count, from: &reader)
        return packed.map { value in
            let number =
                mode.isSigned
                ? Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) : Int64(bitPattern: value)
            return number &* factor
        }
    }

    private static func unpack(_ count: Int, from reader: inout ByteReader) throws -> [UInt64] {
        // The storage that all empty arrays share would be written to, by any thread.
        guard count > 0 else { return [] }
        return try [UInt64](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            base.initialize(repeating: 0, count: count)
            try BitPacking.unpack(count, from: &reader, into: base)
            filled = count
        }
    }

    static func bins(_ sizes: [Int64], from reader: inout ByteReader) throws -> Bins {
        var result = Bins()
        var total = 0
        for size in sizes {
            guard (0...Int64(RowBatch.binsPerSecond)).contains(size) else { throw ByteReader.Malformed() }
            total += Int(size)
            result.ends.append(total)
        }
        let tokens = try unpack(total, from: &reader)
        let many = tokens.count { $0 & 1 == 1 }
        let others = try unpack(many, from: &reader)
        let beyond = try unpack(many, from: &reader)
        result.bins.reserveCapacity(total)
        var next = 0
        for row in sizes.indices {
            var last: UInt64 = 0
            for index in result.range(row) {
                let first = last &+ min(tokens[index] >> 1, 2000)
                let bin = first / 10
                var milliseconds: UInt64 = 1 << (first % 10)
                var count: UInt64 = 1
                if tokens[index] & 1 == 1 {
                    guard others[next] < 1 << 10, beyond[next] <= PackedBin.countMax else {
                        throw ByteReader.Malformed()
                    }
                    milliseconds |= others[next] << (first % 10 + 1)
                    count = beyond[next] &+ UInt64(milliseconds.nonzeroBitCount)
                    next += 1
                }
                guard bin < UInt64(RowBatch.binsPerSecond), milliseconds < 1 << 10,
                    count <= PackedBin.countMax
                else { throw ByteReader.Malformed() }
                result.bins.append(PackedBin(bin: bin, milliseconds: milliseconds, count: count))
                last = bin * 10
            }
        }
        return result
    }
}
