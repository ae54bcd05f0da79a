import Units

/// Reads the reports that oha, fortio, autocannon, bombardier, Artillery and k6 write as one JSON document each, one behind the
/// other.
///
/// The load of a report is the mean number of requests in flight, by Little's law: requests a second times their mean time. The
/// number of connections is not the load where a tool holds back to a rate. Throughput counts the requests that were answered
/// without an error.
struct LoadTestDocument {
    let tool: LoadTestTool
    /// Levels so far.
    private(set) var levels: [LoadTestLog.Level] = []
    private(set) var unreadable = 0
    /// Requests that failed, of tools that count them.
    private(set) var failures = 0
    /// Levels whose load is that of all connections, since their times count from when a request was due.
    private(set) var overloaded = 0

    private var text: [UInt8] = []
    private var depth = 0
    private var isInText = false
    private var isEscaped = false

    /// The longest report that is read: Artillery's old format lists every latency.
    private static let lengthMax = 256 << 20

    init(_ tool: LoadTestTool) {
        self.tool = tool
    }

    /// Takes in a line; what stands between documents is passed over.
    mutating func read(_ line: Bytes) {
        for byte in line {
            if depth > 0 || byte == 0x7B, text.count < Self.lengthMax { text.append(byte) }
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isInText = false
                }
            } else if byte == 0x22, depth > 0 {
                isInText = true
            } else if byte == 0x7B {
                depth += 1
            } else if byte == 0x7D, depth > 0 {
                depth -= 1
                if depth == 0 { finish() }
            }
        }
    }

    private mutating func finish() {
        let found = text.withUnsafeBytes { report in
            switch tool {
            case .artillery: artillery(report)
            default: level(report).map { [capped($0, report)] }
            }
        }
        if tool == .autocannon {
            let failed = text.withUnsafeBytes { Self.numbers($0, "non2xx", "errors", "3xx") }
            // `errors` holds time-outs too; redirections are answers.
            let count = max(0, (failed[0] ?? 0) - (failed[2] ?? 0)) + (failed[1] ?? 0)
            failures += Int(saturating: count)
        }
        if let found { levels += found } else { unreadable += 1 }
        text.removeAll(keepingCapacity: true)
    }

    /// A level with no more in flight than there are connections: a tool that holds a rate may count times from when a request was
    /// due, the wait for a free connection included.
    private mutating func capped(_ level: LoadTestLog.Level, _ report: Bytes) -> LoadTestLog.Level {
        let path: String
        switch tool {
        case .autocannon: path = "connections"
        case .fortio: path = "NumThreads"
        case .bombardierJSON: path = "spec.numberOfConnections"
        default: return level
        }
        // Means of samples that lie apart may be off by some per cent.
        let found = Self.numbers(report, path, "pipelining")
        let most = (found[0] ?? 0) * max(1, found[1] ?? 1)
        guard most > 0, level.load > most else { return level }
        var level = level
        if level.load > most * Self.meanTolerance { overloaded += 1 }
        level.load = most
        return level
    }

    /// How far rate times mean time may exceed the connections by rounding alone. Chosen, not measured.
    private static let meanTolerance = 1.05

    private func level(_ report: Bytes) -> LoadTestLog.Level? {
        switch tool {
        case .oha: oha(report)
        case .fortio: fortio(report)
        case .autocannon: autocannon(report)
        case .bombardierJSON: bombardier(report)
        default: k6(report)
        }
    }

    // MARK: Tools

    /// Times are seconds.
    private func oha(_ report: Bytes) -> LoadTestLog.Level? {
        let found = Self.numbers(
            report, "summary.requestsPerSec", "summary.average", "summary.successRate",
            "latencyPercentiles.p50",
            "latencyPercentiles.p99")
        let codes = Self.members(report, below: "statusCodeDistribution")
        return Self.level(
            rate: found[0], mean: found[1], share: (found[2] ?? 1) * Self.share(codes), p50: found[3],
            p99: found[4])
    }

    /// Times are seconds; percentiles are a list.
    private func fortio(_ report: Bytes) -> LoadTestLog.Level? {
        let found = Self.numbers(report, "ActualQPS", "DurationHistogram.Avg")
        var quantiles: [Double: Double] = [:]
        var elements = JSONElements { place in
            place.depth == 3 && place.keys[0] == Array("DurationHistogram".utf8)
                && place.keys[1] == Array("Percentiles".utf8)
        }
        try? elements.read(report) { raw, _ in
            let pair = Self.numbers(raw, "Percentile", "Value")
            if let share = pair[0], let value = pair[1] { quantiles[share] = value }
        }
        return Self.level(
            rate: found[0], mean: found[1], share: Self.share(Self.members(report, below: "RetCodes")),
            p50: quantiles[50], p99: quantiles[99])
    }

    /// Times are milliseconds.
    private func autocannon(_ report: Bytes) -> LoadTestLog.Level? {
        let found = Self.numbers(
            report, "requests.average", "latency.average", "2xx", "3xx", "requests.total", "latency.p50",
            "latency.p99")
        let good = (found[2] ?? 0) + (found[3] ?? 0)
        let share = found[4].map { $0 > 0 ? min(1, good / $0) : 1 } ?? 1
        return Self.level(
            rate: found[0], mean: found[1], share: share, p50: found[5], p99: found[6], unit: 1e-3)
    }

    /// Times are microseconds.
    private func bombardier(_ report: Bytes) -> LoadTestLog.Level? {
        let codes = ["1xx", "2xx", "3xx", "4xx", "5xx"].map { "result.req" + $0 } + ["result.others"]
        let counts = Self.numbers(report, codes).map { $0 ?? 0 }
        let all = counts.reduce(0, +)
        let found = Self.numbers(
            report, "result.rps.mean", "result.latency.mean", "result.latency.percentiles.50",
            "result.latency.percentiles.99", "result.timeTakenSeconds")
        // The mean of its samples of the rate, or all requests over the time taken.
        let rate = found[4].map { $0 > 0 && all > 0 ? all / $0 : found[0] } ?? found[0]
        return Self.level(
            rate: rate, mean: found[1], share: all > 0 ? (counts[1] + counts[2]) / all : 1, p50: found[2],
            p99: found[3], unit: 1e-6)
    }

    /// `--summary-export`, whose values stand below the metric, and what `handleSummary` gets, where they stand below `values`;
    /// times are milliseconds.
    private func k6(_ report: Bytes) -> LoadTestLog.Level? {
        for below in ["", ".values"] {
            let duration = "metrics.http_req_duration\(below)"
            let found = Self.numbers(
                report, "metrics.http_reqs\(below).rate", duration + ".avg", duration + ".med",
                duration + ".p(99)", "metrics.http_req_failed\(below).value",
                "metrics.http_req_failed\(below).rate")
            let failed = found[4] ?? found[5] ?? 0
            if let level = Self.level(
                rate: found[0], mean: found[1], share: 1 - failed, p50: found[2], p99: found[3], unit: 1e-3)
            {
                return level
            }
        }
        return nil
    }

    /// Each interval of a report is a level, as arrivals change in phases; the whole where there is none. Times are milliseconds.
    private func artillery(_ report: Bytes) -> [LoadTestLog.Level]? {
        var levels: [LoadTestLog.Level] = []
        var whole: LoadTestLog.Level?
        var elements = JSONElements { place in
            guard !place.isArray else { return false }
            let isWhole = place.depth == 1 && place.keys[0] == Array("aggregate".utf8)
            return isWhole || (place.depth == 2 && place.keys[0] == Array("intermediate".utf8))
        }
        try? elements.read(report) { raw, element in
            let level = Self.artilleryLevel(raw)
            if element.depth == 1 { whole = level } else if let level { levels.append(level) }
        }
        return levels.isEmpty ? whole.map { [$0] } : levels
    }

    private static func artilleryLevel(_ period: Bytes) -> LoadTestLog.Level? {
        let time = "summaries.http.response_time"
        let found = numbers(
            period, "rates.http.request_rate", time + ".mean", time + ".median", time + ".p50", time + ".p99",
            "counters.http.requests", "counters.http.responses")
        let codes = members(period, below: "counters.http.codes")
        let answered = found[5].map { $0 > 0 ? min(1, (found[6] ?? $0) / $0) : 1 } ?? 1
        return level(
            rate: found[0], mean: found[1], share: answered * share(codes), p50: found[2] ?? found[3],
            p99: found[4],
            unit: 1e-3)
    }

    // MARK: Values

    private static func level(
        rate: Double?, mean: Double?, share: Double, p50: Double?, p99: Double?, unit: Double = 1
    ) -> LoadTestLog.Level? {
        guard let rate, let mean, rate > 0, mean > 0, rate.isFinite, mean.isFinite else { return nil }
        return LoadTestLog.Level(
            load: rate * mean * unit, throughputPerSecond: rate * min(1, max(0, share)),
            medianSeconds: p50.map { $0 * unit }, p99Seconds: p99.map { $0 * unit })
    }

    private static func numbers(_ report: Bytes, _ paths: String...) -> [Double?] { numbers(report, paths) }

    private static func numbers(_ report: Bytes, _ paths: [String]) -> [Double?] {
        var leaves = JSONLeaves(paths)
        guard leaves.read(report) else { return paths.map { _ in nil } }
        return paths.indices.map { index in
            leaves.has(index) ? Double(decimal: String(decoding: leaves.value(index), as: UTF8.self)) : nil
        }
    }

    /// The numbers of an object by their keys.
    private static func members(_ report: Bytes, below path: String) -> [(key: String, count: Double)] {
        let paths = JSONText.leafPaths(report).filter { $0.hasPrefix(path + ".") }
        return zip(paths, numbers(report, paths)).compactMap { found, count in
            count.map { (String(found.dropFirst(path.count + 1)), $0) }
        }
    }

    /// The share of answers without an error, by their status; of gRPC, that is `SERVING` or `OK`.
    private static func share(_ codes: [(key: String, count: Double)]) -> Double {
        let all = codes.reduce(0) { $0 + $1.count }
        guard all > 0 else { return 1 }
        let good = codes.filter { code in
            Int(code.key).map { (200..<400).contains($0) } ?? ["SERVING", "OK"].contains(code.key)
        }
        return good.reduce(0) { $0 + $1.count } / all
    }
}
