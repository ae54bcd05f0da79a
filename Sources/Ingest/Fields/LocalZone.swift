import Foundation
import Units

/// The clock of times that are written without a zone.
///
/// An hour that summer time repeats is taken as its first pass, an hour that it skips as if the clock had not
/// moved yet; what a text does not say cannot be read out of it.
public struct LocalZone: Sendable, Equatable {
    /// Coordinated universal time.
    public static let utc = LocalZone(offsets: [], first: 0)

    /// Seconds east of UTC from an instant (in local seconds) on, in order of time.
    private let offsets: [Change]
    private let first: Int64

    private struct Change: Equatable {
        let localSeconds: Int64
        let offset: Int64
    }

    private init(offsets: [Change], first: Int64) {
        self.offsets = offsets
        self.first = first
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
        while let next = zone.nextDaylightSavingTimeTransition(after: instant), next > instant,
            next.timeIntervalSince1970 < 4_102_444_800
        {
            instant = next
            let offset = Int64(zone.secondsFromGMT(for: instant.addingTimeInterval(1)))
            let start = Int64(instant.timeIntervalSince1970)
            // The old offset holds up to the last local second that it gave: a repeated hour is its first
            // pass.
            changes.append(Change(localSeconds: start + max(before, offset), offset: offset))
            before = offset
        }
        return LocalZone(offsets: changes, first: first)
    }
}
