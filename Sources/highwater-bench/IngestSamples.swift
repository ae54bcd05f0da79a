import Foundation
import Numerics
import Tape
import Units

/// Made-up logs for the ingest benchmark, in the formats that the generator does not write.
enum IngestSamples {
    private static let rows = 400_000
    private static let fewer = 100_000
    private static let start: Int64 = 1_704_067_200

    /// Writes one file a format and returns their names and paths.
    static func write(below folder: String) throws -> [(name: String, path: String)] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var files: [(name: String, path: String)] = []
        func file(
            _ name: String, _ header: String, rows: Int = IngestSamples.rows, ending: String = "csv",
            stem: String = "BTCUSDT-", _ row: (Int, Int64, inout Random) -> String
        ) throws {
            var random = Random(seed: 1, stream: UInt64(files.count))
            var text = header
            var milliseconds = start * 1000
            for index in 0..<rows {
                milliseconds += Int64(random.exponential() * 100)
                text += row(index, milliseconds, &random) + "\n"
            }
            let path = folder + "/\(stem)\(name).\(ending)"
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
        try writeLogs { name, header, rows, ending, stem, row in
            try file(name, header, rows: rows, ending: ending, stem: stem, row)
        }
        return files
    }

    private typealias FileWriter = (
        _ name: String, _ header: String, _ rows: Int, _ ending: String, _ stem: String,
        _ row: (Int, Int64, inout Random) -> String
    ) throws -> Void

    /// Logs of requests and messages, and trades as JSON lines.
    private static func writeLogs(_ file: FileWriter) throws {
        let path = "/api/v3/order"
        try file("coinbase-trades", "", fewer, "jsonl", "BTC-USD-") { index, time, random in
            "{\"type\":\"match\",\"trade_id\":\(index),\"side\":\"buy\",\"size\":\"\(quantity(&random))\","
                + "\"price\":\"\(price(&random))\",\"product_id\":\"BTC-USD\",\"time\":\"\(iso(time))\"}"
        }
        try file("aws-load-balancer", "", fewer, "log", "") { index, time, _ in
            "https \(iso(time)) app/demo/0123 192.0.2.1:5015 198.51.100.7:443 0.001 0.006 0.000 200 200 729 "
                + "\(index % 5000) \"POST https://api.example.com:443\(path) HTTP/2.0\" \"client\" - -"
        }
        try file("envoy", "", fewer, "log", "") { index, time, _ in
            "[\(iso(time))] \"POST \(path) HTTP/2\" 200 - 138 \(index % 5000) 7 34 \"192.0.2.15\" \"client\""
        }
        let fields = "#Fields: date time sc-bytes c-ip cs-method cs-uri-stem sc-status\n"
        try file("cloudfront", fields, fewer, "log", "") { index, time, _ in
            let stamp = iso(time)
            return "\(stamp.prefix(10))\t\(stamp.dropFirst(11).prefix(8))\t\(index % 5000)\t192.0.2.1\tGET\t"
                + "\(path)\t200"
        }
        try file("websocket", "", fewer, "jsonl", "") { _, time, random in
            "\(time)000000 {\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"p\":\"\(price(&random))\"}}"
        }
        try file("timestamp-value", "timestamp,value\n", fewer, "csv", "") { index, _, _ in
            "\(start + Int64(index) * 300),\(index % 977)"
        }
    }

    private static func iso(_ milliseconds: Int64) -> String {
        Timestamp(nanoseconds: milliseconds * 1_000_000).description
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
