import Foundation
import Numerics

/// Falls of a series by fine steps against the two hours before them.
///
/// By the minute a seasonal baseline scatters by as much as an outage is deep, but activity hardly moves within two
/// hours. Sums of five minutes (a 288th of the shortest season) are held against the median of the last two hours (a
/// twelfth), which skips what is itself a fall, so that a long one keeps its level. One is a fall where it lies under a
/// half of that, and so low that, by the scatter of such sums at its level and their lower tail, chance brings
/// one in twenty months. What follows a surge is no fall: a fall lies under 0.7 of the seasonal baseline too, and as
/// low against the two hours after it.
struct LocalFalls {
    /// A run of steps.
    struct Run: Equatable {
        var first: Int
        var last: Int
        var bottom: Int
        /// What was ordinary, for one step.
        var level: Double
        /// The mean of the run over that.
        var ratio: Double
    }

    /// The shortest season, in steps, from which on steps are fine: five minutes of a day.
    static let fineSeason = 288
    /// Events in a sum below which nothing can be told: trades come in bursts of tens, and a few bursts may well fail to
    /// come for five minutes.
    private static let leastCount = 80.0
    /// The largest share of steps in falls; where there are more, low is ordinary.
    private static let largestShare = 0.02
    /// The chance that a sum lies under the limit: one in twenty months.
    private static let chance = 0.05 / (288 * 28)
    /// Sums of a level from which on it has a tail of its own.
    private static let ownTailCount = 1500
    /// The share of the seasonal baseline under which a sum may be a fall.
    private static let seasonalShare = 0.7

    private let values: [Double]
    private let baseline: [Double]
    private let width: Int
    private let window: Int

    /// The falls of a series, in order of time; none where its steps are not fine. O(n log n).
    static func runs(_ values: [Double], baseline: [Double], season: Int) -> [Run] {
        guard season >= fineSeason, values.count > season / 2 else { return [] }
        let falls = LocalFalls(
            values: values, baseline: baseline, width: season / fineSeason, window: season / 12)
        guard let limits = falls.limits() else { return [] }
        let runs = falls.runs(below: limits)
        let steps = runs.reduce(0) { $0 + $1.last + 1 - $1.first }
        return Double(steps) <= largestShare * Double(values.count) ? runs : []
    }

    /// The logarithm of a sum from a step on over what is ordinary; nil where something is missing or too little.
    private func ratio(_ start: Int, _ level: Double) -> Double? {
        guard start + width <= values.count, level * Double(width) >= LocalFalls.leastCount else {
            return nil
        }
        let sum = values[start..<start + width].reduce(0, +)
        let ordinary = level * Double(width)
        return sum.isFinite ? LocalFalls.logRatio(sum, to: ordinary) : nil
    }

    /// The logarithm of a value over what is ordinary, a hundredth of which is added to both.
    private static func logRatio(_ value: Double, to ordinary: Double) -> Double {
        log((value + ValueScale.ratioOffsetShare * ordinary) / ((1 + ValueScale.ratioOffsetShare) * ordinary))
    }

    /// What sums that do not overlap may come to by chance, by level; nil for too few of them.
    private func limits() -> LevelScatter? {
        var ratios: [Double] = []
        var levels: [Double] = []
        var past = RecentMedian(window: window)
        for step in values.indices {
            if step % width == 0, let level = past.median, let ratio = ratio(step, level) {
                ratios.append(ratio)
                levels.append(level)
            }
            past.append(values[step])
        }
        guard ratios.count >= 32 else { return nil }
        // A level's own tail where outages are too small a part of it to show, else one of all levels, in deviations.
        if ratios.count >= LocalFalls.ownTailCount * LevelScatter.groups {
            return LevelScatter(ratios: ratios, levels: levels, statistic: LocalFalls.lowerTail)
        }
        let scatter = LevelScatter(ratios: ratios, levels: levels, statistic: LevelScatter.deviation)
        return scatter.scaled(
            by: LocalFalls.lowerTail(zip(ratios, levels).map { $0 / (scatter[$1] ?? .infinity) }))
    }

    /// The levels through which the exponential tail goes, a factor of four apart. Chosen, not measured.
    private static let nearTailLevel = 0.1
    private static let farTailLevel = 0.025

    /// What is undershot with `chance`, by an exponential tail through the lowest tenth and the lowest fortieth.
    private static func lowerTail(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let low = Summary.quantile(sorted: sorted, farTailLevel)
        let slope = (Summary.quantile(sorted: sorted, nearTailLevel) - low) / log(4)
        return low - slope * log(farTailLevel / chance)
    }

    private func runs(below limits: LevelScatter) -> [Run] {
        var runs: [Run] = []
        var past = RecentMedian(window: window)
        var step = 0
        while step < values.count {
            guard let level = past.median, isLow(step, level, limits) else {
                past.append(values[step])
                step += 1
                continue
            }
            // On while some sum within a width is low, so that a flicker does not part it.
            var end = step + width
            var next = step + 1
            while next <= end, next + width <= values.count {
                if isLow(next, level, limits) { end = next + width }
                next += 1
            }
            let found = run(step, min(end, values.count), level)
            if recovers(found, limits) {
                runs.append(found)
            } else {
                for value in values[step..<min(end, values.count)] { past.append(value) }
            }
            step = min(end, values.count)
        }
        return runs
    }

    private func limit(_ limits: LevelScatter, _ level: Double) -> Double {
        min(limits[level] ?? -.infinity, log(0.5))
    }

    /// Whether a sum is low against the hours before and against the season.
    private func isLow(_ start: Int, _ level: Double, _ limits: LevelScatter) -> Bool {
        guard let found = ratio(start, level), found < limit(limits, level) else { return false }
        let steps = start..<start + width
        return values[steps].reduce(0, +)
            < LocalFalls.seasonalShare * baseline[steps].reduce(0, +)
    }

    /// Whether a run is low against what follows too, or nothing follows yet.
    private func recovers(_ run: Run, _ limits: LevelScatter) -> Bool {
        let after = values[(run.last + 1)..<min(run.last + 1 + window, values.count)].filter(\.isFinite)
        guard after.count >= window / 4 else { return true }
        let level = Summary.median(after)
        guard level > 0 else { return false }
        return LocalFalls.logRatio(run.ratio * run.level, to: level) < limit(limits, level)
    }

    /// A run without the ordinary steps at its ends.
    private func run(_ start: Int, _ end: Int, _ level: Double) -> Run {
        let low = (start..<end).filter { values[$0] < 0.5 * level }
        let (first, last) = (low.first ?? start, low.last ?? end - 1)
        let part = values[first...last]
        let mean = part.reduce(0, +) / Double(part.count)
        let bottom = (first...last).min { (values[$0], $0) < (values[$1], $1) } ?? first
        return Run(first: first, last: last, bottom: bottom, level: level, ratio: mean / level)
    }
}
