import Forecasting
import Foundation
import TestSupport
import Testing
import Units

@Suite("The candidates")
struct CandidateTests {
    private func mean(
        _ values: [Double], horizon: Int = 24, seasons: [Int] = [24, 168], _ models: [any ForecastModel]
    ) throws -> [Double] {
        let settings = ForecastSettings(horizon: horizon, seasons: seasons, models: models)
        return try #require(Forecaster(settings).forecast([SyntheticSeries.hourly(values)]).first).combined
    }

    @Test("each of them answers an ordinary series, or says why not")
    func answers() throws {
        let values = SyntheticSeries.seasonal(168 * 8, noise: 0.1)
        let found = try #require(
            Forecaster(ForecastSettings(horizon: 48, seasons: [24, 168]))
                .forecast([SyntheticSeries.hourly(values)]).first)
        let silent = found.candidates.filter { $0.failure != nil }.map(\.model)
        #expect(silent == ["level_shift", "intermittent"])
        #expect(found.candidates.count == Set(found.candidates.map(\.model)).count)
    }

    @Test("the pooled regression of one series is the ridge regression over all its stretches")
    func pooledAgainstReference() throws {
        // Sixteen seasons: all of the history that the model looks at.
        let values = SyntheticSeries.seasonal(24 * 16, noise: 0.2, seed: 4)
        let found = try mean(values, seasons: [24], [PooledRegression(.plain)])
        let expected = StretchReference(values, span: 48, season: 24, horizon: 24).forecast()
        for (one, other) in zip(found, expected) { #expect(abs(one - other) < 2e-3 * abs(other)) }
    }

    @Test("a short history borrows from those that resemble it")
    func pooling() throws {
        // One process, many series; the regression of a short one alone is hopeless.
        func series(_ seed: UInt64, _ count: Int) -> [Double] {
            var random = SplitMix64(seed: seed)
            var rest = 0.0
            return (0..<count).map { (hour: Int) -> Double in
                rest = 0.9 * rest + 0.05 * (random.uniform() + random.uniform() - 1)
                let day = 0.4 * sin(2 * Double.pi * Double(hour % 24) / 24)
                return 100 * exp(day + rest)
            }
        }
        let settings = ForecastSettings(
            horizon: 24, seasons: [24], models: [PooledRegression(.logarithm)])
        var alone = 0.0
        var together = 0.0
        for seed in 0..<6 {
            let truth = series(UInt64(100 + seed), 24 * 7 + 24)
            let short = SyntheticSeries.hourly("short", Array(truth.dropLast(24)))
            // All end at the same instant: what ends later would tell the future.
            let others = (0..<15).map { number -> RegularSeries in
                let values = series(UInt64(seed * 50 + number + 1), 24 * 40)
                return RegularSeries(
                    id: SeriesID("other \(number)"), start: short.end.advanced(bySeconds: -24 * 40 * 3600),
                    stepSeconds: 3600, values: values)
            }
            let one = try #require(Forecaster(settings).forecast([short]).first)
            let many = try #require(Forecaster(settings).forecast([short] + others).first)
            for step in 0..<24 {
                let actual = truth[24 * 7 + step]
                alone += one.mean.isEmpty ? actual : abs(one.mean[step] - actual)
                together += abs(many.mean[step] - actual)
            }
        }
        #expect(together < 0.9 * alone)
    }

    @Test("a series that ends later teaches nothing to one that ends earlier")
    func noLeak() throws {
        let values = SyntheticSeries.seasonal(168 * 6, noise: 0.2)
        let early = SyntheticSeries.hourly("early", Array(values.dropLast(24)))
        let late = SyntheticSeries.hourly("late", values)
        let settings = ForecastSettings(horizon: 24, seasons: [24, 168])
        let alone = try #require(Forecaster(settings).forecast([early]).first)
        let beside = try #require(Forecaster(settings).forecast([early, late]).first)
        #expect(alone.mean == beside.mean)
        #expect(alone.quantiles == beside.quantiles)
    }

    @Test("after a shift of the level, forecasts stand on the new one")
    func levelShift() throws {
        var values = SyntheticSeries.seasonal(168 * 6, noise: 0.03)
        let clean = values
        for index in (values.count - 24 * 6)..<values.count { values[index] *= 2 }
        let shifted = try mean(values, [LevelShift()])
        let combined = try #require(
            Forecaster(ForecastSettings(horizon: 24, seasons: [24, 168]))
                .forecast([SyntheticSeries.hourly(values)]).first)
        for step in 0..<24 {
            let expected = 2 * clean[clean.count - 168 + step]
            #expect(abs(shifted[step] / expected - 1) < 0.25)
            #expect(abs(combined.combined[step] / expected - 1) < 0.25)
        }
    }

    @Test("of a trend, theta keeps about half and a damped trend less than all")
    func trends() throws {
        // One per cent a day on the log scale.
        let values = (0..<24 * 40).map { (hour: Int) -> Double in
            let day = 0.3 * sin(2 * Double.pi * Double(hour % 24) / 24)
            let trend = 0.01 * Double(hour) / 24
            return 1000 * exp(trend + day)
        }
        let last = values.suffix(24)
        for model in [Theta() as any ForecastModel, DampedTrend(), CalibratedGrowth()] {
            let found = try mean(values, horizon: 240, seasons: [24], [model])
            let growth = log(found.suffix(24).reduce(0, +) / last.reduce(0, +))
            #expect((0.0...0.105).contains(growth), "\(model.name): \(growth)")
        }
        let theta = try mean(values, horizon: 240, seasons: [24], [Theta()])
        let growth = log(theta.suffix(24).reduce(0, +) / last.reduce(0, +))
        #expect((0.03...0.08).contains(growth))
    }

    @Test("intermittent demand is its chance times its size, hour by hour")
    func intermittent() throws {
        // Demand of ten at nine o'clock, every day; nothing otherwise.
        let values = (0..<24 * 60).map { $0 % 24 == 9 ? 10.0 : 0.0 }
        let found = try mean(values, [IntermittentDemand()])
        #expect(found[9] > 7 && found[9] < 10.5)
        #expect((0..<24).filter { $0 != 9 }.allSatisfy { found[$0] < 0.2 })
    }

    private func combined(_ values: [Double]) throws -> SeriesForecast {
        let settings = ForecastSettings(horizon: 48, seasons: [24, 168])
        return try #require(Forecaster(settings).forecast([SyntheticSeries.hourly(values)]).first)
    }

    @Test(
        "one outlier moves neither level nor interval by much, wherever it is",
        arguments: [30, 1e6, 0.1, 0], [1, 2, 24, 47, 48, 100, 500])
    func outlier(factor: Double, stepsBeforeEnd: Int) throws {
        let clean = SyntheticSeries.seasonal(168 * 6, noise: 0.05)
        var dirty = clean
        dirty[clean.count - stepsBeforeEnd] *= factor
        let one = try combined(clean)
        let other = try combined(dirty)
        for step in 0..<48 {
            #expect(abs(other.mean[step] / one.mean[step] - 1) < 0.03)
            let width = one.quantiles[6][step] - one.quantiles[0][step]
            let found = other.quantiles[6][step] - other.quantiles[0][step]
            #expect((0.8...1.5).contains(found / width))
        }
    }

    @Test("what lasts four hours is no outlier: forecasts begin from it")
    func onset() throws {
        let clean = SyntheticSeries.seasonal(168 * 6, noise: 0.05)
        var rising = clean
        for index in clean.count - 4..<clean.count { rising[index] *= 3 }
        let one = try combined(clean)
        let other = try combined(rising)
        #expect(other.mean[0] > 1.3 * one.mean[0])
    }

    @Test("lone spikes that come again and again are the series' nature: its upper quantiles stay far above")
    func spikes() throws {
        var random = SplitMix64(seed: 9)
        let values = SyntheticSeries.seasonal(168 * 8, noise: 0.05).map {
            random.uniform() < 0.02 ? 6 * $0 : $0
        }
        let found = try combined(values)
        // One hour in fifty is six times the usual; without them the 99 % quantile is 1.2 times the median.
        for step in 0..<48 { #expect(found.quantiles[7][step] > 1.4 * found.quantiles[2][step]) }
    }

    @Test("without pooling, a series is forecast as if it were alone")
    func alone() throws {
        let series = (0..<10).map {
            SyntheticSeries.hourly("s\($0)", SyntheticSeries.seasonal(168 * 4, noise: 0.2, seed: UInt64($0)))
        }
        var settings = ForecastSettings(horizon: 24, seasons: [24, 168])
        let pooled = Forecaster(settings).forecast(series)
        settings.isPooled = false
        let apart = Forecaster(settings).forecast(series)
        for (index, one) in series.enumerated() {
            let alone = try #require(Forecaster(settings).forecast([one]).first)
            // Products of many series at once round otherwise.
            func agree(_ one: [Double], _ other: [Double]) -> Bool {
                zip(one, other).allSatisfy { abs($0 / $1 - 1) < 1e-9 }
            }
            #expect(agree(apart[index].mean, alone.mean))
            #expect(zip(apart[index].quantiles, alone.quantiles).allSatisfy(agree))
        }
        #expect(zip(apart, pooled).contains { abs($0.mean[0] / $1.mean[0] - 1) > 1e-6 })
    }
}

