import Forecasting
import Foundation
import Numerics
import Testing
import Units

/// A candidate that says something of the truth at every step, counted from the start of the series.
private struct Oracle: SingleSeriesModel {
    let name: String
    var least = 0
    let answer: @Sendable (Int) -> Double

    func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard window.count >= least else { throw ModelFailure("too early") }
        return Fitted(answer: answer)
    }

    struct Fitted: FittedModel {
        let answer: @Sendable (Int) -> Double

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            (0..<horizon).map { answer(window.count + $0) }
        }
    }
}

@Suite("The combination")
struct CombinationTests {
    private static func truth(_ hour: Int) -> Double { 1000 * exp(SyntheticSeries.pattern(hour)) }

    private func forecast(
        _ count: Int, seasons: [Int] = [24, 168], _ models: [Oracle]
    ) throws -> SeriesForecast {
        let settings = ForecastSettings(horizon: 48, seasons: seasons, models: models)
        let values = (0..<count).map(CombinationTests.truth)
        return try #require(Forecaster(settings).forecast([SyntheticSeries.hourly(values)]).first)
    }

    @Test("what is good at night has the weight at night, what is good by day by day")
    func hours() throws {
        @Sendable func off(_ hour: Int, inFirstHalf: Bool) -> Double {
            (hour % 24 < 12) == inFirstHalf ? 1.2 : 1.02
        }
        let models = [true, false].map { first in
            Oracle(name: "\(first)") { CombinationTests.truth($0) * off($0, inFirstHalf: first) }
        }
        // From midnight each eighth of the day holds hours of one kind; from five on, two of them hold both.
        for (count, wrong) in [(168 * 6, 0), (168 * 6 + 5, 8)] {
            let found = try forecast(count, models)
            #expect(found.candidates.allSatisfy { abs($0.weight - 0.5) < 0.1 })
            let errors = found.combined.enumerated().map { $1 / CombinationTests.truth(count + $0) - 1 }
            #expect(errors.filter { $0 > 0.025 }.count <= wrong)
        }
    }

    @Test("the forecast is the mean of the middle half of the candidates by weight")
    func interquartile() throws {
        let factors = [0.88, 0.9, 0.92, 1.08, 1.1, 1.12]
        // Without seasons there is but one set of weights.
        let found = try forecast(
            400, seasons: [],
            factors.map { factor in Oracle(name: "\(factor)") { CombinationTests.truth($0) * factor } })
        let weights = found.candidates.map(\.weight)
        #expect(weights.filter { $0 > 0 }.count >= 4)
        // The factor at each of a hundred thousand ranks between the quartiles.
        var sum = 0.0
        for place in 0..<100_000 {
            let rank = 0.25 + 0.5 * (Double(place) + 0.5) / 100_000
            var below = 0.0
            for (factor, weight) in zip(factors, weights) {
                below += weight
                if rank <= below {
                    sum += factor
                    break
                }
            }
        }
        for step in 0..<48 {
            #expect(abs(found.combined[step] / CombinationTests.truth(400 + step) - sum / 100_000) < 1e-4)
        }
    }

    @Test("one good day is not enough to take all the weight")
    func fewScores() throws {
        // Half as wrong as the others at its only past origin, and twice the truth now.
        let count = 24 * 14
        let steady = [0.9, 0.91, 1.1, 1.09].map { factor in
            Oracle(name: "\(factor)") { CombinationTests.truth($0) * factor }
        }
        let late = Oracle(name: "late", least: count - 24) {
            CombinationTests.truth($0) * ($0 < count ? 1.05 : 2)
        }
        let found = try forecast(count, steady + [late])
        #expect(found.candidates[4].failure == nil)
        #expect(found.candidates[4].weight < 0.35)
        for step in 0..<48 { #expect(found.combined[step] < 1.3 * CombinationTests.truth(count + step)) }
    }

    @Test("the median of three seasons does not repeat an odd one")
    func median() throws {
        var values = (0..<168 * 4).map(CombinationTests.truth)
        for index in (values.count - 168)..<(values.count - 140) { values[index] *= 3 }
        values[values.count - 2 * 168 + 40] = .nan
        let settings = ForecastSettings(
            horizon: 200, seasons: [24, 168], models: [SeasonalMedian(season: 168)])
        let found = try #require(Forecaster(settings).forecast([SyntheticSeries.hourly(values)]).first)
        for step in 0..<200 {
            #expect(abs(found.combined[step] / CombinationTests.truth(values.count + step) - 1) < 1e-9)
        }
        let short = try #require(
            Forecaster(settings).forecast([SyntheticSeries.hourly(Array(values.suffix(500)))]).first)
        #expect(short.candidates[0].failure == "the history has only 500 values and needs 504")
    }
}

@Suite("Weights by lead")
struct LeadWeightTests {
    @Test("the next steps follow the last value, later ones the season")
    func shortLeads() throws {
        // A season with a level that wanders slowly between steps and reverts within a few seasons.
        var random = Random(seed: 6)
        var level = 0.0
        let values = (0..<4000).map { index -> Double in
            level = 0.99 * level + 0.1 * random.normal()
            return 10 + sin(2 * .pi * Double(index) / 48) + level
        }
        let models: [any ForecastModel] = [LastValue(), RecentMean(seasons: 8)]
        let settings = ForecastSettings(horizon: 96, seasons: [48], models: models)
        let alone = models.map { ForecastSettings(horizon: 96, seasons: [48], models: [$0]) }
        func errors(_ settings: ForecastSettings) -> [Double] {
            let report = Backtest(settings, originCount: 20).run([SyntheticSeries.hourly(values)])
            return (0..<96).map { step in
                report.forecasts.reduce(0) { $0 + abs($1.forecast.mean[step] - $1.actual[step]) }
            }
        }
        let (both, last, mean) = (errors(settings), errors(alone[0]), errors(alone[1]))
        func sum(_ errors: [Double], _ steps: Range<Int>) -> Double { errors[steps].reduce(0, +) }
        #expect(sum(last, 0..<3) < 0.5 * sum(mean, 0..<3), "the test has to tell them apart")
        #expect(sum(mean, 24..<96) < 0.9 * sum(last, 24..<96), "the test has to tell them apart")
        #expect(sum(both, 0..<3) < 1.15 * sum(last, 0..<3))
        #expect(sum(both, 24..<96) < 1.05 * sum(mean, 24..<96))
    }
}
