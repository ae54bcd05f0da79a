import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("Seasons from the data")
struct SeasonSearchTests {
    private func series(_ values: [Double], step: Int64) -> RegularSeries {
        RegularSeries(
            id: SeriesID("synthetic"), start: Timestamp(seconds: 1_704_067_200), stepSeconds: step,
            values: values)
    }

    /// Cycles of a pointed shape about a slowly wandering level, with noise.
    private func cycles(
        _ lengths: [(length: Double, size: Double)], count: Int, noise: Double = 0.1, seed: UInt64 = 1
    ) -> [Double] {
        var random = Random(seed: seed)
        var level = 0.0
        return (0..<count).map { index in
            level += 0.01 * random.normal()
            let shape = lengths.reduce(0.0) { sum, part in
                let angle = 2 * Double.pi * Double(index) / part.length
                return sum + part.size * (sin(angle) + 0.5 * cos(2 * angle) + 0.3 * sin(3 * angle))
            }
            return 100 * exp(level + shape + noise * random.normal())
        }
    }

    @Test("are those that were put in, at any step from a second to a month")
    func planted() {
        let cases: [(step: Int64, seasons: [Double], count: Int)] = [
            (1, [60], 3000), (1, [300], 5000), (10, [360], 6000), (10, [90], 2000), (60, [1440], 6000),
            (60, [30], 1500), (300, [288], 2000), (300, [288, 2016], 8064), (900, [96], 1000),
            (3600, [24], 400), (3600, [24, 168], 1400), (3600, [37], 500), (21_600, [4, 28], 300),
            (86_400, [7], 150), (86_400, [30], 400), (2_629_746, [12], 96),
        ]
        for (step, seasons, count) in cases {
            let sizes = seasons.map { (length: $0, size: 0.3) }
            let found = SeasonSearch.seasons(of: series(cycles(sizes, count: count), step: step))
            // A length that no calendar tells is found to a hundredth.
            let expected = seasons.map { Int($0) }
            #expect(
                found.count == expected.count
                    && zip(found, expected).allSatisfy { abs($0 - $1) * 100 <= $1 },
                "a step of \(step) s: \(found)")
        }
    }

    @Test("are none in noise, in a random walk, in growth and in a constant")
    func none() {
        var found = 0
        for seed in 1...20 {
            var random = Random(seed: UInt64(seed))
            var level = 0.0
            let noise = (0..<800).map { _ in 100 + random.normal() }
            let walk = (0..<800).map { _ -> Double in
                level += random.normal()
                return level
            }
            for values in [noise, walk] {
                if !SeasonSearch.seasons(of: series(values, step: 10)).isEmpty { found += 1 }
            }
        }
        #expect(found <= 2, "of 40 series without a season")
        #expect(SeasonSearch.seasons(of: series((0..<500).map { 1 + Double($0) }, step: 3600)).isEmpty)
        #expect(SeasonSearch.seasons(of: series([Double](repeating: 4, count: 500), step: 3600)).isEmpty)
        #expect(SeasonSearch.seasons(of: series([], step: 3600)).isEmpty)
        #expect(SeasonSearch.seasons(of: series([.nan, 1, 2], step: 3600)).isEmpty)
    }

    @Test("are none in growth, however it bends", arguments: [3600, 60, 10])
    func growth(step: Int64) {
        let shapes: [(String, (Double) -> Double)] = [
            ("line", { 1 + $0 }), ("high line", { 1e6 + $0 }), ("fall", { 2000 - $0 }),
            ("root", { $0.squareRoot() }), ("logarithm", { log1p($0) }), ("exponential", { exp($0 / 200) }),
            ("logistic", { 1 / (1 + exp(($0 - 500) / -80)) }),
            ("square", { 10 + $0 * $0 }), ("step", { $0 < 500 ? 10 : 20 }),
        ]
        var noisy: [String] = []
        for (index, (name, shape)) in shapes.enumerated() {
            for count in [400, 500, 1000] {
                var random = Random(seed: UInt64(1000 * index + count))
                let values = (0..<count).map { shape(Double($0)) }
                // The last two bend so sharply at one place that without any noise nothing else is there.
                if index < 7 {
                    let found = SeasonSearch.seasons(of: series(values, step: step))
                    #expect(found.isEmpty, "\(name) of \(count): \(found)")
                }
                let rough = values.map { $0 * exp(0.02 * random.normal()) }
                if !SeasonSearch.seasons(of: series(rough, step: step)).isEmpty {
                    noisy.append("\(name) of \(count)")
                }
            }
        }
        #expect(noisy.count <= 1, "of 27: \(noisy)")
    }

    @Test("need two cycles, and gaps and leading zeros do not hide them")
    func gaps() {
        var values = cycles([(24, 0.5)], count: 400)
        #expect(SeasonSearch.seasons(of: series(Array(values.prefix(40)), step: 3600)).isEmpty)
        var random = SplitMix64(seed: 4)
        for index in values.indices where random.uniform() < 0.1 { values[index] = .nan }
        #expect(SeasonSearch.seasons(of: series(values, step: 3600)) == [24])
        let listed = [Double](repeating: 0, count: 900) + values
        #expect(SeasonSearch.seasons(of: series(listed, step: 3600)) == [24])
    }

    @Test("of each series are taken where none are given, told, and worth it; given ones are taken")
    func forecasts() throws {
        let hour = cycles([(360, 0.5)], count: 5060)
        let day = cycles([(90, 0.5)], count: 5060, seed: 2)
        let all = [hour, day, cycles([], count: 5060, seed: 3)].enumerated().map { index, values in
            RegularSeries(
                id: SeriesID("series \(index)"), start: Timestamp(seconds: 1_704_067_200), stepSeconds: 10,
                values: Array(values.dropLast(60)))
        }
        let found = Forecaster(ForecastSettings(horizon: 60, seasons: nil)).forecast(all)
        let (long, short) = (found[0].seasons, found[1].seasons)
        #expect(long.count == 1 && abs((long.first ?? 0) - 360) <= 3)
        #expect(short == [90])
        #expect(found[2].seasons.isEmpty)
        #expect(found.map(\.id) == all.map(\.id))
        let given = Forecaster(ForecastSettings(horizon: 60, seasons: [90])).forecast(all)
        #expect(given.map(\.seasons) == [[90], [90], [90]])
        let none = Forecaster(ForecastSettings(horizon: 60, seasons: [])).forecast(all)
        func error(_ forecast: SeriesForecast) -> Double {
            zip(forecast.mean, hour.suffix(60)).reduce(0) { $0 + abs($1.0 - $1.1) }
        }
        #expect(error(found[0]) < 0.5 * error(none[0]))
        let alone = Forecaster(ForecastSettings(horizon: 60, seasons: [90])).forecast([all[1]])
        #expect(found[1].mean == alone[0].mean)
    }

    @Test("a backtest finds them in what lies before its origins")
    func backtest() throws {
        let values = cycles([(360, 0.5)], count: 4000)
        let report = Backtest(ForecastSettings(horizon: 60, seasons: nil), originCount: 5)
            .run([series(values, step: 10)])
        #expect(abs((report.seasons.first?.first ?? 0) - 360) <= 3)
        #expect(report.forecasts.count == 5)
        #expect(report.skipped.isEmpty)
    }
}
