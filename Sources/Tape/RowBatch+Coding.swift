extension RowBatch {
    /// The batch as bytes, column by column. Rows must be in time order. The bytes follow from the rows alone.
    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt64(rows.count))
        encodeNarrow(rows.map { $0.start }, .difference, &writer)
        encodeNarrow(rows.map { $0.count }, .plain, &writer)
        encodeNarrow(rows.map { $0.countFraction }, .plain, &writer)
        ColumnCoding.encode(rows.map { $0.quantity }, into: &writer)
        ColumnCoding.encode(rows.map { $0.notional }, into: &writer)
        ColumnCoding.encode(rows.map { $0.bytes }, into: &writer)
        ColumnCoding.encode(rows.map { $0.quantitySquares }, into: &writer)
        ColumnCoding.encode(rows.map { $0.notionalSquares }, into: &writer)
        ColumnCoding.encode(rows.map { $0.bytesSquares }, into: &writer)
        encodeNarrow(rows.map { $0.buys }, .plain, &writer)
        encodeNarrow(rows.map { $0.sells }, .plain, &writer)
        encodeNarrow(rows.map { $0.statuses.success }, .plain, &writer)
        encodeNarrow(rows.map { $0.statuses.redirect }, .plain, &writer)
        encodeNarrow(rows.map { $0.statuses.clientError }, .plain, &writer)
        encodeNarrow(rows.map { $0.statuses.tooManyRequests }, .plain, &writer)
        encodeNarrow(rows.map { $0.statuses.serverError }, .plain, &writer)
        encodePrices(&writer)
        encodeBins(&writer)
        return writer.bytes
    }

    /// Reads what `encoded` wrote.
    init(decoding bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        let count = try reader.readCount(limit: bytes.count)
        let starts = try ColumnCoding.decode(count: count, from: &reader)
        let counts = try ColumnCoding.decode(count: count, from: &reader)
        let fractions = try ColumnCoding.decode(count: count, from: &reader)
        var decoded = (0..<count).map { TapeRow(start: starts[$0], count: counts[$0]) }
        for index in 0..<count { decoded[index].countFraction = fractions[index] }
        try Self.decodeSums(into: &decoded, from: &reader)
        try Self.decodeCounts(into: &decoded, from: &reader)
        try Self.decodePrices(into: &decoded, from: &reader)
        try self.init(decoded, binsFrom: &reader)
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
    }

    private static func decodeSums(into rows: inout [TapeRow], from reader: inout ByteReader) throws {
        func column(_ set: (inout TapeRow, Int128) -> Void) throws {
            let values = try ColumnCoding.decodeWide(count: rows.count, from: &reader)
            for index in values.indices where values[index] != 0 { set(&rows[index], values[index]) }
        }
        try column { $0.quantity = $1 }
        try column { $0.notional = $1 }
        try column { $0.bytes = $1 }
        try column { $0.quantitySquares = $1 }
        try column { $0.notionalSquares = $1 }
        try column { $0.bytesSquares = $1 }
    }

    private static func decodeCounts(into rows: inout [TapeRow], from reader: inout ByteReader) throws {
        func column(_ set: (inout TapeRow, Int64) -> Void) throws {
            let values = try ColumnCoding.decode(count: rows.count, from: &reader)
            for index in values.indices where values[index] != 0 { set(&rows[index], values[index]) }
        }
        try column { $0.buys = $1 }
        try column { $0.sells = $1 }
        try column { $0.statuses.success = $1 }
        try column { $0.statuses.redirect = $1 }
        try column { $0.statuses.clientError = $1 }
        try column { $0.statuses.tooManyRequests = $1 }
        try column { $0.statuses.serverError = $1 }
    }

    private func encodeNarrow(_ values: [Int64], _ step: ColumnCoding.Step, _ writer: inout ByteWriter) {
        ColumnCoding.encode(values, as: step, into: &writer)
    }
}

