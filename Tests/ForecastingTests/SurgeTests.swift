import Forecasting
import Foundation
import Numerics
import TestSupport
import Testing
import Units

@Suite("Surges and return levels")
struct SurgeTests {
    private let detector = SurgeDetector(seasons: [24, 168])

    @Test("a planted surge is found with its shape, and nothing else")
    func planted() throws {
        var values = SyntheticSeries.seasonal(168 * 6, noise: 0.05)
        // Two hours up, four hours at five times, three hours down.
        for (offset, factor) in [2.0, 3.5, 5, 5, 5, 5, 3, 2, 1.5].enumerated() {
            values[500 + offset] *= factor
        }
        let series = SyntheticSeries.hourly(values)
        let events = detector.events(in: series)
        #expect(events.count == 1)
        let event = try #require(events.first)
        #expect(event.kind == .surge)
        #expect(event.onset == series.time(at: 500))
        #expect((502...505).contains((event.peakAt.seconds - series.start.seconds) / 3600))
        #expect(abs(event.ratio - 5) < 0.8)
        #expect(event.rampSeconds >= 3600 && event.rampSeconds <= 3 * 3600)
        #expect(event.holdSeconds >= 4 * 3600 && event.holdSeconds <= 6 * 3600)
        let span = event.rampSeconds + event.holdSeconds + event.decaySeconds
        #expect(span == event.end.seconds - event.onset.seconds)
    }

    @Test("an outage and a brown-out are told apart, and missing hours are neither")
    func falls() throws {
        var values = SyntheticSeries.seasonal(168 * 6, noise: 0.05)
        for hour in 300..<303 { values[hour] = 0 }
        for hour in 600..<604 { values[hour] *= 0.2 }
        for hour in 700..<710 { values[hour] = .nan }
        let series = SyntheticSeries.hourly(values)
        let events = detector.events(in: series)
        #expect(events.map(\.kind) == [.outage, .brownout])
        #expect(events.first?.onset == series.time(at: 300))
        #expect(events.first?.end == series.time(at: 303))
    }

    @Test("a lasting change of level is no surge")
    func levelShift() {
        var values = SyntheticSeries.seasonal(168 * 8, noise: 0.05)
        for hour in (168 * 4)..<values.count { values[hour] *= 2.5 }
        let events = detector.events(in: SyntheticSeries.hourly(values))
        #expect(events.map(\.kind) == [.levelShift])
    }

    @Test("calm, constant, empty and short series have no events")
    func calm() {
        for values in [
            SyntheticSeries.seasonal(168 * 6, noise: 0.05), [Double](repeating: 4, count: 500), [],
            [1, 2, 3],
            [Double](repeating: 0, count: 500), [Double](repeating: .nan, count: 500),
        ] {
            #expect(detector.events(in: SyntheticSeries.hourly(values)).isEmpty)
        }
    }

    @Test(
        "the known surge and the known outage of Binance are found",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func binance() throws {
        let series = try KnownSeries.binance("BTCUSDT", last: 20_000)
        let events = detector.events(in: series)
        let surge = try #require(Timestamp(iso8601: "2022-11-08T19:00:00Z"))
        #expect(events.contains { $0.kind == .surge && $0.onset <= surge && surge < $0.end })
        let outage = try #require(Timestamp(iso8601: "2023-03-24T12:00:00Z"))
        #expect(events.contains { $0.kind == .outage && $0.onset <= outage && outage < $0.end })
    }

    @Test("the generalised Pareto fit recovers its parameters", arguments: [-0.2, 0.0, 0.3])
    func tailRecovery(shape: Double) throws {
        var random = Random(seed: 9)
        let truth = GeneralisedPareto(shape: shape, scale: 3)
        let sample = (0..<4000).map { _ in truth.quantile(random.uniform()) }
        let moments = try #require(GeneralisedPareto(probabilityWeighted: sample))
        let likely = try ReturnLevels(excesses: sample, threshold: 0, days: 4000).tail
        for fit in [moments, likely] {
            #expect(abs(fit.shape - shape) < 0.06)
            #expect(abs(fit.scale - 3) < 0.2)
        }
    }

    @Test("intervals of return levels hold the truth about as often as they say")
    func returnLevelCoverage() throws {
        let truth = GeneralisedPareto(shape: 0.15, scale: 10)
        // One cluster a day: the value surpassed once in 365 days.
        let level = 100 + truth.quantile(1 - 1.0 / 365)
        var hits = 0
        for seed in 1...100 {
            var random = Random(seed: UInt64(seed))
            let excesses = (0..<150).map { _ in truth.quantile(random.uniform()) }
            let found = try #require(
                try ReturnLevels(excesses: excesses, threshold: 100, days: 150).level(days: 365))
            #expect(found.lo <= found.value && found.value <= found.hi)
            if found.covers(level) { hits += 1 }
        }
        #expect((88...99).contains(hits))
    }

