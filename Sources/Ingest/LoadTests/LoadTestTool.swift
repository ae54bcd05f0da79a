/// The tools whose load tests are known by their output.
public enum LoadTestTool: String, Sendable, CaseIterable {
    case k6CSV = "k6, CSV"
    case k6JSON = "k6, JSON"
    case jmeterCSV = "JMeter, CSV"
    case jmeterXML = "JMeter, XML"
    case gatling = "Gatling"
    case locustHistory = "Locust, history"
    case locustStatistics = "Locust, statistics"
    case vegetaCSV = "vegeta, CSV"
    case vegetaJSON = "vegeta, JSON"
    case vegetaReport = "vegeta, report"
    case vegetaText = "vegeta, text report"
    case wrk
    case wrk2
    case hey
    case heyCSV = "hey, CSV"
    case apacheBench = "ab"
    case apacheBenchRequests = "ab, requests"
    case apacheBenchShares = "ab, shares"
    case siege = "siege, log"
    case k6Summary = "k6, summary"
    case oha = "oha, JSON"
    case fortio = "fortio, JSON"
    case autocannon = "autocannon, JSON"
    case artillery = "Artillery, JSON"
    case bombardier
    case bombardierJSON = "bombardier, JSON"

    /// The tool that wrote the first lines of a text; nil for any other text.
    public init?(_ lines: [String]) {
        guard let first = lines.first else { return nil }
        func cut(_ delimiter: Character) -> Set<String> {
            Set(first.lowercased().split(separator: delimiter).map { $0.trimmingQuotes })
        }
        let tabbed = cut("\t")
        let names = first.contains(",") ? cut(",") : cut(";")
        let all = lines.joined(separator: "\n")
        if names.isSuperset(of: ["metric_name", "timestamp", "metric_value"]) {
            self = .k6CSV
        } else if lines.contains(where: Self.isK6) {
            self = .k6JSON
        } else if [names, tabbed].contains(where: { $0.isSuperset(of: ["timestamp", "elapsed", "label"]) }) {
            self = .jmeterCSV
        } else if all.contains("<testResults") {
            self = .jmeterXML
        } else if Self.areGatling(lines) {
            self = .gatling
        } else if names.isSuperset(of: ["timestamp", "user count", "requests/s"]) {
            self = .locustHistory
        } else if names.isSuperset(of: ["type", "name", "request count", "failure count", "requests/s"]) {
            self = .locustStatistics
        } else if tabbed.isSuperset(of: ["starttime", "seconds", "ctime", "ttime"]) {
            self = .apacheBenchRequests
        } else if names == ["percentage served", "time in ms"] {
            self = .apacheBenchShares
        } else if names.isSuperset(of: ["response-time", "status-code", "offset"]) {
            self = .heyCSV
        } else if names.isSuperset(of: ["elap time", "trans rate", "concurrent"]) {
            self = .siege
        } else if all.contains("[total, rate, throughput]"), all.contains("[min, mean, 50") {
            self = .vegetaText
        } else if first.hasPrefix("{"),
            ["\"attack\"", "\"latency\"", "\"code\"", "\"timestamp\""].allSatisfy(first.contains)
        {
            self = .vegetaJSON
        } else if first.hasPrefix("{"), all.contains("\"latencies\""), all.contains("\"throughput\""),
            all.contains("\"rate\"")
        {
            self = .vegetaReport
        } else if lines.allSatisfy(Self.isVegetaRow) {
            self = .vegetaCSV
        } else if let tool = Self.document(lines, all) {
            self = tool
        } else if all.contains("threads and "), all.contains(" connections"), all.contains("Running ") {
            self = all.contains("Thread calibration: ") ? .wrk2 : .wrk
        } else if all.contains("Bombarding "), all.contains("Reqs/sec") {
            self = .bombardier
        } else if all.contains("Concurrency Level:"), all.contains("Requests per second:") {
            self = .apacheBench
        } else if all.contains("Requests/sec:"), all.contains("Summary:") {
            self = .hey
        } else {
            return nil
        }
    }

    /// How many lines of a text tell its tool: a JSON document on many lines says late what it is.
    static func sample(_ first: some Sequence<Bytes>) -> [String] {
        var lines: [String] = []
        for line in first.prefix(500) {
            let text = String(decoding: line.prefix(2000), as: UTF8.self)
            if lines.count >= 50, lines[0].trimmingQuotes != "{" { break }
            if !text.isEmpty { lines.append(text) }
        }
        return lines
    }

    /// The columns of its table that are read, in lower case; none where it writes no table with a header.
    var usedColumns: Set<String> {
        switch self {
        case .k6CSV: ["metric_name", "timestamp", "metric_value", "expected_response"]
        case .jmeterCSV: ["timestamp", "elapsed", "allthreads", "success"]
        case .heyCSV: ["response-time", "offset", "status-code"]
        case .locustHistory: ["name", "user count", "requests/s", "failures/s", "50%", "99%"]
        case .siege: ["concurrent", "trans rate"]
        case .apacheBenchRequests: ["seconds", "ttime"]
        default: []
        }
    }

    /// The tool that wrote a JSON document, by keys that it alone has together.
    private static func document(_ lines: [String], _ all: String) -> LoadTestTool? {
        // bombardier prints its progress in front.
        guard lines.first?.first == "{" || all.contains("{\"spec\":{") else { return nil }
        func has(_ keys: String...) -> Bool { keys.allSatisfy { all.contains("\"\($0)\"") } }
        if has("summary", "successRate", "requestsPerSec", "slowest") { return .oha }
        if has("RequestedQPS", "ActualQPS") { return .fortio }
        if has("connections", "pipelining", "non2xx", "latency") { return .autocannon }
        if has("spec", "numberOfConnections", "result", "req2xx") { return .bombardierJSON }
        if has("aggregate"),
            has("counters", "vusers.created") || has("http.requests") || has("scenariosCreated")
        {
            return .artillery
        }
        if has("metrics", "http_req_duration") || has("metrics", "http_reqs") || has("metrics", "vus_max") {
            return .k6Summary
        }
        return nil
    }

    private static func isK6(_ line: String) -> Bool {
        guard line.hasPrefix("{"), line.contains("\"metric\":") else { return false }
        return line.contains("\"type\":\"Point\"") || line.contains("\"type\":\"Metric\"")
            || line.contains("\"type\": \"Point\"") || line.contains("\"type\": \"Metric\"")
    }

    private static func areGatling(_ lines: [String]) -> Bool {
        lines.contains { $0.hasPrefix("RUN\t") }
            && lines.contains {
                $0.hasPrefix("REQUEST\t") || $0.hasPrefix("USER\t") || $0.hasPrefix("GROUP\t")
            }
    }

    /// `1767571200123456789,200,1234567,…`: nanoseconds, a status, a latency, and nine columns more.
    private static func isVegetaRow(_ line: String) -> Bool {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        return fields.count >= 12 && fields[0].count == 19 && Int64(fields[0]) != nil
            && Int(fields[1]).map { (0...599).contains($0) } == true && Int64(fields[2]) != nil
    }
}

extension StringProtocol {
    /// The text without blanks and quotation marks around it.
    var trimmingQuotes: String {
        var text = Substring(self)
        while let last = text.last, last.isWhitespace || last == "\"" { text = text.dropLast() }
        return String(text.drop { $0.isWhitespace || $0 == "\"" || $0 == "\u{FEFF}" })
    }
}
