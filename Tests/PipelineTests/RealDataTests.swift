import Foundation
import Pipeline
import Tape
import TestSupport
import Testing
import Units

@Suite("Public data", .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
struct RealDataTests {
    @Test("two years of Binance bars and minutes of its raw trades end in a plan")
    func binance() throws {
        let folder = try TemporaryFolder()
        let plan = try PlanFile(path: Tool.checkout.appending(path: "Datasets/plans/binance-spot.json").path)
        let run = WeeklyRun(
            plan: plan, dataRoot: RealData.path(""), tapePath: folder.path("tapes"), threads: 2)
        let report = try run.run()
        #expect(report.plan.isFeasible)
        #expect(report.quarantine.isEmpty && report.inputs.allSatisfy { $0.accepted == $0.rows })
        #expect(report.asOf == Timestamp(iso8601: "2024-01-01T00:00:00Z"))
        // Spot's bursts are spot's own, not those of the futures of the same name.
        let bitcoin = try #require(report.demand.symbols.first { $0.id.name == "BTCUSDT" })
        #expect(bitcoin.bursts.origin == "raw trades of trades/binance-spot/BTCUSDT")
        // Three symbols have no raw log; what that may cost is measured on four of the six that there are.
        #expect(Set(report.bursts.assumed.map(\.name)) == ["ADAUSDT", "BNBUSDT", "XRPUSDT"])
        let error = try #require(report.bursts.error)
        #expect(error.logs == 4 && error.factor >= 1 && error.factor.isFinite)
        #expect(Set(report.bursts.rows.map(\.id.name)) == ["BTCUSDT", "ETHUSDT"])
        #expect(report.pastPlans?.weeks.count == 4)
        // Bursts move the latency objective's limit well below stability, on every queue.
        for point in report.replay.saturation where point.kind == .slo {
            let stable = report.replay.saturation.first {
                $0.kind == .stability && $0.scope == point.scope && $0.shard == point.shard
            }
            let ratio = (point.loadMultiplier?.value ?? 0) / (stable?.loadMultiplier?.value ?? 1)
            #expect((0.01...0.7).contains(ratio), "\(point.scope)")
        }
        // The same counts as an independent reader of the same files finds.
        let tape = try Tape.open(folder.path("tapes/demand"))
        let trades = tape.series.map { "\($0.id.name) \($0.resolutions[0].rows) \($0.resolutions[0].events)" }
        #expect(
            trades == [
                "ADAUSDT 17519 127310463", "BNBUSDT 17519 202436994", "BTCUSDT 17519 2137082402",
                "ETHUSDT 17519 546300736", "XRPUSDT 17519 174368330",
            ])
        try run.write(report, to: folder.path("out"))
        let summary = try String(contentsOfFile: folder.path("out/summary.md"), encoding: .utf8)
        #expect(summary.contains("2024-01-01T00:00:00Z to 2024-01-08T00:00:00Z"))
    }
}
