import Units

/// What a tape holds already, as far as an input has to know it to drop its duplicates. Safe to share among threads.
public struct KnownRows: Sendable {
    let tape: Tape?
    /// Trade ids taken in since the tape was opened.
    var addedIDs: [SeriesPeriod: IntervalSet] = [:]
    /// Fingerprints of bars taken in since.
    var addedBars: [GroupKey: BarPrints] = [:]

    /// Nothing is known: for an input on its own.
    public static let nothing = KnownRows(tape: nil)

    /// The ids of a series in a period.
    func ids(_ key: SeriesPeriod) throws(TapeError) -> IntervalSet {
        let added = addedIDs[key] ?? IntervalSet()
        guard let stored = try entry(GroupKey(series: key.series, step: 0), key.period) else { return added }
        return try stored.segment.ids(stored.entry).union(added)
    }

    /// The fingerprints of the bars of a series in a period, by their start.
    func bars(_ key: GroupKey, _ period: Period) throws(TapeError) -> BarPrints {
        var result = addedBars[key]?.slice(period.seconds) ?? BarPrints()
        guard let stored = try entry(key, period) else { return result }
        for row in try stored.segment.rows(stored.entry).rows { result.insert(row.start, row.fingerprint) }
        return result
    }

    private func entry(
        _ key: GroupKey, _ period: Period
    ) throws(TapeError) -> (segment: Segment, entry: Segment.Entry)? {
        guard let tape else { return nil }
        for record in tape.manifest.segments where record.start == period.start {
            guard record.isEvents == period.isEvents else { continue }
            let segment = try tape.segment(record)
            if let entry = try segment.entry(key) { return (segment, entry) }
        }
        return nil
    }
}
