import Foundation
import Numerics
import Units

/// How high a series rises once in a given time: peaks over a threshold with a generalised Pareto tail (Coles
/// 2001, chapter 4).
///
/// A market grows, and the peak of a quiet year is no peak of today's: with twelve weeks of history or more, peaks are
/// multiples of the running level, the median of the 28 days before them, and levels are told at the level of the end.
///
/// The threshold is the 95 % quantile of the largest values of each block (a short season, as a day), lowered
/// until forty clusters surpass it or the median is reached. Values over it belong to one cluster until a
/// whole block stays under it; each cluster counts with its largest excess. The fit is by maximum likelihood,
/// the 95 % interval by the profile likelihood of the return level; how often clusters come is taken as
/// known. Few clusters make the likelihood drop further than χ² says, so that intervals are wider than its by
/// 1 + 9 / n: of 250 simulated tails each with shapes from −0.2 to 0.4, plain ones held the level of one and five
/// times the history in 87 % (n = 15 to 20), 93 % (40) and 92 % (80 and 150) of cases.
public struct ReturnLevels: Sendable {
    /// The threshold, at the level of the end.
    public let threshold: Double
    /// The running level at the end, the median of 28 days; nil where peaks are as they are.
    public let level: Double?
    /// By which factor the running level has grown in a year, over the last year or what there is of it; nil without one.
    public let growthPerYear: Double?
    /// Mean number of steps over the threshold in a cluster.
    public let stepsPerCluster: Double
    /// Number of clusters over it.
    public let clusterCount: Int
    public let clustersPerDay: Double
    /// The fitted tail.
    public let tail: GeneralisedPareto
    /// Excesses over the threshold; multiples of the running level where there is one.
    private let excesses: [Double]
    private let thresholdInUnits: Double
    private let unit: Double

    /// Days of the running level, and the fewest days of history from which there is one.
    static let levelDays = 28
    static let fewestDays = 84

