import Units

/// Reads the lines of a load test's output: single requests where it has them, levels where it sums up.
struct LoadTestReader: ~Copyable {
    private(set) var samples: [LoadSample] = []
    private(set) var users: [(time: Double, count: Double)] = []
    private(set) var levels: [LoadTestLog.Level] = []
    private(set) var failures = 0
    private(set) var unreadable = 0
    /// Levels whose load is that of all connections, since their times count from when a request was due.
    private(set) var overloaded = 0

    /// What is wrong with the header of a table, and the byte of it at which, from 1; nil where nothing is.
    private(set) var headerFault: (column: Int, message: String)?

    private let tool: LoadTestTool
    private var columns: [String: Int] = [:]
    private var splitter: FieldSplitter
    private var leaves: JSONLeaves
    private var summary = LoadTestSummary()
    private var document: LoadTestDocument
    /// The levels of a history, by the number of users.
    private var history: [Double: [LoadTestLog.Level]] = [:]

    /// What is missing where there is no level.
    var lack: String {
        switch tool {
        case .locustStatistics:
            "without the number of users; use its history, `…_stats_history.csv`"
        case .k6Summary: "without requests and their mean time; keep `http_reqs` and `avg` in the summary"
        case .artillery: "without mean response times; use a newer version"
        case .apacheBenchShares: "with only the share served within each time; use what ab prints"
        default: "without any request"
        }
    }

    init(_ tool: LoadTestTool) {
        self.tool = tool
        document = LoadTestDocument(tool)
        splitter = FieldSplitter(delimiter: tool == .gatling ? 0x09 : 0x2C)
        leaves = JSONLeaves(tool == .k6JSON ? Self.k6Paths : Self.vegetaPaths)
    }

    private static let k6Paths = ["metric", "type", "data.time", "data.value", "data.tags.expected_response"]
    private static let vegetaPaths = [
        "code", "timestamp", "latency", "rate", "throughput", "latencies.mean",
        "latencies.50th", "latencies.99th",
    ]

    /// The most requests that are kept, 24 bytes each.
    private static let samplesMax = 40_000_000

    mutating func read(_ line: Bytes) {
        guard samples.count < Self.samplesMax else { return }
        let isRead: Bool =
            switch tool {
            case .k6CSV, .jmeterCSV, .locustHistory, .locustStatistics, .heyCSV, .apacheBenchRequests, .siege:
                readTable(line)
            case .apacheBenchShares: true
            case .k6JSON: readK6(line)
            case .jmeterXML: readXML(line)
            case .gatling: readGatling(line)
            case .vegetaCSV: readVegetaRow(line)
            case .vegetaJSON, .vegetaReport: readVegeta(line)
            case .wrk, .wrk2, .hey, .apacheBench, .vegetaText, .bombardier: readSummary(line)
            case .k6Summary, .oha, .fortio, .autocannon, .artillery, .bombardierJSON: readDocument(line)
            }
        if !isRead { unreadable += 1 }
    }

    private mutating func add(start: Double, seconds: Double, succeeded: Bool) -> Bool {
        guard start.isFinite, seconds.isFinite, seconds >= 0, seconds < 1e6 else { return false }
        samples.append(LoadSample(start: start, seconds: seconds, succeeded: succeeded))
        if !succeeded { failures += 1 }
        return true
    }

    // MARK: Tables

    private mutating func readTable(_ line: Bytes) -> Bool {
        if columns.isEmpty, !line.contains(0x2C) {
            splitter = FieldSplitter(delimiter: line.contains(0x09) ? 0x09 : 0x3B)
        }
        guard let count = splitter.split(line) else { return false }
        if columns.isEmpty {
            let names = (0..<count).map {
                String(decoding: splitter.field($0), as: UTF8.self).lowercased().trimmingQuotes
            }
            for (index, name) in names.enumerated() { columns[name] = index }
            checkHeader(names, line)
            return true
        }
        switch tool {
        case .k6CSV: return readK6Row(count)
        case .jmeterCSV: return readJMeterRow(count)
        case .heyCSV:
            guard let seconds = number("response-time", count), let offset = number("offset", count) else {
                return false
            }
            let status = number("status-code", count) ?? 0
            return add(start: offset, seconds: seconds, succeeded: (200..<400).contains(status))
        case .locustHistory: return readLocustRow(count)
        case .siege:
            // siege repeats its header now and then.
            if text("trans rate", count)?.lowercased() == "trans rate" { return true }
            guard let load = number("concurrent", count), let rate = number("trans rate", count) else {
                return false
            }
            levels.append(
                .init(load: load, throughputPerSecond: rate, medianSeconds: nil, p99Seconds: nil))
            return true
        case .apacheBenchRequests:
            // Whole seconds, and milliseconds.
            guard let start = number("seconds", count), let time = number("ttime", count) else {
                return false
            }
            return add(start: start, seconds: time / 1000, succeeded: true)
        default: return true
        }
    }

