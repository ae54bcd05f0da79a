import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("On public data", .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
struct PublishedDataTests {
    @Test("M4 Hourly, the last 48 hours held back: clearly better than seasonal naive, intervals as promised")
    func m4() throws {
        let whole = try KnownSeries.m4()
        #expect(whole.count == 414)
        let history = whole.map { series in
            var series = series
            series.values.removeLast(48)
            return series
        }
        let forecasts = Forecaster(
            ForecastSettings(horizon: 48, seasons: [24, 168], hasCalendar: false, threads: 2)
        ).forecast(history)
        var smape = (ours: 0.0, naive: 0.0)
        var mase = (ours: 0.0, naive: 0.0)
        var inside = 0.0
        var below99 = 0.0
        for ((series, known), forecast) in zip(zip(whole, history), forecasts) {
            let actual = Array(series.values.suffix(48))
            let values = known.values
            let scale = Summary.mean((24..<values.count).map { abs(values[$0] - values[$0 - 24]) })
            let naive = (0..<48).map { values[values.count - 24 + $0 % 24] }
            let median = forecast.quantiles[2]
            for step in 0..<48 {
                smape.ours += smapeTerm(actual[step], median[step])
                smape.naive += smapeTerm(actual[step], naive[step])
                mase.ours += abs(actual[step] - median[step]) / scale
                mase.naive += abs(actual[step] - naive[step]) / scale
                let ladder = forecast.quantiles.map { $0[step] }
                if ladder[0] <= actual[step], actual[step] <= ladder[6] { inside += 1 }
                if actual[step] <= ladder[7] { below99 += 1 }
            }
        }
        let relative = (smape.ours / smape.naive + mase.ours / mase.naive) / 2
        #expect(relative < 0.61)
        #expect((0.91...0.97).contains(inside / (414 * 48)))
        #expect(below99 / (414 * 48) > 0.965)
    }

    @Test("trades by the hour, a day ahead: better than both seasonal naives, quantiles near their levels")
    func trades() throws {
        let series = try ["BTCUSDT", "ETHUSDT", "XRPUSDT"].map {
            try KnownSeries.binance($0, last: 24 * 7 * 16)
        }
        let report = Backtest(
            ForecastSettings(horizon: 24, seasons: [24, 168], threads: 2), originCount: 28
        ).run(series)
        func mean(_ model: String, _ figure: KeyPath<BacktestScore, Double>) -> Double {
            Summary.mean(report.scores.filter { $0.model == model }.map { $0[keyPath: figure] })
        }
        for naive in ["seasonal_naive_24", "seasonal_naive_168"] {
            #expect(mean("combined", \.mase) < 0.85 * mean(naive, \.mase))
            #expect(mean("combined", \.pinball90) < 0.95 * mean(naive, \.pinball90))
        }
        #expect((0.85...0.97).contains(mean("combined", \.coverage90)))
        #expect(mean("combined", \.coverage99) > 0.97)
    }

    @Test("the week's highest hour of all pairs together lies anywhere in its distribution")
    func peakOfTheSum() throws {
        let whole = try ["BTCUSDT", "ETHUSDT", "XRPUSDT"].map {
            try KnownSeries.binance($0, last: 24 * 7 * 40)
        }
        let places = try (1...16).map { week -> Double in
            let origin = whole[0].end.advanced(bySeconds: -Int64(week) * 168 * 3600)
            let known = whole.map { $0.prefix(before: origin) }
            let settings = ForecastSettings(horizon: 168, seasons: [24, 168], threads: 2)
            let paths = try JointPaths(pathCount: 100, seed: UInt64(week), seasons: [24, 168], threads: 2)
                .sample(Forecaster(settings).forecast(known), histories: known)
            let first = known[0].values.count
            let actual = (first..<first + 168).map { hour in
                whole.reduce(0) { $0 + ($1.values[hour].isNaN ? 0 : $1.values[hour]) }
            }
            let highest = actual.max() ?? 0
            let below = (0..<100).count { path in
                (0..<168).allSatisfy { paths.total(path: path, step: $0) <= highest }
            }
            return Double(below) / 100
        }
        // Sixteen uniform numbers have a mean of a half with a standard deviation of 0.07.
        #expect((0.3...0.7).contains(Summary.mean(places)))
        #expect(places.contains { $0 < 0.5 } && places.contains { $0 > 0.5 })
        #expect(places.count { $0 >= 0.99 } <= 3)
    }

    private func smapeTerm(_ actual: Double, _ forecast: Double) -> Double {
        abs(actual - forecast) / max(abs(actual) + abs(forecast), 1e-12)
    }
}
