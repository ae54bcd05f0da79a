import Foundation

/// What a slow reader finds in a line of an access log.
struct SlowRequest {
    var second: Int64
    var method: String
    var path: String
    var status: Int
    var bytes: Int
}

extension SlowReaders {
    /// The class of the paths that the samples hold.
    private static func className(_ request: SlowRequest) -> String {
        let path = request.path.prefix { $0 != "?" }
        if path.hasSuffix("/order") || path.hasSuffix("/orders") || path.contains("/order/") {
            return request.method == "POST" ? "orders" : request.method == "DELETE" ? "cancels" : "account"
        }
        for (word, name) in [
            ("depth", "market-data"), ("klines", "market-data"), ("ticker", "market-data"),
            ("account", "account"),
            ("login", "auth"), ("token", "auth"), ("/ws", "stream"), ("stream", "stream"), (".js", "static"),
            (".css", "static"), (".png", "static"), (".ico", "static"), ("balance", "account"),
        ] where path.contains(word) {
            return name
        }
        return "other"
    }

    static func requests(_ text: String, _ read: (String) -> SlowRequest?) -> Tally {
        var tally = Tally()
        for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix("host\t") {
            guard let request = read(String(line)) else { tally.reject(); continue }
            _ = tally.add("requests/http/" + className(request), request.second)
            tally.bytes += Double(request.bytes)
            if request.status > 0 { tally.add(status: request.status) }
        }
        return tally
    }

    /// Cuts at blanks, but not inside quotation marks or brackets.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var closer: Character?
        for character in line {
            if character == closer {
                closer = nil
            } else if closer == nil, character == "\"" || character == "[" {
                closer = character == "[" ? "]" : "\""
            } else if closer == nil, character == " " {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func request(
        _ second: Int64, _ line: String, _ status: String, _ bytes: String
    ) -> SlowRequest? {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 3 else { return nil }
        return SlowRequest(
            second: second, method: parts[0], path: parts[1], status: Int(status) ?? 0, bytes: Int(bytes) ?? 0
        )
    }

    static func combined(_ line: String) -> SlowRequest? {
        let row = words(line)
        guard row.count >= 7 else { return nil }
        return request(SlowTime.log(row[3]), row[4], row[5], row[6])
    }

    static func table(_ line: String) -> SlowRequest? {
        let row = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard row.count >= 4, row[1].hasPrefix("[") else { return nil }
        return request(SlowTime.log(String(row[1].dropFirst())), row[2], row[3], "0")
    }

    static func tabbed(_ line: String) -> SlowRequest? {
        let row = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard row.count == 9, let second = Int64(row[2]) else { return nil }
        return SlowRequest(
            second: second, method: row[3], path: row[4], status: Int(row[5]) ?? 0, bytes: Int(row[6]) ?? 0)
    }

    static func alb(_ line: String) -> SlowRequest? {
        let row = words(line)
        guard row.count > 12 else { return nil }
        return request(SlowTime.iso(row[1]), row[12], row[8], row[11])
    }

    static func cloudFront(_ line: String) -> SlowRequest? {
        let row = line.split(separator: "\t").map(String.init)
        guard row.count == 11 else { return nil }
        return SlowRequest(
            second: SlowTime.iso(row[0] + " " + row[1]), method: row[5], path: row[7],
            status: Int(row[8]) ?? 0,
            bytes: Int(row[3]) ?? 0)
    }

    static func envoy(_ line: String) -> SlowRequest? {
        let row = words(line)
        guard row.count > 10 else { return nil }
        let sent = row[4] == "via_upstream" ? row[8] : row[5]
        return request(SlowTime.iso(row[0]), row[1], row[2], sent)
    }

    static func haproxy(_ line: String) -> SlowRequest? {
        let row = words(line)
        guard row.count == 18 else { return nil }
        return request(SlowTime.log(row[6]), row[17], row[10], row[11])
    }

    private static func object(_ line: String) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
    }

    static func envoyLine(_ line: String) -> SlowRequest? {
        guard let row = object(line), let time = row["start_time"] as? String,
            let method = row["method"] as? String,
            let path = row["path"] as? String
        else { return nil }
        return SlowRequest(
            second: SlowTime.iso(time), method: method, path: path, status: row["response_code"] as? Int ?? 0,
            bytes: row["bytes_sent"] as? Int ?? 0)
    }

    static func webSocket(_ text: String) -> Tally {
        var tally = Tally()
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, let frame = object(parts[1]) else { tally.reject(); continue }
            let name = frame["stream"] as? String ?? "btcusdt.ws:other"
            _ = tally.add("messages/binance-usdm/" + name, SlowTime.epoch(parts[0]))
            tally.bytes += Double(parts[1].utf8.count)
        }
        return tally
    }

    static func coinbaseLines(_ text: String) -> Tally {
        var tally = Tally()
        for line in text.split(separator: "\n") {
            guard let row = object(String(line)), let product = row["product_id"] as? String,
                let time = row["time"] as? String, let id = row["trade_id"] as? Int
            else { tally.reject(); continue }
            guard tally.add("trades/coinbase/" + product, SlowTime.iso(time), id: "\(id)") else { continue }
            tally.quantity += Double(row["size"] as? String ?? "") ?? 0
            if row["side"] as? String == "sell" { tally.buys += 1 }
        }
        return tally
    }

    static func tradeLines(_ text: String) -> Tally {
        var tally = Tally()
        for line in text.split(separator: "\n") {
            guard let row = object(String(line)), let symbol = row["symbol"] as? String,
                let id = row["id"] as? Int,
                let time = row["ts"] as? Int64
            else { tally.reject(); continue }
            guard tally.add("trades/generic/" + symbol, time / 1000, id: "\(id)") else { continue }
            tally.quantity += row["qty"] as? Double ?? 0
            if row["side"] as? String == "BUY" { tally.buys += 1 }
        }
        return tally
    }

    static func kraken(_ text: String) -> Tally {
        var tally = Tally()
        let result = object(text)?["result"] as? [String: Any] ?? [:]
        for (pair, rows) in result {
            for row in rows as? [[Any]] ?? [] {
                guard row.count == 7, let time = row[2] as? Double else { tally.reject(); continue }
                guard tally.add("trades/kraken/" + pair, Int64(time), id: "\(row[6])") else { continue }
                tally.quantity += Double(row[1] as? String ?? "") ?? 0
                if row[3] as? String == "b" { tally.buys += 1 }
            }
        }
        return tally
    }

    static func prometheus(_ text: String) -> Tally {
        var tally = Tally()
        let data = object(text)?["data"] as? [String: Any]
        for series in data?["result"] as? [[String: Any]] ?? [] {
            var labels = series["metric"] as? [String: String] ?? [:]
            let name = labels.removeValue(forKey: "__name__") ?? ""
            let texts = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
            let id = "metrics/prometheus/\(name){\(texts.joined(separator: ","))}"
            for pair in series["values"] as? [[Any]] ?? [] {
                tally.rows += 1
                tally.accepted += 1
                guard let time = pair[0] as? Double, let value = Double(pair[1] as? String ?? ""),
                    value.isFinite
                else { continue }
                tally.counts[id, default: [:]][Int64(time), default: 0] += value
            }
        }
        return tally
    }
}
