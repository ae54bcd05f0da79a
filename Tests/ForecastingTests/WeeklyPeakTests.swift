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

    @Test(
        "whatever the paths were, their peaks are as far off as those of past weeks, in calm and in wild years",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func matched() throws {
        let series = try KnownSeries.pairs(["ADAUSDT", "BNBUSDT", "BTCUSDT", "ETHUSDT", "XRPUSDT"], "2h")
            .series.filter { $0.id.name != "total" }
        let count = series[0].values.count
        let steps = 84
        let pathCount = 200
        var transforms: [Double] = []
        var ofSum: [Double] = []
        // Every third week of three years.
        for week in stride(from: 1, through: 156, by: 3) {
            let start = count - week * steps
            // All series surge in the same steps, but rise apart from week to week.
            var random = Random(seed: UInt64(week))
            let plain = SamplePaths(
                ids: series.map(\.id), start: series[0].time(at: start), stepSeconds: 7200, stepCount: steps,
                pathCount: pathCount,
                values: (0..<pathCount).flatMap { _ in
                    let surges = (0..<steps).map { _ in 0.3 * random.normal() }
                    return (0..<series.count).flatMap { _ in
                        let level = 0.1 * random.normal()
                        return surges.map { Float(1e5 * exp(level + $0 + 0.1 * random.normal())) }
                    }
                })
            let paths = plain.withPeaks(
                of: series.map { $0.prefix(before: plain.start) }, seasons: [12, 84], threads: 2)
            func transform(_ actual: Double, _ value: (Int, Int) -> Double) -> Double {
                let below = (0..<pathCount).count { path in
                    (0..<steps).reduce(0) { max($0, value(path, $1)) } < actual
                }
                return (Double(below) + 0.5) / Double(pathCount + 1)
            }
            let actual = series.map { Array($0.values[start..<start + steps]) }
            for index in series.indices {
                transforms.append(
                    transform(actual[index].reduce(0) { max($0, $1) }) {
                        paths.value(path: $0, series: index, step: $1)
                    })
            }
            let sums = (0..<steps).map { step in actual.reduce(0) { $0 + $1[step] } }
            ofSum.append(transform(sums.reduce(0) { max($0, $1) }) { paths.total(path: $0, step: $1) })
        }
        #expect(abs(Summary.mean(transforms) - 0.5) < 0.06)
        // Five pairs of a week go together: 52 weeks tell shares of 10 % to within some 5 %.
        for (level, width) in [(0.5, 0.1), (0.9, 0.05), (0.98, 0.025)] {
            let above = Double(transforms.count { $0 > level }) / Double(transforms.count)
            #expect(abs(above - (1 - level)) < width, "\(level) passed by \(above)")
        }
        #expect(KolmogorovSmirnov.uniform(ofSum).p > 0.01)
        for (level, width) in [(0.5, 0.15), (0.9, 0.08), (0.98, 0.03)] {
            let above = Double(ofSum.count { $0 > level }) / Double(ofSum.count)
            #expect(abs(above - (1 - level)) < width, "the sum: \(level) passed by \(above)")
        }
    }
}
