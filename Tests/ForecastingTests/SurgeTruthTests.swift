import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("Surges against a known truth")
struct SurgeTruthTests {
    /// Where something was planted.
    private struct Planted {
        var kind: SurgeEvent.Kind
        var range: Range<Int>
    }

    /// Ten weeks by the quarter hour with surges, outages and brown-outs at known places, on a wandering level.
    private func history(seed: UInt64) -> (series: RegularSeries, planted: [Planted]) {
        var random = Random(seed: seed)
        let count = 96 * 7 * 10
        var level = 0.0
        var values: [Double] = []
        for step in 0..<count {
            level = 0.995 * level + 0.01 * random.normal()
            let mean = 400 * exp(SyntheticSeries.pattern(step / 4) + level + 0.08 * random.normal())
            values.append(Double(random.poisson(mean: mean)))
        }
        var planted: [Planted] = []
        var place = 96 * 7
        while place < count - 200 {
            let kind: SurgeEvent.Kind = [.surge, .surge, .outage, .brownout][random.index(below: 4)]
            let length = 4 + random.index(below: 12)
            for offset in 0..<length {
                let share = min(1, Double(offset + 1) / 3) * min(1, Double(length - offset) / 3)
                let factor: Double =
                    switch kind {
                    case .surge: 1 + (3 + 4 * Double(length % 3)) * share
                    case .outage: 0.01
                    default: 0.25
                    }
                values[place + offset] = (values[place + offset] * factor).rounded()
            }
            planted.append(Planted(kind: kind, range: place..<place + length))
            place += 250 + random.index(below: 150)
        }
        return (
            RegularSeries(
                id: SeriesID("truth"), start: Timestamp(seconds: 1_704_067_200), stepSeconds: 900,
                values: values), planted
        )
    }

    @Test("planted surges, outages and brown-outs are found by kind and place, and little else")
    func precisionAndRecall() {
        var found = 0
        var planted = 0
        var right = 0
        var reported = 0
        for seed in 1...4 {
            let (series, truth) = history(seed: UInt64(seed))
            let events = SurgeDetector(seasons: [96, 672]).events(in: series)
            func range(_ event: SurgeEvent) -> Range<Int> {
                let first = Int((event.onset.seconds - series.start.seconds) / 900)
                return first..<Int((event.end.seconds - series.start.seconds) / 900)
            }
            planted += truth.count
            reported += events.count
            found += truth.count { one in
                events.contains { $0.kind == one.kind && range($0).overlaps(one.range) }
            }
            right += events.count { event in truth.contains { $0.range.overlaps(range(event)) } }
            for one in truth {
                guard
                    let event = events.first(where: { $0.kind == one.kind && range($0).overlaps(one.range) })
                else { continue }
                #expect(abs(range(event).lowerBound - one.range.lowerBound) <= 3)
            }
        }
        #expect(Double(found) >= 0.95 * Double(planted))
        #expect(Double(right) >= 0.95 * Double(reported))
    }

    @Test(
        "by the minute, surges shorter than an hour are found at their edges, and what follows one is no fall"
    )
    func minutes() throws {
        var random = Random(seed: 21, stream: 0)
        // Three weeks of trades in clusters of ten in the mean, at a level that wanders.
        var level = 0.0
        var values = (0..<1440 * 21).map { minute -> Double in
            level = 0.9995 * level + 0.006 * random.normal()
            let clusters = 12 * exp(SyntheticSeries.pattern(minute / 60) + level)
            return (0..<Int(random.poisson(mean: clusters))).reduce(0) { sum, _ in
                sum + 1 - 10 * log(1 - random.uniform())
            }.rounded()
        }
        let planted = [(1440 * 6 + 613, 15, 5.0), (1440 * 11 + 71, 25, 4.0), (1440 * 16 + 1001, 150, 6.0)]
        for (start, length, factor) in planted {
            for minute in start..<start + length { values[minute] = (values[minute] * factor).rounded() }
        }
        let series = RegularSeries(
            id: SeriesID("minutes"), start: Timestamp(seconds: 1_704_067_200), stepSeconds: 60, values: values
        )
        let events = SurgeDetector(seasons: [1440, 10_080]).events(in: series)
        let found = events.map { event in
            (
                event.kind, (event.onset.seconds - series.start.seconds) / 60,
                (event.end.seconds - series.start.seconds) / 60
            )
        }
        #expect(events.count == planted.count && events.allSatisfy { $0.kind == .surge }, "\(found)")
        for ((_, first, end), (start, length, _)) in zip(found, planted) {
            #expect(abs(Int(first) - start) <= 5 && abs(Int(end) - start - length) <= 10, "\(found)")
        }
    }

    @Test(
        "a lasting change of level is an event of its own, up or down, at its place", arguments: [2.5, 0.3])
    func levelShift(factor: Double) throws {
        var values = SyntheticSeries.seasonal(168 * 10, noise: 0.05)
        for hour in 900..<values.count { values[hour] *= factor }
        for hour in 1200..<1203 { values[hour] *= 4 }
        let series = SyntheticSeries.hourly(values)
        let events = SurgeDetector(seasons: [24, 168]).events(in: series)
        let shift = try #require(events.first { $0.kind == .levelShift })
        #expect(events.count { $0.kind == .levelShift } == 1)
        #expect(abs(shift.onset.seconds - series.time(at: 900).seconds) <= 3 * 3600)
        #expect(abs(shift.ratio / factor - 1) < 0.15)
        // The surge stays, with its ratio to the new level, and nothing else is seen.
        let others = events.filter { $0.kind != .levelShift }
        #expect(others.count == 1 && others[0].kind == .surge && abs(others[0].ratio - 4) < 0.8)
        #expect(
            abs(others[0].peak - values[Int((others[0].peakAt.seconds - series.start.seconds) / 3600)]) < 1e-6
        )
    }

    @Test("demand answers price moves by the power that was planted, and needs prices")
    func priceResponse() throws {
        var random = Random(seed: 8)
        var values: [Double] = []
        var close: [Double] = []
        var high: [Double] = []
        var low: [Double] = []
        var price = 100.0
        for hour in 0..<(168 * 40) {
            let size = 0.004 * exp(0.9 * random.normal())
            let last = price
            price *= exp(random.uniform() < 0.5 ? size : -size)
            high.append(max(price, last))
            low.append(min(price, last))
            close.append(price)
            values.append(
                500
                    * exp(
                        SyntheticSeries.pattern(hour) + 0.6 * log((size + 0.004) / 0.008) + 0.2
                            * random.normal()))
        }
        let series = SyntheticSeries.hourly(values)
        let prices = SeriesTable.Prices(high: high, low: low, close: close)
        let response = try PriceResponse(series, prices: prices, seasons: [24, 168])
        #expect(response.elasticity.covers(0.6) || abs(response.elasticity.value - 0.6) < 0.06)
        #expect(abs(response.fallFactor - 1) < 0.05)
        let truth = pow((0.2877 + 0.004) / 0.008, 0.6)
        #expect(abs(response.factor(move: -0.25).value / truth - 1) < 0.25)
        #expect(response.factor(move: -0.25).value > response.factor(move: -0.05).value)
        #expect(throws: ModelFailure.self) { try PriceResponse(series, prices: nil, seasons: [24, 168]) }
    }
}
