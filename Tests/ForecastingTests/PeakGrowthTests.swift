import Foundation
import Forecasting
import TestSupport
import Testing

@Suite("Growth of weekly peaks")
struct PeakGrowthTests {
    @Test("chances fall with the factor, rise with the weeks, and days follow them")
    func isMonotone() throws {
        var random = SplitMix64(seed: 5)
        let growth = PeakGrowth(
            weeklyPeaks: (0..<80).map { _ in 100 * exp(0.8 * (random.uniform() + random.uniform() - 1)) })
        for weeks in 1...PeakGrowth.weeksMax {
            let chances = [0.2, 0.5, 1, 1.5, 2, 4, 10, 100].map {
                growth.probability(above: $0, weeks: weeks)
            }
            #expect(chances == chances.sorted(by: >) && chances[0] > 0.9 && chances[7] < 0.1)
            if weeks > 1 {
                #expect(
                    growth.probability(above: 2, weeks: weeks)
                        >= growth.probability(above: 2, weeks: weeks - 1))
            }
        }
        let days = [0.025, 0.3, 0.5].map { growth.days(until: 2, chance: $0) }
        #expect(days.compactMap { $0 } == days.compactMap { $0 }.sorted())
        #expect(growth.days(until: 1e6, chance: 0.5) == nil)
        // The factor that is passed with a chance is passed with that chance.
        for chance in [0.1, 0.5, 0.9] {
            let factor = growth.factor(passedWith: chance, weeks: 13)
            #expect(growth.probability(above: factor * 0.999, weeks: 13) >= chance - 0.02)
            #expect(growth.probability(above: factor * 1.001, weeks: 13) <= chance + 0.02)
        }
    }

    @Test("the level is the median of the last four peaks that there are")
    func level() {
        #expect(abs(PeakGrowth(weeklyPeaks: [1, 2, 3, 4, 500]).level - (3.0 * 4.0).squareRoot()) < 1e-12)
        #expect(abs(PeakGrowth(weeklyPeaks: [7, 0, .nan]).level - 7) < 1e-12)
        let none = PeakGrowth(weeklyPeaks: [])
        #expect(none.level == 0 && none.probability(above: 1, weeks: 4) == 0)
        #expect(none.days(until: 1, chance: 0.5) == nil)
    }

    @Test("growth by a tenth a week is seen in a long history")
    func growing() throws {
        let growth = PeakGrowth(weeklyPeaks: (0..<150).map { 10 * pow(1.1, Double($0)) })
        // The level is the peak of two and a half weeks ago: twice that comes after log(2) / log(1.1) - 2.5 weeks.
        let expected = 7 * (log(2) / log(1.1) - 2.5)
        let days = try #require(growth.days(until: 2, chance: 0.5))
        #expect(abs(days - expected) < 8, "\(days) for \(expected)")
    }

    @Test(
        "chances told on past weeks of five pairs came",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func pastWeeks() throws {
        var told: [Double: Double] = [:]
        var came: [Double: Double] = [:]
        var count = 0.0
        let weeks = 13
        for pair in ["ADA", "BNB", "BTC", "ETH", "XRP"] {
            let peaks = try Self.weeklyPeaks("bars/binance_spot_klines/\(pair)USDT-2h.csv.gz")
            #expect(peaks.count > 250)
            for origin in stride(from: 12, to: peaks.count - weeks, by: 4) {
                let growth = PeakGrowth(weeklyPeaks: Array(peaks[..<origin]))
                let highest = peaks[origin..<(origin + weeks)].max() ?? 0
                count += 1
                for factor in [1.5, 3, 6] {
                    told[factor, default: 0] += growth.probability(above: factor, weeks: weeks)
                    came[factor, default: 0] += highest > factor * growth.level ? 1 : 0
                }
            }
        }
        for factor in [1.5, 3, 6] {
            let (said, seen) = ((told[factor] ?? 0) / count, (came[factor] ?? 0) / count)
            #expect(abs(said - seen) < 0.06, "× \(factor): told \(said), came \(seen)")
        }
    }

    /// The most trades in two hours of each week.
    private static func weeklyPeaks(_ name: String) throws -> [Double] {
        let unpacked = try Tool.run("/usr/bin/gzip", ["-dc", RealData.path(name)])
        #expect(unpacked.code == 0)
        var peaks: [Int: Double] = [:]
        var first: Int?
        for line in unpacked.output.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard let time = Int(fields[0]), let trades = Double(fields[8]) else { continue }
            let start = first ?? time
            first = start
            let week = (time - start) / 604_800_000
            peaks[week] = max(peaks[week] ?? 0, trades)
        }
        return peaks.keys.sorted().dropLast().compactMap { peaks[$0] }
    }
}
