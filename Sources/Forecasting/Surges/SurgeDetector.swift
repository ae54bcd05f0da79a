import Foundation
import Numerics
import Units

/// Finds surges, outages and brown-outs in a series against its seasonal baseline.
///
/// Works on e = log((y + c) / (b + c)), with b the baseline and c 1 % of the mean. A surge begins where e
/// passes three robust deviations. It must reach a ratio of 1.5, and five deviations or a ratio of 2,
/// and four deviations or a ratio of 2.5, for twenty minutes of a day (a 72nd of the shortest season). Three
/// quarters of that it must rise over the hours before, and within an eighth of a day unless it is more than
/// twice as high: what swells slowly is the level's own wandering. It ends where e falls under 1.5 deviations
/// or a tenth of its peak's excess; dips of up to an eighth of the shortest season are bridged. A lasting change of
/// level is an event of its own (`LastingShift`): the baseline is learnt from both levels brought to one, so that
/// neither looks like a surge or an outage beside the other. By steps finer than an hour, what an hour shows is
/// found by the hour (`FineSurges`). Falls are told from the hours before and after by sums of 5 to 60 minutes
/// (`LocalFalls`), so that steps agree, and from the season where they last. A brown-out is one only where the series
/// itself drops as it begins.
public struct SurgeDetector: Sendable {
    /// Lengths of the seasons in steps.
    public let seasons: [Int]

    /// The smallest ratio of peak to baseline that is a surge.
    public static let smallestRatio = 1.5

    /// A detector with the seasons of the baseline, in steps.
    public init(seasons: [Int]) {
        self.seasons = seasons.filter { $0 > 1 }.sorted()
    }

    /// The events of a series in order of time.
    ///
    /// Empty where the history holds less than four of the shortest season (or 32 values without seasons).
    /// O(n log n).
    public func events(in series: RegularSeries) -> [SurgeEvent] {
        let mean = Summary.mean(series.values.filter(\.isFinite))
        guard mean > 0, !series.values.contains(where: { $0 < 0 }) else { return [] }
        let shifts = LastingShift.all(
            series.values, seasons: seasons, offset: ValueScale.ratioOffsetShare * mean)
        var level = series
        var factors = [Double](repeating: 1, count: series.values.count)
        for shift in shifts {
            for step in 0..<shift.index { factors[step] *= exp(shift.logRatio) }
        }
        for step in factors.indices { level.values[step] *= factors[step] }
        guard let baseline = SeasonalBaseline(level.values, seasons: seasons) else { return [] }
        let finder = EventFinder(
            series: level, factors: factors, baseline: baseline, season: seasons.first ?? 8)
        let surges = FineSurges(finder, seasons: seasons).map { $0.runs() } ?? finder.surgeRuns()
        let events =
            surges.map { finder.event(.surge, $0) } + finder.falls()
            + shifts.indices.map { finder.shift(shifts, $0) }
        return events.sorted {
            ($0.onset, $0.kind.rawValue) < ($1.onset, $1.kind.rawValue)
        }
    }
}
