import Foundation

/// Levels, earlier peaks and the peak to come at origins a short season apart.
struct PeakOrigins: Sendable {
    /// One origin; all in natural logarithms.
    struct Row: Sendable {
        /// Short seasons before the end of the history.
        let age: Double
        /// The mean of the last seven short seasons.
        let level: Double
        /// Other means and peaks relative to that.
        let features: [Double]
        /// The peak to come relative to it; NaN where it is not known.
        let rise: Double
    }

    /// Weighted means, and products about them.
    struct Moments: Sendable {
        var mean = 0.0
        var features = [Double](repeating: 0, count: PeakOrigins.featureCount)
        var squares = [Double](repeating: 0, count: PeakOrigins.featureCount * PeakOrigins.featureCount)
        var products = [Double](repeating: 0, count: PeakOrigins.featureCount)
    }

    static let featureCount = 6
    /// Spans in short seasons.
    private static let spans = [1, 28, 84, 365]
    private static let near = 7

    /// Origins whose peak is known, latest first.
    let past: [Row]
    /// The end of the history; nil where its last days are missing.
    let now: Row?

    init(_ values: [Double], horizon: Int, season: Int) {
        let table = PeakTable(values, horizon: horizon)
        var past: [Row] = []
        var now: Row?
        var place = values.count
        // The first origins know a week, and a day before it.
        while place >= (PeakOrigins.near + 1) * season {
            let age = Double(values.count - place) / Double(season)
            if let row = PeakOrigins.row(table, at: place, season: season, age: age) {
                if place == values.count { now = row }
                if row.rise.isFinite { past.append(row) }
            }
            place -= season
        }
        self.past = past
        self.now = now
    }

    private static func row(_ table: PeakTable, at place: Int, season: Int, age: Double) -> Row? {
        let level = table.logMean(place - near * season..<place)
        guard level.isFinite else { return nil }
        var last = level
        var features: [Double] = []
        for span in spans {
            let mean = table.logMean(
                max(0, place - span * season)..<place, of: span == 1 ? season : near * season)
            // What the history does not reach back to is taken from the next shorter span.
            let found = mean.isFinite ? mean : last
            features.append(found - level)
            if span > 1 { last = found }
        }
        for span in [near, 28] {
            features.append(table.logPeak(max(0, place - span * season)..<place) - level)
        }
        guard features.allSatisfy(\.isFinite) else { return nil }
        return Row(age: age, level: level, features: features, rise: table.peakAhead(of: place) - level)
    }

    /// Nil where the origins are few or the end is missing.
    func moments(halfLife: Double) -> Moments? {
        guard now != nil, past.count >= PeakOutlook.fewestOrigins else { return nil }
        let columns = PeakOrigins.featureCount
        var result = Moments()
        let weights = past.map { exp2(-$0.age / halfLife) }
        let total = weights.reduce(0, +)
        for (row, weight) in zip(past, weights) {
            result.mean += weight / total * row.rise
            for column in 0..<columns { result.features[column] += weight / total * row.features[column] }
        }
        for (row, weight) in zip(past, weights) {
            let rise = weight * (row.rise - result.mean)
            for one in 0..<columns {
                let value = row.features[one] - result.features[one]
                result.products[one] += rise * value
                for other in 0..<columns {
                    result.squares[one * columns + other] +=
                        weight * value * (row.features[other] - result.features[other])
                }
            }
        }
        return result
    }
}

/// Means and peaks of any span of a history.
private struct PeakTable {
    private let sums: [Double]
    private let counts: [Int]
    private let values: [Double]
    private let horizon: Int

    init(_ values: [Double], horizon: Int) {
        var sums = [0.0]
        var counts = [0]
        for value in values {
            sums.append((sums.last ?? 0) + (value.isFinite ? value : 0))
            counts.append((counts.last ?? 0) + (value.isFinite ? 1 : 0))
        }
        self.sums = sums
        self.counts = counts
        self.values = values
        self.horizon = horizon
    }

    /// NaN where less than half of `least` steps was observed.
    func logMean(_ span: Range<Int>, of least: Int? = nil) -> Double {
        let count = counts[span.upperBound] - counts[span.lowerBound]
        guard 2 * count >= max(least ?? span.count, 1) else { return .nan }
        let sum = sums[span.upperBound] - sums[span.lowerBound]
        return sum > 0 ? log(sum / Double(count)) : .nan
    }

    func logPeak(_ span: Range<Int>) -> Double {
        var highest = 0.0
        for index in span where values[index] > highest { highest = values[index] }
        return highest > 0 ? log(highest) : .nan
    }

    /// NaN where most of the horizon is missing or still to come.
    func peakAhead(of place: Int) -> Double {
        guard place + horizon <= values.count, 2 * (counts[place + horizon] - counts[place]) >= horizon else {
            return .nan
        }
        return logPeak(place..<place + horizon)
    }
}
