import Foundation
import Numerics
import Units

/// Draws futures of all series together, so that they surge at once where they did in the history.
///
/// The Schaake shuffle (Clark et al. 2004) with the forecasts' own quantiles: each path follows one stretch
/// of the common history, the same for all series. What a plain seasonal forecast got wrong on that stretch
/// decides where in its distribution each series lies at each step: the path with the r-th largest error of n
/// gets the quantile at level (r − ½) / n. So every step of every series has the calibrated distribution, and
/// the order in time and across series is the history's.
public struct JointPaths: Sendable {
    /// Number of paths.
    public let pathCount: Int
    /// The seed: equal seeds give equal paths.
    public let seed: UInt64
    /// Lengths of the seasons in steps.
    public let seasons: [Int]
    /// Threads to use; the paths do not depend on them.
    public let threads: Int

    /// A sampler of at least one path.
    public init(pathCount: Int, seed: UInt64, seasons: [Int], threads: Int = 1) {
        self.pathCount = max(1, pathCount)
        self.seed = seed
        self.seasons = seasons.filter { $0 > 1 }.sorted()
        self.threads = threads
    }

    /// Draws paths around forecasts that start at one instant, with the histories that they were made from,
    /// in the same order; series without an answer are left out.
    ///
    /// O(paths) for each step and series. Throws `JointPathsError` where the forecasts do not fit
    /// together.
    public func sample(_ forecasts: [SeriesForecast], histories: [RegularSeries]) throws(JointPathsError)
        -> SamplePaths
    {
        guard forecasts.count == histories.count else { throw .differentCounts }
        let answered = forecasts.indices.filter { forecasts[$0].isAnswered }
        guard let first = answered.first.map({ forecasts[$0] }) else { throw .nothingForecast }
        for index in answered {
            let other = forecasts[index]
            guard other.start == first.start, other.stepSeconds == first.stepSeconds,
                other.mean.count == first.mean.count
            else { throw .differentSteps(first.id, other.id) }
        }
        let stepCount = first.mean.count
        let known = answered.map { Forecaster.align(histories[$0], to: first.start) }
        let stretches = Stretches(
            longest: known.map(\.values.count).max() ?? 0, horizon: stepCount, seasons: seasons)
        let assignment = assignStretches(count: stretches.count)
        var shared = PathNoise(seed: seed, stream: 2, pathCount: pathCount)
        let common = (0..<stepCount).flatMap { _ in shared.next() }
        let places = (0..<pathCount).map {
            SeriesForecast.LevelPlace((Double($0) + 0.5) / Double(pathCount), among: first.levels)
        }
        let seriesCount = answered.count
        let values = Parallel.fill(
            pathCount * seriesCount * stepCount, parts: seriesCount, threads: threads
        ) { index, values in
            let ranks = ranks(
                stretches.errors(of: known[index].values), index: index, stepCount: stepCount,
                assignment: assignment, common: common)
            let forecast = forecasts[answered[index]]
            let ladders = forecast.ladders(at: places)
            for path in 0..<pathCount {
                let target = (path * seriesCount + index) * stepCount
                let first = path * stepCount
                for step in 0..<stepCount {
                    values[target + step] = ladders[step * pathCount + Int(ranks[first + step])]
                }
            }
        }
        return SamplePaths(
            ids: answered.map { forecasts[$0].id }, start: first.start, stepSeconds: first.stepSeconds,
            stepCount: stepCount, pathCount: pathCount, values: values)
    }

    /// Each stretch as often as any other, in random order.
    private func assignStretches(count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var random = Random(seed: seed, stream: 1)
        var result: [Int] = []
        while result.count < pathCount {
            var round = Array(0..<count)
            random.shuffle(&round)
            result += round
        }
        return Array(result.prefix(pathCount))
    }

