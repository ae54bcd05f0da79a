import Foundation
import Numerics

/// Falls of a series against the hours before and after them.
///
/// A seasonal baseline scatters by as much as a short outage is deep, but activity over its daily shape hardly moves
/// within hours. Sums of 5, 10, 15, 30 and 60 minutes, as far as a series has such steps, are held against the median
/// of the last two hours (four at least of their own width), which skips what is itself a fall, so that a long one keeps
/// its level, and against what follows: a decay after a surge is no fall. One is a fall where it lies under a half of
/// both, and so low that, by the scatter of such sums at its level and their lower tail, chance brings one in twenty
/// months; under 0.7 of the seasonal baseline too. Short sums find short outages of a busy series, long ones those of a
/// thin one, in which five silent minutes say nothing and forty do; and a quarter hour of which an outage takes all but
/// two minutes is found by quarters, as it is by minutes.
struct LocalFalls {
    /// A run of steps.
    struct Run: Equatable {
        var first: Int
        var last: Int
        var bottom: Int
        /// What was ordinary at the bottom, for one step.
        var level: Double
        /// The mean of the run over what was ordinary, without the first and last step where there are others: these may
        /// be out in part.
        var ratio: Double
    }

    /// The shortest season, in steps, from which on one step says little: five minutes of a day.
    static let fineSeason = 288
    /// The shortest season, in steps, of a series with such sums: an hour of a day.
    private static let leastSeason = 24
    /// Widths of sums in minutes of a day.
    private static let minutes = [5, 10, 15, 30, 60]
    /// Events in a sum below which nothing can be told: trades come in bursts of tens, and a few bursts may well fail to
    /// come for five minutes.
    private static let leastCount = 80.0
    /// The largest share of steps in falls, of each of which an hour counts; where there are more, low is ordinary.
    private static let largestShare = 0.02
    /// The chance that a sum of one of five minutes lies under the limit: one in twenty months.
    private static let chance = 0.05 / (288 * 28)
    /// Sums of a level from which on it has a tail of its own.
    private static let ownTailCount = 1500
    /// The share of the seasonal baseline under which a sum may be a fall.
    private static let seasonalShare = 0.7

    private let values: [Double]
    /// The seasonal baseline, smooth over an hour; never zero.
    private let shape: [Double]
    /// Values over the shape.
    private let multiples: [Double]
    private let season: Int
    private let width: Int
    private let window: Int

    /// The falls of a series, in order of time; none where its steps are longer than an hour. O(n log n).
    static func runs(_ values: [Double], baseline: [Double], season: Int) -> [Run] {
        guard season >= leastSeason, values.count > season / 2 else { return [] }
        let shape = smooth(baseline, over: max(1, season / 24))
        var widths = minutes.map { max(1, season * $0 / 1440) }
        widths = widths.indices.filter { $0 == 0 || widths[$0] != widths[$0 - 1] }.map { widths[$0] }
        var found: [Run] = []
        for width in widths {
            let falls = LocalFalls(
                values: values, shape: shape, multiples: zip(values, shape).map(/),
                season: season, width: width, window: max(season / 12, 4 * width))
            guard let limits = falls.limits() else { continue }
            found = union(found, falls.runs(below: limits))
        }
        let steps = found.reduce(0) { $0 + min(max(1, season / 24), $1.last + 1 - $1.first) }
        return Double(steps) <= largestShare * Double(values.count) ? found : []
    }

    /// A running mean of the baseline, plus a hundredth of its mean so that it is nowhere zero.
    private static func smooth(_ baseline: [Double], over width: Int) -> [Double] {
        var sums = [0.0]
        for value in baseline { sums.append(sums[sums.count - 1] + value) }
        let offset = max(ValueScale.ratioOffsetShare * sums[baseline.count] / Double(baseline.count), 1e-300)
        return baseline.indices.map { step in
            let start = max(0, step - (width - 1) / 2)
            let end = min(start + width, baseline.count)
            return (sums[end] - sums[start]) / Double(end - start) + offset
        }
    }

    /// What one width has found and what another has: the first where they overlap, whose edges are finer.
    private static func union(_ runs: [Run], _ more: [Run]) -> [Run] {
        let new = more.filter { run in !runs.contains { $0.first <= run.last && run.first <= $0.last } }
        return (runs + new).sorted { $0.first < $1.first }
    }

    /// What is ordinary in a sum from a step on, where multiples of the shape are at a level.
    private func ordinary(_ start: Int, _ level: Double) -> Double {
        level * shape[start..<min(start + width, shape.count)].reduce(0, +)
    }

    /// The logarithm of a sum from a step on over what is ordinary; nil where something is missing or too little.
    private func ratio(_ start: Int, _ level: Double) -> Double? {
        guard start + width <= values.count else { return nil }
        let ordinary = ordinary(start, level)
        guard ordinary >= LocalFalls.leastCount else { return nil }
        let sum = values[start..<start + width].reduce(0, +)
        return sum.isFinite ? LocalFalls.logRatio(sum, to: ordinary) : nil
    }

