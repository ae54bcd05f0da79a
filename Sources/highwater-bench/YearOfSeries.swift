import Numerics
import Tape
import Units

/// A tape of a year of hundreds of series, each with a row in every half hour.
enum YearOfSeries {
    /// Writes one of `count` series.
    static func write(_ count: Int, from start: Timestamp, to path: String) throws {
        let writer = try TapeWriter(path)
        for part in 0..<10 {
            let builder = TapeDeltaBuilder(known: .nothing, store: writer.store)
            for number in stride(from: part, to: count, by: 10) {
                let name = String(10_000 + number).dropFirst()
                let handle = builder.eventSeries(SeriesID("trades/bench/S\(name)"))
                var random = Random(seed: 1, stream: UInt64(number))
                for step in 0..<(365 * 48) {
                    let time = start.advanced(
                        bySeconds: Int64(step) * 1800 + Int64(random.index(below: 1800)))
                    _ = builder.add(
                        TradeEvent(
                            time: time, isResolved: true, ids: Int64(step)...Int64(step),
                            price: 100_000_000 + Int64(random.index(below: 1000)) * 10_000,
                            quantity: Int128(random.index(below: 100_000)) * 1000, notional: 100_000_000,
                            side: .buy), to: handle)
                }
            }
            writer.append(
                try builder.finish(
                    source: ContentHash(low: UInt64(part), high: 0), bytes: 1, format: "bench"))
        }
        try writer.commit(threads: 2)
    }
}