    @Test("intervals from few peaks hold the truth as often as those from many", arguments: [-0.2, 0.2])
    func fewPeaks(shape: Double) throws {
        let truth = GeneralisedPareto(shape: shape, scale: 10)
        let level = truth.quantile(1 - 1.0 / 40)
        var (hits, plain) = (0, 0)
        for seed in 1...200 {
            var random = Random(seed: UInt64(1000 + seed))
            let excesses = (0..<20).map { _ in truth.quantile(random.uniform()) }
            let levels = try ReturnLevels(excesses: excesses, threshold: 0, days: 20)
            hits += try #require(levels.level(days: 40)).covers(level) ? 1 : 0
            plain += try #require(levels.level(days: 40, isCorrected: false)).covers(level) ? 1 : 0
        }
        // 95 % of 200 is 190, with a standard error of three.
        #expect((181...199).contains(hits), "\(hits)")
        #expect(plain < hits, "\(plain)")
    }

    @Test("a level that steps surpass is higher than one that peaks surpass")
    func stepLevels() throws {
        var random = Random(seed: 4)
        var values = (0..<24 * 400).map { _ in 100 * exp(0.1 * random.normal()) }
        for day in stride(from: 3, to: 400, by: 4) {
            let peak = 200 * random.exponential()
            for hour in 0..<5 { values[24 * day + hour] += peak }
        }
        let levels = try ReturnLevels(SyntheticSeries.hourly(values), block: 24)
        #expect(levels.stepsPerCluster > 2)
        let peaks = try #require(levels.level(days: 60))
        let steps = try #require(levels.stepLevel(days: 60))
        let rarer = try #require(levels.level(days: 60 * levels.stepsPerCluster))
        #expect(steps.value > peaks.value && abs(steps.value / rarer.value - 1) < 1e-9)
    }

