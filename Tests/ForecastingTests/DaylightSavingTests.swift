import Forecasting
import Foundation
import Numerics
import Testing
import Units

@Suite("Sessions by local time")
struct DaylightSavingTests {
    /// Demand by the hour with a peak at an hour of a clock that is put forward between instants.
    private func series(peakUTC: (Int64) -> Int, from start: Int64, hours: Int) -> RegularSeries {
        var random = Random(seed: 5)
        let values = (0..<hours).map { hour -> Double in
            let seconds = start + Int64(hour) * 3600
            let isPeak = Int(seconds / 3600 % 24) == peakUTC(seconds)
            return (isPeak ? 3000 : 1000) * exp(0.05 * random.normal())
        }
        return RegularSeries(
            id: SeriesID("sessions"), start: Timestamp(seconds: start), stepSeconds: 3600, values: values)
    }

    private func instant(_ text: String) throws -> Int64 { try #require(Timestamp(iso8601: text)).seconds }

    /// New York's peak at ten: 15:00 UTC in winter, 14:00 in summer.
    private func newYork(_ seconds: Int64) throws -> Int {
        let changes = try ["2023-03-12T07:00:00Z", "2023-11-05T06:00:00Z", "2024-03-10T07:00:00Z"].map(
            instant)
        return changes.count { $0 <= seconds } % 2 == 1 ? 14 : 15
    }

    private func peakHours(_ forecast: SeriesForecast) -> [Int] {
        (0..<forecast.mean.count / 24).map { day in
            let hours = 24 * day..<24 * (day + 1)
            let best = hours.max { forecast.mean[$0] < forecast.mean[$1] } ?? 0
            return Int(forecast.time(ofStep: best).seconds / 3600 % 24)
        }
    }

    @Test("a peak at ten in New York moves with New York's clock, before, over and after a change")
    func movesWithNewYork() throws {
        let start = try instant("2023-10-01T00:00:00Z")
        for (end, days) in [
            ("2024-03-08T00:00:00Z", 6), ("2024-03-11T00:00:00Z", 3), ("2024-03-14T00:00:00Z", 3),
        ] {
            let origin = try instant(end)
            let history = series(
                peakUTC: { (try? newYork($0)) ?? 0 }, from: start, hours: Int((origin - start) / 3600))
            let settings = ForecastSettings(horizon: 24 * days, seasons: [24, 168])
            let found = try #require(Forecaster(settings).forecast([history]).first)
            let expected = try (0..<days).map { try newYork(origin + Int64($0) * 86_400 + 43_200) }
            #expect(peakHours(found) == expected, "from \(end)")
        }
    }

    @Test("a peak by London's clock moves with London's, and one by UTC not at all")
    func movesWithLondonOrStays() throws {
        let start = try instant("2023-09-01T00:00:00Z")
        let origin = try instant("2024-03-29T00:00:00Z")
        let hours = Int((origin - start) / 3600)
        let autumn = try instant("2023-10-29T01:00:00Z")
        let spring = try instant("2024-03-31T01:00:00Z")
        let london = series(peakUTC: { $0 < autumn || $0 >= spring ? 9 : 10 }, from: start, hours: hours)
        let plain = series(peakUTC: { _ in 10 }, from: start, hours: hours)
        let settings = ForecastSettings(horizon: 120, seasons: [24, 168])
        let found = Forecaster(settings).forecast([london, plain])
        #expect(peakHours(found[0]) == [10, 10, 9, 9, 9])
        #expect(peakHours(found[1]) == [10, 10, 10, 10, 10])
    }
}
