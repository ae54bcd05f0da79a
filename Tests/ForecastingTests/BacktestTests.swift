import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("The backtest")
struct BacktestTests {
    private let settings = ForecastSettings(horizon: 24, seasons: [24, 168])

    @Test("the figures are those of their definitions")
    func definitions() throws {
        let values = SyntheticSeries.seasonal(168 * 6, noise: 0.2)
        let report = Backtest(settings, originCount: 3).run([SyntheticSeries.hourly(values)])
        let score = try #require(report.scores.first { $0.model == "combined" })
        #expect(score.originCount == 3)
        #expect(report.forecasts.count == 3)
        var mase = 0.0
        var smape = 0.0
        var pinball = 0.0
        var below = 0.0
        var peak = 0.0
        for (index, past) in report.forecasts.enumerated() {
            let first = values.count - 24 * (3 - index)
            #expect(past.actual == Array(values[first..<first + 24]))
            let known = values[..<first]
            let scale = (24..<first).reduce(0) { $0 + abs(known[$1] - known[$1 - 24]) } / Double(first - 24)
            let level = try #require(past.forecast.levels.firstIndex(of: 0.9))
            let top = try #require(past.forecast.levels.firstIndex(of: 0.99))
            let median = try #require(past.forecast.levels.firstIndex(of: 0.5))
            for step in 0..<24 {
                let (actual, mean) = (past.actual[step], past.forecast.quantiles[median][step])
                mase += abs(actual - mean) / scale / 72
                smape += 200 * abs(actual - mean) / (abs(actual) + abs(mean)) / 72
                let quantile = past.forecast.quantiles[level][step]
                pinball += (actual > quantile ? 0.9 * (actual - quantile) : 0.1 * (quantile - actual)) / 72
                below += actual <= past.forecast.quantiles[top][step] ? 1.0 / 72 : 0
            }
            let highest = try #require(past.actual.max())
            peak += abs((past.forecast.quantiles[median].max() ?? 0) - highest) / highest / 3
        }
        #expect(abs(score.mase - mase) < 1e-9)
        #expect(abs(score.smape - smape) < 1e-9)
        #expect(abs(score.pinball90 - pinball) < 1e-9)
        #expect(abs(score.coverage99 - below) < 1e-9)
        #expect(abs(score.peakError - peak) < 1e-9)
    }

    @Test("what comes after an origin changes nothing at it")
    func causality() throws {
        let values = SyntheticSeries.seasonal(168 * 5, noise: 0.2)
        var changed = values
        for index in (values.count - 24)..<values.count { changed[index] *= 5 }
        let one = Backtest(settings, originCount: 3).run([SyntheticSeries.hourly(values)])
        let other = Backtest(settings, originCount: 3).run([SyntheticSeries.hourly(changed)])
        for (left, right) in zip(one.forecasts, other.forecasts) {
            #expect(left.forecast.mean == right.forecast.mean)
            #expect(left.forecast.quantiles == right.forecast.quantiles)
        }
    }

