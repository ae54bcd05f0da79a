/// Reads the summaries that wrk, wrk2, hey, ab, bombardier and vegeta print, one behind the other: each is a level.
struct LoadTestSummary {
    /// Levels so far.
    private(set) var levels: [LoadTestLog.Level] = []

    private var connections: Double?
    /// The connections of a test that holds a rate: as many requests may be in flight, and no more.
    private var connectionsMax: Double?
    /// Levels whose times have so long a wait before sending in them that all connections were busy.
    private(set) var overloaded = 0
    private var meanSeconds: Double?
    private var median: Double?
    private var p99: Double?

    mutating func read(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        if line.hasPrefix("Running ") || line.hasPrefix("Summary:") || line.hasPrefix("This is ApacheBench")
            || line.hasPrefix("Bombarding ")
        {
            self = LoadTestSummary(levels: levels, overloaded: overloaded)
        } else if line.contains("threads and "), let place = words.firstIndex(of: "connections"), place > 0 {
            connections = Double(decimal: words[place - 1])
        } else if words.starts(with: ["Thread", "calibration:"]) {
            // wrk2 holds a rate, whatever its connections, and counts times from when a request was due.
            (connectionsMax, connections) = (connections, nil)
        } else if words.first == "Reqs/sec", words.count > 1 {
            bombardierRate = Double(decimal: words[1])
        } else if line.contains("2xx - "), let share = Self.share(words) {
            if isOpen, !levels.isEmpty { levels[levels.count - 1].throughputPerSecond *= share }
        } else if line.hasPrefix("Concurrency Level:") {
            connections = words.last.flatMap(Double.init(decimal:))
        } else if line.contains("Average:"),
            let seconds = words.dropFirst().first.flatMap(Double.init(decimal:))
        {
            // hey does not print its connections: they are the rate times the mean time.
            meanSeconds = seconds
        } else if words.count >= 2, words[0] == "Latency", words[1] != "Distribution",
            let seconds = Self.time(words[1])
        {
            meanSeconds = seconds
            if let bombardierRate { finish(bombardierRate) }
            bombardierRate = nil
        } else if let level = words.first, level.hasSuffix("%"), words.count >= 2 {
            quantile(level, words)
        } else if line.hasPrefix("Requests/sec:") || line.contains("Requests/sec:"),
            let rate = words.last.flatMap(Double.init(decimal:))
        {
            finish(rate)
        } else if line.hasPrefix("Requests per second:"), words.count > 3,
            let rate = Double(decimal: words[3])
        {
            finish(rate)
        } else if line.hasPrefix("Requests"), let values = Self.vegeta(line) {
            self = LoadTestSummary(levels: levels, overloaded: overloaded)
            vegetaRate = values["throughput"].flatMap { Double(decimal: $0) }
        } else if line.hasPrefix("Latencies"), let values = Self.vegeta(line) {
            let times = values.compactMapValues(Self.time)
            (meanSeconds, median, p99) = (times["mean"], times["50"], times["99"])
            if let vegetaRate { finish(vegetaRate) }
        }
    }

    /// Requests a second, by bombardier, which says its latencies behind.
    private var bombardierRate: Double?

    /// The share of answers without an error, of `1xx - 0, 2xx - 60, …`.
    private static func share(_ words: [String]) -> Double? {
        var counts: [String: Double] = [:]
        for place in words.indices.dropFirst(2) where words[place - 1] == "-" {
            counts[words[place - 2]] = Double(decimal: words[place].filter { $0 != "," })
        }
        let all = counts.values.reduce(0, +)
        return all > 0 ? ((counts["2xx"] ?? 0) + (counts["3xx"] ?? 0)) / all : nil
    }

    /// Requests answered a second, by vegeta, which says its latencies behind.
    private var vegetaRate: Double?

    /// `Latencies     [min, mean, 50]  1.2ms, 12ms, 11ms` by names.
    private static func vegeta(_ line: String) -> [String: String]? {
        let parts = line.split(whereSeparator: { $0 == "[" || $0 == "]" })
        guard parts.count == 3 else { return nil }
        let names = parts[1].split(separator: ",").map(\.trimmingQuotes)
        let values = parts[2].split(separator: ",").map(\.trimmingQuotes)
        guard names.count == values.count else { return nil }
        return Dictionary(zip(names, values)) { first, _ in first }
    }

    private init(levels: [LoadTestLog.Level], overloaded: Int) {
        self.levels = levels
        self.overloaded = overloaded
    }

    init() {}

    private mutating func quantile(_ level: String, _ words: [String]) {
        // wrk: `50%  635.91us`; hey: `50% in 0.0312 secs`; ab: `50%    12`, in milliseconds.
        let seconds: Double? =
            words[1] == "in" && words.count > 2
            ? Double(decimal: words[2]) : Self.time(words[1]) ?? Double(decimal: words[1]).map { $0 / 1000 }
        if level == "50%" { median = seconds }
        if level == "99%" || level == "99.000%" { p99 = seconds }
        if level == "50.000%" { median = seconds }
        patch()
    }

    private mutating func finish(_ rate: Double) {
        guard rate.isFinite, rate > 0, var load = connections ?? meanSeconds.map({ $0 * rate }), load > 0
        else { return }
        if let connectionsMax, load > connectionsMax {
            load = connectionsMax
            overloaded += 1
        }
        levels.append(
            LoadTestLog.Level(load: load, throughputPerSecond: rate, medianSeconds: median, p99Seconds: p99))
        isOpen = true
    }

    /// Whether quantiles that follow belong to the last level: hey and ab print them behind the rate.
    private var isOpen = false

    private mutating func patch() {
        guard isOpen, !levels.isEmpty else { return }
        levels[levels.count - 1].medianSeconds = median ?? levels[levels.count - 1].medianSeconds
        levels[levels.count - 1].p99Seconds = p99 ?? levels[levels.count - 1].p99Seconds
    }

    /// `635.91us`, `1.20ms`, `2.1s`, `1.5m`.
    private static func time(_ text: String) -> Double? {
        for (suffix, unit) in [("µs", 1e-6), ("us", 1e-6), ("ns", 1e-9), ("ms", 1e-3), ("s", 1), ("m", 60)]
        where text.hasSuffix(suffix) {
            return Double(decimal: text.dropLast(suffix.count)).map { $0 * unit }
        }
        return nil
    }
}
