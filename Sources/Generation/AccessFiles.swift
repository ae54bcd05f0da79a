import Numerics
import Units

/// Writes the exchange's access logs, one file a day, in nginx's combined format with the request time behind it.
struct AccessFiles: Sendable {
    let settings: GenerationSettings
    let levels: LevelModel

    /// Orders, cancels and queries in the proportions of the standard mix: 9.9 to 8.4 to 9.9.
    static let shares = (orders: 9.9 / 28.2, cancels: 8.4 / 28.2)
    /// The share of depth requests among the others. Made up.
    private static let depthShare = 0.6
    /// The surge from which limits and failures show, and the shares up to which requests are refused, limited and
    /// failed. Made up.
    private static let failingSurge = 2.0
    private static let refusedShare = 0.008
    private static let limitedShare = 0.03
    private static let failedShare = 0.034

    /// Writes the raw hours of a day below a folder; gives the file's name and its number of requests.
    func write(day: Int, into folder: String) throws -> (name: String, requests: Int) {
        let start = settings.start.advanced(bySeconds: Int64(day) * 86_400)
        let name = "access/access-\(start.date.description).log"
        let file = try OutputFile(folder + "/" + name)
        var requests = 0
        // The day's hours, a few at a time side by side, written in their order.
        let together = max(1, settings.threads)
        let raw = settings.rawStretches(ofDay: day).flatMap { Array($0) }
        for first in stride(from: 0, to: raw.count, by: together) {
            let hours = raw[first..<min(raw.count, first + together)]
            let parts = Parallel.map(hours.count, threads: settings.threads) { index in
                self.hour(day: day, hour: hours[first + index])
            }
            for part in parts {
                try file.write(part.text)
                requests += part.count
            }
        }
        try file.close()
        return (name, requests)
    }

    private func hour(day: Int, hour: Int) -> (text: [UInt8], count: Int) {
        let from = Double(day) * 86_400 + Double(hour) * 3600
        var all: [(time: Double, symbol: Int)] = []
        var random = Random(seed: settings.seed &+ 3, stream: UInt64(day) << 8 | UInt64(hour))
        for symbol in levels.names.indices {
            let times = HawkesDay.times(from: from, seconds: 3600, random: &random) {
                levels.rate(symbol: symbol, at: $0) * settings.requestsPerTrade
            }
            for time in times { all.append((time, symbol)) }
        }
        all.sort { ($0.time, $0.symbol) < ($1.time, $1.symbol) }
        var text = ByteText(capacity: all.count * 160)
        let base = settings.start.seconds + Int64(saturating: from)
        let date = settings.start.advanced(bySeconds: Int64(day) * 86_400).date
        var stamp = LogStamp(date: date)
        for (time, symbol) in all {
            line(
                second: base + Int64(saturating: time), symbol: symbol,
                surge: levels.surgeFactor(symbol: symbol, at: from + time),
                &stamp, &random, &text)
        }
        return (text.bytes, all.count)
    }

    private func line(
        second: Int64, symbol: Int, surge: Double, _ stamp: inout LogStamp, _ random: inout Random,
        _ text: inout ByteText
    ) {
        text.append("10.")
        text.append(Int64(random.index(below: 64)))
        text.append(".")
        text.append(Int64(random.index(below: 256)))
        text.append(".")
        text.append(Int64(1 + random.index(below: 254)))
        text.append(" - - [")
        text.append(stamp.text(second))
        text.append("] \"")
        let kind = random.uniform()
        let isOrder = kind < AccessFiles.shares.orders
        if isOrder {
            text.append("POST /api/v3/order")
        } else if kind < AccessFiles.shares.orders + AccessFiles.shares.cancels {
            text.append("DELETE /api/v3/order?orderId=")
            text.append(Int64(1_000_000 + random.index(below: 9_000_000)))
        } else if random.uniform() < AccessFiles.depthShare {
            text.append("GET /api/v3/depth?limit=100&symbol=")
            text.append(Array(levels.names[symbol].utf8))
        } else {
            text.append("GET /api/v3/account")
        }
        text.append(" HTTP/1.1\" ")
        let luck = random.uniform()
        // Limits and failures show where a surge is on.
        let isSurge = surge > AccessFiles.failingSurge
        if luck < AccessFiles.refusedShare {
            text.append("400 92 ")
        } else if isSurge, luck < AccessFiles.limitedShare {
            text.append("429 78 ")
        } else if isSurge, luck < AccessFiles.failedShare {
            text.append("503 112 ")
        } else {
            text.append("200 ")
            text.append(Int64(isOrder ? 180 + random.index(below: 400) : 120 + random.index(below: 2000)))
            text.append(" ")
        }
        text.append(random.uniform() < 0.5 ? "\"-\" \"bot/2.1\" 0." : "\"-\" \"python-requests/2.32\" 0.")
        let milliseconds = min(
            999, Int64(saturating: 2 * random.lognormal(coefficientOfVariation: 1) * min(surge, 20)))
        text.append(milliseconds, digits: 3)
        text.append("\n")
    }
}

/// `28/Jan/2026:13:00:59 +0000`, made anew when the second changes.
struct LogStamp {
    private let prefix: [UInt8]
    private var second: Int64 = -1
    private var current: [UInt8] = []

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    init(date: CivilDate) {
        var text = ByteText()
        text.append(Int64(date.day), digits: 2)
        text.append("/")
        text.append(Array(LogStamp.months[date.month - 1].utf8))
        text.append("/")
        text.append(Int64(date.year), digits: 4)
        text.append(":")
        prefix = text.bytes
    }

    mutating func text(_ second: Int64) -> [UInt8] {
        if second == self.second { return current }
        self.second = second
        let inDay = second % 86_400
        var text = ByteText(capacity: 32)
        text.append(prefix)
        text.append(inDay / 3600, digits: 2)
        text.append(":")
        text.append(inDay / 60 % 60, digits: 2)
        text.append(":")
        text.append(inDay % 60, digits: 2)
        text.append(" +0000")
        current = text.bytes
        return current
    }
}
