import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("Weekly peaks of joint paths on real weeks")
struct WeeklyPeakTests {
    @Test(
        "the peak of the sum, and of each symbol, falls anywhere in its forecast distribution",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func flat() throws {
        let series = try KnownSeries.pairs(["BTCUSDT", "ETHUSDT", "ADAUSDT"], "1h").series
            .filter { $0.id.name != "total" }
        let count = series[0].values.count
        let quick = ForecastSettings(horizon: 168, seasons: [24, 168], threads: 2).light()
        var transforms = [[Double]](repeating: [], count: series.count + 1)
        for week in 1...24 {
            let origin = series[0].time(at: count - week * 168)
            let known = series.map { $0.prefix(before: origin) }
            let forecasts = Forecaster(quick).forecast(known)
            let paths = try JointPaths(pathCount: 200, seed: UInt64(week), seasons: [24, 168], threads: 2)
                .sample(forecasts, histories: known)
            let actual = series.map { $0.values[(count - week * 168)..<(count - (week - 1) * 168)] }
            func transform(_ actual: Double, _ value: (Int, Int) -> Double) -> Double {
                let below = (0..<200).count { path in (0..<168).map { value(path, $0) }.max() ?? 0 < actual }
                return (Double(below) + 0.5) / 201
            }
            for index in series.indices {
                transforms[index].append(
                    transform(actual[index].max() ?? 0) { paths.value(path: $0, series: index, step: $1) })
            }
            let sums = (0..<168).map { hour in
                actual.reduce(0) { $0 + $1[$1.startIndex + hour] }
            }
            transforms[series.count].append(
                transform(sums.max() ?? 0) { paths.total(path: $0, step: $1) })
        }
        for sample in transforms {
            #expect(KolmogorovSmirnov.uniform(sample).p > 0.01)
            #expect(abs(Summary.mean(sample) - 0.5) < 0.2)
        }
    }
}