    /// The fewest clusters that a tail can be fitted to.
    public static let fewestClusters = 15
    /// Levels of the block maxima that are tried as threshold, until clusters are enough. Chosen, not measured.
    private static let thresholdLevels = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5]
    /// Half of the 95 % quantile of χ² with one degree of freedom.
    static let likelihoodDrop = 1.920729
    /// By how much more of it, over the number of clusters, the likelihood drops at the true level: 95 % of simulated
    /// drops are 1.6, 1.5, 1.2 and 1.1 times it with 15, 20, 40 and 80 clusters.
    private static let smallSampleDrop = 9.0
    /// How far beyond all that was seen the end of an interval is sought. Chosen, not measured.
    static let reach = 1000.0
    /// Shapes over which a return level's likelihood is taken. Chosen, not measured.
    private static let shapes = -0.9...2.0
    /// The least shape of a fit: below −1 the likelihood has no bound.
    private static let leastShape = -0.99

    /// Fits a series; the block is the shortest season in steps.
    ///
    /// Throws `ModelFailure` where there are too few clusters or all excesses are equal.
    public init(_ series: RegularSeries, block: Int) throws(ModelFailure) {
        let running = RunningLevel(series)
        let values = running?.multiples ?? series.values
        let block = max(1, block)
        let maxima = stride(from: 0, to: values.count, by: block).compactMap { start in
            values[start..<min(start + block, values.count)].filter(\.isFinite).max()
        }.sorted()
        guard maxima.count >= 2 * ReturnLevels.fewestClusters else {
            throw ModelFailure(
                "the history is too short: \(maxima.count) blocks, but \(2 * ReturnLevels.fewestClusters) "
                    + "are needed")
        }
        let observed = values.reduce(0) { $1.isFinite ? $0 + 1 : $0 }
        let days = Double(observed) * Double(series.stepSeconds) / 86_400
        var found: (threshold: Double, peaks: [Double], steps: Double) = (0, [], 0)
        for level in ReturnLevels.thresholdLevels {
            let threshold = Summary.quantile(sorted: maxima, level)
            let clusters = ReturnLevels.clusters(values, over: threshold, apart: block)
            found = (threshold, clusters.peaks, clusters.steps)
            if found.peaks.count >= 40 { break }
        }
        try self.init(
            excesses: found.peaks.map { $0 - found.threshold }, threshold: found.threshold, days: days,
            running: running, stepsPerCluster: found.steps)
    }

    /// Fits excesses that are already independent of each other, observed in so many days.
    public init(excesses: [Double], threshold: Double, days: Double) throws(ModelFailure) {
        try self.init(
            excesses: excesses, threshold: threshold, days: days, running: nil, stepsPerCluster: 1)
    }

    private init(
        excesses: [Double], threshold: Double, days: Double, running: RunningLevel?, stepsPerCluster: Double
    ) throws(ModelFailure) {
        guard excesses.count >= ReturnLevels.fewestClusters, days > 0 else {
            throw ModelFailure("\(excesses.count) clusters, but \(ReturnLevels.fewestClusters) are needed")
        }
        guard let tail = ReturnLevels.maximumLikelihood(excesses) else {
            throw ModelFailure("the peaks do not determine a tail")
        }
        self.excesses = excesses
        self.stepsPerCluster = stepsPerCluster
        level = running?.last
        growthPerYear = running?.growthPerYear
        unit = running?.last ?? 1
        thresholdInUnits = threshold
        self.threshold = unit * threshold
        self.tail = tail
        clusterCount = excesses.count
        clustersPerDay = Double(excesses.count) / days
    }

    /// The value that is surpassed once in so many days on average, with a 95 % interval; nil where clusters
    /// are rarer at the threshold already.
    ///
    /// Without the correction for few clusters, the interval is that of χ², as published ones are.
    public func level(days: Double, isCorrected: Bool = true) -> Estimate? {
        level(expected: clustersPerDay * days, isCorrected: isCorrected)
    }

    /// The value that one in so many excesses surpasses.
    private func level(expected: Double, isCorrected: Bool) -> Estimate? {
        guard expected > 1 else { return nil }
        let value = tail.quantile(1 - 1 / expected)
        let best = ReturnLevels.logLikelihood(excesses, tail)
        let widening = isCorrected ? 1 + ReturnLevels.smallSampleDrop / Double(excesses.count) : 1
        func isInside(_ level: Double) -> Bool {
            profile(level, expected: expected) >= best - widening * ReturnLevels.likelihoodDrop
        }
        let largest = excesses.max() ?? value
        let lo = ReturnLevels.edge(from: value, to: 0) { isInside($0) }
        let hi = ReturnLevels.edge(from: value, to: max(value, largest) * ReturnLevels.reach) { isInside($0) }
        return Estimate(
            unit * (thresholdInUnits + value), lo: unit * (thresholdInUnits + lo),
            hi: unit * (thresholdInUnits + hi))
    }

    /// The value that one step in so many days surpasses on average, where `level(days:)` counts a whole peak once.
    ///
    /// A peak over the threshold has `stepsPerCluster` steps over it, whose excesses have the same tail.
    public func stepLevel(days: Double) -> Estimate? {
        level(expected: clustersPerDay * stepsPerCluster * days, isCorrected: true)
    }

    /// The largest likelihood over shapes where the return level (as an excess) is given.
    private func profile(_ level: Double, expected: Double) -> Double {
        guard level > 0 else { return -.infinity }
        let shapes = ReturnLevels.shapes
        return ReturnLevels.maximise(from: shapes.lowerBound, to: shapes.upperBound) { shape in
            let growth = abs(shape) < 1e-9 ? log(expected) : (pow(expected, shape) - 1) / shape
            return ReturnLevels.logLikelihood(
                excesses, GeneralisedPareto(shape: shape, scale: level / growth))
        }.value
    }

    /// The last point on the way that is still inside, by bisection.
    static func edge(from inside: Double, to outside: Double, _ isInside: (Double) -> Bool) -> Double {
        if isInside(outside) { return outside }
        var inner = 0.0
        var outer = 1.0
        for _ in 0..<60 {
            let middle = (inner + outer) / 2
            if isInside(inside + middle * (outside - inside)) { inner = middle } else { outer = middle }
        }
        return inside + inner * (outside - inside)
    }

    /// The values of clusters, runs over a threshold that a whole block under it ends, and the mean number of their steps.
    private static func clusters(_ values: [Double], over threshold: Double, apart block: Int)
        -> (peaks: [Double], steps: Double)
    {
        var result: [Double] = []
        var steps = 0.0
        var last = -block - 1
        for (index, value) in values.enumerated() where value > threshold {
            if index - last > block || result.isEmpty {
                result.append(value)
            } else {
                result[result.count - 1] = max(result[result.count - 1], value)
            }
            last = index
            steps += 1
        }
        return (result, steps / Double(max(result.count, 1)))
    }

    /// Maximum likelihood over θ = ξ / σ, for each of which the best shape is mean log(1 + θ x) (Grimshaw
    /// 1993).
    private static func maximumLikelihood(_ excesses: [Double]) -> GeneralisedPareto? {
        guard let largest = excesses.max(), largest > 0, excesses.min() != largest else { return nil }
        let mean = Summary.mean(excesses)
        func fit(_ ratio: Double) -> GeneralisedPareto? {
            if abs(ratio * mean) < 1e-9 { return GeneralisedPareto(shape: 0, scale: mean) }
            let shape = excesses.reduce(0) { $0 + log1p(ratio * $1) } / Double(excesses.count)
            let scale = shape / ratio
            guard shape > leastShape, scale > 0, scale.isFinite else { return nil }
            return GeneralisedPareto(shape: shape, scale: scale)
        }
        // The range of θ is searched on u with θ = (eᵘ − 1) / largest, which is over −1 / largest for every
        // u.
        let best = maximise(from: -6, to: 8) { u in
            fit(expm1(u) / largest).map { logLikelihood(excesses, $0) } ?? -.infinity
        }
        return fit(expm1(best.argument) / largest)
    }

    private static func logLikelihood(_ excesses: [Double], _ tail: GeneralisedPareto) -> Double {
        excesses.reduce(0) { $0 + tail.logDensity($1) }
    }

    /// The maximum of a function: a grid of 60 points, then golden sections around the best.
    private static func maximise(from lo: Double, to hi: Double, _ function: (Double) -> Double) -> (
        argument: Double, value: Double
    ) {
        let width = (hi - lo) / 60
        var best = (argument: lo, value: -Double.infinity)
        for index in 0...60 {
            let argument = lo + Double(index) * width
            let value = function(argument)
            if value > best.value { best = (argument, value) }
        }
        var left = max(lo, best.argument - width)
        var right = min(hi, best.argument + width)
        let golden = (5.0.squareRoot() - 1) / 2
        for _ in 0..<50 {
            let one = right - golden * (right - left)
            let two = left + golden * (right - left)
            if function(one) < function(two) { left = one } else { right = two }
        }
        let argument = (left + right) / 2
        let value = function(argument)
        return value > best.value ? (argument, value) : best
    }
}
