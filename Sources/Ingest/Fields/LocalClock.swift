/// Reads the times of rows by a local clock, and tells the two passes of an hour that summer time repeats apart by the
/// order of the rows.
///
/// Rows that rise through the hour, fall back by a quarter of an hour or more and rise again have gone through it twice;
/// rows of a log that begins with its newest go the other way. Where the rows do not tell (one that lies hours behind the
/// one before it, or falls by some minutes), there is no answer: better a row in quarantine than one counted in the wrong
/// hour.
struct LocalClock: Sendable {
    let zone: LocalZone
    /// Whether rows come in the order of time, so that it tells; otherwise the first pass is meant.
    var isOrdered = true

    private var last: Int64?
    /// Local times around the row before in which nothing comes twice.
    private var calm: Range<Int64> = 0..<0
    private var stay: Stay?

    /// What is known of the rows that lie in one fold.
    private struct Stay {
        let fold: LocalZone.Fold
        var pass: Pass
        let descends: Bool
    }

    private enum Pass {
        case first
        case second
        case unknown
    }

    /// Rows may be late by this much, in seconds.
    private static let disorder: Int64 = 60
    /// A clock that jumps by this much has been set back.
    private static let jump: Int64 = 15 * 60

    init(_ zone: LocalZone) {
        self.zone = zone
    }

    /// Seconds since the epoch of the next row's local time; nil where it comes twice and which is not told.
    @inline(__always)
    mutating func utc(_ local: Int64) -> Int64? {
        if zone.isFixed || !isOrdered { return zone.utc(local) }
        return utcInOrder(local)
    }

    private mutating func utcInOrder(_ local: Int64) -> Int64? {
        defer { last = local }
        if calm.contains(local) {
            stay = nil
            return zone.utc(local)
        }
        guard let fold = zone.fold(at: local) else {
            calm = zone.calm(around: local)
            stay = nil
            return zone.utc(local)
        }
        let stay = next(local, fold)
        self.stay = stay
        switch stay.pass {
        case .first: return zone.utc(local)
        case .second: return zone.utc(local) + fold.shift
        case .unknown: return nil
        }
    }

    private func next(_ local: Int64, _ fold: LocalZone.Fold) -> Stay {
        guard let last else { return Stay(fold: fold, pass: .first, descends: false) }
        guard var stay, stay.fold == fold else {
            if (fold.start - fold.shift..<fold.start).contains(last) {
                return Stay(fold: fold, pass: .first, descends: false)
            }
            if (fold.end..<fold.end + fold.shift).contains(last) {
                return Stay(fold: fold, pass: .second, descends: true)
            }
            return Stay(fold: fold, pass: .unknown, descends: false)
        }
        let back = stay.descends ? local - last : last - local
        guard back > LocalClock.disorder else { return stay }
        let other: Pass = stay.descends ? .first : .second
        stay.pass = back >= LocalClock.jump && stay.pass != other && stay.pass != .unknown ? other : .unknown
        return stay
    }
}