    /// Where the paths of one series lie among each other: their ranks, `[path][step]`.
    private func ranks(
        _ errors: Stretches.Errors, index: Int, stepCount: Int, assignment: [Int], common: [Float]
    ) -> [UInt32] {
        // Stretches that serve several paths are told apart by a little noise, shared in part by all series;
        // a stretch that this series does not reach back to is noise alone.
        let unit = Float(errors.typicalSize)
        let sizes = (0..<pathCount).map { path in
            let isKnown = !assignment.isEmpty && errors.isKnown[assignment[path]]
            return (isKnown ? 0.25 : 1) * 0.707 * unit
        }
        var own = PathNoise(seed: seed, stream: UInt64(index) &* 2 &+ 3, pathCount: pathCount)
        var order = RankOrder(count: pathCount)
        var scores = [Float](repeating: 0, count: pathCount)
        var result = [UInt32](repeating: 0, count: pathCount * stepCount)
        for step in 0..<stepCount {
            let noise = own.next()
            let past = step * errors.isKnown.count
            for path in 0..<pathCount {
                scores[path] = sizes[path] * (common[step * pathCount + path] + noise[path])
            }
            if !assignment.isEmpty {
                for path in 0..<pathCount { scores[path] += errors.byStep[past + assignment[path]] }
            }
            order.sort(scores)
            for rank in 0..<pathCount { result[order.place(rank) * stepCount + step] = UInt32(rank) }
        }
        return result
    }
}

/// Slowly varying noise of variance 1 for all paths, step by step: a first-order autoregression.
///
/// The shocks are sums of four uniform numbers, near enough to normal: only the ranks of what comes out count.
private struct PathNoise {
    private var random: Random
    private var values: [Float]

    private static let memory: Float = 0.95

    init(seed: UInt64, stream: UInt64, pathCount: Int) {
        random = Random(seed: seed, stream: 1000 &+ stream)
        values = (0..<pathCount).map { _ in 0 }
        for path in values.indices { values[path] = shock() }
    }

    /// The noise of the next step, by path.
    mutating func next() -> [Float] {
        let fresh = (1 - PathNoise.memory * PathNoise.memory).squareRoot()
        for path in values.indices { values[path] = PathNoise.memory * values[path] + fresh * shock() }
        return values
    }

    private mutating func shock() -> Float {
        let bits = random.next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
        // Four uniform numbers have the mean 2 and the variance ⅓.
        return (Float(sum) * 0x1p-16 - 2) * 1.7320508
    }
}

/// The order of many numbers, by their first 24 bits in three passes (radix sort); what is equal in those keeps
/// its order.
private struct RankOrder {
    private var keys: [UInt64]
    private var spare: [UInt64]
    private var counts = [Int32](repeating: 0, count: 3 * 256)

    init(count: Int) {
        keys = [UInt64](repeating: 0, count: count)
        spare = keys
    }

    /// The place of the number of a rank, 0 being the smallest.
    func place(_ rank: Int) -> Int { Int(truncatingIfNeeded: keys[rank] & 0xFFFF_FFFF) }

    mutating func sort(_ numbers: [Float]) {
        counts.withUnsafeMutableBufferPointer { counts in
            keys.withUnsafeMutableBufferPointer { keys in
                spare.withUnsafeMutableBufferPointer { spare in
                    RankOrder.sort(numbers, keys, spare, counts)
                }
            }
        }
    }

    private static func sort(
        _ numbers: [Float], _ keys: UnsafeMutableBufferPointer<UInt64>,
        _ spare: UnsafeMutableBufferPointer<UInt64>, _ counts: UnsafeMutableBufferPointer<Int32>
    ) {
        counts.update(repeating: 0)
        for (index, number) in numbers.enumerated() {
            let bits = number.bitPattern
            // Negative numbers in reverse, below the positive ones.
            let key = bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
            keys[index] = UInt64(key) << 32 | UInt64(truncatingIfNeeded: index)
            counts[Int(key >> 8 & 0xFF)] += 1
            counts[256 + Int(key >> 16 & 0xFF)] += 1
            counts[512 + Int(key >> 24)] += 1
        }
        var (source, target) = (keys, spare)
        for digit in 0..<3 {
            var sum: Int32 = 0
            for value in digit * 256..<(digit + 1) * 256 {
                let count = counts[value]
                counts[value] = sum
                sum += count
            }
            let shift = UInt64(40 + 8 * digit)
            for index in 0..<numbers.count {
                let key = source[index]
                let bucket = digit * 256 + Int(truncatingIfNeeded: key >> shift & 0xFF)
                target[Int(counts[bucket])] = key
                counts[bucket] += 1
            }
            swap(&source, &target)
        }
        // An odd number of passes ends in the spare places.
        _ = keys.update(fromContentsOf: source)
    }
}

