import Units

/// The entries of a segment by their keys, each decoded when it is asked for.
///
/// Layout: how many there are and where each starts behind this table, in 4-byte little-endian words; then the entries.
struct SegmentDirectory: Sendable {
    private let held: FileBytes
    /// Blocks end before this.
    private let limit: Int
    /// How many entries there are.
    let count: Int

    private static let wordBytes = 4

    init(_ held: FileBytes, limit: Int) throws {
        self.held = held
        self.limit = limit
        count = try held.withBytes { bytes in
            guard bytes.count >= Self.wordBytes else { throw ByteReader.Malformed() }
            let count = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
            guard count <= (bytes.count - Self.wordBytes) / Self.wordBytes else {
                throw ByteReader.Malformed()
            }
            return count
        }
    }

    /// The bytes of a directory from the entries' own bytes.
    static func encoded(_ entries: [[UInt8]]) -> [UInt8] {
        var writer = ByteWriter()
        var offset = 0
        writer.write(word: UInt32(entries.count))
        for entry in entries {
            writer.write(word: UInt32(offset))
            offset += entry.count
        }
        for entry in entries { writer.write(raw: entry) }
        return writer.bytes
    }

    func entry(_ index: Int) throws -> Segment.Entry {
        try held.withBytes { bytes in
            var reader = try reader(index, of: bytes)
            return try Self.readEntry(&reader, key: try Self.readKey(&reader), limit: limit)
        }
    }

    /// The entry of a key, or nil.
    func find(_ key: GroupKey) throws -> Segment.Entry? {
        try held.withBytes { try find(key, in: $0) }
    }

    private func find(_ key: GroupKey, in bytes: UnsafeRawBufferPointer) throws -> Segment.Entry? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            var reader = try reader(middle, of: bytes)
            if try Self.readKey(&reader) < key { low = middle + 1 } else { high = middle }
        }
        guard low < count else { return nil }
        var reader = try reader(low, of: bytes)
        let found = try Self.readKey(&reader)
        return found == key ? try Self.readEntry(&reader, key: found, limit: limit) : nil
    }

    private func reader(_ index: Int, of bytes: UnsafeRawBufferPointer) throws -> ByteReader {
        let word = bytes.loadUnaligned(fromByteOffset: (index + 1) * Self.wordBytes, as: UInt32.self)
        let start = (count + 1) * Self.wordBytes + Int(UInt32(littleEndian: word))
        guard start <= bytes.count else { throw ByteReader.Malformed() }
        return ByteReader(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    private static func readKey(_ reader: inout ByteReader) throws -> GroupKey {
        let series = SeriesID(
            kind: try reader.readText(), venue: try reader.readText(), name: try reader.readText())
        return GroupKey(series: series, step: try reader.readSigned())
    }

    private static func readEntry(
        _ reader: inout ByteReader, key: GroupKey, limit: Int
    ) throws -> Segment.Entry {
        let rows = try reader.readCount(limit: .max)
        let first = try reader.readSigned()
        let last = try reader.readSigned()
        let events = try reader.readSigned()
        return Segment.Entry(
            key: key, rows: rows, first: first, last: last, events: events,
            rowsPart: try readPart(&reader, limit: limit), idsPart: try readPart(&reader, limit: limit))
    }

    private static func readPart(_ reader: inout ByteReader, limit: Int) throws -> Segment.Part {
        let offset = try reader.readCount(limit: limit)
        let length = try reader.readCount(limit: limit - offset)
        return Segment.Part(offset: offset, length: length, checksum: try reader.readFixed())
    }
}
