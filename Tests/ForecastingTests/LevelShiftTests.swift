import Forecasting
import Foundation
import Numerics
import Testing
import Units

@Suite("Listings and shifts of the level")
struct LevelShiftTests {
    private func forecast(_ values: [Double], horizon: Int = 48) throws -> SeriesForecast {
        let settings = ForecastSettings(horizon: horizon, seasons: [24, 168])
        return try #require(Forecaster(settings).forecast([SyntheticSeries.hourly(values)]).first)
    }

    private func mean(_ forecast: SeriesForecast, level: Double) throws -> Double {
        Summary.mean(forecast.quantiles[try #require(forecast.levels.firstIndex(of: level))])
    }

    /// Days about a level, with noise.
    private func days(_ count: Int, level: Double, noise: Double = 0.08, seed: UInt64 = 3) -> [Double] {
        var random = Random(seed: seed)
        return (0..<24 * count).map { hour in
            level * (1 + 0.3 * sin(2 * .pi * Double(hour) / 24)) * exp(noise * random.normal())
        }
    }

    @Test("zeros before a listing are not demand", arguments: [3, 7, 20])
    func listing(age: Int) throws {
        let listed = days(age, level: 1000)
        let found = try forecast([Double](repeating: 0, count: 52 * 24) + listed)
        let alone = try forecast(listed)
        #expect(found.mean == alone.mean)
        let (median, high) = (try mean(found, level: 0.5), try mean(found, level: 0.999))
        #expect(abs(median / 1000 - 1) < 0.1)
        #expect(high < 2500)
        let bare = (0..<7 * 24).map { 1000 + 300 * sin(2 * .pi * Double($0) / 24) }
        let exact = try forecast([Double](repeating: 0, count: 52 * 24) + bare)
        let middle = try mean(exact, level: 0.5)
        #expect(abs(middle / 1000 - 1) < 0.02)
    }

    @Test(
        "a new level is believed within days, with intervals that hold it",
        arguments: [3.0, 10.0, 50.0, 1.0 / 3, 0.1])
    func shift(factor: Double) throws {
        let level = 1000 * factor
        for age in [4, 7, 14, 30] {
            let before = days(52, level: 1000)
            let after = days(age + 2, level: level, seed: 4)
            let found = try forecast(before + after.dropLast(48))
            let (low, median) = (try mean(found, level: 0.1), try mean(found, level: 0.5))
            let high = try mean(found, level: 0.9)
            #expect(abs(median / level - 1) < 0.12, "\(age) days")
            #expect(abs(Summary.mean(found.mean) / level - 1) < 0.15, "\(age) days")
            #expect(low > 0.5 * level && high < 1.6 * level, "\(age) days")
            var inside = 0
            for (step, actual) in after.suffix(48).enumerated()
            where (found.quantiles[0][step]...found.quantiles[6][step]).contains(actual) {
                inside += 1
            }
            #expect(inside >= 40, "\(age) days")
            let isTold = found.notes.contains { $0.contains("level shift:") }
            #expect(isTold)
        }
    }

    @Test("so is one that came by a ramp", arguments: [3.0, 10.0, 50.0])
    func ramp(factor: Double) throws {
        let before = days(52, level: 1000)
        let ramp = days(5, level: 1000, seed: 5).enumerated().map { $1 * pow(factor, Double($0) / 120) }
        let found = try forecast(before + ramp + days(7, level: 1000 * factor, seed: 6))
        let (median, high) = (try mean(found, level: 0.5), try mean(found, level: 0.975))
        let (low, level) = (try mean(found, level: 0.025), 1000 * factor)
        #expect(abs(median / level - 1) < 0.1)
        #expect(abs(Summary.mean(found.mean) / level - 1) < 0.1)
        #expect(low > 0.6 * level && high < 1.6 * level)
    }

    @Test("a surge, growth, weekends and wild markets are no shifts")
    func noShift() throws {
        var random = Random(seed: 8)
        var level = 0.0
        let wild = (0..<24 * 80).map { hour -> Double in
            if hour % 24 == 0 { level = 0.8 * level + 0.35 * random.normal() }
            return 1000 * exp(level + 0.2 * random.normal() + SyntheticSeries.pattern(hour))
        }
        let surge = days(52, level: 1000) + days(2, level: 6000) + days(5, level: 1000)
        let growth = (0..<24 * 70).map { 100 * exp(Double($0) / 24 * 0.03) }
        for values in [wild, surge, growth, SyntheticSeries.seasonal(24 * 60, noise: 0.1)] {
            let notes = try forecast(values).notes
            #expect(!notes.contains { $0.contains("level shift:") })
        }
    }
}
