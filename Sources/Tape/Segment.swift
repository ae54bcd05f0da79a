import Units

/// One file of the tape: the blocks of all series of one period, behind them a directory, behind that a footer.
///
/// Layout: the magic; blocks; the directory; then, in 8-byte little-endian words, the directory's offset, its length and
/// its XXH64, and the magic again. The directory holds the XXH64 of every block, so that each byte is under a checksum.
/// The bytes follow from the rows alone: series and rows are sorted, and nothing says when or from what they came.
final class Segment: Sendable {
    /// Where one series lies in the file.
    struct Entry: Sendable {
        let key: GroupKey
        let rows: Int
        let first: Int64
        let last: Int64
        let events: Int64
        let rowsPart: Part
        let idsPart: Part
    }

    /// A run of bytes with its checksum.
    struct Part: Sendable {
        let offset: Int
        let length: Int
        let checksum: UInt64
    }

    let path: String
    let entries: [Entry]
    private let file: MappedFile

    static let magic = Array("HWTAPE01".utf8)
    private static let footerLength = 32

    /// Maps a segment and reads its directory.
    init(_ path: String) throws(TapeError) {
        self.path = path
        file = try MappedFile(path)
        entries = try Segment.readDirectory(file.bytes, path: path)
    }

    /// The entry of a series at one resolution. O(log n).
    func entry(_ key: GroupKey) -> Entry? {
        let index = entries.partitioningIndex { !($0.key < key) }
        return index < entries.count && entries[index].key == key ? entries[index] : nil
    }

    /// The rows of an entry.
    func rows(_ entry: Entry) throws(TapeError) -> RowBatch {
        let bytes = try verified(entry.rowsPart, of: entry)
        do {
            return try RowBatch(decoding: bytes)
        } catch {
            throw .corrupt(file: path, reason: "the rows of \(entry.key.series) cannot be decoded")
        }
    }

    /// The rows of an entry in their coded form.
    func codedRows(_ entry: Entry) throws(TapeError) -> CodedRows {
        CodedRows(entry, bytes: Array(try verified(entry.rowsPart, of: entry)))
    }

    /// The trade ids of an entry.
    func ids(_ entry: Entry) throws(TapeError) -> IntervalSet {
        let bytes = try verified(entry.idsPart, of: entry)
        do {
            return try IntervalSet(decoding: bytes)
        } catch {
            throw .corrupt(file: path, reason: "the trade ids of \(entry.key.series) cannot be decoded")
        }
    }

    /// The hash and the size of the whole file.
    func fingerprint() -> (hash: ContentHash, bytes: Int) {
        (ContentHash(of: file.bytes), file.bytes.count)
    }

    private func verified(_ part: Part, of entry: Entry) throws(TapeError) -> UnsafeRawBufferPointer {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[part.offset..<part.offset + part.length])
        guard ContentHash(of: bytes).low == part.checksum else {
            throw .corrupt(file: path, reason: "the checksum of \(entry.key.series) does not match")
        }
        return bytes
    }

    private static func readDirectory(
        _ bytes: UnsafeRawBufferPointer, path: String
    ) throws(TapeError) -> [Entry] {
        guard bytes.count >= magic.count + footerLength, bytes.prefix(8).elementsEqual(magic),
            bytes.suffix(8).elementsEqual(magic)
        else { throw .corrupt(file: path, reason: "not a whole segment") }
        let end = bytes.count - footerLength
        do {
            var footer = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[end...]))
            let offset = try footer.readFixed()
            let length = try footer.readFixed()
            let checksum = try footer.readFixed()
            guard offset <= UInt64(end), length == UInt64(end) - offset else { throw ByteReader.Malformed() }
            let directory = UnsafeRawBufferPointer(rebasing: bytes[Int(offset)..<end])
            guard ContentHash(of: directory).low == checksum else { throw ByteReader.Malformed() }
            var reader = ByteReader(directory)
            let count = try reader.readCount(limit: directory.count)
            var entries: [Entry] = []
            entries.reserveCapacity(count)
            for _ in 0..<count { entries.append(try readEntry(&reader, limit: Int(offset))) }
            return entries
        } catch {
            throw .corrupt(file: path, reason: "the directory does not match its checksum")
        }
    }

    private static func readEntry(_ reader: inout ByteReader, limit: Int) throws -> Entry {
        let series = SeriesID(
            kind: try reader.readText(), venue: try reader.readText(), name: try reader.readText())
        let step = try reader.readSigned()
        let rows = try reader.readCount(limit: .max)
        let first = try reader.readSigned()
        let last = try reader.readSigned()
        let events = try reader.readSigned()
        return Entry(
            key: GroupKey(series: series, step: step), rows: rows, first: first, last: last, events: events,
            rowsPart: try readPart(&reader, limit: limit), idsPart: try readPart(&reader, limit: limit))
    }

    private static func readPart(_ reader: inout ByteReader, limit: Int) throws -> Part {
        let offset = try reader.readCount(limit: limit)
        let length = try reader.readCount(limit: limit - offset)
        return Part(offset: offset, length: length, checksum: try reader.readFixed())
    }
}

extension IntervalSet {
    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt64(intervals.count))
        var last: Int64 = 0
        for interval in intervals {
            writer.write(interval.lowerBound &- last)
            writer.write(UInt64(bitPattern: interval.upperBound &- interval.lowerBound))
            last = interval.upperBound
        }
        return writer.bytes
    }

    init(decoding bytes: UnsafeRawBufferPointer) throws {
        self.init()
        if bytes.isEmpty { return }
        var reader = ByteReader(bytes)
        var last: Int64 = 0
        for _ in 0..<(try reader.readCount(limit: bytes.count)) {
            let low = last &+ (try reader.readSigned())
            let high = low &+ Int64(bitPattern: try reader.readUnsigned())
            guard low <= high, isEmpty || low > last else { throw ByteReader.Malformed() }
            appendSorted(low...high)
            last = high
        }
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
    }
}

/// Puts the bytes of a segment together.
struct SegmentBuilder {
    private var body = ByteWriter()
    private var directory = ByteWriter()
    private var count = 0

    init() {
        body.write(raw: Segment.magic)
    }

    /// Adds a series; keys must rise.
    mutating func append(_ key: GroupKey, rows: CodedRows, ids: IntervalSet) {
        count += 1
        directory.write(key.series.kind)
        directory.write(key.series.venue)
        directory.write(key.series.name)
        directory.write(key.step)
        directory.write(UInt64(rows.count))
        directory.write(rows.first)
        directory.write(rows.last)
        directory.write(rows.events)
        appendPart(rows.bytes)
        appendPart(ids.isEmpty ? [] : ids.encoded())
    }

    func finish() -> [UInt8] {
        var head = ByteWriter()
        head.write(UInt64(count))
        head.write(raw: directory.bytes)
        var result = body
        result.write(raw: head.bytes)
        result.write(fixed: UInt64(body.bytes.count))
        result.write(fixed: UInt64(head.bytes.count))
        result.write(fixed: head.bytes.withUnsafeBytes { ContentHash(of: $0).low })
        result.write(raw: Segment.magic)
        return result.bytes
    }

    private mutating func appendPart(_ bytes: [UInt8]) {
        directory.write(UInt64(body.bytes.count))
        directory.write(UInt64(bytes.count))
        directory.write(fixed: bytes.withUnsafeBytes { ContentHash(of: $0).low })
        body.write(raw: bytes)
    }
}
