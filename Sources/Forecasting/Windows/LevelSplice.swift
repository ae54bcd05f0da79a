import Foundation
import Numerics

/// A lasting shift of the level within the last cycles of a history: a listing, a migration, a new customer.
///
/// The cycles since the shift lie apart from those of the same place in the week before it by one factor of at
/// least 2.5, at least five robust deviations, and farther than any cycle before it lay. What lies before is
/// carried to the new level, so that every candidate believes it at once; the cycles of a ramp are missing.
struct LevelSplice: Sendable, Equatable {
    /// Values from the end of the history back to the first at the new level.
    let sinceShift: Int
    /// Values from the end back to the first that is not at the old level: more than `sinceShift` after a ramp.
    let sinceRamp: Int
    /// The new level over the old one.
    let factor: Double
    /// Values from the end back to where the shift was first believed: forecasts made before that did not know of it.
    let sinceBelieved: Int

    /// The least change of the level, as a logarithm.
    static let leastLogFactor = 0.9163
    /// Cycles after a shift from which it is believed, and up to which it is looked for.
    static let cyclesAfter = 3...60
    /// Cycles before the shift by which it is judged, and the fewest.
    static let cyclesBefore = 28
    static let fewestBefore = 7
    /// How far below a new level, as a logarithm, a cycle is on its way to it.
    static let onItsWay = 0.1
    /// The longest ramp in cycles.
    static let longestRamp = 14
    /// The least mean of a cycle over the largest: logarithms of less would be all that counts. Chosen, not measured.
    private static let leastMeanShare = 1e-3
    /// The part of the least change that a first glance has to find, which knows nothing of days of the week.
    private static let glanceShare = 0.7
    /// How far from their level days before a shift may lie, over its size: wild markets are not spliced.
    private static let farthestShare = 0.5
    /// The same of days after it. Chosen, not measured.
    private static let spreadShare = 0.4
    /// Robust deviations of the cycles before from which a shift is one, and from which one is on its way. Chosen,
    /// not measured.
    private static let shiftDeviations = 5.0
    private static let edgeDeviations = 3.0
    /// Where cycles between the levels lie on the way from one to the other. Chosen, not measured.
    private static let rampShares = -0.1...1.2

    /// Carries what lies before the last shift to the level after it; nil where there was none.
    static func apply(to values: inout [Double], seasons: [Int], extent: Extent) -> LevelSplice? {
        guard let short = seasons.first, extent.lowest >= 0, extent.highest > 0,
            let splice = LevelSplice(
                values, short: short, long: seasons.first { $0 > short && $0 % short == 0 })
        else { return nil }
        let count = values.count
        for index in 0..<count - splice.sinceRamp { values[index] *= splice.factor }
        for index in count - splice.sinceRamp..<count - splice.sinceShift { values[index] = .nan }
        return splice
    }

    private init?(_ values: [Double], short: Int, long: Int?) {
        let most = LevelSplice.cyclesAfter.upperBound + LevelSplice.cyclesBefore + LevelSplice.longestRamp
        let cycles = min(values.count / short, most)
        let week = long.map { $0 / short } ?? 1
        guard cycles >= LevelSplice.cyclesAfter.lowerBound + LevelSplice.fewestBefore else { return nil }
        let means = LevelSplice.logMeans(values, short: short, cycles: cycles)
        guard LevelSplice.mayHaveShifted(means, week: week) else { return nil }
        let longest = min(LevelSplice.cyclesAfter.upperBound, cycles - LevelSplice.fewestBefore)
        var sums = [0.0]
        for mean in means { sums.append(sums[sums.count - 1] + (mean.isNaN ? 0 : mean)) }
        var known: [Int: Before] = [:]
        for after in (LevelSplice.cyclesAfter.lowerBound...longest).reversed() {
            guard LevelSplice.differs(sums, after: after),
                let found = LevelSplice.shift(means, after: after, week: week, known: &known)
            else { continue }
            sinceShift = found.after * short
            sinceRamp = (found.after + found.ramp) * short
            sinceBelieved = (found.after - LevelSplice.cyclesAfter.lowerBound) * short
            factor = exp(found.logFactor)
            return
        }
        return nil
    }

    /// Logarithms of the means of the last cycles; NaN where less than half of one was observed.
    private static func logMeans(_ values: [Double], short: Int, cycles: Int) -> [Double] {
        let first = values.count - cycles * short
        let means = (0..<cycles).map { cycle -> Double in
            var sum = 0.0
            var known = 0
            for index in first + cycle * short..<first + (cycle + 1) * short where !values[index].isNaN {
                sum += values[index]
                known += 1
            }
            return 2 * known >= short ? sum / Double(known) : .nan
        }
        let least = leastMeanShare * (means.filter { !$0.isNaN }.max() ?? 0)
        return means.map { $0.isNaN ? .nan : log(max($0, least)) }
    }

    /// Whether any cycle lies far enough from the one a week before it.
    private static func mayHaveShifted(_ means: [Double], week: Int) -> Bool {
        means.indices.dropFirst(week).contains { abs(means[$0] - means[$0 - week]) >= leastLogFactor }
            || means.indices.dropFirst(7 * week).contains {
                abs(means[$0] - means[$0 - 7 * week]) >= leastLogFactor
            }
    }

