import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("What capacity cost and missed")
struct CapacityFrontierTests {
    @Test("a frontier worked out by hand")
    func byHand() throws {
        // Ratios 2, 1.5, 1, 0.5; demand 5 against capacity 4.
        let plan = try #require(
            CapacityFrontier(capacity: [1, 1, 1, 1], actual: [2, 1.5, 1, 0.5]))
        #expect(plan.bought == 0.8)
        #expect(plan.missedHours == 0.5)
        #expect(abs(plan.lostDemand - 0.3) < 1e-12)
        let half = try #require(CapacityTarget(.hours, share: 0.25))
        #expect(abs((plan.factor(half) ?? 0) - 1.5) < 1e-12)
        #expect(abs((plan.cost(half) ?? 0) - 1.2) < 1e-12)
        // At factor f between 1 and 1.5 the loss is 3.5 − 2 f.
        let tenth = try #require(CapacityTarget(.demand, share: 0.2))
        #expect(abs((plan.factor(tenth) ?? 0) - 1.25) < 1e-9)
        #expect(CapacityFrontier(capacity: [1], actual: [0]) == nil)
    }

    @Test("the factor follows a market that grows thirtyfold in a year")
    func growth() throws {
        var random = Random(seed: 5)
        let values = (0..<168 * 70).map { hour in
            let level = log(30) * Double(hour) / (168 * 52)
            return (500 * exp(SyntheticSeries.pattern(hour) + level + 0.3 * random.normal())).rounded()
        }
        let series = SyntheticSeries.hourly(values)
        let places = Array(stride(from: 168, through: 168 * 30, by: 168))
        let target = try #require(CapacityTarget(.hours, share: 0.01))
        let answer = CapacityPlanner(target, horizon: 168, refitEvery: 4)
            .plan([series], prices: [nil], places: [places])[0]
        let plan = try #require(
            CapacityFrontier(
                capacity: Array(answer.capacities.reversed().joined()),
                actual: Array(values.suffix(168 * 30))))
        #expect(plan.missedHours < 0.02)
    }

    @Test("shares of missed quantiles and their intervals, by how restless the week before was")
    func regimes() throws {
        var random = Random(seed: 7)
        // Weeks by turns calm and wild, with quantiles that know nothing of it.
        let values = (0..<168 * 30).map { hour in
            1000 * exp((hour / 168 % 6 < 3 ? 0.05 : 0.4) * random.normal())
        }
        let series = SyntheticSeries.hourly(values)
        let settings = ForecastSettings(horizon: 24, seasons: [24, 168]).light()
        let report = Backtest(settings, originCount: 60).run([series])
        let found = QuantileCalibration(report, series: [series], season: 24)
        for row in found.rows {
            #expect(row.missed.lo <= row.missed.value && row.missed.value <= row.missed.hi)
        }
        // The same by hand: origins in order of the moves of the week before, the lowest third of them calm.
        let offset = 0.01 * Summary.mean(values)
        let origins = report.forecasts.enumerated().map { index, entry -> (size: Double, missed: Int) in
            let end = values.count - (60 - index) * 24
            let moves = ((end - 168)..<end).map {
                abs(log(values[$0] + offset) - log(values[$0 - 1] + offset))
            }
            let missed = entry.actual.indices.count {
                entry.actual[$0] > entry.forecast.quantile(0.9, step: $0)
            }
            return (Summary.mean(moves), missed)
        }.sorted { $0.size < $1.size }
        func missed(_ regime: QuantileCalibration.Regime) -> QuantileCalibration.Row? {
            found.rows.first { $0.regime == regime && $0.level == 0.9 }
        }
        for (regime, part) in [
            (QuantileCalibration.Regime.all, origins[...]), (.calm, origins[..<20]),
            (.middle, origins[20..<40]),
            (.wild, origins[40...]),
        ] {
            let expected = Double(part.reduce(0) { $0 + $1.missed }) / Double(part.count * 24)
            #expect(missed(regime)?.count == part.count * 24)
            #expect(abs((missed(regime)?.missed.value ?? .nan) - expected) < 1e-12)
        }
    }
}