    /// The logarithm of a value over what is ordinary, a hundredth of which is added to both.
    private static func logRatio(_ value: Double, to ordinary: Double) -> Double {
        log((value + ValueScale.ratioOffsetShare * ordinary) / ((1 + ValueScale.ratioOffsetShare) * ordinary))
    }

    /// The median of what follows a step; nil where too little does.
    private func levelAfter(_ step: Int) -> Double? {
        let after = multiples[min(step, multiples.count)..<min(step + window, multiples.count)].filter(
            \.isFinite)
        return after.count >= max(2, window / 4) ? Summary.median(after) : nil
    }

    /// What sums that do not overlap may come to by chance against both sides, by level; nil for too few of them.
    private func limits() -> LevelScatter? {
        var ratios: [Double] = []
        var levels: [Double] = []
        var past = RecentMedian(window: window)
        for step in values.indices {
            if step % width == 0, let before = past.median, let after = levelAfter(step + width),
                let ratio = ratio(step, min(before, after))
            {
                ratios.append(ratio)
                levels.append(ordinary(step, min(before, after)))
            }
            past.append(multiples[step])
        }
        guard ratios.count >= 32 else { return nil }
        // A level's own tail where outages are too small a part of it to show, else one of all levels, in deviations.
        if ratios.count >= LocalFalls.ownTailCount * LevelScatter.groups {
            return LevelScatter(ratios: ratios, levels: levels, statistic: lowerTail)
        }
        let scatter = LevelScatter(ratios: ratios, levels: levels, statistic: LevelScatter.deviation)
        return scatter.scaled(
            by: lowerTail(zip(ratios, levels).map { $0 / (scatter[$1] ?? .infinity) }))
    }

    /// The levels through which the exponential tail goes, a factor of four apart. Chosen, not measured.
    private static let nearTailLevel = 0.1
    private static let farTailLevel = 0.025

    /// What is undershot once in twenty months, by an exponential tail through the lowest tenth and the lowest fortieth.
    private func lowerTail(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let low = Summary.quantile(sorted: sorted, LocalFalls.farTailLevel)
        let slope = (Summary.quantile(sorted: sorted, LocalFalls.nearTailLevel) - low) / log(4)
        // Wider sums are fewer in as many months.
        let chance = LocalFalls.chance * max(1, Double(width * LocalFalls.fineSeason) / Double(season))
        return low - slope * log(LocalFalls.farTailLevel / chance)
    }

    private func runs(below limits: LevelScatter) -> [Run] {
        var runs: [Run] = []
        var past = RecentMedian(window: window)
        var step = 0
        while step < values.count {
            guard let level = past.median, isLow(step, level, limits) else {
                past.append(multiples[step])
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
            end = min(end, values.count)
            if let found = run(step, end, level), recovers(step..<end, limits) {
                runs.append(found)
            } else {
                for value in multiples[step..<end] { past.append(value) }
            }
            step = end
        }
        return runs
    }

    private func limit(_ limits: LevelScatter, _ ordinary: Double) -> Double {
        min(limits[ordinary] ?? -.infinity, log(0.5))
    }

    /// Whether a sum is low against the hours before and against the season.
    private func isLow(_ start: Int, _ level: Double, _ limits: LevelScatter) -> Bool {
        guard let found = ratio(start, level), found < limit(limits, ordinary(start, level)) else {
            return false
        }
        let steps = start..<start + width
        // By a smooth baseline: that of one minute may well be zero.
        return values[steps].reduce(0, +) < LocalFalls.seasonalShare * shape[steps].reduce(0, +)
    }

    /// Whether some sum within steps is low against what follows them too, or nothing follows yet.
    private func recovers(_ steps: Range<Int>, _ limits: LevelScatter) -> Bool {
        guard let level = levelAfter(steps.upperBound) else { return true }
        guard level > 0 else { return false }
        return (steps.lowerBound...max(steps.lowerBound, steps.upperBound - width)).contains { start in
            guard let found = ratio(start, level) else { return false }
            return found < limit(limits, ordinary(start, level))
        }
    }

    /// Steps without the ordinary ones at their ends; nil where there are no others.
    private func run(_ start: Int, _ end: Int, _ level: Double) -> Run? {
        func isOut(_ step: Int) -> Bool { values[step] < 0.5 * level * shape[step] }
        guard let first = (start..<end).first(where: isOut),
            let last = (start..<end).last(where: isOut),
            let bottom = (first...last).min(by: { (values[$0], $0) < (values[$1], $1) })
        else { return nil }
        let inner = last - first >= 2 ? first + 1...last - 1 : first...last
        let known = inner.filter { values[$0].isFinite }
        let sum = known.reduce(0) { $0 + values[$1] }
        let usual = known.reduce(0) { $0 + level * shape[$1] }
        return Run(
            first: first, last: last, bottom: bottom, level: level * shape[bottom],
            ratio: usual > 0 ? sum / usual : 0)
    }
}
