import Foundation
import Ingest
import Pipeline
import Planning
import Reporting
import Tape
import TestSupport
import Testing
import Units

@Suite("A reviewed run is a past week")
struct ReviewedWeekTests {
    /// Sixteen days of two symbols' hourly trades, of which the last is so many times as loud.
    private static func history(lastDay factor: Double) -> String {
        var random = SplitMix64(seed: 4)
        var lines = ["unique_id,ds,y"]
        for (symbol, level) in [9000.0, 5000].enumerated() {
            for hour in 0..<384 {
                let season = 1 + 0.4 * sin(2 * .pi * Double(hour) / 24)
                let noise = 0.85 + 0.3 * random.uniform()
                let count = level * season * noise * (hour >= 360 ? factor : 1)
                let time = Timestamp(seconds: 1_767_571_200 + 3600 * Int64(hour))
                lines.append("trades/x/S\(symbol),\(time.description),\(Int(count))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let plan = """
        { "name": "small", "seed": 3, "sources": [{ "use": "demand", "paths": ["history.csv"] }],
          "forecast": { "horizon": "1d", "paths": 60 },
          "mix": { "orders_per_trade": 4, "cancels_per_trade": 2, "queries_per_trade": 0 },
          "topology": {
            "tiers": [
              { "name": "gateway", "kind": "pool",
                "service": { "order": { "mean": "20ms" }, "cancel": { "mean": "10ms" } },
                "objective": { "latency": "500ms" }, "nodes": 4, "shape": "c7i.large", "imbalance": 0.1 },
              { "name": "matching", "kind": "shard", "service": { "order": { "mean": "200us" } },
                "objective": { "latency": "50ms" }, "nodes": 2, "shape": "c7i.large" }],
            "sources": { "order": "gateway", "cancel": "gateway" },
            "edges": [{ "from": "gateway", "to": "matching", "carries": { "order": 1 } }] },
          "plan": { "probability_broken": 0.2, "spare_nodes": 1, "survives_zone_loss": false } }
        """

    @Test("the review of a run scores it as a backtest scores that week", arguments: [1.2, 1.8])
    func reviewIsBacktest(factor: Double) throws {
        let folder = try TemporaryFolder()
        let history = try folder.write(Self.history(lastDay: factor), to: "logs/history.csv")
        let root = folder.path("logs")
        let plan = try PlanFile(text: Array(Self.plan.utf8), path: "plan.json")
        let backtest = try PlanBacktest(plan: plan, dataRoot: root, weeks: 1, threads: 2).run()
        let week = try #require(backtest.weeks.first)
        #expect(week.start == Timestamp(seconds: 1_767_571_200 + 3600 * 360))

        var early = plan
        early.asOf = week.start
        let run = WeeklyRun(plan: early, dataRoot: root, threads: 2)
        try run.write(try run.run(), to: folder.path("run"))
        _ = try Ingestor().ingest([history], into: folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        let review = try Review(run: folder.path("run"), tape: tape, dataRoot: root, threads: 2).week

        // Tables have nine digits, and a chance moves fifty times as far as a level.
        #expect(review.start == week.start && review.saidHolds == week.saidHolds)
        #expect(abs(review.told - week.told) < 1e-8, "\(review.told) and \(week.told)")
        #expect(abs(review.came - week.came) < 1e-5, "\(review.came) and \(week.came)")
        #expect(abs(review.hoursBroken - week.hoursBroken) < 1e-4)
        #expect(review.cost == week.cost && review.broke == week.broke)
        #expect(review.hindsightCost == week.hindsightCost && review.hindsightCost != nil)
        let without = try Review(run: folder.path("run"), tape: tape).week
        #expect(without.hindsightCost == nil && without.came == review.came)
    }

    @Test(
        "what comes of an error budget, with a surge held beside it, is the same in both",
        arguments: [1.2, 1.8])
    func budgetIsBacktest(factor: Double) throws {
        let folder = try TemporaryFolder()
        let history = try folder.write(Self.history(lastDay: factor), to: "logs/history.csv")
        let root = folder.path("logs")
        let text = Self.plan.replacingOccurrences(
            of: "\"probability_broken\": 0.2",
            with: "\"budget\": { \"minutes_per_month\": 300 }, \"hold\": [\"surge:x=2,ramp=1m\"]")
        let plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
        var backtest = PlanBacktest(plan: plan, dataRoot: root, weeks: 1, threads: 2)
        backtest.rules = .few
        let week = try #require(try backtest.run().weeks.first)
        let expected = try #require(week.budget)

        var early = plan
        early.asOf = week.start
        var run = WeeklyRun(plan: early, dataRoot: root, threads: 2)
        run.pastPlans = PlanBacktestReport(weeks: [], allowed: 0.2)
        let report = try run.run()
        let holds = report.plan.holds
        #expect(holds.map(\.tier) == ["gateway", "matching", nil])
        run.threads = 1
        let tables = try RunReport.planTables(run.run().plan)
        for (one, other) in zip(tables, RunReport.planTables(report.plan)) {
            #expect(one.table.bytes == other.table.bytes, "\(one.name) depends on the threads")
        }
        try run.write(report, to: folder.path("run"))
        _ = try Ingestor().ingest([history], into: folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        let found = try #require(try Review(run: folder.path("run"), tape: tape).week.budget)
        #expect(abs(try #require(found.allowed) - 300 * 24 / 730) < 1e-9)
        #expect(found.allowed == expected.allowed && found.asked == .minutesPerMonth(300))
        #expect(abs(found.said.minutes - expected.said.minutes) < 1e-5)
        #expect(abs(found.came.minutes - expected.came.minutes) < 0.01, "\(found) and \(expected)")
        #expect(abs(found.came.shareLate - expected.came.shareLate) < 1e-5)
    }

    @Test("a plan that knew the loads costs no more than one that holds twice as much")
    func hindsight() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.history(lastDay: 1), to: "logs/history.csv")
        let plan = try PlanFile(text: Array(Self.plan.utf8), path: "plan.json")
        let backtest = try PlanBacktest(plan: plan, dataRoot: folder.path("logs"), weeks: 1, threads: 2).run()
        let week = try #require(backtest.weeks.first)
        let rules = Dictionary(grouping: week.rules, by: \.name)
        let known = try #require(rules["perfect scheduler"]?.first)
        #expect(known.cost == week.hindsightCost && known.came <= 0.5)
        // More of the same rule costs no less and breaks no more.
        let simple = try #require(rules["last week's maximum"]).sorted { $0.factor < $1.factor }
        #expect(simple.map(\.cost) == simple.map(\.cost).sorted() && simple.count == 9)
        #expect(zip(simple, simple.dropFirst()).allSatisfy { $0.came >= $1.came - 1e-9 })
        #expect(known.cost <= (simple.last?.cost ?? .zero))
        #expect(backtest.rules.count == week.rules.count)
    }
}
