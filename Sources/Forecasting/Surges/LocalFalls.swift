import Foundation
import Numerics

/// Falls of a series by fine steps against the two hours before them.
///
/// By the minute a seasonal baseline scatters by as much as an outage is deep, but activity hardly moves within two
/// hours. Sums of five minutes (a 288th of the shortest season) are held against the median of the last two hours (a
/// twelfth), which skips what is itself a fall, so that a long one keeps its level. One is a fall where it lies four and
/// a half robust deviations under that, and under a half.
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

    private let values: [Double]
    private let width: Int
    private let window: Int

    /// The falls of a series, in order of time; none where its steps are not fine. O(n log n).
    static func runs(_ values: [Double], season: Int) -> [Run] {
        guard season >= fineSeason, values.count > season / 2 else { return [] }
        let falls = LocalFalls(values: values, width: season / fineSeason, window: season / 12)
        let deviation = falls.deviation()
        let runs = falls.runs(below: min(-4.5 * deviation, log(0.5)))
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
        return sum.isFinite ? log((sum + 0.01 * ordinary) / (1.01 * ordinary)) : nil
    }

    /// The robust deviation of sums that do not overlap.
    private func deviation() -> Double {
        var ratios: [Double] = []
        var past = RecentMedian(window: window)
        for step in values.indices {
            if step % width == 0, let level = past.median, let ratio = ratio(step, level) {
                ratios.append(ratio)
            }
            past.append(values[step])
        }
        guard ratios.count >= 32 else { return .infinity }
        let centre = Summary.median(ratios)
        return max(0.02, 1.4826 * Summary.median(ratios.map { abs($0 - centre) }))
    }

    private func runs(below limit: Double) -> [Run] {
        var runs: [Run] = []
        var past = RecentMedian(window: window)
        var step = 0
        while step < values.count {
            guard let level = past.median, let found = ratio(step, level), found < limit else {
                past.append(values[step])
                step += 1
                continue
            }
            // On while some sum within a width is low, so that a flicker does not part it.
            var end = step + width
            var next = step + 1
            while next <= end, let found = ratio(next, level) {
                if found < limit { end = next + width }
                next += 1
            }
            runs.append(run(step, min(end, values.count), level))
            step = min(end, values.count)
        }
        return runs
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

/// The median of the last values of a series, found anew every eighth of a window.
private struct RecentMedian {
    let window: Int
    private var recent: [Double] = []
    private var since = 0
    private(set) var median: Double?

    init(window: Int) { self.window = max(8, window) }

    mutating func append(_ value: Double) {
        guard value.isFinite else { return }
        recent.append(value)
        since += 1
        guard since >= window / 8, recent.count >= window / 2 else { return }
        if recent.count > window { recent.removeFirst(recent.count - window) }
        median = Summary.median(recent)
        since = 0
    }
}
