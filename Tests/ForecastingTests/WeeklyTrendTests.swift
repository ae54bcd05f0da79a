import Forecasting
import Foundation
import TestSupport
import Testing

@Suite("Weekly trend")
struct WeeklyTrendTests {
    @Test("a steady growth is found exactly, and fades by a tenth a week")
    func growth() {
        let trend = WeeklyTrend(weeklyTotals: (0..<40).map { 100 * pow(1.02, Double($0)) })
        #expect(abs(trend.slope - log(1.02)) < 1e-12)
        #expect(trend.factor(weeksAhead: 0) == 1)
        #expect(abs(trend.factor(weeksAhead: 1) - pow(1.02, 0.9)) < 1e-12)
        #expect(abs(trend.factor(weeksAhead: 2) - pow(1.02, 0.9 + 0.81)) < 1e-12)
        // 0.9 + 0.81 + … = 9.
        #expect(abs(trend.factor(weeksAhead: 1000) - pow(1.02, 9)) < 1e-12)
    }

    @Test("outages and surges of single weeks do not move the slope")
    func robust() {
        var totals = (0..<52).map { 100 * pow(0.99, Double($0)) }
        for week in [5, 17, 30] { totals[week] *= 20 }
        totals[40] = 0
        #expect(abs(WeeklyTrend(weeklyTotals: totals).slope - log(0.99)) < 1e-3)
    }

    @Test("only the last year counts")
    func lastYear() {
        let totals = (0..<60).map { pow(1.1, Double($0)) } + (0..<52).map { pow(1.01, Double($0)) }
        #expect(abs(WeeklyTrend(weeklyTotals: totals).slope - log(1.01)) < 1e-12)
    }

    @Test("noise, a constant level and a short history are no trend")
    func none() {
        #expect(WeeklyTrend(weeklyTotals: []).factor(weeksAhead: 20) == 1)
        #expect(WeeklyTrend(weeklyTotals: [Double](repeating: 5, count: 52)).slope == 0)
        #expect(WeeklyTrend(weeklyTotals: (0..<12).map { pow(2, Double($0)) }).slope == 0)
        // Up and down by turns: as many pairs rise as fall, but for the half that are of one sign.
        #expect(WeeklyTrend(weeklyTotals: (0..<52).map { $0 % 2 == 0 ? 100 : 130 }).slope == 0)
    }
}
