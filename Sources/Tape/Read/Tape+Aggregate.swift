import Units

extension Tape {
    /// The longest step of an aggregate, in seconds: 400 days.
    public static let stepSecondsMax: Int64 = 400 * 86_400

    /// The rows of a series summed over longer intervals, which start at multiples of the step since the epoch.
    ///
    /// Sums stay exact; open and close follow the total order. Only intervals that hold a row are returned. A bar
    /// that is longer than the step cannot be split; it appears where it starts, at its own length. Finer data wins as in
    /// `read`.
    public func aggregate(
        _ id: SeriesID, everySeconds step: Int64, from: Timestamp? = nil, to: Timestamp? = nil
    ) throws(TapeError) -> SeriesRows {
        guard (1...Tape.stepSecondsMax).contains(step) else { throw .badStep(seconds: step) }
        let native = try read(id, from: from, to: to)
        var rows: [TapeRow] = []
        var steps: [Int64] = []
        var events: [Bool] = []
        for index in native.rows.indices {
            var row = native.rows[index]
            let long = native.stepSeconds[index] > step
            if !long { row.start = row.time.floored(toSeconds: step).seconds }
            if let last = rows.indices.last, rows[last].start == row.start, !long, steps[last] == step {
                rows[last].merge(row)
                events[last] = events[last] && native.isEvents[index]
            } else {
                rows.append(row)
                steps.append(long ? native.stepSeconds[index] : step)
                events.append(native.isEvents[index])
            }
        }
        return SeriesRows(id: id, rows: rows, stepSeconds: steps, isEvents: events)
    }
}
