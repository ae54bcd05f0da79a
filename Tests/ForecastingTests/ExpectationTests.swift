import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("Expectations and counts")
struct ExpectationTests {
    @Test("the mean of skewed demand is its expectation, and q50 its median")
    func skew() throws {
        // Lognormal noise with σ = 0.6: the mean lies 20 % over the median.
        var sums = (mean: 0.0, median: 0.0, actual: 0.0)
        var above = 0
        for seed in 1...8 {
            let values = SyntheticSeries.seasonal(168 * 10, noise: 0.6, seed: UInt64(seed))
            let settings = ForecastSettings(horizon: 24, seasons: [24, 168])
            let report = Backtest(settings, originCount: 7).run([SyntheticSeries.hourly(values)])
            for entry in report.forecasts {
                let place = try #require(entry.forecast.levels.firstIndex(of: 0.5))
                sums.mean += entry.forecast.mean.reduce(0, +)
                sums.median += entry.forecast.quantiles[place].reduce(0, +)
                sums.actual += entry.actual.reduce(0, +)
                above += zip(entry.actual, entry.forecast.quantiles[place]).count { $0 > $1 }
            }
        }
        #expect(abs(sums.mean / sums.actual - 1) < 0.05)
        #expect(sums.median < 0.9 * sums.actual)
        #expect(abs(Double(above) / Double(8 * 7 * 24) - 0.5) < 0.05)
    }

    @Test(
        "sums over a day of public trade counts are unbiased",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func trades() throws {
        var mean = 0.0
        var actual = 0.0
        for symbol in ["BTCUSDT", "ETHUSDT", "BNBUSDT", "XRPUSDT", "ADAUSDT"] {
            let series = try KnownSeries.binance(symbol, last: 24 * 7 * 40)
            let report = Backtest(
                ForecastSettings(horizon: 24, seasons: [24, 168], threads: 2), originCount: 84
            )
            .run([series])
            // Each pair counts the same.
            let total = report.forecasts.reduce(0) { $0 + $1.actual.reduce(0, +) }
            for entry in report.forecasts { mean += entry.forecast.mean.reduce(0, +) / total }
            actual += 1
        }
        #expect(abs(mean / actual - 1) < 0.05)
    }

    /// Counts by the minute with a day, at a mean.
    private func counts(_ mean: Double, days: Int, seed: UInt64, dispersion: Double = 0) -> RegularSeries {
        var random = Random(seed: seed)
        let values = (0..<1440 * days).map { minute -> Double in
            var rate = mean * (1 + 0.5 * sin(2 * .pi * Double(minute) / 1440))
            if dispersion > 0 { rate *= exp(dispersion * random.normal() - dispersion * dispersion / 2) }
            var count = 0.0
            var time = random.exponential()
            while time < rate {
                count += 1
                time += random.exponential()
            }
            return count
        }
        return RegularSeries(
            id: SeriesID("counts \(seed)"), start: Timestamp(seconds: 1_704_067_200), stepSeconds: 60,
            values: values)
    }

    @Test(
        "sparse counts have quantiles that are counts, missed as often as they say",
        arguments: [0.3, 1.0, 1.5])
    func sparse(mean: Double) throws {
        var missed = [0.0, 0, 0]
        var total = 0.0
        var sums = (mean: 0.0, actual: 0.0)
        for dispersion in [0, 0.6] {
            let series = counts(mean, days: 4, seed: UInt64(10 * mean), dispersion: dispersion)
            let report = Backtest(ForecastSettings(horizon: 60, seasons: [1440]), originCount: 12).run([
                series
            ])
            for entry in report.forecasts {
                let forecast = entry.forecast
                #expect(forecast.quantiles.allSatisfy { $0.allSatisfy { $0 == $0.rounded() && $0 >= 0 } })
                for (index, level) in [0.9, 0.99, 0.999].enumerated() {
                    let place = try #require(forecast.levels.firstIndex(of: level))
                    missed[index] += Double(zip(entry.actual, forecast.quantiles[place]).count { $0 > $1 })
                }
                total += Double(entry.actual.count)
                sums.mean += forecast.mean.reduce(0, +)
                sums.actual += entry.actual.reduce(0, +)
            }
        }
        // A count at the quantile or below: no more than the level leaves, and not all of it.
        #expect(missed[0] / total < 0.12)
        #expect(missed[1] / total < 0.02 && missed[1] / total > 0.001)
        #expect(missed[2] / total < 0.005)
        #expect(abs(sums.mean / sums.actual - 1) < 0.12)
    }

    @Test("zeros and ones stay zeros and ones")
    func chances() throws {
        var random = SplitMix64(seed: 4)
        let values = (0..<24 * 60).map { hour in random.uniform() < (hour % 24 < 12 ? 0.05 : 0.6) ? 1.0 : 0 }
        let settings = ForecastSettings(horizon: 24, seasons: [24])
        let found = try #require(Forecaster(settings).forecast([SyntheticSeries.hourly(values)]).first)
        #expect(found.quantiles.allSatisfy { $0.allSatisfy { $0 == 0 || $0 == 1 } })
        #expect(found.mean[0..<12].allSatisfy { $0 < 0.2 } && found.mean[12..<24].allSatisfy { $0 > 0.4 })
        #expect(abs(Summary.mean(found.mean) - 0.325) < 0.05)
    }

    @Test("closed hours and demand that is merely low at night are no sparse counts")
    func dense() throws {
        let values = SyntheticSeries.seasonal(168 * 6, level: 300, noise: 0.1).enumerated().map {
            $0 % 24 < 8 ? 0 : $1.rounded()
        }
        let found = try #require(
            Forecaster(ForecastSettings(horizon: 24, seasons: [24, 168]))
                .forecast([SyntheticSeries.hourly(values)]).first)
        #expect(!found.notes.contains { $0.contains("few events") })
    }
}
