import Exchange
import Planning
import Tape
import Units

/// The busiest second of the exchange in the logs that tell seconds, for rules that speak of the highest number of messages
/// in one.
struct SecondPeak {
    /// Days before the end that are looked at: those from which SEBI has peaks projected.
    private static let daysMax: Int64 = 180
    private static let daySeconds: Int64 = 86_400

    /// The highest rate; nil where no day has all symbols by the second.
    let peak: PlanOptions.HistoricalPeak?

    /// Looks at whole days before an instant on which every symbol is known by the second; a day on which one is not would
    /// tell too little.
    init(tape: Tape, symbols: [SymbolDemand], until end: Timestamp) throws(TapeError) {
        var (highest, days) = (0.0, 0)
        let first = symbols.compactMap { symbol in
            tape.summary(of: symbol.id)?.resolutions.filter { $0.stepSeconds <= 1 }.map(\.first.seconds).min()
        }
        guard !symbols.isEmpty, first.count == symbols.count, let start = first.max() else {
            peak = nil
            return
        }
        let last = end.floored(toSeconds: SecondPeak.daySeconds).seconds
        let from = max(start, last - SecondPeak.daysMax * SecondPeak.daySeconds)
        var day = Timestamp(seconds: from).floored(toSeconds: SecondPeak.daySeconds).seconds
        if day < from { day += SecondPeak.daySeconds }
        while day < last {
            if let found = try SecondPeak.highest(tape, symbols, day: day) {
                highest = max(highest, found)
                days += 1
            }
            day += SecondPeak.daySeconds
        }
        peak =
            days == 0
            ? nil
            : PlanOptions.HistoricalPeak(
                messagesPerSecond: highest, overSeconds: 1, yearsCovered: Double(days) / 365.25,
                origin: "the busiest second of the logs given")
    }

    /// Messages in the busiest second of a day; nil where a symbol is not known by the second.
    private static func highest(
        _ tape: Tape, _ symbols: [SymbolDemand], day: Int64
    ) throws(TapeError) -> Double? {
        var sums = [Double](repeating: 0, count: Int(daySeconds))
        for symbol in symbols {
            let rows = try tape.read(
                symbol.id, from: Timestamp(seconds: day), to: Timestamp(seconds: day + daySeconds))
            guard rows.count > 0, rows.stepSeconds.allSatisfy({ $0 <= 1 }) else { return nil }
            let messages = symbol.mix.perTrade.total
            for row in rows.rows {
                let second = Int(row.start - day)
                if sums.indices.contains(second) { sums[second] += row.y * messages }
            }
        }
        return sums.max()
    }
}
