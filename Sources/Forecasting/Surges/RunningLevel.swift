import Foundation
import Units

/// A series as multiples of its running level: the median of the 28 days before each value.
struct RunningLevel {
    /// Values over the level before them; NaN before there is one.
    let multiples: [Double]
    /// The level at the end.
    let last: Double
    /// By which factor it has grown in a year.
    let growthPerYear: Double

    /// Days of a mean year.
    private static let yearDays = 365.25

    /// nil for a history of less than twelve weeks, or one whose level is zero at times.
    init?(_ series: RegularSeries) {
        let perDay = 86_400 / Double(series.stepSeconds)
        guard Double(series.values.count) >= Double(ReturnLevels.fewestDays) * perDay else { return nil }
        var recent = RecentMedian(window: Int(saturating: Double(ReturnLevels.levelDays) * perDay))
        var multiples = [Double](repeating: .nan, count: series.values.count)
        var levels: [(day: Double, level: Double)] = []
        for (index, value) in series.values.enumerated() {
            if let level = recent.median {
                guard level > 0 else { return nil }
                multiples[index] = value / level
                if level != levels.last?.level { levels.append((Double(index) / perDay, level)) }
            }
            recent.append(value)
        }
        guard let end = levels.last,
            let start = levels.first(where: { end.day - $0.day <= RunningLevel.yearDays })
        else {
            return nil
        }
        self.multiples = multiples
        last = end.level
        let years = (end.day - start.day) / RunningLevel.yearDays
        growthPerYear = years > 0 ? pow(end.level / start.level, 1 / years) : 1
    }
}
