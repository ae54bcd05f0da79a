import Tape
import Units

extension Tape {
    /// A series' trades in the steps of a span that the tape covers whole, by their start; none of a series that it has not.
    ///
    /// - Throws: `TapeError` where it cannot be read.
    func observed(
        _ id: SeriesID, from start: Timestamp, to end: Timestamp, stepSeconds: Int64
    ) throws -> [Timestamp: Double] {
        guard summary(of: id) != nil else { return [:] }
        let series = try regular(
            id, stepSeconds: stepSeconds, from: start, to: end, partial: .missing, strays: .leaveOut)
        var result: [Timestamp: Double] = [:]
        for (index, value) in series.values.enumerated() where value.isFinite {
            result[series.time(at: index)] = value
        }
        return result
    }
}

/// Trades a second of each symbol by step, `[symbol][step]`, as plans are held against them: 0 where the tape is silent.
func tradesPerSecond(
    _ observed: [[Timestamp: Double]], start: Timestamp, stepSeconds: Int64, stepCount: Int
) -> [[Double]] {
    observed.map { symbol in
        (0..<stepCount).map { step in
            (symbol[start.advanced(bySeconds: Int64(step) * stepSeconds)] ?? 0) / Double(stepSeconds)
        }
    }
}
