import Foundation
import Pipeline
import Planning
import Reporting
import TestSupport
import Testing
import Units

/// The keys of a plan file that promise something else than a chance of a break.
@Suite("Budgets and surges in the plan file")
struct PromiseKeysTests {
    private static func plan(_ keys: String) throws -> PlanFile {
        let text = """
            { "sources": [{ "use": "demand", "paths": ["a.csv"] }],
              "plan": { \(keys) } }
            """
        return try PlanFile(text: Array(text.utf8), path: "plan.json")
    }

    private static func refusal(_ keys: String) -> String {
        do {
            _ = try plan(keys)
            return "no error"
        } catch let error as ConfigurationError {
            return "\(error.place?.line ?? 0): \(error.message)"
        } catch {
            return "\(error)"
        }
    }

    @Test("each form of a budget is read, and none is there by default")
    func forms() throws {
        #expect(try Self.plan("").options.budget == nil)
        #expect(
            try Self.plan("\"budget\": { \"minutes_per_month\": 43 }").options.budget == .minutesPerMonth(43))
        #expect(
            try Self.plan("\"budget\": { \"share_of_requests\": 0.0001 }").options.budget
                == .shareOfRequests(0.0001))
        let day = (0..<24).map { "\($0)" }.joined(separator: ", ")
        #expect(
            try Self.plan("\"budget\": { \"usd_per_minute\": { \"gateway\": 200, \"risk\": [\(day)] } }")
                .options.budget
                == .dollarsPerMinute(["gateway": [200], "risk": (0..<24).map(Double.init)]))
    }

    @Test("no form, two, and tiers that there are not are refused with their place")
    func budgetErrors() {
        let exactly = "exactly one of minutes_per_month, share_of_requests and usd_per_minute"
        #expect(Self.refusal("\"budget\": {}") == "2: a budget has \(exactly)")
        #expect(
            Self.refusal("\"budget\": { \"minutes_per_month\": 4,\n \"share_of_requests\": 0.1 }")
                == "3: a budget has \(exactly)")
        #expect(
            Self.refusal("\"budget\": { \"usd_per_minute\": { \"gatewy\": 4 } }")
                .hasPrefix("2: unknown tier 'gatewy'"))
        #expect(
            Self.refusal("\"budget\": { \"usd_per_minute\": { \"gateway\": [1, 2] } }").hasPrefix("2: "))
        #expect(Self.refusal("\"budget\": { \"usd_per_minute\": {} }").hasPrefix("2: expected the price"))
        #expect(Self.refusal("\"budget\": { \"minutes_per_month\": -1 }").hasPrefix("2: "))
        #expect(Self.refusal("\"budget\": { \"minutes\": 1 }").hasPrefix("2: unknown key 'minutes'"))
    }

    @Test("surges are read as objects and as texts, and become texts of what-ifs")
    func surges() throws {
        let plan = try Self.plan(
            "\"hold\": [{ \"event\": \"surge\", \"x\": 5, \"ramp\": \"4m\" }, \"flood:x=3\"], "
                + "\"autoscaler_lag\": \"90s\"")
        #expect(plan.options.hold == ["surge:x=5,ramp=4m", "flood:x=3"])
        #expect(plan.options.autoscalerLagSeconds == 90)
    }

    @Test("events that take capacity away cannot be held, and unknown keys are refused with their place")
    func holdErrors() {
        #expect(
            Self.refusal("\"hold\": [\n{ \"event\": \"halt\", \"tier\": \"gateway\" }]")
                == "3: only events that change demand can be held: surge, listing, new-symbol, price-move, cascade, "
                + "funding, flood, ddos, reconnect; try others as scenarios")
        #expect(Self.refusal("\"hold\": [{ \"event\": \"surge\", \"y\": 5 }]").hasPrefix("2: "))
        #expect(Self.refusal("\"hold\": [\"zone-loss\"]").hasPrefix("2: only events that change demand"))
    }

    /// Six weeks of a calm daily season, 2,000 orders a second of 10 ms in mean.
    private static func history() -> String {
        var random = SplitMix64(seed: 9)
        var text = "unique_id,ds,y\n"
        for hour in 0..<(6 * 168) {
            let season = 1 + 0.3 * sin(2 * .pi * Double(hour) / 24)
            let count = 2000 * 3600 * season * (0.95 + 0.1 * random.uniform())
            let time = Timestamp(seconds: 1_696_204_800 + Int64(hour) * 3600).description
            text += "trades/x/A,\(time),\(Int64(count))\n"
        }
        return text
    }

    @Test("past weeks of an error budget say what was expected and what came")
    func backtest() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.history(), to: "series.csv")
        let text = """
            { "name": "past", "seed": 4, "sources": [{ "use": "demand", "paths": ["series.csv"] }],
              "forecast": { "horizon": "7d", "paths": 60 }, "bursts": "poisson",
              "mix": { "orders_per_trade": 1, "cancels_per_trade": 0, "queries_per_trade": 0 },
              "topology": {
                "tiers": [{ "name": "pool", "kind": "pool", "nodes": 40, "shape": "c7i.large",
                  "service": { "order": { "mean": "10ms" } }, "objective": { "latency": "200ms" } }],
                "sources": { "order": "pool" }, "edges": [] },
              "plan": { "budget": { "minutes_per_month": 60 } } }
            """
        let plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
        var backtest = PlanBacktest(plan: plan, dataRoot: folder.url.path, weeks: 2, threads: 2)
        backtest.rules = .few
        let report = try backtest.run()
        #expect(report.weeks.count == 2)
        for week in report.weeks {
            let budget = try #require(week.budget)
            let allowed = try #require(budget.allowed)
            #expect(abs(allowed - 60.0 * 168 / 730) < 1e-9)
            #expect(week.saidHolds && budget.said.minutes <= allowed)
            // The weeks are as those before them; three hours of a week at the most.
            #expect(budget.came.minutes >= 0 && budget.came.minutes <= 180)
        }
        #expect(report.sentence.contains("minutes over the objective; it expected "))
        #expect(report.sentence.contains("the error budget allows 13.8 minutes over the objective"))
    }
}
