import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("The forecaster")
struct ForecasterTests {
    private func forecast(_ values: [Double], horizon: Int = 48, seasons: [Int] = [24, 168]) throws
        -> SeriesForecast
    {
        let settings = ForecastSettings(horizon: horizon, seasons: seasons)
        return try #require(Forecaster(settings).forecast([SyntheticSeries.hourly(values)]).first)
    }

    @Test("recovers a day and a week exactly where there is no noise")
    func exactRecovery() throws {
        let truth = SyntheticSeries.seasonal(168 * 8 + 168)
        let found = try forecast(Array(truth.dropLast(168)), horizon: 168)
        for step in 0..<168 {
            let actual = truth[168 * 8 + step]
            #expect(abs(found.mean[step] - actual) < 0.02 * actual)
        }
        // A week that repeats to the last digit leaves no room for error.
        #expect(found.quantiles[8][30] - found.quantiles[0][30] < 0.1 * found.mean[30])
    }

    @Test("beats the seasonal naive clearly where there is noise")
    func noise() throws {
        var ours = 0.0
        var naive = 0.0
        for seed in 1...5 {
            let truth = SyntheticSeries.seasonal(168 * 6 + 48, noise: 0.1, seed: UInt64(seed))
            let history = Array(truth.dropLast(48))
            let found = try forecast(history)
            for step in 0..<48 {
                ours += abs(found.mean[step] - truth[history.count + step])
                naive += abs(history[history.count - 168 + step % 168] - truth[history.count + step])
            }
        }
        // The naive error is √2 of the noise at best.
        #expect(ours < 0.85 * naive)
    }

