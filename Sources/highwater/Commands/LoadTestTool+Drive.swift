import Ingest
import Replay

extension LoadTestTool {
    /// How the tool sends its requests; nil where that is a setting which its output does not tell.
    ///
    /// Vegeta sends at a rate. wrk, hey, ab, siege, Locust's users and JMeter's threads each wait for an answer before they send
    /// again. k6 and Gatling do either.
    var drive: LoadTestDrive? {
        switch self {
        case .vegetaCSV, .vegetaJSON, .vegetaReport, .vegetaText: .open
        case .wrk, .hey, .heyCSV, .apacheBench, .apacheBenchRequests, .apacheBenchShares, .siege,
            .locustHistory,
            .locustStatistics, .jmeterCSV, .jmeterXML:
            .closed
        case .k6CSV, .k6JSON, .gatling: nil
        }
    }
}
