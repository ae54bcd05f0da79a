import Units

extension Tape {
    /// When each event of a series came, as far as a tape tells: in nanoseconds since the epoch, ascending.
    ///
    /// A tape keeps counts by the hundredth of a second and which milliseconds held an event. Each of these milliseconds
    /// gets one event, and what is left goes round them evenly; all are put at the millisecond's start. Empty where no
    /// log of single events is held, or where the clock of some did not resolve the second. Throws
    /// `TapeError.unknownSeries`, and `TapeError.corrupt` naming the damaged file.
    public func arrivalNanoseconds(
        of id: SeriesID, from: Timestamp? = nil, to: Timestamp? = nil
    ) throws(TapeError) -> [Int64] {
        _ = try record(of: id)
        let batch = try counts(GroupKey(series: id, step: 0), bounds: bounds(from, to), bins: true)
        var result: [Int64] = []
        for row in batch.rows.indices {
            let bins = batch.bins[batch.binRange(row)]
            guard bins.reduce(0, { $0 + Int64($1.count) }) == batch.rows[row].count else { return [] }
            for bin in bins { Tape.place(bin, inSecond: batch.rows[row].start, &result) }
        }
        return result
    }

    private static func place(_ bin: PackedBin, inSecond second: Int64, _ result: inout [Int64]) {
        let base = second * 1_000_000_000 + Int64(bin.bin) * 10_000_000
        let occupied = UInt64(max(1, bin.milliseconds.nonzeroBitCount))
        var rest = bin.milliseconds
        var index: UInt64 = 0
        while rest != 0 {
            let count = bin.count / occupied + (index < bin.count % occupied ? 1 : 0)
            let time = base + Int64(rest.trailingZeroBitCount) * 1_000_000
            for _ in 0..<count { result.append(time) }
            rest &= rest &- 1
            index += 1
        }
    }
}
