import Forecasting
import Foundation
import Numerics
import Testing
import Units

@Suite("Surges, outages and brown-outs are the same by every step")
struct SurgeStepTests {
    private static let monday: Int64 = 1_704_067_200

    private func events(_ values: [Double], stepMinutes: Int) -> [SurgeEvent] {
        let series = RegularSeries(
            id: SeriesID("x"), start: Timestamp(seconds: Self.monday), stepSeconds: Int64(60 * stepMinutes),
            values: values)
        let day = 1440 / stepMinutes
        return SurgeDetector(seasons: [day, 7 * day]).events(in: series)
    }

    /// Three weeks by the minute with two outages, of 110 and 120 minutes, and a surge that holds one very busy minute.
    private static let minutes: [Double] = {
        var random = Random(seed: 5)
        var values = (0..<1440 * 21).map { minute -> Double in
            let day = 1 + 0.5 * sin(2 * .pi * Double(minute) / 1440)
            return Double(random.poisson(mean: 200 * day))
        }
        for (start, length) in outages { for minute in start..<start + length { values[minute] = 0 } }
        for minute in surge { values[minute] *= 6 }
        values[surge.lowerBound + 49] *= 10
        return values
    }()
    private static let outages = [(1440 * 6 + 605, 110), (1440 * 12 + 840, 120)]
    private static let surge = 1440 * 16 + 1001..<1440 * 16 + 1151

    @Test(
        "outages and surges of minutes are found by longer steps too, and the peak is the highest step",
        arguments: [1, 2, 5, 15, 30, 60])
    func agreement(stepMinutes: Int) throws {
        let values = stride(from: 0, to: Self.minutes.count, by: stepMinutes).map {
            Self.minutes[$0..<$0 + stepMinutes].reduce(0, +)
        }
        let found = events(values, stepMinutes: stepMinutes)
        let outages = found.filter { $0.kind == .outage }
        #expect(outages.count == 2 && found.count == 3, "\(found.map(\.kind))")
        for (outage, (start, length)) in zip(outages, Self.outages) {
            let first = Int(outage.onset.seconds - Self.monday) / 60
            let end = Int(outage.end.seconds - Self.monday) / 60
            #expect(abs(first - start) <= stepMinutes && abs(end - start - length) <= stepMinutes)
        }
        let surge = try #require(found.first { $0.kind == .surge })
        let first = Int(surge.onset.seconds - Self.monday) / 60 / stepMinutes
        let end = Int(surge.end.seconds - Self.monday) / 60 / stepMinutes
        #expect(surge.peak == values[first..<end].max())
        #expect(values[Int(surge.peakAt.seconds - Self.monday) / 60 / stepMinutes] == surge.peak)
        #expect(abs(surge.ratio * surge.baseline / surge.peak - 1) < 1e-9)
        // The busy minute is the peak by the minute.
        if stepMinutes == 1 { #expect(first...end ~= Self.surge.lowerBound + 49 && surge.ratio > 40) }
    }

    @Test("a thin market that falls silent for long is out, though five silent minutes are nothing there")
    func thin() throws {
        var random = Random(seed: 8)
        // Trades in bursts of forty, one a minute: no trades in five minutes are nothing unusual.
        var values = (0..<1440 * 28).map { _ in
            (0..<Int(random.poisson(mean: 1))).reduce(0.0) { sum, _ in
                sum + Double(20 + random.index(below: 41))
            }
        }
        let start = 1440 * 15 + 700
        for minute in start..<start + 90 { values[minute] = 0 }
        let falls = events(values, stepMinutes: 1).filter { $0.kind != .surge }
        #expect(falls.count == 1, "\(falls)")
        let fall = try #require(falls.first)
        #expect(fall.kind == .outage)
        #expect(abs(Int(fall.onset.seconds - Self.monday) / 60 - start) <= 30)
        #expect(abs(Int(fall.end.seconds - Self.monday) / 60 - start - 90) <= 30)
    }

    @Test("a quiet day is no brown-out, a few hours at a fifth are one")
    func quietDay() throws {
        var values = SyntheticSeries.seasonal(168 * 8, noise: 0.05)
        let holiday = 168 * 4 + 48
        for hour in 0..<24 { values[holiday + hour] *= exp(-1.1 * pow(sin(.pi * Double(hour) / 24), 2)) }
        for hour in 0..<4 { values[168 * 6 + 60 + hour] *= 0.2 }
        let found = events(values, stepMinutes: 60).filter { $0.kind != .surge }
        #expect(found.map(\.kind) == [.brownout])
        let first = try #require(found.first)
        #expect(first.onset.seconds == Self.monday + Int64(3600 * (168 * 6 + 60)))
    }

    @Test("an outage after a gap in the data is an outage, not a level that rises as it ends")
    func outageAfterGap() throws {
        var values = SyntheticSeries.seasonal(24 * 62, noise: 0.05).map { $0.rounded() }
        for hour in 24 * 28..<24 * 33 { values[hour] = .nan }
        let start = 24 * 33 + 15
        for hour in start..<start + 38 { values[hour] = 0 }
        let found = events(values, stepMinutes: 60).filter { $0.kind != .surge }
        #expect(found.map(\.kind) == [.outage])
        let outage = try #require(found.first)
        #expect(outage.onset.seconds == Self.monday + Int64(3600 * start))
        #expect(outage.end.seconds == Self.monday + Int64(3600 * (start + 38)))
    }
}
