import Ingest
import Replay

extension LoadTestTool {
    /// How the tool sends its requests; nil where that is a setting which its output does not tell.
    ///
    /// Vegeta and wrk2 send at a rate, and Artillery lets users arrive at one. wrk, hey, oha, fortio, autocannon, bombardier, ab,
    /// siege, Locust's users and JMeter's threads each wait for an answer before they send again. k6 and Gatling do either.
    var drive: LoadTestDrive? {
        switch self {
        case .vegetaCSV, .vegetaJSON, .vegetaReport, .vegetaText, .wrk2, .artillery: .open
        case .wrk, .hey, .heyCSV, .apacheBench, .apacheBenchRequests, .apacheBenchShares, .siege,
            .locustHistory,
            .locustStatistics, .jmeterCSV, .jmeterXML, .oha, .fortio, .autocannon, .bombardier,
            .bombardierJSON:
            .closed
        case .k6CSV, .k6JSON, .k6Summary, .gatling: nil
        }
    }
}
