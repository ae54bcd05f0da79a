import Foundation
import Numerics
import Tape
import Units

/// Made-up logs for the ingest benchmark, in the formats that the generator does not write.
enum IngestSamples {
    private static let rows = 400_000
    private static let start: Int64 = 1_704_067_200

    /// Writes one file a format and returns their names and paths.
    static func write(below folder: String) throws -> [(name: String, path: String)] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var files: [(name: String, path: String)] = []
        func file(_ name: String, _ header: String, _ row: (Int, Int64, inout Random) -> String) throws {
            var random = Random(seed: 1, stream: UInt64(files.count))
            var text = header
            var milliseconds = start * 1000
            for index in 0..<rows {
                milliseconds += Int64(random.exponential() * 100)
                text += row(index, milliseconds, &random) + "\n"
            }
            let path = folder + "/BTCUSDT-\(name).csv"
            try Data(text.utf8).write(to: URL(filePath: path))
            files.append((name, path))
        }
        try file("binance-aggtrades", "") { index, time, random in
            "\(index),\(price(&random)),\(quantity(&random)),\(2 * index),\(2 * index + 1),\(time),True,True"
        }
        try file("time-price-amount", "") { _, time, random in
            "\(time / 1000),\(price(&random)),\(quantity(&random))"
        }
        try file("tardis-trades", "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n") {
            index, time, random in
            "bitmex,XBTUSD,\(time * 1000),\(time * 1000 + 90),\(index),buy,\(price(&random)),100"
        }
        try file("bars", "time,open,high,low,close,volume,trades\n") { index, _, random in
            let open = price(&random)
            return "\(start + Int64(index) * 60),\(open),\(open),\(open),\(open),\(quantity(&random)),7"
        }
        try file("series", "unique_id,ds,y\n") { index, _, _ in
            "requests/api/S\(index / 4000),\(start + Int64(index % 4000) * 3600),\(index % 97)"
        }
        return files
    }

    /// A tape of a year of hundreds of series, each with a row in every half hour.
    static func writeYear(of count: Int, from start: Timestamp, to path: String) throws {
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

    private static func price(_ random: inout Random) -> String {
        String(6_000_000 + random.index(below: 10_000)).dropLast(2) + "."
            + String(random.index(below: 90) + 10)
    }

    private static func quantity(_ random: inout Random) -> String {
        "0." + String(100_000 + random.index(below: 899_999))
    }
}
