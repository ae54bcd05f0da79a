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

    /// Spans of the means and of the peaks that are features, in short seasons.
    private static let meanSpans = [1, 28, 84, 365, 730]
    private static let peakSpans = [7, 28, 182]
    /// The short seasons of which the level is the mean; the place of the mean of a year among the spans.
    private static let near = 7
    private static let yearPlace = 3
    /// Means, peaks, and two rises that count by themselves.
    static let featureCount = meanSpans.count + peakSpans.count + 2

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
        for span in meanSpans {
            let mean = table.logMean(max(0, place - span * season)..<place, of: span * season)
            // What the history does not reach back to is taken from the next shorter span.
            let found = mean.isFinite ? mean : last
            features.append(found - level)
            if span > 1 { last = found }
        }
        for span in peakSpans {
            features.append(table.logPeak(max(0, place - span * season)..<place) - level)
        }
        features.append(max(features[0] - features[yearPlace], 0))
        features.append(max(features[0], 0))
        guard features.allSatisfy(\.isFinite) else { return nil }
        return Row(age: age, level: level, features: features, rise: table.peakAhead(of: place) - level)
    }

    /// Whether there is enough to tell the next peak from.
    var tells: Bool { now != nil && past.count >= PeakOutlook.originsMin }

    /// The past as rows to fit to, latest first.
    var block: CapacityCost.Block {
        var block = CapacityCost.Block()
        block.rows = past.flatMap(\.features)
        block.anchors = past.map { _ in 0 }
        block.logDemand = past.map(\.rise)
        block.rowCount = past.count
        return block
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

    /// NaN where less than half of the expected steps was observed.
    func logMean(_ span: Range<Int>, of expected: Int? = nil) -> Double {
        let count = counts[span.upperBound] - counts[span.lowerBound]
        guard 2 * count >= max(expected ?? span.count, 1) else { return .nan }
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
