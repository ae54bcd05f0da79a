import Units

/// What a tape holds: its segments, its series and the inputs already taken in. Written last, so that it
/// commits.
///
/// The JSON has sorted keys and depends on the content alone, not on the order in which it came.
struct Manifest: Equatable, Sendable {
    static let version = 2
    static let fileName = "manifest.json"
    static let format = "highwater-tape"

    var checksum = ""
    var format = Manifest.format
    var version = Manifest.version
    var segments: [SegmentRecord] = []
    var series: [SeriesRecord] = []
    /// Which part of an ingest the tape is; nil for a whole one.
    var shard: TapeShard?
    var sources: [SourceRecord] = []

    struct SegmentRecord: Equatable, Sendable {
        var name: String
        var bytes: Int
        var hash: String
        var isEvents: Bool
        var start: Int64

        var period: Period { Period(isEvents: isEvents, holding: start) }
    }

    struct SeriesRecord: Equatable, Sendable {
        var kind: String
        var venue: String
        var name: String
        var groups: [GroupRecord] = []
        /// Seconds over which logs of its events exist.
        var covered = SecondPairs(IntervalSet())
        /// The part of `covered` that came without trade ids.
        var anonymous = SecondPairs(IntervalSet())

        var id: SeriesID { SeriesID(kind: kind, venue: venue, name: name) }
        var coveredSet: IntervalSet { covered.set }
        var anonymousSet: IntervalSet { anonymous.set }
    }

    struct GroupRecord: Equatable, Sendable {
        var step: Int64
        var rows: Int
        var first: Int64
        var last: Int64
        var events: Int64
    }

    struct SourceRecord: Equatable, Sendable {
        var hash: String
        var bytes: Int
        var format: String
    }

    init() {}

    /// Reads and checks the manifest of a folder.
    init(folder: String) throws(TapeError) {
        let path = folder + "/" + Manifest.fileName
        guard DurableFile.exists(path) else { throw .notATape(path: folder) }
        let text = ManifestText(try DurableFile.read(path))
        do {
            let found = try text.withReader { try Manifest.readVersion(&$0) }
            guard found.format == Manifest.format else { throw ManifestReader.Malformed() }
            guard found.version == Manifest.version else {
                throw TapeError.unknownVersion(path: path, version: found.version)
            }
            try text.withReader { try read(&$0, text) }
        } catch {
            throw error as? TapeError ?? .corrupt(file: path, reason: "not a tape manifest")
        }
        guard Manifest.isIntact(text.bytes) else {
            throw .corrupt(file: path, reason: "its checksum does not match")
        }
    }

    /// Whether a file's text carries its own checksum: that of all its bytes but the checksum's digits and
    /// the last newline.
    private static func isIntact(_ bytes: [UInt8]) -> Bool {
        let head = Array("{\"checksum\":\"".utf8)
        let end = head.count + 32
        guard bytes.count > end, bytes.starts(with: head), bytes.last == 0x0A else { return false }
        let digits = String(decoding: bytes[head.count..<end], as: UTF8.self)
        return bytes.withUnsafeBytes { all in
            var hasher = ContentHasher()
            hasher.update(UnsafeRawBufferPointer(rebasing: all[..<head.count]))
            hasher.update(UnsafeRawBufferPointer(rebasing: all[end..<bytes.count - 1]))
            return hasher.finish().description == digits
        }
    }
}

/// Seconds as pairs of first and last, which are read out of a manifest's text when they are asked for.
struct SecondPairs: Equatable, Sendable {
    private enum Source: Sendable {
        case set(IntervalSet)
        case text(ManifestText, Range<Int>)
    }

    private let source: Source

    init(_ set: IntervalSet) {
        source = .set(set)
    }

    init(_ text: ManifestText, _ range: Range<Int>) {
        source = .text(text, range)
    }

    /// The seconds. O(n) where they have to be read.
    var set: IntervalSet {
        switch source {
        case .set(let set): return set
        case .text(let text, let range):
            var pairs: [ClosedRange<Int64>] = []
            try? text.withReader(range) { reader in
                try reader.readArray { reader in
                    var ends: [Int64] = []
                    try reader.readArray { ends.append(try $0.readNumber()) }
                    if ends.count == 2, ends[0] <= ends[1] { pairs.append(ends[0]...ends[1]) }
                }
            }
            return IntervalSet(pairs)
        }
    }

    static func == (one: SecondPairs, other: SecondPairs) -> Bool { one.set == other.set }
}

/// The text of a manifest, for what is read from it later.
final class ManifestText: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the text, or a part of it.
    func withReader<Result>(
        _ range: Range<Int>? = nil, _ body: (inout ManifestReader) throws -> Result
    ) rethrows -> Result {
        try bytes.withUnsafeBytes { all in
            var reader = ManifestReader(UnsafeRawBufferPointer(rebasing: all[range ?? 0..<bytes.count]))
            return try body(&reader)
        }
    }
}
