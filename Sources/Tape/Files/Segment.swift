import Units

/// One file of the tape: the blocks of all series of one period, behind them a directory, behind that a footer.
///
/// Layout: the magic; blocks; the directory; then, in 8-byte little-endian words, the directory's offset, its length and
/// its checksum, and the magic again. The directory holds the checksum of every block, so that each byte is under one.
/// A block of rows is a number of pages, what is said of each (rows, first, last, events, length), and the pages. The
/// bytes follow from the rows alone: series and rows are sorted, and nothing says when or from what they came.
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
    private let size: Int
    private let directory: SegmentDirectory

    static let magic = Array("HWTAPE02".utf8)
    private static let footerLength = 32
    /// Bytes that are hashed at a time.
    private static let stretchBytes = 16 * ContentHasher.unitBytes

    /// Reads a segment's directory and checks it; rows are read when they are asked for.
    init(_ path: String) throws(TapeError) {
        self.path = path
        size = try FileBytes.size(of: path)
        directory = try Segment.readDirectory(size: size, path: path)
    }

    /// All entries, by their keys.
    func entries() throws(TapeError) -> [Entry] {
        do {
            return try (0..<directory.count).map { try directory.entry($0) }
        } catch {
            throw .corrupt(file: path, reason: "the directory cannot be decoded")
        }
    }

    /// The entry of a series at one resolution. O(log n), since a tape may hold thousands of series a day.
    func entry(_ key: GroupKey) throws(TapeError) -> Entry? {
        do {
            return try directory.find(key)
        } catch {
            throw .corrupt(file: path, reason: "the directory cannot be decoded")
        }
    }

    func rows(_ entry: Entry) throws(TapeError) -> RowBatch {
        var batches: [RowBatch] = []
        for page in try pages(entry) { batches.append(try page.decoded(from: path)) }
        return batches.isEmpty ? RowBatch() : RowBatch.concatenating(batches)
    }

    /// The pages of an entry, in time order, not decoded yet.
    func pages(_ entry: Entry) throws(TapeError) -> [CodedPage] {
        let held = try verified(entry.rowsPart, of: entry)
        do {
            return try held.withBytes { try Segment.pages($0, of: held) }
        } catch {
            throw .corrupt(file: path, reason: "the rows of \(entry.key.series) cannot be decoded")
        }
    }

    private static func pages(
        _ bytes: UnsafeRawBufferPointer, of held: FileBytes
    ) throws -> [CodedPage] {
        var reader = ByteReader(bytes)
        let count = try reader.readCount(limit: bytes.count)
        var heads: [(rows: Int, first: Int64, last: Int64, events: Int64, length: Int)] = []
        for _ in 0..<count {
            let rows = try reader.readCount(limit: .max)
            let first = try reader.readSigned()
            let last = first &+ (try reader.readSigned())
            let events = try reader.readSigned()
            heads.append((rows, first, last, events, try reader.readCount(limit: bytes.count)))
        }
        var pages: [CodedPage] = []
        for head in heads {
            let offset = reader.position
            _ = try reader.readRaw(count: head.length)
            pages.append(
                CodedPage(
                    rows: head.rows, first: head.first, last: head.last, events: head.events,
                    bytes: .held(held, offset: offset, length: head.length)))
        }
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
        return pages
    }

    /// The trade ids of an entry.
    func ids(_ entry: Entry) throws(TapeError) -> IntervalSet {
        let held = try verified(entry.idsPart, of: entry)
        do {
            return try held.withBytes { try IntervalSet(decoding: $0) }
        } catch {
            throw .corrupt(file: path, reason: "the trade ids of \(entry.key.series) cannot be decoded")
        }
    }

    /// The hash and the size of the whole file, as it is now.
    func fingerprint() throws(TapeError) -> (hash: ContentHash, bytes: Int) {
        let size = try FileBytes.size(of: path)
        var hasher = ContentHasher()
        for start in stride(from: 0, to: size, by: Segment.stretchBytes) {
            let stretch = try FileBytes(path, start..<min(start + Segment.stretchBytes, size))
            stretch.withBytes { hasher.update($0) }
        }
        return (hasher.finish(), size)
    }

    private func verified(_ part: Part, of entry: Entry) throws(TapeError) -> FileBytes {
        let held = try FileBytes(path, part.offset..<part.offset + part.length)
        guard held.withBytes({ ContentHash(of: $0).low }) == part.checksum else {
            throw .corrupt(file: path, reason: "the checksum of \(entry.key.series) does not match")
        }
        return held
    }

    private static func readDirectory(size: Int, path: String) throws(TapeError) -> SegmentDirectory {
        guard size >= magic.count + footerLength else {
            throw .corrupt(file: path, reason: "not a whole segment")
        }
        let end = size - footerLength
        let head = try FileBytes(path, 0..<magic.count)
        let foot = try FileBytes(path, end..<size)
        guard head.withBytes({ $0.elementsEqual(magic) }),
            foot.withBytes({ $0.suffix(magic.count).elementsEqual(magic) })
        else {
            throw .corrupt(file: path, reason: "not a whole segment")
        }
        do {
            let (offset, length, checksum) = try foot.withBytes { bytes in
                var footer = ByteReader(bytes)
                return (try footer.readFixed(), try footer.readFixed(), try footer.readFixed())
            }
            guard offset <= UInt64(end), length == UInt64(end) - offset else { throw ByteReader.Malformed() }
            let directory = try FileBytes(path, Int(offset)..<end)
            guard directory.withBytes({ ContentHash(of: $0).low }) == checksum else {
                throw ByteReader.Malformed()
            }
            return try SegmentDirectory(directory, limit: Int(offset))
        } catch {
            throw error as? TapeError
                ?? .corrupt(file: path, reason: "the directory does not match its checksum")
        }
    }
}