    /// Whether the mean since a cut lies far enough from that before it, right before it or before a ramp.
    private static func differs(_ sums: [Double], after: Int) -> Bool {
        let count = sums.count - 1
        let cut = count - after
        let level = (sums[count] - sums[cut]) / Double(after)
        return [0, longestRamp / 2, longestRamp].contains { ramp in
            let end = cut - ramp
            guard end >= fewestBefore else { return false }
            let start = max(0, end - cyclesBefore)
            let before = (sums[end] - sums[start]) / Double(end - start)
            return abs(level - before) >= glanceShare * leastLogFactor
        }
    }

    /// The shift before the last `after` cycles or some later, how many cycles are at the new level, and how many its
    /// ramp took.
    private static func shift(
        _ means: [Double], after: Int, week: Int, known: inout [Int: Before]
    ) -> (logFactor: Double, after: Int, ramp: Int)? {
        let cut = means.count - after
        // The level before, without a ramp: the cycles farther back than the longest one.
        for ramp in 0...min(longestRamp, cut - fewestBefore) {
            let end = cut - ramp
            let before = known[end] ?? Before(means, max(0, end - cyclesBefore)..<end, week: week)
            known[end] = before
            let shifts = (cut..<means.count).map { means[$0] - before.baseline.value($0) }
                .filter { !$0.isNaN }
            guard 2 * shifts.count > after, shifts.count >= cyclesAfter.lowerBound else { return nil }
            let middle = Selection.median(shifts)
            guard abs(middle) >= leastLogFactor, before.farthest < farthestShare * abs(middle),
                abs(middle) > shiftDeviations * RobustScale.madToSigma * before.usual,
                shifts.allSatisfy({ abs($0 - middle) <= spreadShare * abs(middle) })
            else { continue }
            // What lies between the levels has to be a ramp.
            let isRamp = (end..<cut).allSatisfy { cycle in
                let part = (means[cycle] - before.baseline.value(cycle)) / middle
                return part.isNaN || (part > rampShares.lowerBound && part < rampShares.upperBound)
            }
            guard isRamp else { continue }
            let (first, level) = arrival(means, from: cut, latest: end + longestRamp, before: before, middle)
            let last = departure(means, before: end, earliest: first - longestRamp, before, middle)
            return (level, means.count - first, first - last)
        }
        return nil
    }

    /// The first cycle that is at the new level, and how far that is: the first ones after a cut may be on their way
    /// still, as one is in which the shift came.
    private static func arrival(
        _ means: [Double], from cut: Int, latest: Int, before: Before, _ middle: Double
    ) -> (first: Int, logFactor: Double) {
        var (first, level) = (cut, middle)
        while first < min(latest, means.count - cyclesAfter.lowerBound) {
            let rest = (first + 1..<means.count).map { means[$0] - before.baseline.value($0) }
                .filter { !$0.isNaN }
            guard rest.count >= cyclesAfter.lowerBound else { break }
            let found = Selection.median(rest)
            let missing = found - (means[first] - before.baseline.value(first))
            guard
                (found < 0 ? -missing : missing)
                    > max(onItsWay, edgeDeviations * RobustScale.madToSigma * before.usual)
            else { break }
            first += 1
            level = found
        }
        return (first, level)
    }

    /// The end of the cycles that are at the old level: the last ones before a ramp may be on their way already.
    private static func departure(
        _ means: [Double], before end: Int, earliest: Int, _ before: Before, _ middle: Double
    ) -> Int {
        var last = end
        while last > max(fewestBefore, earliest) {
            let moved = means[last - 1] - before.baseline.value(last - 1)
            guard
                (middle < 0 ? -moved : moved)
                    > max(onItsWay, edgeDeviations * RobustScale.madToSigma * before.usual)
            else { break }
            last -= 1
        }
        return last
    }

    /// The cycles before a shift, and how far they lie from their baseline: usually, and at most.
    private struct Before {
        let baseline: Baseline
        let usual: Double
        let farthest: Double

        init(_ means: [Double], _ cycles: Range<Int>, week: Int) {
            let baseline = Baseline(means, cycles, week: week)
            let distances = cycles.map { abs(means[$0] - baseline.value($0)) }.filter { !$0.isNaN }
            self.baseline = baseline
            usual = Selection.median(distances)
            farthest = distances.max() ?? .infinity
        }
    }

    /// The median of each place in the week; of all cycles where there are too few weeks.
    private struct Baseline {
        private let byPlace: [Double]

        init(_ means: [Double], _ cycles: Range<Int>, week: Int) {
            let known = cycles.filter { !means[$0].isNaN }
            let all = Selection.median(known.map { means[$0] })
            byPlace = (0..<week).map { place in
                let own = known.filter { $0 % week == place }.map { means[$0] }
                return own.count >= 2 ? Selection.median(own) : all
            }
        }

        func value(_ cycle: Int) -> Double { byPlace[cycle % byPlace.count] }
    }
}
