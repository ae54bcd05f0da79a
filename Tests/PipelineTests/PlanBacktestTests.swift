import Foundation
import Pipeline
import Reporting
import TestSupport
import Testing
import Units

/// Past weeks of a history in which it is known what comes.
@Suite("Past weeks, planned again") struct PlanBacktestTests {
    private static let hours = 168
    /// 60 paths tell no chance from 1 % that is less than one of them.
    private static let toldMax = 1.0 / 60
    private static let first = 1_696_204_800  // 2023-10-02T00:00:00Z, a Monday

    /// Weeks of a daily season with 5 % of noise, 2,000 orders a second in mean; the last one six times as high.
    private func history(weeks: Int) -> String {
        var random = SplitMix64(seed: 5)
        var text = "unique_id,ds,y\n"
        for hour in 0..<(weeks * Self.hours) {
            let level = hour < (weeks - 1) * Self.hours ? 2000.0 : 12_000
            let season = 1 + 0.3 * sin(2 * .pi * Double(hour) / 24)
            let count = level * 3600 * season * (0.95 + 0.1 * random.uniform())
            let time = Timestamp(seconds: Int64(Self.first + hour * 3600)).description
            text += "trades/x/A,\(time),\(Int64(count))\n"
        }
        return text
    }

    /// One pool of 10 ms an order, so that the mean of a calm week keeps 20 servers busy, on nodes of one server.
    private func plan(_ folder: TemporaryFolder) throws -> PlanFile {
        _ = try folder.write(history(weeks: 6), to: "series.csv")
        let text = """
            { "name": "past", "seed": 4, "sources": [{ "use": "demand", "paths": ["series.csv"] }],
              "forecast": { "horizon": "7d", "paths": 60 }, "bursts": "poisson",
              "mix": { "orders_per_trade": 1, "cancels_per_trade": 0, "queries_per_trade": 0 },
              "topology": {
                "tiers": [{ "name": "pool", "kind": "pool", "nodes": 40, "shape": "c7i.large",
                  "service": { "order": { "mean": "10ms" } }, "objective": { "latency": "200ms" } }],
                "sources": { "order": "pool" }, "edges": [] } }
            """
        return try PlanFile(text: Array(text.utf8), path: "plan.json")
    }

    private func backtest(
        _ plan: PlanFile, _ folder: TemporaryFolder, _ rules: PlanBacktest.Rules, threads: Int
    ) throws -> PlanBacktestReport {
        var backtest = PlanBacktest(plan: plan, dataRoot: folder.url.path, weeks: 3, threads: threads)
        backtest.rules = rules
        return try backtest.run()
    }

    @Test("calm weeks hold as promised, a jump breaks its week, and a run's few rules are the same figures")
    func weeks() throws {
        let folder = try TemporaryFolder()
        let plan = try plan(folder)
        let report = try backtest(plan, folder, .all, threads: 2)
        try check(report.weeks)
        try check(rules: report)
        #expect(
            report.sentence.hasPrefix(
                "of the last 3 plans, 2 would have held (99 % promised); they cost "))

        let few = try backtest(plan, folder, .few, threads: 1)
        #expect(few.rules.count < report.rules.count && few.rules.contains { $0.name == "plan" })
        for rule in few.rules { #expect(report.rules.contains(rule), "\(rule)") }
        #expect(few.weeks.count == report.weeks.count)
        for (one, other) in zip(few.weeks, report.weeks) {
            var same = other
            same.rules = one.rules
            #expect(one == same)
        }
    }

    private func check(_ weeks: [PlannedWeek]) throws {
        try #require(weeks.count == 3)
        let starts = (3...5).map { Timestamp(seconds: Int64(Self.first + $0 * Self.hours * 3600)) }
        #expect(weeks.map(\.start) == starts)
        for week in weeks {
            #expect(week.saidHolds && week.told <= Self.toldMax)
        }
        for week in weeks.prefix(2) {
            #expect(week.came < 0.1 && !week.broke && week.hoursBroken < 0.2)
            // To know the loads is worth something.
            let hindsight = try #require(week.hindsightCost)
            #expect(hindsight <= week.cost && hindsight > .zero)
        }
        // Six times the load is far more than what is left of the nodes can do: every hour breaks.
        let jump = weeks[2]
        #expect(jump.came > 0.999 && jump.broke && jump.hoursBroken > 160)
        #expect(try #require(jump.hindsightCost).dollars > 2 * jump.cost.dollars)
    }

    private func check(rules report: PlanBacktestReport) throws {
        // Rules that look back further than the history are left out.
        let names = Set(report.rules.map(\.name))
        #expect(
            names == ["perfect scheduler", "perfect autoscaler", "plan", "last week's maximum"])
        let simple = report.rules.filter { $0.name == "last week's maximum" }
        #expect(simple.map(\.factor) == [0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3])
        for (less, more) in zip(simple, simple.dropFirst()) {
            #expect(less.cost <= more.cost && less.weeksBroken >= more.weeksBroken)
        }
        // 0.6 of the peak is too little in every week, one and a half times it is enough but for the jump.
        #expect(simple.first?.weeksBroken == 3)
        #expect(simple.filter { $0.factor >= 1.5 }.allSatisfy { $0.weeksBroken == 1 })

        let own = report.rules.filter { $0.name == "plan" }
        #expect(own.map(\.factor) == [0.002, 0.01, 0.05, 0.2])
        let strict = try #require(own.first)
        let loose = try #require(own.last)
        #expect(strict.weeksBroken == 1 && loose.cost <= strict.cost)
        let atOwn = try #require(own.first { $0.factor == report.allowed })
        #expect(atOwn.weeksBroken == 1 && atOwn.cost == report.weeks.reduce(Money.zero) { $0 + $1.cost })

        let perfect = try #require(report.rules.first { $0.name == "perfect scheduler" })
        #expect(perfect.weeksBroken == 0)
        #expect(perfect.cost == report.weeks.reduce(Money.zero) { $0 + ($1.hindsightCost ?? .zero) })
    }
}
