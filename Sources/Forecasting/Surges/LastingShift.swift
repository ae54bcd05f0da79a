import Foundation
import Numerics

/// A lasting change of level, which is no surge.
struct LastingShift: Sendable, Equatable {
    /// The first step of the new level.
    let index: Int
    /// The logarithm of the new level over the old one.
    let logRatio: Double

    /// The smallest lasting ratio, up or down, that is a shift.
    static let smallestRatio = 1.5
    /// Seven of the shortest season on each side: a shift lasts, a surge does not.
    private static let sideSeasons = 7
    /// How many times what medians usually differ by a shift is. Chosen, not measured.
    private static let shiftDeviations = 5.0
    /// The part of it that lies between the day before and the day after. Chosen, not measured.
    private static let jumpShare = 0.75
    /// The least part of a week that is known. Chosen, not measured.
    private static let knownShare = 0.75
    /// The part of it that every day after keeps: it is nearer to the new level than to the old one.
    private static let lastingShare = 0.5

    /// The shifts of a series that is not negative, in order of time.
    ///
    /// Medians of a week (of seven short seasons) before and after a step must differ by `smallestRatio` and by
    /// five times what they usually differ by, three quarters of it between the day before and the day after
    /// (a drift does it slowly), and every day after must stay nearer to the new level. O(n log n).
    static func all(_ values: [Double], seasons: [Int], offset: Double) -> [LastingShift] {
        let day = max(seasons.first ?? 1, 8)
        let side = sideSeasons * day
        guard values.count >= 4 * side else { return [] }
        let plain = deseasonalised(
            values.map { $0.isFinite ? log($0 + offset) : .nan }, seasons: seasons, day: day)
        let block = max(1, day / 8)
        let blocks = stride(from: 0, to: plain.count - block + 1, by: block).map { start in
            Summary.median(plain[start..<start + block].filter(\.isFinite))
        }
        let daySize = day / block
        let sideSize = side / block
        func median(_ range: Range<Int>) -> Double { Summary.median(blocks[range].filter(\.isFinite)) }
        // Of a week most has to be known, or an outage of a day after a gap is a level.
        func isKnown(_ range: Range<Int>) -> Bool {
            Double(blocks[range].count(where: \.isFinite)) >= knownShare * Double(range.count)
        }
        var differences = [Double](repeating: .nan, count: blocks.count)
        for place in blocks.indices where place >= sideSize && place + sideSize <= blocks.count {
            let (before, after) = (place - sideSize..<place, place..<place + sideSize)
            guard isKnown(before), isKnown(after) else { continue }
            differences[place] = median(after) - median(before)
        }
        let usual = RobustScale.madToSigma * Summary.median(differences.filter(\.isFinite).map(abs))
        let least = max(log(smallestRatio), shiftDeviations * usual)
        var shifts: [LastingShift] = []
        var place = 0
        while place < blocks.count {
            guard abs(differences[place]) >= least else {
                place += 1
                continue
            }
            // The sharpest place of the run is the shift.
            var end = place
            while end < blocks.count, abs(differences[end]) >= least { end += 1 }
            func jump(_ index: Int) -> Double {
                median(index..<min(index + daySize, blocks.count)) - median(max(0, index - daySize)..<index)
            }
            let best = (place..<end).max { abs(jump($0)) < abs(jump($1)) } ?? place
            let size = differences[best]
            let before = median(best - sideSize..<best)
            let lasts = stride(from: best, to: best + sideSize - daySize + 1, by: daySize).allSatisfy {
                (median($0..<$0 + daySize) - before) / size > lastingShare
            }
            if jump(best) / size >= jumpShare, lasts {
                shifts.append(
                    LastingShift(
                        index: edge(plain, near: best * block, day, before + size / 2), logRatio: size)
                )
                end = max(end, best + sideSize)
            }
            place = end
        }
        return shifts
    }

    /// The step within a day at which most values before lie on one side of the middle and most after on the
    /// other.
    private static func edge(_ plain: [Double], near index: Int, _ day: Int, _ middle: Double) -> Int {
        let first = max(0, index - day)
        let last = min(plain.count, index + day)
        let isUp = Summary.median(plain[index..<last].filter(\.isFinite)) > middle
        var score = 0
        var best = (score: Int.min, index: index)
        for step in first..<last where plain[step].isFinite {
            if score > best.score { best = (score, step) }
            score += (plain[step] > middle) == isUp ? -1 : 1
        }
        return best.index
    }

    /// Logarithms without their season: the median of each phase of what is left over the running median of
    /// seven days, which knows nothing of the level.
    private static func deseasonalised(_ logs: [Double], seasons: [Int], day: Int) -> [Double] {
        guard let season = seasons.last(where: { 4 * $0 <= logs.count }) else { return logs }
        let days = stride(from: 0, to: logs.count, by: day).map { start in
            Summary.median(logs[start..<min(start + day, logs.count)].filter(\.isFinite))
        }
        let levels = days.indices.map { index in
            Summary.median(days[max(0, index - 3)...min(days.count - 1, index + 3)].filter(\.isFinite))
        }
        let shape = (0..<season).map { phase in
            Summary.median(
                stride(from: phase, to: logs.count, by: season).map { logs[$0] - levels[$0 / day] }
                    .filter(\.isFinite))
        }
        return logs.indices.map { logs[$0] - (shape[$0 % season].isFinite ? shape[$0 % season] : 0) }
    }
}
