import Foundation
import Numerics

/// How far the busiest of the weeks to come passes those just past.
///
/// For every number of weeks the ratio of the highest weekly peak in them to the level (the median of the four peaks
/// before) is taken at every week of the history, and eked out by a normal law of its logarithm where the history has few.
/// No trend is fitted: over six years of five pairs of Binance, origins every four weeks, the chances that a level would be
/// passed by a factor of 1.5, 3 and 6 within 13 weeks were told as 84, 40 and 14 % in mean, and 83, 40 and 10 % came; within
/// 26 weeks 91, 55 and 21 %, and 91, 54 and 20 % came. A local level with noise, fitted to each history, told 74, 40, 16 and
/// 82, 55, 30 %.
public struct PeakGrowth: Sendable {
    /// The median of the last four weekly peaks, in the unit of the peaks; 0 where there is none.
    public let level: Double
    /// The logarithms of the ratios by the number of weeks, from one week on, ascending.
    private let logRatios: [[Double]]

    /// The most weeks that are looked ahead.
    public static let weeksMax = 26
    /// Peaks whose median is the level.
    private static let levelWeeks = 4
    /// Ratios from which a history speaks nearly for itself, and the least that the law always stands for.
    private static let (ownCount, lawCountMin) = (60, 10)

    /// What weekly peaks tell, the oldest first; weeks without any load count for nothing.
    public init(weeklyPeaks: [Double]) {
        let logs = weeklyPeaks.filter { $0 > 0 && $0.isFinite }.map { log($0) }
        let span = PeakGrowth.levelWeeks
        level = logs.isEmpty ? 0 : exp(Summary.median(Array(logs.suffix(span))))
        logRatios = (1...PeakGrowth.weeksMax).map { weeks in
            guard logs.count >= span + weeks else { return [] }
            return (span...(logs.count - weeks)).map { week in
                (logs[week..<(week + weeks)].max() ?? 0) - Summary.median(Array(logs[(week - span)..<week]))
            }.sorted()
        }
    }

    /// The chance that the busiest of so many weeks passes the level by a factor.
    public func probability(above factor: Double, weeks: Int) -> Double {
        guard level > 0, factor.isFinite else { return 0 }
        guard factor > 0 else { return 1 }
        // More weeks hold those of fewer.
        return (1...max(1, min(weeks, PeakGrowth.weeksMax))).reduce(0) {
            max($0, share(above: log(factor), weeks: $1))
        }
    }

    /// The same chance by a number of days, evenly between whole weeks.
    public func probability(above factor: Double, days: Double) -> Double {
        let weeks = min(max(0, days / 7), Double(PeakGrowth.weeksMax))
        let whole = Int(saturating: weeks.rounded(.down))
        let before = whole > 0 ? probability(above: factor, weeks: whole) : 0
        guard weeks > Double(whole) else { return before }
        let after = probability(above: factor, weeks: whole + 1)
        return before + (weeks - Double(whole)) * (after - before)
    }

    private func share(above logFactor: Double, weeks: Int) -> Double {
        let own = logRatios[weeks - 1]
        let law = Double(max(PeakGrowth.lawCountMin, PeakGrowth.ownCount - own.count))
        let passing = Double(own.count { $0 > logFactor })
        // The mean and the deviation of the same ratios of the pairs above.
        let (mean, deviation) = (0.5 + 0.25 * log(Double(weeks)), 0.35 + 0.1 * log(Double(weeks)))
        let lawful = 1 - SpecialFunctions.normalCDF((logFactor - mean) / deviation)
        return (passing + law * lawful) / (Double(own.count) + law)
    }

    /// The factor that the busiest of so many weeks passes with a chance.
    public func factor(passedWith chance: Double, weeks: Int) -> Double {
        var (low, high) = (-20.0, 20.0)
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            if probability(above: exp(middle), weeks: weeks) > chance { low = middle } else { high = middle }
        }
        return exp(0.5 * (low + high))
    }

    /// The days by which a week's peak has passed a factor of the level with a chance; nil where the weeks that are looked
    /// ahead do not come to it.
    public func days(until factor: Double, chance: Double) -> Double? {
        guard level > 0, factor.isFinite else { return nil }
        var before = 0.0
        for weeks in 1...PeakGrowth.weeksMax {
            // More weeks hold those of fewer.
            let now = max(before, share(above: log(max(0, factor)), weeks: weeks))
            if now >= chance, now > before {
                return 7 * (Double(weeks - 1) + (chance - before) / (now - before))
            }
            before = now
        }
        return nil
    }
}