/// Why paths cannot be drawn.
public enum JointPathsError: Error, Equatable, CustomStringConvertible {
    /// There is not one history for each forecast.
    case differentCounts
    /// No series has a forecast.
    case nothingForecast
    /// Two forecasts differ in start, step or horizon.
    case differentSteps(SeriesID, SeriesID)

    /// What is wrong.
    public var description: String {
        switch self {
        case .differentCounts: "each forecast needs its history"
        case .nothingForecast: "no series has a forecast"
        case .differentSteps(let one, let other):
            "the forecasts of \(one) and \(other) differ in start, step or horizon"
        }
    }
}

/// Stretches of the history as long as the horizon, and what a plain seasonal forecast got wrong on them.
private struct Stretches {
    private let horizon: Int
    private let season: Int
    /// Steps from the start of each stretch to the end of the history.
    private let offsets: [Int]

    var count: Int { offsets.count }

    /// Stretches begin a short season apart, so that hours keep their place; at most 400, the latest.
    init(longest: Int, horizon: Int, seasons: [Int]) {
        self.horizon = horizon
        let season = seasons.last { 2 * $0 + horizon <= longest } ?? 1
        self.season = season
        let spacing = seasons.first ?? max(1, horizon / 4)
        offsets = Array(
            stride(from: horizon, through: longest - 2 * season, by: max(1, min(spacing, horizon))).prefix(
                400))
    }

    /// What the plain forecast of one series got wrong.
    struct Errors {
        /// `[step][stretch]`; 0 where nothing is known.
        let byStep: [Float]
        /// Whether the series reaches back to a stretch.
        let isKnown: [Bool]
        /// The median size of the errors over 0.6745, or 1.
        let typicalSize: Double
    }

    /// Log ratios to the mean of the two last seasons (differences where values are negative).
    func errors(of values: [Double]) -> Errors {
        let present = values.filter(\.isFinite)
        let offset = 0.01 * present.reduce(0) { $0 + abs($1) } / Double(max(present.count, 1)) + 1e-9
        let isNegative = present.contains { $0 < 0 }
        let scaled = isNegative ? values : values.map { log($0 + offset) }
        // By season of the horizon: what the plain forecast is at each place.
        let plain = (0...(horizon - 1) / season).map { block -> [Double] in
            let behind = (block + 1) * season
            return values.indices.map { index in
                let one = value(values, index - behind)
                let mean = (one + value(values, index - behind - season, otherwise: one)) / 2
                return isNegative ? mean : log(mean + offset)
            }
        }
        var byStep = [Float](repeating: 0, count: horizon * offsets.count)
        var isKnown = [Bool](repeating: false, count: offsets.count)
        var sizes: [Double] = []
        for (stretch, back) in offsets.enumerated() {
            let start = values.count - back
            guard start - 2 * season >= 0 else { continue }
            isKnown[stretch] = true
            for step in 0..<horizon {
                let error = value(scaled, start + step) - plain[step / season][start + step]
                guard error.isFinite else { continue }
                byStep[step * offsets.count + stretch] = Float(error)
                sizes.append(abs(error))
            }
        }
        let typical = sizes.isEmpty ? 0 : Selection.median(sizes)
        return Errors(byStep: byStep, isKnown: isKnown, typicalSize: typical > 0 ? 1.4826 * typical : 1)
    }

    private func value(_ values: [Double], _ index: Int, otherwise: Double = .nan) -> Double {
        values.indices.contains(index) && values[index].isFinite ? values[index] : otherwise
    }
}