    @Test("an outage does not teach the baseline")
    func outage() throws {
        let clean = SyntheticSeries.seasonal(168 * 6, noise: 0.05)
        var broken = clean
        for hour in (168 * 6 - 30)..<(168 * 6 - 24) { broken[hour] = 0 }
        let one = try forecast(clean)
        let other = try forecast(broken)
        for step in 0..<48 { #expect(abs(one.mean[step] / other.mean[step] - 1) < 0.15) }
    }

    @Test("missing hours change little")
    func holes() throws {
        let clean = SyntheticSeries.seasonal(168 * 6, noise: 0.05)
        var holed = clean
        var random = SplitMix64(seed: 3)
        for hour in holed.indices where random.uniform() < 0.1 { holed[hour] = .nan }
        let one = try forecast(clean)
        let other = try forecast(holed)
        for step in 0..<48 { #expect(abs(one.mean[step] / other.mean[step] - 1) < 0.15) }
    }

    @Test("every odd history gets an answer within its range, or a reason")
    func oddHistories() throws {
        var random = SplitMix64(seed: 5)
        let histories: [String: [Double]] = [
            "one value": [7], "two values": [7, 9], "three values": [1, 2, 3],
            "a day": SyntheticSeries.seasonal(24), "thirty hours": SyntheticSeries.seasonal(30),
            "under two seasons": SyntheticSeries.seasonal(40), "ten days": SyntheticSeries.seasonal(240),
            "constant": [Double](repeating: 5, count: 700), "zero": [Double](repeating: 0, count: 700),
            "negative": SyntheticSeries.seasonal(700).map { -$0 },
            "both signs": SyntheticSeries.seasonal(700).map { $0 - 1000 },
            "holes only but one": [Double](repeating: .nan, count: 600) + [3],
            "intermittent": (0..<700).map { _ in random.uniform() < 0.05 ? 10 * random.uniform() : 0 },
            "huge": SyntheticSeries.seasonal(700, level: 1e300),
            "tiny": SyntheticSeries.seasonal(700, level: 1e-300),
            "one huge outlier": SyntheticSeries.seasonal(699) + [1e15],
            "ends in silence": SyntheticSeries.seasonal(600) + [Double](repeating: 0, count: 100),
            "infinite": SyntheticSeries.seasonal(400) + [.infinity, -.infinity, 1000],
        ]
        for (name, values) in histories {
            let found = try forecast(values)
            try #require(found.isAnswered, "\(name)")
            let known = values.filter(\.isFinite)
            let lowest = try #require(known.min())
            let highest = try #require(known.max())
            let range = highest - lowest
            for step in 0..<48 {
                let mean = found.mean[step]
                #expect(mean.isFinite, "\(name)")
                #expect(
                    mean <= highest + 0.5 * range && mean >= lowest - 0.5 * range - 1e-9 * abs(lowest),
                    "\(name)")
                let ladder = found.quantiles.map { $0[step] }
                #expect(zip(ladder, ladder.dropFirst()).allSatisfy { $0 <= $1 }, "\(name): \(ladder)")
                #expect(ladder.allSatisfy { $0.isFinite }, "\(name)")
                if lowest >= 0 { #expect(mean >= 0 && ladder[0] >= 0, "\(name)") }
            }
        }
    }

    @Test(
        "a short history has a wide interval around a mean that agrees with it, and says so",
        arguments: [1, 2, 3, 6, 12, 23, 24, 30, 40, 47])
    func shortHistories(count: Int) throws {
        let truth = SyntheticSeries.seasonal(count + 48, noise: 0.1, seed: UInt64(count))
        let found = try forecast(Array(truth.prefix(count)), seasons: [24, 168])
        try #require(found.isAnswered)
        #expect(found.notes.contains { $0.contains("less than two seasons") })
        #expect(found.candidates.contains { $0.failure?.contains("less than two seasons") == true })
        for step in 0..<48 {
            let mean = found.mean[step]
            #expect(abs(found.quantiles[2][step] / mean - 1) < 0.1)
            #expect(found.quantiles[1][step] < mean && mean < found.quantiles[4][step])
            // The hours of this day are up to twice as high as its mean, and down to a half.
            if count < 24 { #expect(found.quantiles[6][step] > 1.4 * mean) }
            if count < 24 { #expect(found.quantiles[0][step] < 0.6 * mean) }
        }
        let inside = (0..<48).count { step in
            (found.quantiles[0][step]...found.quantiles[6][step]).contains(truth[count + step])
        }
        #expect(inside >= 30)
    }

    @Test("nothing observed is no answer, with a reason")
    func nothing() throws {
        for values in [[], [Double.nan, .nan]] {
            let found = try forecast(values)
            #expect(!found.isAnswered)
            #expect(found.notes.first?.contains("no value") == true)
            #expect(found.candidates.allSatisfy { $0.failure != nil })
        }
    }

    @Test("a candidate that cannot answer is listed with its reason")
    func failures() throws {
        let found = try forecast(SyntheticSeries.seasonal(60))
        let weekly = try #require(found.candidates.first { $0.model == "seasonal_naive_168" })
        #expect(weekly.failure?.contains("the history has only 60 values") == true)
        #expect(weekly.weight == 0)
        #expect(abs(found.candidates.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
    }

    @Test("the answer does not depend on threads")
    func threads() {
        let series = (0..<20).map {
            SyntheticSeries.hourly(
                "s\($0)", SyntheticSeries.seasonal(400 + 13 * $0, noise: 0.2, seed: UInt64($0)))
        }
        let one = Forecaster(ForecastSettings(horizon: 24, seasons: [24, 168], threads: 1)).forecast(series)
        let many = Forecaster(ForecastSettings(horizon: 24, seasons: [24, 168], threads: 4)).forecast(series)
        for (left, right) in zip(one, many) {
            #expect(left.mean == right.mean)
            #expect(left.quantiles == right.quantiles)
        }
    }

    @Test("from an origin, nothing after it is looked at and gaps before it are missing")
    func origin() throws {
        let values = SyntheticSeries.seasonal(168 * 5, noise: 0.1)
        let whole = SyntheticSeries.hourly(values)
        let origin = whole.time(at: 168 * 4)
        let settings = ForecastSettings(horizon: 24, seasons: [24, 168])
        let one = try #require(Forecaster(settings).forecast([whole], from: origin).first)
        let other = try #require(
            Forecaster(settings).forecast([SyntheticSeries.hourly(Array(values[..<(168 * 4)]))]).first)
        #expect(one.mean == other.mean)
        #expect(one.start == origin)
        let later = try #require(
            Forecaster(settings).forecast([whole], from: whole.end.advanced(bySeconds: 7200)).first)
        #expect(later.start == whole.end.advanced(bySeconds: 7200))
        #expect(later.isAnswered)
    }

    @Test("quantiles between the levels rise and meet the levels")
    func interpolation() throws {
        let found = try forecast(SyntheticSeries.seasonal(168 * 5, noise: 0.2))
        let ladder = stride(from: 0.001, to: 1, by: 0.001).map { found.quantile($0, step: 5) }
        #expect(zip(ladder, ladder.dropFirst()).allSatisfy { $0 <= $1 })
        for (level, row) in zip(found.levels, found.quantiles) {
            #expect(abs(found.quantile(level, step: 5) - row[5]) < 1e-9 * row[5])
        }
    }

    @Test("a horizon past the end of the calendar is a reason, not a crash")
    func endOfTime() throws {
        let late = RegularSeries(
            id: SeriesID("late"), start: Timestamp(seconds: 7_258_000_000), stepSeconds: 3600,
            values: SyntheticSeries.seasonal(30))
        let found = try #require(
            Forecaster(ForecastSettings(horizon: 100_000, seasons: [24])).forecast([late]).first)
        #expect(!found.isAnswered)
        #expect(!found.notes.isEmpty)
    }

    @Test("columns are named after their levels")
    func columnNames() {
        #expect(
            ForecastSettings.standardLevels.map(ForecastSettings.columnName)
                == ["q025", "q10", "q50", "q80", "q90", "q95", "q975", "q99", "q999"])
    }

