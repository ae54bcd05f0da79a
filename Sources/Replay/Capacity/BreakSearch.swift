import Exchange
import Glibc
import Numerics

/// Finds for each of the drawn hours the rate at which it breaks the objective of one queue in some rolling five minutes.
///
/// The queue serves a part of the sequence at sixteen rates over the whole range and again around those where some of the
/// hours break, and then all of it close to those; in between, what is late in any stretch of an hour is read off sums.
/// Each hour is put together, window by window, at the rates that false position asks for: the same hours at all rates.
struct BreakSearch {
    let queue: SequencedQueue
    let hours: DrawnHours
    /// Late messages around the rates where hours break, in a wider range, and at all rates.
    private let counts: [LateCounts]
    /// The logarithms of the rates at which the hours break, in messages a second, in their order.
    let logLevels: [Double]

    /// The rates that are looked at first, over the stable one.
    private static let utilisations = (lowest: 1e-5, highest: 1.3)
    /// Every so many-th hour says where to look closely.
    private static let roughHours = 8
    /// Where the search begins, over the stable rate. Chosen, not measured.
    private static let guessedUtilisation = 0.3
    /// To what the logarithm of a level is found on counts that are wide, middle and fine. Chosen, not measured.
    private static let tolerances = (wide: 0.02, middle: 0.005, fine: 2e-4)
    /// How far the middle counts reach beyond the levels found on the wide ones. Chosen, not measured.
    private static let middleFactors = (low: 0.4, high: 2.5)
    /// How far the fine counts reach beyond the levels found on the middle ones: a logarithm, and a part of their span. The
    /// first step from a guess is longer by as much. Chosen, not measured.
    private static let marginLog = 0.04
    private static let marginShare = 0.3

    /// nil where even an idle queue breaks the objective.
    init?(_ queue: SequencedQueue, hours: DrawnHours) {
        let stable = queue.chain.stableRatePerSecond
        guard stable.isFinite, stable > 0, queue.chain.quietShareOver() <= queue.chain.shareAllowed else {
            return nil
        }
        self.queue = queue
        self.hours = hours
        let (lowest, highest) = BreakSearch.utilisations
        let ends = log(lowest * stable)...log(stable)
        let wide = queue.lateCounts(from: lowest * stable, to: highest * stable, part: 8)
        var levels = BreakSearch.levels(
            queue, hours, every: BreakSearch.roughHours, counts: [wide],
            near: log(BreakSearch.guessedUtilisation * stable),
            within: ends, tolerance: BreakSearch.tolerances.wide)
        guard let low = levels.min(), let high = levels.max(),
            low > wide.logFirst + BreakSearch.tolerances.wide
        else { return nil }
        let middle = queue.lateCounts(
            from: max(BreakSearch.middleFactors.low * exp(low), lowest * stable),
            to: min(BreakSearch.middleFactors.high * exp(high), highest * stable), part: 4)
        levels = BreakSearch.levels(
            queue, hours, every: BreakSearch.roughHours, counts: [middle, wide],
            near: Summary.quantile(levels, 0.5), within: ends, tolerance: BreakSearch.tolerances.middle)
        let (first, last) = (levels.min() ?? low, levels.max() ?? high)
        let margin = BreakSearch.marginLog + BreakSearch.marginShare * (last - first)
        let fine = queue.lateCounts(
            from: max(exp(first - margin), lowest * stable), to: min(exp(last + margin), highest * stable),
            part: 1)
        counts = [fine, middle, wide]
        logLevels = BreakSearch.levels(
            queue, hours, every: 1, counts: counts, near: Summary.quantile(levels, 0.5), within: ends,
            tolerance: BreakSearch.tolerances.fine)
    }

    /// The logarithms of the rates at which every so many-th hour breaks.
    private static func levels(
        _ queue: SequencedQueue, _ hours: DrawnHours, every: Int, counts: [LateCounts], near guess: Double,
        within ends: ClosedRange<Double>, tolerance: Double
    ) -> [Double] {
        stride(from: 0, to: hours.factors.count, by: every).map { hour in
            var sums = WindowSums(queue: queue, hours: hours, hour: hour, counts: counts)
            return sums.breakLevel(
                near: guess, step: 10 * tolerance + marginLog, within: ends, tolerance: tolerance)
        }
    }

    /// The share of an hour's time whose rolling five minutes break the objective at a rate, and of its messages that are late.
    func over(hour: Int, logRate: Double) -> (shareOver: Double, shareLate: Double) {
        var sums = WindowSums(queue: queue, hours: hours, hour: hour, counts: counts)
        return sums.over(logRate: logRate)
    }

    /// The share of messages over the objective in the worst five minutes of an hour at a rate.
    func worstShare(hour: Int, logRate: Double) -> Double {
        var sums = WindowSums(queue: queue, hours: hours, hour: hour, counts: counts)
        return sums.worstShare(logRate: logRate)
    }
}
