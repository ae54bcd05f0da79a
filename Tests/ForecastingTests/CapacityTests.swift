import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("Capacity for a target")
struct CapacityTests {
    /// Three series with common bursts, a week's shape and a slow level; and their sum.
    private func table(weeks: Int, seed: UInt64 = 4) -> [RegularSeries] {
        var random = Random(seed: seed)
        var rows = [[Double]](repeating: [], count: 4)
        var burst = 0.0
        var level = 0.0
        for hour in 0..<(168 * weeks) {
            if random.uniform() < 0.004 { burst = 0.5 + random.exponential() }
            burst *= 0.8
            level = 0.999 * level + 0.01 * random.normal()
            var sum = 0.0
            for index in 0..<3 {
                let noise = 0.15 * random.normal()
                let value = (1000 * exp(SyntheticSeries.pattern(hour) + level + burst + noise)).rounded()
                rows[index].append(value)
                sum += value
            }
            rows[3].append(sum)
        }
        return zip(["a", "b", "c", "sum"], rows).map { SyntheticSeries.hourly($0, $1) }
    }

    private func missed(
        _ series: RegularSeries, _ answer: CapacityPlanner.Answer, _ places: [Int]
    ) -> (hours: Double, demand: Double, cost: Double) {
        var hours = 0.0
        var lost = 0.0
        var demand = 0.0
        var bought = 0.0
        var count = 0.0
        for (place, capacity) in zip(places, answer.capacities) {
            for (step, value) in capacity.enumerated() {
                let actual = series.values[series.values.count - place + step]
                hours += actual > value ? 1 : 0
                lost += max(actual - value, 0)
                demand += actual
                bought += value
                count += 1
            }
        }
        return (hours / count, lost / demand, bought / demand)
    }

    @Test("the share missed on weeks held back is near the one asked for, at less than a flat maximum's cost")
    func meetsTargets() throws {
        let series = table(weeks: 80)
        for (horizon, origins) in [(168, 30), (1, 5040)] {
            let places = series.map { _ in (1...origins).map { $0 * horizon } }
            for share in [0.01, 0.003] {
                let target = try #require(CapacityTarget(.hours, share: share))
                let answers = CapacityPlanner(target, horizon: horizon, threads: 2)
                    .plan(series, prices: series.map { _ in nil }, places: places)
                let found = series.indices.map { missed(series[$0], answers[$0], places[$0]) }
                let mean = Summary.mean(found.map(\.hours))
                #expect(mean > share / 2.5 && mean < share * 2.5)
                // Flat capacity that would have missed as much, chosen in hindsight.
                for (one, series) in zip(found, series) {
                    let held = series.values.suffix(horizon * origins).sorted(by: >)
                    let flat = held[Int(one.hours * Double(held.count))]
                    #expect(one.cost < flat / Summary.mean(held))
                }
            }
        }
    }

    @Test("a target of demand is a target of its own")
    func demand() throws {
        let series = table(weeks: 80)
        let places = series.map { _ in (1...30).map { $0 * 168 } }
        let target = try #require(CapacityTarget("demand:0.5%"))
        let answers = CapacityPlanner(target, horizon: 168).plan(
            series, prices: series.map { _ in nil }, places: places)
        let lost = Summary.mean(series.indices.map { missed(series[$0], answers[$0], places[$0]).demand })
        #expect(lost > 0.001 && lost < 0.015)
    }

    @Test("what comes after an origin does not change it, and stricter targets are never cheaper")
    func causal() throws {
        var series = table(weeks: 30)
        let none = series.map { _ in SeriesTable.Prices?.none }
        let places = series.map { _ in [168 * 2, 168 * 4] }
        func plan(_ text: String) throws -> [[[Double]]] {
            let target = try #require(CapacityTarget(text))
            return CapacityPlanner(target, horizon: 168, threads: 3).plan(
                series, prices: none, places: places
            )
            .map(\.capacities)
        }
        let before = try plan("hours:0.01")
        let strict = try plan("hours:0.001")
        for (one, other) in zip(before.joined().joined(), strict.joined().joined()) { #expect(one <= other) }
        let end = series[0].values.count
        for index in series.indices {
            for step in (end - 168 * 2)..<end { series[index].values[step] *= 3 }
        }
        #expect(try plan("hours:0.01") == before)
    }

    @Test("short, gappy, idle and odd series have an answer or a reason")
    func hardSeries() throws {
        let target = try #require(CapacityTarget("hours:0.01"))
        var gaps = SyntheticSeries.seasonal(168 * 20)
        for hour in stride(from: 3, to: gaps.count, by: 7) { gaps[hour] = .nan }
        for hour in 1000..<1300 { gaps[hour] = .nan }
        let cases: [(values: [Double], isPlanned: Bool)] = [
            (SyntheticSeries.seasonal(60), true), (gaps, true),
            ((0..<2000).map { $0 % 9 == 0 ? 1 : 0 }, true),
            ([Double](repeating: 7, count: 500), true), ([Double](repeating: 0, count: 500), false),
            ([], false), ([3], false), ((0..<500).map { Double($0 - 250) }, false),
            ([Double](repeating: .nan, count: 300), false),
        ]
        for horizon in [1, 24, 168] {
            for entry in cases {
                let series = SyntheticSeries.hourly(entry.values)
                let answer = CapacityPlanner(target, horizon: horizon)
                    .plan([series], prices: [nil], places: [[0]])[0]
                #expect(answer.capacities.count == 1)
                if entry.isPlanned {
                    #expect(answer.capacities[0].count == horizon)
                    #expect(answer.capacities[0].allSatisfy { $0.isFinite && $0 > 0 })
                } else {
                    #expect(answer.capacities[0].isEmpty && !answer.notes.isEmpty)
                }
            }
        }
    }

    @Test("targets are read, and nonsense is not")
    func texts() {
        #expect(CapacityTarget("hours:0.001") == CapacityTarget(.hours, share: 0.001))
        #expect(CapacityTarget("demand:0.1%") == CapacityTarget(.demand, share: 0.001))
        for text in ["", "hours", "hours:", "hours:0", "hours:2", "hours:nan", "day:0.1", "hours:0.1:1"] {
            #expect(CapacityTarget(text) == nil)
        }
    }

    @Test(
        "the built-in coefficients are what the public data teach",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func learnt() throws {
        let pairs = ["ADAUSDT", "BNBUSDT", "BTCUSDT", "ETHUSDT", "XRPUSDT"]
        let tables = [
            try KnownSeries.pairs(pairs, "1h"),
            try KnownSeries.pairs(pairs, "2h", before: "2022-01-01T00:00:00Z"),
        ]
        for lead in CapacityPrior.Lead.allCases {
            let found = try #require(
                CapacityPrior.learnt(from: tables, lead: lead, measure: .demand, threads: 2))
            let built = CapacityPrior.standard(lead, .demand)
            for (one, other) in zip(found.coefficients, built.coefficients) {
                #expect(abs(one - other) < 1e-3)
            }
            for (one, other) in zip(found.logFactors, built.logFactors) { #expect(abs(one - other) < 1e-3) }
        }
    }
}