/// The direct regression as it is defined, stretch by stretch, in double precision.
private struct StretchReference {
    let values: [Double]
    let span: Int
    let season: Int
    let horizon: Int

    init(_ values: [Double], span: Int, season: Int, horizon: Int) {
        self.values = values
        self.span = span
        self.season = season
        self.horizon = horizon
    }

    func forecast() -> [Double] {
        let count = values.count
        let scale =
            (season..<count).reduce(0) { $0 + abs(values[$1] - values[$1 - season]) } / Double(count - season)
        let stretches = count - span - horizon + 1
        var weights = [Double](repeating: 1 / Double(stretches), count: stretches)
        var near = [Double](repeating: 0, count: stretches)
        // Visits of the origin's phase, each with the stretches up to two steps away, as far as all of them are known.
        for start in 2..<stretches - 2 where (count - span - start) % season == 0 {
            for shift in -2...2 { near[start + shift] = exp(-0.5 * Double(shift * shift)) }
        }
        let total = near.reduce(0, +)
        for start in 0..<stretches { weights[start] = (weights[start] + 3 * near[start] / total) / 4 }
        func regressors(_ start: Int) -> [Double] {
            let stretch = values[start..<start + span].map { $0 / scale }
            let anchor = stretch.suffix(season).reduce(0, +) / Double(season)
            return stretch.map { $0 - anchor }
        }
        var normal = [[Double]](repeating: [Double](repeating: 0, count: span), count: span)
        var right = [[Double]](repeating: [Double](repeating: 0, count: horizon), count: span)
        for start in 0..<stretches {
            let x = regressors(start)
            for row in 0..<span {
                for column in 0..<span { normal[row][column] += weights[start] * x[row] * x[column] }
                for step in 0..<horizon {
                    let target = start + span + step
                    let difference = (values[target] - values[target - season]) / scale
                    right[row][step] += weights[start] * x[row] * min(max(difference, -6), 6)
                }
            }
        }
        let trace = (0..<span).reduce(0) { $0 + normal[$1][$1] }
        for row in 0..<span { normal[row][row] += 1e-4 * trace / Double(span) }
        let solution = eliminated(normal, right)
        let x = regressors(count - span)
        let anchor = values.suffix(season).reduce(0, +) / Double(season)
        return (0..<horizon).map { step in
            var sum = x[span - season + step]
            for row in 0..<span { sum += x[row] * solution[row][step] }
            return anchor + scale * sum
        }
    }

    /// Gauss and Jordan.
    private func eliminated(_ matrix: [[Double]], _ sides: [[Double]]) -> [[Double]] {
        var (a, b) = (matrix, sides)
        for pivot in a.indices {
            let best = (pivot..<a.count).max { abs(a[$0][pivot]) < abs(a[$1][pivot]) } ?? pivot
            a.swapAt(pivot, best)
            b.swapAt(pivot, best)
            for row in a.indices where row != pivot {
                let factor = a[row][pivot] / a[pivot][pivot]
                for column in pivot..<a.count { a[row][column] -= factor * a[pivot][column] }
                for column in b[row].indices { b[row][column] -= factor * b[pivot][column] }
            }
        }
        return a.indices.map { row in b[row].map { $0 / a[row][row] } }
    }
}