    @Test("a backtest's forecast is the forecaster's at that instant")
    func agreesWithForecaster() throws {
        let series = SyntheticSeries.hourly(SyntheticSeries.seasonal(168 * 5, noise: 0.2))
        let past = try #require(Backtest(settings, originCount: 1).run([series]).forecasts.first)
        let now = try #require(
            Forecaster(settings).forecast([series], from: series.time(at: 168 * 5 - 24)).first)
        #expect(past.forecast.mean == now.mean)
        #expect(past.forecast.start == now.start)
    }

    @Test("every candidate is scored, and one that cannot answer has its reason")
    func candidates() throws {
        let report = Backtest(settings, originCount: 2).run([
            SyntheticSeries.hourly(SyntheticSeries.seasonal(150, noise: 0.2))
        ])
        #expect(report.scores.map(\.model) == ["combined"] + settings.models.map(\.name))
        let weekly = try #require(report.scores.first { $0.model == "seasonal_naive_168" })
        #expect(weekly.failure != nil)
        #expect(weekly.mase.isNaN)
        let daily = try #require(report.scores.first { $0.model == "seasonal_naive_24" })
        #expect(daily.failure == nil)
        #expect(daily.mase > 0)
    }

    @Test("origins that a series does not reach back to are named")
    func skipped() {
        let report = Backtest(settings, originCount: 9).run([
            SyntheticSeries.hourly(SyntheticSeries.seasonal(100, noise: 0.2))
        ])
        #expect(report.forecasts.count == 4)
        #expect(report.skipped.count == 5)
    }

    @Test("an hour ahead, with parameters refitted once a day, beats repeating the day")
    func hourAhead() throws {
        var random = SplitMix64(seed: 2)
        var level = 0.0
        let values = SyntheticSeries.seasonal(168 * 5).map { value in
            level = 0.95 * level + 0.2 * (random.uniform() - 0.5)
            return value * exp(level)
        }
        let settings = ForecastSettings(horizon: 1, seasons: [24, 168])
        let report = Backtest(settings, originCount: 48, refitEvery: 24).run([SyntheticSeries.hourly(values)])
        let ours = try #require(report.scores.first { $0.model == "combined" })
        let naive = try #require(report.scores.first { $0.model == "seasonal_naive_24" })
        #expect(ours.originCount == 48)
        #expect(ours.mase < 0.5 * naive.mase)
    }

    @Test("intervals of noisy series hold what they promise")
    func coverage() throws {
        let series = (0..<12).map {
            SyntheticSeries.hourly(
                "s\($0)", SyntheticSeries.seasonal(168 * 6, noise: 0.2, seed: UInt64($0 + 50)))
        }
        let report = Backtest(settings, originCount: 7).run(series)
        let scores = report.scores.filter { $0.model == "combined" }
        let central = scores.reduce(0) { $0 + $1.coverage90 } / Double(scores.count)
        let top = scores.reduce(0) { $0 + $1.coverage99 } / Double(scores.count)
        #expect((0.87...0.96).contains(central))
        #expect(top >= 0.98)
    }

    @Test("of one season and few cycles, past origins have all candidates, and intervals their width")
    func oneSeason() throws {
        var inside = 0.0
        var total = 0.0
        for seed in 1...12 {
            var random = Random(seed: UInt64(seed))
            var level = 0.0
            let values = (0..<48 * 10).map { step -> Double in
                if step % 48 == 0 { level = 0.5 * level + 0.12 * random.normal() }
                return 1000 * exp(level + 0.5 * sin(2 * .pi * Double(step) / 48) + 0.05 * random.normal())
            }
            let report = Backtest(ForecastSettings(horizon: 48, seasons: [48]), originCount: 2).run([
                SyntheticSeries.hourly(values)
            ])
            #expect(report.forecasts.count == 2)
            for entry in report.forecasts {
                // Without a fit before them, past origins know one or two candidates only.
                #expect(entry.forecast.candidates.count { $0.relativeLoss.isFinite } >= 10)
                for (step, actual) in entry.actual.enumerated() {
                    let (low, high) = (entry.forecast.quantiles[0][step], entry.forecast.quantiles[6][step])
                    inside += low <= actual && actual <= high ? 1 : 0
                    total += 1
                }
            }
        }
        #expect((0.85...0.99).contains(inside / total))
    }

    @Test("parameters from the zeros before a listing serve no origin after it", arguments: [1, 4, 12])
    func listing(refitEvery: Int) {
        var random = Random(seed: 2)
        let listed = (0..<40).map { 1000 * exp(SyntheticSeries.pattern($0) + 0.1 * random.normal()) }
        let series = SyntheticSeries.hourly([Double](repeating: 0, count: 24 * 30) + listed)
        let report = Backtest(
            ForecastSettings(horizon: 3, seasons: [24, 168]), originCount: 12, refitEvery: refitEvery
        ).run([series])
        #expect(report.forecasts.count + report.skipped.count == 12)
        #expect(!report.forecasts.isEmpty)
        for entry in report.forecasts {
            #expect(entry.forecast.mean.allSatisfy { $0 > 100 && $0 < 5000 })
        }
    }
}
