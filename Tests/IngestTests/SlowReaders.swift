import Foundation

/// Slow, obvious readers: one for each format, on text, with nothing of the project's own parsers.
///
/// They read well-formed rows, and reject what has not the right number of fields.
enum SlowReaders {
    typealias Reader = @Sendable (_ text: String) -> Tally

    /// Readers by the name of a sample.
    static let bySample: [String: Reader] = [
        "BTCUSDT-trades-2026-01-05.csv": { csvTrades($0, "binance-spot/BTCUSDT", [0, 2, 4, 5], flag: true) },
        "usdm_BTCUSDT-trades-2026-01-05.csv": {
            csvTrades($0, "binance-usdm/BTCUSDT", [0, 2, 4, 5], flag: true)
        },
        "cm_BTCUSD_PERP-trades-2026-01-05.csv": {
            csvTrades($0, "binance-coinm/BTCUSD_PERP", [0, 2, 4, 5], flag: true)
        },
        "ETHUSDT-aggTrades-2026-01-05.csv": aggregates,
        "SOLUSDT-1h.csv": { bars($0, "binance-spot/SOLUSDT", 0, 8, 5) },
        "bitmex_XBTUSD_1m.csv": { bars($0, "bitmex/XBTUSD", 0, 6, 7) },
        "XBTUSD_1.csv": { bars($0, "kraken/XBTUSD", 0, 6, 5) },
        "tardis_trades.csv": tardis, "tardis_incremental_book_L2.csv": tardisBook,
        "XBTEUR.csv": { csvTrades($0, "generic/XBTEUR", [-1, 2, 0, -1], flag: false) },
        "ticks.csv": { csvTrades($0, "generic/ticks", [-1, 2, 0, -1], flag: false) },
        "coinbase_BTC-USD.csv": {
            csvTrades($0, "coinbase/BTC-USD", [0, 2, 4, 1], flag: false, turned: true)
        },
        "BTCUSDT2026-01-05.csv": bybit, "kraken_http_ohlc.json": krakenBars,
        "coinbase_BTC-USD.jsonl": coinbaseLines, "trades.jsonl": tradeLines, "bitmex_trades.csv": bitmex,
        "kraken_http_trades.json": kraken, "GOOG_2026-01-05_34200000_57600000_message_1.csv": lobster,
        "access.log": { requests($0, combined) }, "access_table.csv": { requests($0, table) },
        "requests.tsv": { requests($0, tabbed) }, "alb.log": { requests($0, alb) },
        "cloudfront.log": { requests($0, cloudFront) }, "envoy.log": { requests($0, envoy) },
        "envoy.jsonl": { requests($0, envoyLine) }, "haproxy.log": { requests($0, haproxy) },
        "binance_usdm_btcusdt.ws.jsonl": webSocket, "prometheus.json": prometheus,
        "grafana.csv": { wide($0, ";") }, "grafana_utf16.csv": { wide($0, "\t") }, "counts.csv": counts,
        "api_gateway_requests.csv": single, "inference_events.csv": events,
        "minute_bars.csv": { bars($0, "generic/minute_bars", 0, 6, 5) }, "nginx_plus_status.jsonl": nginxPlus,
    ]

    private static func lines(_ text: String) -> [String] {
        text.replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") && !$0.hasPrefix("sep=") }
    }

    private static func time(_ text: String) -> Int64 {
        text.contains("-") ? SlowTime.iso(text) : SlowTime.epoch(text)
    }

    private static func fields(_ line: String, _ delimiter: Character = ",") -> [String] {
        line.split(separator: delimiter, omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        }
    }

    /// `places`: id, quantity, time, side; -1 for none.
    private static func csvTrades(
        _ text: String, _ series: String, _ places: [Int], flag: Bool, turned: Bool = false
    ) -> Tally {
        var tally = Tally()
        let rows = lines(text).filter { !$0.contains("rice") }
        let width = (lines(text).first ?? "").split(separator: ",", omittingEmptySubsequences: false).count
        for line in rows {
            let row = fields(line)
            guard row.count == width else { tally.reject(); continue }
            let id = places[0] >= 0 ? row[places[0]] : nil
            guard tally.add("trades/" + series, time(row[places[2]]), id: id) else { continue }
            tally.quantity += Double(row[places[1]]) ?? 0
            guard places[3] >= 0 else { continue }
            let isBuy = flag ? row[places[3]].lowercased() == "false" : row[places[3]].lowercased() == "buy"
            if isBuy != turned { tally.buys += 1 }
        }
        return tally
    }

    private static func bybit(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.contains("price") {
            let row = fields(line)
            guard row.count == 10, let seconds = Double(row[0]) else { tally.reject(); continue }
            guard tally.add("trades/bybit/" + row[1], Int64(seconds), id: row[6]) else { continue }
            tally.quantity += Double(row[3]) ?? 0
            if row[2] == "Buy" { tally.buys += 1 }
        }
        return tally
    }

