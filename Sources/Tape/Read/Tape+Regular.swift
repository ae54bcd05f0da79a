import Units

/// What to do with an interval that the data covers only in part: the first and the last of a log, as a rule.
public enum PartialIntervals: Sendable {
    /// Give its count as it is.
    case keep
    /// Give NaN where less than 99 % of it is covered.
    case missing
}

/// What to do with rows that lie years away from all others.
public enum StrayRows: Sendable {
    /// Throw `TapeError.strayRows`, which names them.
    case refuse
    /// Leave them out; `Tape.strays(of:)` lists them.
    case leaveOut
}

extension Tape {
    /// The most values that a regular series may have: two years of seconds.
    public static let regularValuesMax = 1 << 26

    /// A silence longer than this, in seconds, parts stray rows from the rest: two years.
    public static let straySilenceSeconds: Int64 = 731 * 86_400

    /// The counts of a series at a fixed step, from its first interval to its last (or between `from` and `to`).
    ///
    /// An interval is NaN where neither a log nor a bar covers it, zero where a log covers it and holds no event, and the
    /// sum of its rows otherwise. Intervals start at multiples of the step since the epoch. Bars count where their length
    /// divides the step. Throws `TapeError.tooFine` where no resolution fits, `.strayRows` and `.spanTooLong` rather
    /// than fill centuries.
    public func regular(
        _ id: SeriesID, stepSeconds step: Int64, from: Timestamp? = nil, to: Timestamp? = nil,
        partial: PartialIntervals = .keep, strays: StrayRows = .refuse
    ) throws(TapeError) -> RegularSeries {
        guard (1...Tape.stepSecondsMax).contains(step) else { throw .badStep(seconds: step) }
        let limits = bounds(from, to)
        let read = try combined(id, stepMax: step) { (key) throws(TapeError) in
            try counts(key, bounds: limits, bins: false).rows
        }
        let kept = try withoutStrays(id, read, strays)
        let cover = try cover(of: id, rows: read, kept: kept, bounds: limits)
        guard let low = cover.intervals.first?.lowerBound, let high = cover.intervals.last?.upperBound else {
            return RegularSeries(id: id, start: Timestamp(seconds: 0), stepSeconds: step, values: [])
        }
        let start = Timestamp(seconds: low).floored(toSeconds: step)
        let count = (high - start.seconds) / step + 1
        guard count <= Int64(Tape.regularValuesMax) else {
            throw .spanTooLong(
                id, first: start, last: Timestamp(seconds: high), values: count, limit: Tape.regularValuesMax)
        }
        var values = [Double](repeating: .nan, count: Int(count))
        Tape.mark(&values, cover: cover, start: start.seconds, step: step, partial: partial)
        for index in kept {
            let position = Int((read.rows[index].start - start.seconds) / step)
            if values.indices.contains(position) { values[position] += read.rows[index].y }
        }
        return RegularSeries(id: id, start: start, stepSeconds: step, values: values)
    }

    /// Rows that a silence of more than two years parts from the longest run of rows; empty in sound data.
    public func strays(of id: SeriesID) throws(TapeError) -> [Timestamp] {
        let all = bounds(nil, nil)
        let read = try combined(id, stepMax: .max) { (key) throws(TapeError) in
            try counts(key, bounds: all, bins: false).rows
        }
        let main = Tape.mainRun(read.rows)
        return read.rows.indices.filter { !main.contains($0) }.map { Timestamp(seconds: read.rows[$0].start) }
    }

    /// Zeroes for covered intervals.
    private static func mark(
        _ values: inout [Double], cover: IntervalSet, start: Int64, step: Int64, partial: PartialIntervals
    ) {
        for interval in cover.intervals {
            let first = (interval.lowerBound - start) / step
            let last = (interval.upperBound - start) / step
            for index in first...last where values[Int(index)].isNaN {
                if partial == .missing {
                    let low = start + index * step
                    let inside = cover.overlapSize(low...low + step - 1)
                    if Double(inside) < 0.99 * Double(step) { continue }
                }
                values[Int(index)] = 0
            }
        }
    }

    /// The seconds that logs or bars cover within bounds, without stray rows.
    private func cover(
        of id: SeriesID, rows: CombinedRows<CountRow>, kept: Range<Int>, bounds: Range<Int64>
    ) throws(TapeError) -> IntervalSet {
        guard !kept.isEmpty else { return IntervalSet() }
        let bars = kept.filter { !rows.isEvents[$0] }.map { index in
            // A bar that starts off the grid of its own length (00:04, 00:09, …) belongs to one interval, not two.
            let low = Timestamp(seconds: rows.rows[index].start)
                .floored(toSeconds: rows.stepSeconds[index]).seconds
            return low...low + rows.stepSeconds[index] - 1
        }
        let logs = try record(of: id).coveredSet.joined(across: Tape.joinGapSeconds)
        let everything = logs.union(IntervalSet(bars))
        let low = kept.lowerBound == 0 ? bounds.lowerBound : rows.rows[kept.lowerBound].start
        let end = kept.upperBound - 1
        let high =
            kept.upperBound == rows.count
            ? bounds.upperBound - 1 : rows.rows[end].start + rows.stepSeconds[end] - 1
        return low <= high ? everything.clipped(to: low...high) : IntervalSet()
    }

    private func withoutStrays(
        _ id: SeriesID, _ rows: CombinedRows<CountRow>, _ rule: StrayRows
    ) throws(TapeError) -> Range<Int> {
        let main = Tape.mainRun(rows.rows)
        if main.count == rows.count || rule == .leaveOut { return main }
        let strays = rows.rows.indices.filter { !main.contains($0) }
        throw .strayRows(
            id, strays: strays.prefix(5).map { Timestamp(seconds: rows.rows[$0].start) }, count: strays.count,
            main: Timestamp(
                seconds: rows.rows[main.lowerBound].start)...Timestamp(
                    seconds: rows.rows[main.upperBound - 1].start))
    }

    /// The longest run of rows without a silence of more than two years, by the number of rows.
    static func mainRun(_ rows: [some StartedRow]) -> Range<Int> {
        var best = 0..<0
        var begin = 0
        for index in rows.indices {
            let ends =
                index + 1 == rows.count || rows[index + 1].start - rows[index].start > straySilenceSeconds
            if ends {
                if index + 1 - begin > best.count { best = begin..<index + 1 }
                begin = index + 1
            }
        }
        return best
    }
}
