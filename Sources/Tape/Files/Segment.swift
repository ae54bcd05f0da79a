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
    private let file: MappedFile
    private let directory: SegmentDirectory

    static let magic = Array("HWTAPE02".utf8)
    private static let footerLength = 32

    /// Maps a segment and checks its directory.
    init(_ path: String) throws(TapeError) {
        self.path = path
        file = try MappedFile(path)
        directory = try Segment.readDirectory(file.bytes, path: path)
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

    /// The rows of an entry.
    func rows(_ entry: Entry) throws(TapeError) -> RowBatch {
        var batches: [RowBatch] = []
        for page in try pages(entry) { batches.append(try page.decoded(from: path)) }
        return batches.isEmpty ? RowBatch() : RowBatch.concatenating(batches)
    }

    /// The pages of an entry, in time order, not decoded yet.
    func pages(_ entry: Entry) throws(TapeError) -> [CodedPage] {
        let part = entry.rowsPart
        let bytes = try verified(part, of: entry)
        do {
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
                let offset = part.offset + reader.position
                _ = try reader.readRaw(count: head.length)
                pages.append(
                    CodedPage(
                        rows: head.rows, first: head.first, last: head.last, events: head.events,
                        bytes: .mapped(self, offset: offset, length: head.length)))
            }
            guard reader.isAtEnd else { throw ByteReader.Malformed() }
            return pages
        } catch {
            throw .corrupt(file: path, reason: "the rows of \(entry.key.series) cannot be decoded")
        }
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

    /// Some bytes of the file, as `pages` gave them out.
    func bytes(offset: Int, length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[offset..<offset + length])
    }

    private func verified(_ part: Part, of entry: Entry) throws(TapeError) -> UnsafeRawBufferPointer {
        let bytes = self.bytes(offset: part.offset, length: part.length)
        guard ContentHash(of: bytes).low == part.checksum else {
            throw .corrupt(file: path, reason: "the checksum of \(entry.key.series) does not match")
        }
        return bytes
    }

    private static func readDirectory(
        _ bytes: UnsafeRawBufferPointer, path: String
    ) throws(TapeError) -> SegmentDirectory {
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
            return try SegmentDirectory(directory, limit: Int(offset))
        } catch {
            throw .corrupt(file: path, reason: "the directory does not match its checksum")
        }
    }
}