extension RowBatch {
    /// Prices of the rows that have any, each relative to a neighbour: the open to the open before, the rest to the open.
    private func encodePrices(_ writer: inout ByteWriter) {
        encodeNarrow(rows.map { $0.prices == nil ? 0 : 1 }, .plain, &writer)
        let priced = rows.compactMap { row in row.prices.map { (row.start &* 1_000_000_000, $0) } }
        encodeNarrow(priced.map { $1.open.price }, .difference, &writer)
        encodeNarrow(priced.map { $1.close.price &- $1.open.price }, .plain, &writer)
        encodeNarrow(priced.map { $1.high &- $1.open.price }, .plain, &writer)
        encodeNarrow(priced.map { $1.low &- $1.open.price }, .plain, &writer)
        encodeNarrow(priced.map { $1.open.nanoseconds &- $0 }, .plain, &writer)
        encodeNarrow(priced.map { $1.close.nanoseconds &- $0 }, .plain, &writer)
        encodeNarrow(priced.map { $1.open.id }, .difference, &writer)
        encodeNarrow(priced.map { $1.close.id &- $1.open.id }, .plain, &writer)
        encodeNarrow(priced.map { $1.open.quantity }, .plain, &writer)
        encodeNarrow(priced.map { $1.close.quantity }, .plain, &writer)
    }

    private static func decodePrices(into rows: inout [TapeRow], from reader: inout ByteReader) throws {
        let has = try ColumnCoding.decode(count: rows.count, from: &reader)
        let indices = has.indices.filter { has[$0] != 0 }
        var columns: [[Int64]] = []
        for _ in 0..<10 { columns.append(try ColumnCoding.decode(count: indices.count, from: &reader)) }
        for (position, index) in indices.enumerated() {
            let base = rows[index].start &* 1_000_000_000
            let price = columns[0][position]
            let id = columns[6][position]
            rows[index].prices = PriceRange(
                open: PricePoint(
                    nanoseconds: base &+ columns[4][position], id: id, price: price,
                    quantity: columns[8][position]),
                high: price &+ columns[2][position], low: price &+ columns[3][position],
                close: PricePoint(
                    nanoseconds: base &+ columns[5][position], id: id &+ columns[7][position],
                    price: price &+ columns[1][position], quantity: columns[9][position]))
        }
    }

    private func encodeBins(_ writer: inout ByteWriter) {
        encodeNarrow(rows.indices.map { Int64(binRange($0).count) }, .plain, &writer)
        for index in rows.indices {
            var last: UInt64 = 0
            for packed in bins[binRange(index)] {
                // The step in milliseconds to the first one of the bin, and whether there is one event alone.
                let first = packed.bin * 10 + UInt64(packed.milliseconds.trailingZeroBitCount)
                writer.write((first - last) << 1 | (packed.count == 1 ? 0 : 1))
                if packed.count != 1 {
                    writer.write(packed.milliseconds)
                    writer.write(packed.count)
                }
                last = packed.bin * 10
            }
        }
    }

    private init(_ decoded: [TapeRow], binsFrom reader: inout ByteReader) throws {
        self.init()
        let sizes = try ColumnCoding.decode(count: decoded.count, from: &reader)
        reserve(decoded.count)
        for (row, size) in zip(decoded, sizes) {
            guard (0...Int64(Self.binsPerSecond)).contains(size) else { throw ByteReader.Malformed() }
            var occupied: [PackedBin] = []
            var last: UInt64 = 0
            for _ in 0..<size {
                let token = try reader.readUnsigned()
                let first = last + min(token >> 1, 2000)
                let bin = first / 10
                guard bin < UInt64(Self.binsPerSecond) else { throw ByteReader.Malformed() }
                var milliseconds: UInt64 = 1 << (first % 10)
                var count: UInt64 = 1
                if token & 1 == 1 {
                    milliseconds = try reader.readUnsigned()
                    count = try reader.readUnsigned()
                }
                guard milliseconds.trailingZeroBitCount == Int(first % 10), milliseconds < 1 << 10,
                    count <= PackedBin.countMax
                else { throw ByteReader.Malformed() }
                occupied.append(PackedBin(bin: bin, milliseconds: milliseconds, count: count))
                last = bin * 10
            }
            append(row, bins: occupied)
        }
    }
}