    /// Notes the first name that is used and stands over two columns.
    private mutating func checkHeader(_ names: [String], _ line: Bytes) {
        let repeated = names.indices.first { index in
            tool.usedColumns.contains(names[index]) && columns[names[index]] != index
        }
        guard let repeated, let again = columns[names[repeated]],
            let message = RepeatedName.message(repeated, names, advice: "rename them")
        else { return }
        let delimiter: UInt8 = line.contains(0x2C) ? 0x2C : line.contains(0x09) ? 0x09 : 0x3B
        let fields = TableFaults.fields(line, delimiter)
        headerFault = (again < fields.count ? fields[again].lowerBound + 1 : 1, message)
    }

    private func text(_ name: String, _ count: Int) -> String? {
        guard let index = columns[name], index < count else { return nil }
        return String(decoding: splitter.field(index), as: UTF8.self).trimmingQuotes
    }

    private func number(_ name: String, _ count: Int) -> Double? {
        text(name, count).flatMap { Double(decimal: $0) }
    }

    private mutating func readK6Row(_ count: Int) -> Bool {
        guard let name = text("metric_name", count) else { return false }
        guard ["http_req_duration", "vus"].contains(name) else { return true }
        guard let time = number("timestamp", count), let value = number("metric_value", count) else {
            return false
        }
        return addK6(name, time: time, value: value, expected: text("expected_response", count))
    }

    /// A duration is in milliseconds and noted when the request ended.
    private mutating func addK6(_ name: String, time: Double, value: Double, expected: String?) -> Bool {
        if name == "vus" {
            users.append((time, value))
            return true
        }
        return add(start: time - value / 1000, seconds: value / 1000, succeeded: expected != "false")
    }

    private mutating func readJMeterRow(_ count: Int) -> Bool {
        guard let elapsed = number("elapsed", count), let stamp = text("timestamp", count) else {
            return false
        }
        guard let start = Self.seconds(stamp) else { return false }
        if let threads = number("allthreads", count) { users.append((start, threads)) }
        return add(
            start: start, seconds: elapsed / 1000, succeeded: text("success", count)?.lowercased() != "false")
    }

    private mutating func readLocustRow(_ count: Int) -> Bool {
        guard let name = text("name", count) else { return false }
        guard name == "Aggregated" || name == "Total" else { return true }
        guard let users = number("user count", count), let rate = number("requests/s", count) else {
            return false
        }
        let failed = number("failures/s", count) ?? 0
        guard users > 0, rate > 0 else { return true }
        history[users, default: []].append(
            LoadTestLog.Level(
                load: users, throughputPerSecond: max(0, rate - failed),
                medianSeconds: number("50%", count).map { $0 / 1000 },
                p99Seconds: number("99%", count).map { $0 / 1000 }))
        levels = history.values.map { LoadTestLog.Level(meanOf: $0) }
        return true
    }

    // MARK: Lines of their own

    private mutating func readK6(_ line: Bytes) -> Bool {
        guard leaves.read(line) else { return false }
        guard leaves.value(1).elementsEqual("Point".utf8) else { return true }
        let name = String(decoding: leaves.value(0), as: UTF8.self)
        guard ["http_req_duration", "vus"].contains(name) else { return true }
        let stamp = String(decoding: leaves.value(2), as: UTF8.self)
        guard let time = Self.seconds(stamp),
            let value = Double(decimal: String(decoding: leaves.value(3), as: UTF8.self))
        else { return false }
        let expected = leaves.has(4) ? String(decoding: leaves.value(4), as: UTF8.self) : nil
        return addK6(name, time: time, value: value, expected: expected)
    }

