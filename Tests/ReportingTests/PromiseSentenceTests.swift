import Exchange
import Planning
import Reporting
import Testing
import Units

@Suite("Sentences of budgets and surges")
struct PromiseSentenceTests {
    @Test("the price of a surge is told by the month, for all tiers together")
    func price() {
        let event = "surge:x=5,ramp=4m"
        var row = HoldRow(
            event: event, way: .floor, extraCost: Money(dollars: 257.75),
            extraCostOfMonth: Money(dollars: 1120))
        #expect(row.priceSentence == "holding 5× in 4m costs 1120.00 USD a month more")
        row.tier = "gateway"
        #expect(row.priceSentence == nil)
        let free = HoldRow(event: event, way: .planned, extraCost: .zero, extraCostOfMonth: .zero)
        #expect(free.priceSentence == "5× in 4m is held by the nodes that the forecast asks for")
        let none = HoldRow(event: event, way: .notHeld, extraCost: .zero, extraCostOfMonth: .zero)
        #expect(none.priceSentence == "5× in 4m is not held by any allowed nodes")
        let other = HoldRow(
            event: "surge:x=5,ramp=4m,symbols=BTC*", way: .floor, extraCost: Money(dollars: 1),
            extraCostOfMonth: Money(dollars: 4))
        #expect(
            other.priceSentence == "holding surge:x=5,ramp=4m,symbols=BTC* costs 4.00 USD a month more")
        row.nodesWithout = 12
        row.nodesBefore = 19
        #expect(
            row.tierSentence == "5× in 4m: nodes run ahead (12 to 19 nodes, 1120.00 USD a month more)")
    }

    @Test("what cannot be kept is told with figures and a remedy")
    func findings() {
        let budget = PlanFinding(
            fact: .budgetExceeded(.minutesPerMonth(2), expected: 120, allowed: 0.5))
        #expect(
            budget.message
                == "no nodes that were tried keep the error budget: at the least, 120 minutes over the objective are "
                + "expected; 0.5 are allowed in the planned span")
        #expect(budget.severity == .infeasible && !budget.remedy.isEmpty)
        let surge = PlanFinding(tier: "matching", fact: .surgeNotHeld(events: ["surge:x=50", "flood:x=9"]))
        #expect(
            surge.message
                == "no allowed number of nodes holds surge:x=50, flood:x=9 on top of the forecast")
        #expect(surge.severity == .infeasible && !surge.remedy.isEmpty)
        #expect(surge.told == "matching: " + surge.message && budget.told == budget.message)
    }

    @Test("past weeks of a budget are told by what came, what was said and what is allowed")
    func backtest() {
        func week(_ came: Double) -> PlannedWeek {
            var week = PlannedWeek(
                start: Timestamp(seconds: 1_769_385_600), saidHolds: true, told: 0.2, came: 0.3,
                hoursBroken: 0.2, cost: Money(dollars: 100), hindsightCost: nil)
            week.budget = PlannedWeek.Budget(
                asked: .minutesPerMonth(43), allowed: 9.9, said: PlanMisses(minutes: 8),
                came: PlanMisses(minutes: came))
            return week
        }
        let kept = PlanBacktestReport(
            weeks: [week(4), week(6)], allowed: 0.01, budget: .minutesPerMonth(43))
        #expect(
            kept.sentence
                == "each of the last 2 plans, in mean, would have had 5 minutes over the objective; it expected 8 minutes "
                + "over the objective, and the error budget allows 9.9 minutes over the objective")
        #expect(week(4).budget?.isKept == true && week(10).budget?.isKept == false)
        let passed = PlanBacktestReport(
            weeks: [week(4), week(26)], allowed: 0.01, budget: .minutesPerMonth(43))
        #expect(passed.sentence.hasSuffix(": more came than is allowed"))
    }
}
