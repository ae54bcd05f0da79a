#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Units

/// What a tape holds: its segments, its series and the inputs already taken in. Written last, so that it commits.
///
/// The JSON has sorted keys and depends on the content alone, not on the order in which it came.
struct Manifest: Codable, Equatable, Sendable {
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

    struct SegmentRecord: Codable, Equatable, Sendable {
        var name: String
        var bytes: Int
        var hash: String
        var isEvents: Bool
        var start: Int64

        var period: Period { Period(isEvents: isEvents, holding: start) }
    }

    struct SeriesRecord: Codable, Equatable, Sendable {
        var kind: String
        var venue: String
        var name: String
        var groups: [GroupRecord] = []
        /// Seconds over which logs of its events exist, as pairs of first and last.
        var covered: [[Int64]] = []
        /// The part of `covered` that came without trade ids.
        var anonymous: [[Int64]] = []

        var id: SeriesID { SeriesID(kind: kind, venue: venue, name: name) }
        var coveredSet: IntervalSet { SeriesRecord.set(covered) }
        var anonymousSet: IntervalSet { SeriesRecord.set(anonymous) }

        static func pairs(_ set: IntervalSet) -> [[Int64]] {
            set.intervals.map { [$0.lowerBound, $0.upperBound] }
        }

        private static func set(_ pairs: [[Int64]]) -> IntervalSet {
            IntervalSet(
                pairs.compactMap { pair in
                    guard pair.count == 2, pair[0] <= pair[1] else { return nil }
                    return pair[0]...pair[1]
                })
        }
    }

    struct GroupRecord: Codable, Equatable, Sendable {
        var step: Int64
        var rows: Int
        var first: Int64
        var last: Int64
        var events: Int64
    }

    struct SourceRecord: Codable, Equatable, Sendable {
        var hash: String
        var bytes: Int
        var format: String
    }

    /// Reads and checks the manifest of a folder.
    init(folder: String) throws(TapeError) {
        let path = folder + "/" + Manifest.fileName
        guard DurableFile.exists(path) else { throw .notATape(path: folder) }
        let bytes = try DurableFile.read(path)
        guard let read = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)),
            read.format == Manifest.format
        else { throw .corrupt(file: path, reason: "not the manifest of a tape") }
        guard read.version == Manifest.version else {
            throw .unknownVersion(path: path, version: read.version)
        }
        self = read
        guard Manifest.isIntact(bytes) else {
            throw .corrupt(file: path, reason: "its checksum does not match")
        }
    }

    /// Whether a file's text carries its own checksum: that of all its bytes but the checksum's digits and the last
    /// newline.
    private static func isIntact(_ bytes: [UInt8]) -> Bool {
        let head = Array("{\"checksum\":\"".utf8)
        let end = head.count + 32
        guard bytes.count > end, bytes.starts(with: head), bytes.last == 0x0A else { return false }
        let rest = head + bytes[end..<bytes.count - 1]
        let digits = String(decoding: bytes[head.count..<end], as: UTF8.self)
        return rest.withUnsafeBytes { ContentHash(of: $0).description } == digits
    }

    init() {}

    /// The bytes of the file, with the checksum over all the rest.
    func encoded() -> [UInt8] {
        var copy = self
        copy.checksum = ""
        copy.checksum = Manifest.json(copy).withUnsafeBytes { ContentHash(of: $0).description }
        return Manifest.json(copy) + [0x0A]
    }

    private static func json(_ manifest: Manifest) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(manifest))
        } catch {
            preconditionFailure("a manifest of texts and whole numbers always encodes: \(error)")
        }
    }
}
