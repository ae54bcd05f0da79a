import Tape
import Units

/// Local times without a zone, seen by the hour that comes twice when summer time ends.
///
/// A log of a local clock that was read as UTC counts that hour double: on one of the Sundays on which clocks are set back,
/// one whole hour of the night, sharply bounded, holds about twice what lies around it. On Lord Howe Island, where half an
/// hour comes twice, it is not seen.
struct RepeatedHour {
    let summary: SeriesSummary
    let rows: SeriesRows

    /// Events that an hour and its surroundings must hold at least.
    private static let fewest = 60.0

    /// The hours that seem to be counted twice, as intervals.
    func found() -> [(from: Int64, to: Int64, share: Double)] {
        guard let first = rows.rows.first?.start, let last = rows.rows.last?.start else { return [] }
        var found: [(from: Int64, to: Int64, share: Double)] = []
        for midnight in RepeatedHour.midnights(from: first, to: last) {
            // Clocks go back at any hour from midnight to four, in Chile at that before midnight.
            for hour in -1..<4 {
                let start = midnight + Int64(hour) * 3600
                guard let share = doubling(start) else { continue }
                found.append((start, start + 3600, share))
                break
            }
        }
        return found
    }

    /// How many times as much as its surroundings an hour holds, where that is about twice, sharply and not by chance.
    private func doubling(_ start: Int64) -> Double? {
        let half: Int64 = 1800
        var before = sum(start - half, start)
        let inside = (sum(start, start + half), sum(start + half, start + 2 * half))
        var after = sum(start + 2 * half, start + 3 * half)
        // A log may begin or end with the hour.
        if before == 0 { before = after }
        if after == 0 { after = before }
        let (within, around) = (inside.0 + inside.1, before + after)
        guard around > 0, within + around >= RepeatedHour.fewest else { return nil }
        let share = within / around
        // Of counts of which half are the other pass, the difference is so many standard deviations.
        let surprise = (within - around) / (within + around).squareRoot()
        guard (1.6...2.6).contains(share), inside.0 >= 1.4 * before, inside.1 >= 1.4 * after, surprise >= 4
        else {
            return nil
        }
        return isUnusual(start, share) ? share : nil
    }

    /// Whether the same hour of the days around does not stand out alike, as that of a nightly job would.
    private func isUnusual(_ start: Int64, _ share: Double) -> Bool {
        for day: Int64 in [-7, -2, -1, 1, 2, 7] {
            let other = start + day * 86_400
            let around = sum(other - 1800, other) + sum(other + 3600, other + 5400)
            if around >= RepeatedHour.fewest / 4, sum(other, other + 3600) >= 0.8 * share * around {
                return false
            }
        }
        return true
    }

    /// Events from one instant to another; rows of more than half an hour do not count.
    private func sum(_ from: Int64, _ to: Int64) -> Double {
        var total = 0.0
        var index = rows.rows.partitioningIndex { $0.start >= from }
        while index < rows.rows.count, rows.rows[index].start < to {
            if rows.stepSeconds[index] <= 1800 { total += rows.rows[index].y }
            index += 1
        }
        return total
    }

    /// The midnights of the Sundays on which clocks are set back: the last of October (Europe), the first of November (North
    /// America) and the first of April (Australia, New Zealand, Chile).
    static func midnights(from first: Int64, to last: Int64) -> [Int64] {
        let years = Timestamp(seconds: first).date.year...Timestamp(seconds: last).date.year
        return years.flatMap { year in
            [(10, 25), (11, 1), (4, 1)].compactMap { month, day in
                CivilDate(year: year, month: month, day: day).map { date in
                    (date.daysSinceEpoch + Int64(6 - date.weekday)) * 86_400
                }
            }
        }.filter { $0 > first - 86_400 && $0 < last + 86_400 }.sorted()
    }
}