    @Test("rarer levels are higher, and too little data is a reason")
    func returnLevels() throws {
        var random = Random(seed: 3)
        let values = (0..<24 * 200).map { _ in 100 * exp(0.3 * random.normal()) }
        let levels = try ReturnLevels(SyntheticSeries.hourly(values), block: 24)
        let ladder = [30.0, 365, 1826].compactMap { levels.level(days: $0)?.value }
        #expect(ladder.count == 3 && ladder[0] < ladder[1] && ladder[1] < ladder[2])
        #expect(levels.clusterCount >= 40)
        #expect(throws: ModelFailure.self) {
            try ReturnLevels(SyntheticSeries.hourly(Array(values.prefix(100))), block: 24)
        }
        #expect(throws: ModelFailure.self) {
            try ReturnLevels(SyntheticSeries.hourly([Double](repeating: 1, count: 5000)), block: 24)
        }
    }

    @Test("levels of a market that grew are those of today, with its growth")
    func relativeLevels() throws {
        var random = Random(seed: 12)
        // A factor of e⁴ in two years.
        let values = (0..<24 * 730).map { hour in
            100 * exp(4 * Double(hour) / (24 * 730) + 0.3 * random.normal())
        }
        let levels = try ReturnLevels(SyntheticSeries.hourly(values), block: 24)
        let running = try #require(levels.level)
        let end = 100 * exp(4.0)
        #expect(abs(running / end - 1) < 0.15)
        let growth = try #require(levels.growthPerYear)
        #expect(abs(growth / exp(2) - 1) < 0.15)
        // The value that one hour in 720 surpasses, at the level of the end.
        let expected = end * exp(0.3 * 2.99)
        let month = try #require(levels.level(days: 30))
        #expect(abs(month.value / expected - 1) < 0.2)
        let later = (0..<24 * 365).map { _ in end * exp(0.3 * random.normal()) }
        let year = try #require(levels.level(days: 365.25)).value
        #expect(later.count { $0 > year } <= 4)
        let young = try ReturnLevels(SyntheticSeries.hourly(Array(values.prefix(24 * 60))), block: 24)
        #expect(young.level == nil && young.growthPerYear == nil)
    }

    @Test(
        "bursts of a series are declustered: intervals hold the truth, whatever the tail",
        arguments: [-0.1, 0.1, 0.3])
    func clusteredCoverage(shape: Double) throws {
        let truth = GeneralisedPareto(shape: shape, scale: 300)
        var hits = 0
        for seed in 1...60 {
            var random = Random(seed: UInt64(seed))
            var values = (0..<24 * 1000).map { _ in 100 * exp(0.1 * random.normal()) }
            var hour = 0
            while true {
                // A burst in five days, of six hours, its height Pareto over 300.
                hour += max(7, Int(120 * random.exponential()))
                guard hour + 6 < values.count else { break }
                let peak = 300 + truth.quantile(random.uniform())
                for offset in 0..<6 { values[hour + offset] += peak * exp(-0.5 * Double(offset)) }
            }
            let levels = try ReturnLevels(SyntheticSeries.hourly(values), block: 24)
            let found = try #require(levels.level(days: 365))
            let expected = 100 + 300 + truth.quantile(1 - 5.0 / 365)
            hits += found.covers(expected) ? 1 : 0
        }
        #expect(hits >= 51)
    }

    @Test(
        "by the minute, outages and a brown-out stand out from the hours before, whatever the level does by the day"
    )
    func minutes() throws {
        // A level that wanders by factors over hours, and counts that scatter as clustered trades do.
        var random = Random(seed: 11, stream: 0)
        var level = 0.0
        var values = (0..<1440 * 12).map { minute -> Double in
            level = 0.999 * level + 0.04 * random.normal()
            let day = 1 + 0.5 * sin(2 * .pi * Double(minute) / 1440)
            let bursts = Double(random.poisson(mean: 300 * day * exp(level) / 10))
            return (0..<Int(bursts)).reduce(0) { sum, _ in sum + Double(random.index(below: 20)) }
        }
        let outages = [(1440 * 5 + 720, 99), (1440 * 7 + 25, 20), (1440 * 7 + 65, 12)]
        for (start, length) in outages { for minute in start..<start + length { values[minute] = 0 } }
        let brown = 1440 * 9 + 137
        for minute in brown..<brown + 14 { values[minute] = Double(random.index(below: 14)) }
        let series = RegularSeries(
            id: SeriesID("minutes"), start: Timestamp(seconds: 0), stepSeconds: 60, values: values)
        let falls = SurgeDetector(seasons: [1440, 10_080]).events(in: series).filter {
            $0.kind == .outage || $0.kind == .brownout
        }
        let found = falls.map { (Int($0.onset.seconds / 60), Int(($0.end.seconds - $0.onset.seconds) / 60)) }
        #expect(falls.count == 4, "\(found)")
        for ((start, length), (wanted, minutes)) in zip(found, outages + [(brown, 14)]) {
            #expect(abs(start - wanted) <= 1 && abs(length - minutes) <= 3, "\(found)")
        }
        #expect(falls.prefix(3).allSatisfy { $0.kind == .outage && $0.peak == 0 })
    }

    @Test(
        "the outages of BitMEX in 2017 are found by the minute, and lulls of a thin market are none",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func bitmexMinutes() throws {
        let text = try KnownSeries.unzipped("bars/bitmex_xbtusd_1m/bitmex_XBTUSD_1m_2017.csv.gz")
        let rows = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let place = try #require(rows[0].firstIndex(of: "trades"))
        // The last four months, in which a minute holds a hundred trades as a rule.
        let half = rows.dropFirst().filter { $0[0] >= "2017-09" }
        let values = try half.map { try #require(Double($0[place])) }
        let start = try #require(Timestamp(iso8601: String(half[0][0].prefix(19)) + "Z"))
        let series = RegularSeries(id: SeriesID("XBTUSD"), start: start, stepSeconds: 60, values: values)
        let found = SurgeDetector(seasons: [1440, 10_080]).events(in: series).filter { $0.kind == .outage }
        // Eight minutes and more of two trades at most, after an hour with forty a minute in the median.
        var known: [Int] = []
        var minute = 60
        while minute < values.count {
            let end = values[minute...].firstIndex { $0 > 2 } ?? values.count
            if end - minute >= 8, values[minute - 60..<minute].sorted()[30] >= 40 { known.append(minute) }
            minute = max(minute, end) + 1
        }
        #expect(known.count == 4)
        for minute in known {
            let time = series.time(at: minute)
            #expect(found.contains { abs($0.onset.seconds - time.seconds) <= 120 }, "\(time)")
        }
        // Two more let a few trades through (19 September, 17 December); there is little else.
        #expect(found.count <= known.count + 3, "\(found.count) of \(known.count)")
    }
}
