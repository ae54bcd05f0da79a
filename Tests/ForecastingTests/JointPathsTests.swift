import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("Joint paths")
struct JointPathsTests {
    /// Two series with common bursts.
    private func pair(weeks: Int = 8) -> [RegularSeries] {
        var random = Random(seed: 11)
        var burst = 0.0
        var one: [Double] = []
        var two: [Double] = []
        for hour in 0..<(168 * weeks) {
            if random.uniform() < 0.01 { burst = 1.5 }
            burst *= 0.85
            let level = 1000 * exp(SyntheticSeries.pattern(hour) + burst)
            one.append(level * exp(0.1 * random.normal()))
            two.append(0.3 * level * exp(0.1 * random.normal()))
        }
        return [SyntheticSeries.hourly("one", one), SyntheticSeries.hourly("two", two)]
    }

    private func sample(pathCount: Int = 400, seed: UInt64 = 1, threads: Int = 1, weeks: Int = 8) throws -> (
        forecasts: [SeriesForecast], paths: SamplePaths
    ) {
        let series = pair(weeks: weeks)
        let forecasts = Forecaster(ForecastSettings(horizon: 48, seasons: [24, 168])).forecast(series)
        let sampler = JointPaths(pathCount: pathCount, seed: seed, seasons: [24, 168], threads: threads)
        return (forecasts, try sampler.sample(forecasts, histories: series))
    }

    @Test("each step has the distribution of its quantiles")
    func margins() throws {
        let (forecasts, paths) = try sample()
        for (index, forecast) in forecasts.enumerated() {
            for step in [0, 13, 47] {
                let values = (0..<400).map { paths.value(path: $0, series: index, step: step) }.sorted()
                for (level, row) in zip(forecast.levels, forecast.quantiles) where level < 0.995 {
                    let bound = Double(Float(row[step] * (1 + 1e-12)))
                    let share = Double(values.count { $0 <= bound }) / 400
                    #expect(abs(share - level) <= 1.0 / 400)
                }
            }
        }
    }

    @Test("series that surged together do so on the paths")
    func together() throws {
        let paths = try sample().paths
        func ranks(_ series: Int, _ step: Int) -> [Double] {
            let values = (0..<400).map { paths.value(path: $0, series: series, step: step) }
            let order = values.indices.sorted { values[$0] < values[$1] }
            var result = [Double](repeating: 0, count: 400)
            for (rank, path) in order.enumerated() { result[path] = Double(rank) }
            return result
        }
        let pairs = zip(ranks(0, 20), ranks(1, 20)).map { ($0 - 199.5) * ($1 - 199.5) }
        let correlation = Summary.mean(pairs) / ((400.0 * 400 - 1) / 12)
        #expect(correlation > 0.5)
    }

    @Test("equal seeds give equal paths on any number of threads; another seed gives others")
    func determinism() throws {
        let one = try sample(pathCount: 200, seed: 5).paths
        #expect(try sample(pathCount: 200, seed: 5, threads: 3).paths.values == one.values)
        #expect(try sample(pathCount: 200, seed: 6).paths.values != one.values)
    }

    @Test("values are never negative and short histories have paths too")
    func shortHistories() throws {
        let series = [SyntheticSeries.hourly([3, 0, 5, 1]), SyntheticSeries.hourly("other", [0, 0, 1, 0])]
        let forecasts = Forecaster(ForecastSettings(horizon: 30, seasons: [24])).forecast(series)
        let paths = try JointPaths(pathCount: 50, seed: 1, seasons: [24]).sample(forecasts, histories: series)
        #expect(paths.values.count == 50 * 2 * 30)
        #expect(paths.values.allSatisfy { $0 >= 0 && $0.isFinite })
    }

    @Test("with peaks a path keeps its shape; threads change nothing, and short histories have no say")
    func peaks() throws {
        let (series, plain) = (pair(weeks: 16), try sample(pathCount: 100, weeks: 16).paths)
        let peaked = plain.withPeaks(of: series, seasons: [24, 168], threads: 1)
        #expect(peaked.values == plain.withPeaks(of: series, seasons: [24, 168], threads: 3).values)
        #expect(peaked.values != plain.values)
        for index in 0..<2 {
            let factor =
                peaked.value(path: 7, series: index, step: 0) / plain.value(path: 7, series: index, step: 0)
            for step in 0..<48 {
                let expected = factor * plain.value(path: 7, series: index, step: step)
                #expect(abs(peaked.value(path: 7, series: index, step: step) / expected - 1) < 1e-5)
            }
        }
        let short = series.map { RegularSeries(id: $0.id, start: $0.start, stepSeconds: 3600, values: []) }
        #expect(plain.withPeaks(of: short, seasons: [24, 168]).values == plain.values)
    }

    @Test("the peaks of one series keep their order")
    func order() throws {
        let series = Array(pair(weeks: 16).prefix(1))
        let forecasts = Forecaster(ForecastSettings(horizon: 48, seasons: [24, 168])).forecast(series)
        let plain = try JointPaths(pathCount: 100, seed: 1, seasons: [24, 168])
            .sample(forecasts, histories: series)
        let peaked = plain.withPeaks(of: series, seasons: [24, 168])
        func peak(_ paths: SamplePaths, _ path: Int) -> Double {
            (0..<48).reduce(0) { max($0, paths.value(path: path, series: 0, step: $1)) }
        }
        let order = (0..<100).sorted { peak(plain, $0) < peak(plain, $1) }
        for (one, next) in zip(order, order.dropFirst()) {
            #expect(peak(peaked, one) <= peak(peaked, next) * (1 + 1e-6))
        }
    }

    @Test("forecasts that do not fit together are refused")
    func mismatch() throws {
        let series = [
            SyntheticSeries.hourly(SyntheticSeries.seasonal(300)),
            SyntheticSeries.hourly("other", SyntheticSeries.seasonal(301)),
        ]
        let forecasts = Forecaster(ForecastSettings(horizon: 24, seasons: [24])).forecast(series)
        let sampler = JointPaths(pathCount: 10, seed: 1, seasons: [24])
        #expect(throws: JointPathsError.differentSteps(series[0].id, series[1].id)) {
            try sampler.sample(forecasts, histories: series)
        }
        #expect(throws: JointPathsError.differentCounts) {
            try sampler.sample(forecasts, histories: [series[0]])
        }
    }
}
