import Foundation
import Replay
import Reporting
import Testing
import Units

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What a verdict rests on, in words.
@Suite("What a verdict rests on") struct GroundTests {
    private func weeks(_ count: Int, broken: Int, refused: Int = 0) -> [PlannedWeek] {
        (0..<count).map { index in
            PlannedWeek(
                start: Timestamp(seconds: Int64(index) * 604_800), saidHolds: index >= refused, told: 0.01,
                came: index >= count - broken ? 0.5 : 0.49, hoursBroken: 1, cost: Money(dollars: 7),
                hindsightCost: Money(dollars: 5))
        }
    }

    private func report(_ weeks: [PlannedWeek], rules: [(name: String, broken: Int, cost: Double)] = [])
        -> PlanBacktestReport
    {
        PlanBacktestReport(
            weeks: weeks, allowed: 0.01,
            rules: rules.map {
                .init(name: $0.name, factor: 1.2, weeksBroken: $0.broken, cost: Money(dollars: $0.cost))
            })
    }

    @Test("the plan is compared with the cheapest simple rule that breaks no more weeks")
    func cost() {
        let weeks = weeks(52, broken: 1)
        let rules: [(name: String, broken: Int, cost: Double)] = [
            ("perfect scheduler", 0, 100), ("last week's maximum", 2, 200), ("last week's maximum", 1, 520),
            ("four weeks' maximum", 0, 600),
        ]
        #expect(
            report(weeks, rules: rules).sentence
                == "of the last 52 plans, 51 would have held (99 % promised); "
                + "they cost 0.7 times as much as the cheapest simple rule that broke no more weeks")
        #expect(
            report(weeks, rules: [("last week's maximum", 2, 200)]).sentence
                == "of the last 52 plans, 51 would have held (99 % promised); no simple rule broke as few weeks"
        )
    }

    @Test("few plans are said to be few, and more breaks than promised to be more")
    func trust() {
        #expect(
            report(weeks(4, broken: 0)).sentence
                == "of the last 4 plans, 4 would have held (99 % promised); too few to tell")
        // Plans that break in 10 % of weeks all hold 28 weeks with 5.2 %, and 29 with 4.7 %.
        #expect(report(weeks(28, broken: 0)).sentence.hasSuffix("; too few to tell"))
        #expect(report(weeks(29, broken: 0)).sentence.hasSuffix("(99 % promised)"))
        // Of 51 at 1 %, two or more break with 9.2 %, three or more with 1.5 %.
        #expect(report(weeks(51, broken: 2)).sentence.hasSuffix("49 would have held (99 % promised)"))
        #expect(report(weeks(51, broken: 3)).sentence.hasSuffix("; more broke than promised"))
        #expect(report(weeks(4, broken: 3)).sentence.hasSuffix("; more broke than promised"))
        #expect(
            report(weeks(1, broken: 1)).sentence
                == "the last plan would not have held (99 % promised); more broke than promised")
    }

    @Test("plans that said that they do not hold have promised nothing")
    func refused() {
        #expect(
            report(weeks(40, broken: 1, refused: 2)).sentence
                == "of the 38 of the last 40 plans that said they hold, 37 would have held (99 % promised); "
                + "2 more said that they would not hold")
        #expect(
            report(weeks(3, broken: 0, refused: 3)).sentence
                == "none of the last 3 plans said that it would hold")
        #expect(
            report(weeks(1, broken: 0, refused: 1)).sentence
                == "the last plan said that it would not hold")
    }

    @Test("the plot of cost against broken weeks is XML, with a point for each rule")
    func plot() throws {
        let rules: [(name: String, broken: Int, cost: Double)] = [
            ("plan", 1, 7), ("plan", 0, 9), ("last week's <maximum", 1, 8), ("perfect scheduler", 0, 5),
        ]
        let files = report(weeks(1, broken: 1), rules: rules).files(title: "x & y")
        #expect(
            files.map(\.name) == ["plan_backtest.csv", "plan_rules.csv", "plan_backtest.svg", "report.html"])
        let svg = try #require(files.first { $0.name.hasSuffix("svg") })
        let text = String(decoding: svg.bytes, as: UTF8.self)
        #expect(XMLParser(data: Data(svg.bytes)).parse())
        #expect(
            text.components(separatedBy: "<circle").count - 1 >= rules.count && !text.contains("<maximum"))
    }

    private func row(_ symbol: String, _ trace: Double?, _ model: Double?) -> BurstRow {
        BurstRow(
            id: SeriesID("trades/x/\(symbol)"), ratePerSecond: 1,
            row: BurstTable.Row(
                level: 1, serviceSeconds: 10e-6, servers: 1, windows: 3, traceSeconds: trace,
                modelSeconds: model))
    }

    @Test("only queues in which something waits test the model of bursts")
    func comparison() {
        var evidence = BurstEvidence()
        #expect(evidence.comparison == nil && evidence.assumption == nil)
        evidence.rows = [row("A", 10e-6, 10e-6), row("B", 10e-6, 10.2e-6)]
        #expect(evidence.comparison?.contains("no message waits in any of the 2 queues") == true)
        // Within 1.5 times in either direction: 14.9 of 10, 20.1 of 30, but not 10 of 16.
        evidence.rows += [row("A", 10e-6, 14.9e-6), row("A", 30e-6, 20.1e-6), row("B", 16e-6, 10e-6)]
        #expect(
            evidence.comparison
                == "the model's p99 is within 1.5x of the logs' own in 2 of 3 cells (the raw logs of 2 symbols)"
        )
    }

    @Test("what is assumed is named, with how far it may be off and how that is known")
    func assumption() {
        var evidence = BurstEvidence()
        evidence.assumed = [SeriesID("trades/x/SOL")]
        evidence.error = .init(factor: 2.345, logs: 3)
        #expect(
            evidence.assumption
                == "bursts of SOL, because there are no raw logs of it; the load that a queue holds may be off by "
                + "a factor of 2.3, measured by leaving out the raw logs of 3 symbols in turn")
        evidence.assumed = ["A", "B", "C", "D"].map { SeriesID("trades/x/\($0)") }
        evidence.error = .init(factor: 4, logs: 0)
        #expect(evidence.assumption?.hasPrefix("bursts of 4 symbols (A, B, C and 1 more), because") == true)
        #expect(evidence.assumption?.hasSuffix("a factor of 4, as for public logs") == true)
        evidence.isPoisson = true
        #expect(evidence.assumption?.contains("the plan file says so") == true)
    }
}
