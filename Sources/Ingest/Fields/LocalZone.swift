import Foundation
import Units

/// The clock of times that are written without a zone.
///
/// Of an hour that summer time repeats it gives the first pass; `LocalClock` tells the passes apart by the order of rows.
/// An hour that it skips is taken as if the clock had not moved yet; `isSkipped` tells of it.
public struct LocalZone: Sendable, Equatable {
    /// Coordinated universal time.
    public static let utc = LocalZone(offsets: [], first: 0)

    /// Seconds east of UTC from an instant (in local seconds) on, in order of time.
    private let offsets: [Change]
    private let first: Int64
    /// Local times that come twice, in order.
    private let folds: [Fold]
    /// Local times that never come, in order.
    private let gaps: [Range<Int64>]

    /// Local times that a clock which is set back shows twice.
    struct Fold: Equatable, Sendable {
        /// The first local second that comes twice.
        let start: Int64
        /// The local second behind the last.
        let end: Int64

        /// How much later the second pass is.
        var shift: Int64 { end - start }
    }

    private struct Change: Equatable {
        let localSeconds: Int64
        let offset: Int64
    }

    private init(offsets: [Change], first: Int64, folds: [Fold] = [], gaps: [Range<Int64>] = []) {
        self.offsets = offsets
        self.first = first
        self.folds = folds
        self.gaps = gaps
    }

    /// A fixed offset, as `+05:30`, `-0400` or `Z`, or a name of the time zone database, as
    /// `America/Chicago`.
    public init?(_ text: String) {
        if text == "UTC" || text == "GMT" {
            self = .utc
            return
        }
        let fixed = Array(text.utf8).withUnsafeBytes { $0.isEmpty ? nil : ISOTime.zone($0) }
        if let fixed {
            self.init(offsets: [], first: fixed)
            return
        }
        guard text.contains("/"), let zone = TimeZone(identifier: text) else { return nil }
        self = LocalZone.table(zone)
    }

    /// Seconds since the epoch of a local time that is given in the same way.
    @inline(__always)
    func utc(_ local: Int64) -> Int64 {
        offsets.isEmpty ? local - first : local - offset(at: local)
    }

    /// Whether a local time never comes, since the clock is set forward over it.
    @inline(__always)
    func isSkipped(_ local: Int64) -> Bool {
        if gaps.isEmpty { return false }
        let index = gaps.partitioningIndex { $0.upperBound > local }
        return index < gaps.count && gaps[index].lowerBound <= local
    }

    /// The local time of an instant.
    func local(_ utc: Int64) -> Int64 {
        // Changes are ordered as instants, too: the offset after one holds from its local second on.
        var offset = first
        for change in offsets {
            let before = change.localSeconds - max(offset, change.offset)
            if before > utc { break }
            offset = change.offset
        }
        return utc + offset
    }

    /// Whether every local time is one instant.
    var isFixed: Bool { folds.isEmpty }

    /// The fold that a local time lies in; nil where it comes once.
    func fold(at local: Int64) -> Fold? {
        let index = firstFold(after: local)
        return index < folds.count && folds[index].start <= local ? folds[index] : nil
    }

    /// How much later an instant of a first pass comes again; nil for one that does not.
    func secondPass(of utc: Int64) -> Int64? {
        let index = folds.partitioningIndex { self.utc($0.start) + $0.shift > utc }
        guard index < folds.count, self.utc(folds[index].start) <= utc else { return nil }
        return folds[index].shift
    }

    /// Local times around one that lies in no fold, up to the folds next to it.
    func calm(around local: Int64) -> Range<Int64> {
        let index = firstFold(after: local)
        let start = index > 0 ? folds[index - 1].end : .min
        return start..<max(start, index < folds.count ? folds[index].start : .max)
    }

    /// The first fold that ends behind a local time.
    private func firstFold(after local: Int64) -> Int {
        var low = 0
        var high = folds.count
        while low < high {
            let middle = (low + high) / 2
            if folds[middle].end <= local { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func offset(at local: Int64) -> Int64 {
        var low = 0
        var high = offsets.count
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle].localSeconds <= local { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1].offset
    }

    /// All changes from 1970 to 2100.
    private static func table(_ zone: TimeZone) -> LocalZone {
        var instant = Date(timeIntervalSince1970: 0)
        let first = Int64(zone.secondsFromGMT(for: instant))
        var before = first
        var changes: [Change] = []
        var folds: [Fold] = []
        var gaps: [Range<Int64>] = []
        while let next = zone.nextDaylightSavingTimeTransition(after: instant), next > instant,
            next.timeIntervalSince1970 < 4_102_444_800
        {
            instant = next
            let offset = Int64(zone.secondsFromGMT(for: instant.addingTimeInterval(1)))
            let start = Int64(saturating: instant.timeIntervalSince1970)
            // The old offset holds up to the last local second that it gave: a repeated hour is its first
            // pass.
            changes.append(Change(localSeconds: start + max(before, offset), offset: offset))
            if offset > before { gaps.append(start + before..<start + offset) }
            if offset < before { folds.append(Fold(start: start + offset, end: start + before)) }
            before = offset
        }
        return LocalZone(offsets: changes, first: first, folds: folds, gaps: gaps)
    }
}
