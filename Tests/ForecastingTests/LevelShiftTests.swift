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
        #expect(found.mean == (try forecast(listed)).mean)
        #expect(abs(try mean(found, level: 0.5) / 1000 - 1) < 0.1)
        #expect(try mean(found, level: 0.999) < 2500)
        let bare = (0..<7 * 24).map { 1000 + 300 * sin(2 * .pi * Double($0) / 24) }
        let exact = try forecast([Double](repeating: 0, count: 52 * 24) + bare)
        #expect(abs(try mean(exact, level: 0.5) / 1000 - 1) < 0.02)
    }

    @Test(
        "a new level is believed within days, with intervals that hold it",
        arguments: [3.0, 10, 50, 1.0 / 3, 0.1])
    func shift(factor: Double) throws {
        for age in [4, 7, 14, 30] {
            let before = days(52, level: 1000)
            let after = days(age + 2, level: 1000 * factor, seed: 4)
            let found = try forecast(before + after.dropLast(48))
            let level = 1000 * factor
            #expect(abs(try mean(found, level: 0.5) / level - 1) < 0.12, "\(age) days")
            #expect(abs(Summary.mean(found.mean) / level - 1) < 0.15, "\(age) days")
            #expect(try mean(found, level: 0.1) > 0.5 * level && mean(found, level: 0.9) < 1.6 * level)
            let inside = zip(after.suffix(48).enumerated(), found.mean).count { step, _ in
                (found.quantiles[0][step.offset]...found.quantiles[6][step.offset]).contains(step.element)
            }
            #expect(inside >= 40, "\(age) days")
            #expect(found.notes.contains { $0.contains("level shifted") })
        }
    }

    @Test("so is one that came by a ramp", arguments: [3.0, 10, 50])
    func ramp(factor: Double) throws {
        let before = days(52, level: 1000)
        let ramp = days(5, level: 1000, seed: 5).enumerated().map { $1 * pow(factor, Double($0) / 120) }
        let found = try forecast(before + ramp + days(7, level: 1000 * factor, seed: 6))
        #expect(abs(try mean(found, level: 0.5) / (1000 * factor) - 1) < 0.2)
        #expect(try mean(found, level: 0.975) < 5 * 1000 * factor)
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
            #expect(!(try forecast(values)).notes.contains { $0.contains("level shifted") })
        }
    }
}
