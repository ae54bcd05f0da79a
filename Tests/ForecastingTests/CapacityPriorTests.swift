import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("What public data taught about capacity")
struct CapacityPriorTests {
    @Test(
        "the built-in coefficients are what the public data teach",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func learnt() throws {
        let cut = ProcessInfo.processInfo.environment["CUT"] != nil
        let pairs = ["ADAUSDT", "BNBUSDT", "BTCUSDT", "ETHUSDT", "XRPUSDT"]
        let hourly = try KnownSeries.pairs(pairs, "1h")
        let long = try KnownSeries.pairs(pairs, "2h", before: "2022-01-01T00:00:00Z")
        var out = ""
        for lead in CapacityPrior.Lead.allCases {
            for measure in CapacityTarget.Measure.allCases {
                let found = try #require(
                    CapacityPrior.learnt(
                        from: cut ? [long] : [hourly, long], lead: lead, measure: measure, threads: 2))
                func text(_ v: [Double]) -> String {
                    v.map { String(format: "%.6g", $0) }.joined(separator: " ")
                }
                out +=
                    "\(lead) \(measure)\n\(text(found.coefficients))\n\(text(found.hessian))\n\(text(found.logFactors))\n"
            }
        }
        try out.write(toFile: "/tmp/surges/prior.txt", atomically: true, encoding: .utf8)
    }
}