    @Test("no length, season, horizon or step traps")
    func randomShapes() {
        var random = SplitMix64(seed: 12)
        func draw(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
        for round in 0..<150 {
            let count = [draw(12), draw(60), draw(400), draw(1200)][draw(4)]
            let step = [1, 60, 900, 3600, 86_400, 604_800][draw(6)]
            var seasons = [[], [24], [7], [24, 168], [5, 12], [2], [288, 2016], [48, 24, 1, 0, -3, 336]][
                draw(8)]
            if draw(9) == 0 { seasons = [draw(500), draw(500)] }
            let kind = draw(4)
            let values = (0..<count).map { index -> Double in
                if random.uniform() < (kind == 0 ? 0.4 : 0.02) { return .nan }
                if kind == 1 { return random.uniform() < 0.8 ? 0 : Double(draw(9)) }
                return (kind == 2 ? 1000 : 0) + 900 * sin(Double(index) / 4) * random.uniform()
            }
            let series = RegularSeries(
                id: SeriesID("round \(round)"), start: Timestamp(seconds: Int64(draw(1_000_000_000))),
                stepSeconds: Int64(step), values: values)
            let horizon = 1 + draw(60)
            let found = Forecaster(ForecastSettings(horizon: horizon, seasons: seasons)).forecast([series])
            #expect(found.first?.isAnswered == values.contains { !$0.isNaN })
            #expect(found.first?.mean.allSatisfy { $0.isFinite } == true)
            let report = Backtest(
                ForecastSettings(horizon: horizon, seasons: seasons), originCount: 2, refitEvery: 1 + draw(2)
            ).run([series])
            #expect(report.forecasts.count + report.skipped.count == 2)
            _ = SurgeDetector(seasons: seasons).events(in: series)
            _ = try? ReturnLevels(series, block: seasons.first ?? 1)
            let paths = try? JointPaths(pathCount: 5, seed: 1, seasons: seasons)
                .sample(found, histories: [series])
            #expect(paths?.values.allSatisfy { $0.isFinite } ?? true)
        }
    }
}