    /// `<httpSample t="12" ts="1767571200123" s="true" na="10" …>`
    private mutating func readXML(_ line: Bytes) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        guard text.contains("<httpSample ") || text.contains("<sample ") else { return true }
        func attribute(_ name: String) -> String? {
            guard let start = text.range(of: " \(name)=\"")?.upperBound else { return nil }
            return String(text[start...].prefix { $0 != "\"" })
        }
        guard let elapsed = attribute("t").flatMap(Double.init(decimal:)),
            let start = attribute("ts").flatMap(Self.seconds)
        else {
            return false
        }
        if let threads = attribute("na").flatMap(Double.init(decimal:)) { users.append((start, threads)) }
        return add(start: start, seconds: elapsed / 1000, succeeded: attribute("s") != "false")
    }

    /// `REQUEST … start end OK`: two numbers of milliseconds behind each other, wherever they stand.
    private mutating func readGatling(_ line: Bytes) -> Bool {
        guard line.starts(with: "REQUEST\t".utf8) else { return true }
        guard let count = splitter.split(line), count >= 5 else { return false }
        let fields = (0..<count).map { String(decoding: splitter.field($0), as: UTF8.self) }
        for index in 1..<count - 2 {
            guard let start = Int64(fields[index]), let end = Int64(fields[index + 1]),
                start > 1_000_000_000_000,
                end >= start
            else { continue }
            return add(
                start: Double(start) / 1000, seconds: Double(end - start) / 1000,
                succeeded: fields[index + 2] == "OK")
        }
        return false
    }

    private mutating func readVegetaRow(_ line: Bytes) -> Bool {
        guard let count = splitter.split(line), count >= 3,
            let stamp = NumberParsing.signed(splitter.field(0)),
            let code = NumberParsing.signed(splitter.field(1)),
            let latency = NumberParsing.signed(splitter.field(2))
        else { return false }
        return add(
            start: Double(stamp) * 1e-9, seconds: Double(latency) * 1e-9,
            succeeded: (200..<400).contains(code))
    }

    private mutating func readVegeta(_ line: Bytes) -> Bool {
        guard leaves.read(line) else { return false }
        func number(_ index: Int) -> Double? {
            leaves.has(index) ? Double(decimal: String(decoding: leaves.value(index), as: UTF8.self)) : nil
        }
        if tool == .vegetaReport {
            guard let rate = number(3), let throughput = number(4), let mean = number(5) else { return false }
            levels.append(
                LoadTestLog.Level(
                    load: rate * mean * 1e-9, throughputPerSecond: throughput,
                    medianSeconds: number(6).map { $0 * 1e-9 },
                    p99Seconds: number(7).map { $0 * 1e-9 }))
            return true
        }
        guard let code = number(0), let latency = number(2),
            let start = Self.seconds(String(decoding: leaves.value(1), as: UTF8.self))
        else { return false }
        return add(start: start, seconds: latency * 1e-9, succeeded: (200..<400).contains(code))
    }

    /// Whether loads are rates times mean times.
    var isByLittlesLaw: Bool {
        switch tool {
        case .k6Summary, .oha, .fortio, .autocannon, .artillery, .bombardier, .bombardierJSON, .wrk2: true
        default: false
        }
    }

    private mutating func readDocument(_ line: Bytes) -> Bool {
        let before = document.unreadable
        document.read(line)
        levels = document.levels
        failures = document.failures
        overloaded = document.overloaded
        return document.unreadable == before
    }

    private mutating func readSummary(_ line: Bytes) -> Bool {
        summary.read(String(decoding: line, as: UTF8.self))
        levels = summary.levels
        overloaded = summary.overloaded
        return true
    }

    /// Seconds since the epoch of a count of milliseconds or seconds, or of a text.
    private static func seconds(_ text: String) -> Double? {
        if let count = Double(decimal: text) { return count > 1e11 ? count / 1000 : count }
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { WrittenTime.read($0) }.map {
            Double($0.seconds - ($0.offset ?? 0)) + Double($0.nanoseconds) * 1e-9
        }
    }
}

extension LoadTestLog.Level {
    /// The mean of several levels of one load.
    init(meanOf levels: [LoadTestLog.Level]) {
        func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        self.init(
            load: levels.first?.load ?? 0, throughputPerSecond: mean(levels.map(\.throughputPerSecond)) ?? 0,
            medianSeconds: mean(levels.compactMap(\.medianSeconds)),
            p99Seconds: mean(levels.compactMap(\.p99Seconds)))
    }
}
