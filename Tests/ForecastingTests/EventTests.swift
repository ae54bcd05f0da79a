import Forecasting
import Foundation
import TestSupport
import Testing
import Units

@Suite("Planned events")
struct EventTests {
    private let clean = SyntheticSeries.seasonal(168 * 8, noise: 0.03)

    private func event(
        _ series: RegularSeries, from hour: Int, intensity: Double = 1, name: String = "listing"
    )
        -> PlannedEvent
    {
        PlannedEvent(
            name: name, start: series.time(at: hour), end: series.time(at: hour + 4), intensity: intensity)
    }

    @Test("what an event did before, it does again, in proportion to its intensity")
    func repeats() throws {
        var values = clean
        let starts = [300, 520, 741, 1003]
        for start in starts { for hour in start..<start + 4 { values[hour] *= 2 } }
        let series = SyntheticSeries.hourly(values)
        let count = values.count
        var settings = ForecastSettings(horizon: 48, seasons: [24, 168])
        settings.events =
            starts.map { event(series, from: $0) } + [
                event(series, from: count + 10), event(series, from: count + 30, intensity: 2),
            ]
        let found = try #require(Forecaster(settings).forecast([series]).first)
        let without = try #require(
            Forecaster(ForecastSettings(horizon: 48, seasons: [24, 168])).forecast([
                SyntheticSeries.hourly(clean)
            ])
            .first)
        for step in 0..<48 {
            let expected = (10..<14).contains(step) ? 2.0 : (30..<34).contains(step) ? 4.0 : 1.0
            #expect(abs(found.mean[step] / without.mean[step] / expected - 1) < 0.15)
            let ladder = found.quantiles.map { $0[step] }
            #expect(zip(ladder, ladder.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    @Test("an event that has not happened before is named and changes nothing")
    func unknown() throws {
        let series = SyntheticSeries.hourly(clean)
        let plain = ForecastSettings(horizon: 48, seasons: [24, 168])
        var settings = plain
        settings.events = [event(series, from: clean.count + 5, name: "halving")]
        let found = try #require(Forecaster(settings).forecast([series]).first)
        let without = try #require(Forecaster(plain).forecast([series]).first)
        #expect(found.mean == without.mean)
        #expect(found.notes.contains { $0.contains("'halving'") })
    }

    @Test("a backtest knows the events that lie before each origin, and no later ones")
    func backtest() throws {
        var values = clean
        // Two before both origins, one in each horizon.
        let starts = [700, 950, values.count - 40, values.count - 12]
        for start in starts { for hour in start..<start + 4 { values[hour] *= 3 } }
        let series = SyntheticSeries.hourly(values)
        let plain = ForecastSettings(horizon: 24, seasons: [24, 168])
        var settings = plain
        settings.events = starts.map { event(series, from: $0) }
        let with = Backtest(settings, originCount: 2).run([series])
        let without = Backtest(plain, originCount: 2).run([series])
        for name in ["combined", "profile_level"] {
            let known = try #require(with.scores.first { $0.model == name })
            let unknown = try #require(without.scores.first { $0.model == name })
            #expect(known.mase < 0.6 * unknown.mase)
        }
        // The future changes nothing: the same first origin, with the last day made ten times as large.
        var other = series
        for hour in (values.count - 24)..<values.count { other.values[hour] *= 10 }
        let changed = Backtest(settings, originCount: 2).run([other])
        #expect(changed.forecasts[0].forecast.mean == with.forecasts[0].forecast.mean)
        #expect(changed.forecasts[0].forecast.quantiles == with.forecasts[0].forecast.quantiles)
    }

    @Test("tables of events are read with their names, and what is wrong has its place")
    func tables() throws {
        let text = "name,start,end,intensity\nlisting,2024-01-01T00:00:00Z,2024-01-01T04:00:00Z,\n"
        let events = try PlannedEvent.table([UInt8](text.utf8), file: "events.csv")
        #expect(events.map(\.name) == ["listing"])
        #expect(events.map(\.intensity) == [1])
        for (bad, part) in [
            ("start\n", "expected the columns"), ("start,end\nx,y\n", "is not a time"),
            ("start,end\n2024-01-02T00:00:00Z,2024-01-01T00:00:00Z\n", "after the start"),
        ] {
            do {
                _ = try PlannedEvent.table([UInt8](bad.utf8), file: "events.csv")
                Issue.record("'\(bad)' was taken")
            } catch {
                #expect("\(error)".contains(part))
            }
        }
    }
}