    private static func krakenBars(_ text: String) -> Tally {
        var tally = Tally()
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let result = object?["result"] as? [String: Any] ?? [:]
        for (pair, value) in result {
            for row in value as? [[Any]] ?? [] {
                guard row.count == 8, let time = row[0] as? Int, let count = row[7] as? Int else {
                    tally.reject(); continue
                }
                guard tally.add("trades/kraken/" + pair, Int64(time), count: Double(count)) else { continue }
                tally.quantity += (row[6] as? String).flatMap { Double($0) } ?? 0
            }
        }
        return tally
    }

    private static func aggregates(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.contains("price") {
            let row = fields(line)
            guard row.count == 8, let first = Double(row[3]), let last = Double(row[4]) else {
                tally.reject(); continue
            }
            let count = last - first + 1
            guard tally.add("trades/binance-spot/ETHUSDT", time(row[5]), id: row[3], count: count) else {
                continue
            }
            tally.quantity += Double(row[2]) ?? 0
            if row[6] == "false" { tally.buys += Int(count) }
        }
        return tally
    }

    private static func bars(_ text: String, _ series: String, _ start: Int, _ count: Int, _ volume: Int)
        -> Tally
    {
        var tally = Tally()
        let width = (lines(text).first ?? "").split(separator: ",", omittingEmptySubsequences: false).count
        for line in lines(text) where !line.contains("open") {
            let row = fields(line)
            guard row.count == width else { tally.reject(); continue }
            let trades = Double(row[count]) ?? 0
            guard tally.add("trades/" + series, time(row[start]), id: row[start], count: trades) else {
                continue
            }
            if trades == 0 { tally.counts["trades/" + series]?[time(row[start])] = nil }
            tally.quantity += Double(row[volume]) ?? 0
        }
        return tally
    }

    private static func tardis(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.hasPrefix("exchange,") {
            let row = fields(line)
            guard row.count == 8 else { tally.reject(); continue }
            guard tally.add("trades/\(row[0])/\(row[1])", time(row[2]), id: row[4]) else { continue }
            tally.quantity += Double(row[7]) ?? 0
            if row[5] == "buy" { tally.buys += 1 }
        }
        return tally
    }

    private static func tardisBook(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.hasPrefix("exchange,") {
            let row = fields(line)
            guard row.count == 8 else { tally.reject(); continue }
            _ = tally.add("messages/\(row[0])/\(row[1])", time(row[2]))
        }
        return tally
    }

    private static func bitmex(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.hasPrefix("timestamp,") {
            let row = fields(line)
            guard row.count == 10 else { tally.reject(); continue }
            guard tally.add("trades/bitmex/\(row[1])", time(row[0]), id: row[6]) else { continue }
            tally.quantity += Double(row[3]) ?? 0
            if row[2] == "Buy" { tally.buys += 1 }
        }
        return tally
    }

    private static func lobster(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) {
            let row = fields(line)
            guard row.count == 6, let type = Int(row[1]) else { tally.reject(); continue }
            let isTrade = (4...6).contains(type)
            let second = SlowTime.iso("2026-01-05") + Int64(Double(row[0]) ?? 0)
            _ = tally.add((isTrade ? "trades" : "messages") + "/nasdaq/GOOG", second)
            guard isTrade else { continue }
            tally.quantity += Double(row[3]) ?? 0
            if type != 6, row[5] == "-1" { tally.buys += 1 }
        }
        return tally
    }

    private static func events(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.hasPrefix("TIMESTAMP") {
            let row = fields(line)
            guard row.count == 3 else { tally.reject(); continue }
            _ = tally.add("requests/generic/inference_events", time(row[0]))
        }
        return tally
    }

    private static func counts(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.hasPrefix("unique_id") {
            let row = fields(line)
            guard row.count == 3, let value = Double(row[2]) else { tally.reject(); continue }
            let name = row[0].contains("/") ? row[0] : "metrics/generic/" + row[0]
            _ = tally.add(name, time(row[1]), id: row[1], count: value)
        }
        return tally
    }

    private static func single(_ text: String) -> Tally {
        var tally = Tally()
        for line in lines(text) where !line.hasPrefix("timestamp") {
            let row = fields(line)
            guard row.count == 2, let value = Double(row[1]) else { tally.reject(); continue }
            _ = tally.add("metrics/generic/api_gateway_requests", time(row[0]), id: row[0], count: value)
        }
        return tally
    }

    /// A row counts once, though it holds two points.
    private static func wide(_ text: String, _ delimiter: Character) -> Tally {
        var tally = Tally()
        var names: [String] = []
        var seen: Set<String> = []
        for line in lines(text) {
            let row = fields(line, delimiter)
            if names.isEmpty {
                names = row
                continue
            }
            tally.rows += 1
            guard row.count == names.count else { continue }
            guard seen.insert(row[0]).inserted else { tally.duplicates += 1; continue }
            tally.accepted += 1
            for (name, value) in zip(names, row).dropFirst() {
                guard let value = Double(value) else { continue }
                tally.counts["metrics/grafana/" + name, default: [:]][time(row[0]), default: 0] += value
            }
        }
        return tally
    }
}
