import Foundation
import Numerics

/// Takes lone outliers out of a history, so that one value does not move what models learn from it.
///
/// A value is an outlier where it lies more than eight robust deviations, and more than a factor of three,
/// from the median of its season's phase about the level of its day; where that lasts for two steps at most;
/// and where the values next to it do not share it, but lie at least a factor of two and a half away. A surge
/// or a shift of the level lasts longer and stays. Where more than one value in two hundred would go, such
/// values are the nature of the series, and all stay.
///
/// The last value of a history has no value after it and may be the onset of something: it stays, drawn in
/// to four robust deviations.
struct OutlierScreen {
    /// Robust deviations beyond which a value is an outlier.
    static let deviations = 8.0
    /// The smallest log ratio of an outlier to what was expected.
    static let leastLogRatio = 1.0986
    /// How many times an outlier is the values next to it, or they it.
    static let leastJump = 2.5
    /// Robust deviations to which the last value is drawn in.
    static let lastDeviations = 4.0
    /// The largest share of the values that may be outliers.
    static let rareShare = 0.005
    /// How much wider the bound is for values as they are. Chosen, not measured.
    private static let plainFactor = 1.5
    /// The part of an outlier that the values next to it may share. Chosen, not measured.
    private static let nextShare = 0.4

    private let values: [Double]
    private let scale: ValueScale
    private let expected: [Double]
    private let residuals: [Double]
    private let deviation: Double

    /// Sets lone outliers to NaN and draws in the last value; says whether anything changed.
    ///
    /// NaN is missing; `extent` is that of the values; `logarithms` gives those of the values.
    static func apply(
        to values: inout [Double], seasons: [Int], extent: Extent, logarithms: ([Double]) -> [Double]
    ) -> Bool {
        guard let short = seasons.first, values.count >= 4 * short,
            extent.lowest <= 0 || OutlierScreen.hasLoneValues(values),
            let screen = OutlierScreen(values, seasons: seasons, extent: extent, logarithms: logarithms)
        else { return false }
        return screen.clean(&values)
    }

    /// Whether any one or two values stand out of those next to them, up or down.
    private static func hasLoneValues(_ values: [Double]) -> Bool {
        let factor = leastJump
        return values.withUnsafeBufferPointer { values in
            let count = values.count
            // What is missing hides what is next to it: better look closely.
            func isAbove(_ one: Int, _ two: Int) -> Bool { !(values[one] <= factor * values[two]) }
            if isAbove(count - 1, count - 2) || isAbove(count - 2, count - 1) { return true }
            let isInside =
                values.baseAddress.map { Kernels.best.hasLoneValues($0, count: count, factor: factor) }
                ?? false
            return isInside || isAbove(count - 2, count - 3) && isAbove(count - 2, count - 1)
                || isAbove(count - 3, count - 2) && isAbove(count - 1, count - 2)
        }
    }

    /// nil where most values are zero or all are expected exactly.
    private init?(
        _ values: [Double], seasons: [Int], extent: Extent, logarithms: ([Double]) -> [Double]
    ) {
        func positiveMedian(_ present: [Double]) -> Double? {
            let median = Selection.median(present)
            return median > 0 ? median : nil
        }
        guard let scale = ValueScale.logarithmic(values, extent, middle: positiveMedian) else { return nil }
        self.scale = scale
        self.values = values
        let isComplete = extent.count == values.count
        let scaled =
            scale == .logarithm(offset: 0)
            ? logarithms(values) : values.map { $0.isNaN ? .nan : scale.apply($0) }
        let short = seasons[0]
        var expected = OutlierScreen.levels(scaled, season: short, isComplete: isComplete)
        // Four visits of a phase have a median that one of them hardly moves.
        let season = seasons.last { 4 * $0 <= values.count } ?? short
        let count = values.count
        var residuals = [Double](unsafeUninitializedCapacity: count) { rests, filled in
            for index in 0..<count { rests[index] = scaled[index] - expected[index] }
            filled = count
        }
        let profile = OutlierScreen.profile(residuals, season: season, isComplete: isComplete)
        var phase = (season - count % season) % season
        for index in 0..<count {
            expected[index] += profile[phase]
            residuals[index] = scaled[index] - expected[index]
            phase = phase + 1 == season ? 0 : phase + 1
        }
        self.expected = expected
        self.residuals = residuals
        deviation =
            RobustScale.madToSigma
            * Selection.medianAbsolute(isComplete ? residuals : residuals.filter { !$0.isNaN })
        guard deviation.isFinite, scale != .identity || deviation > 0 else { return nil }
    }

    private var bound: Double {
        let wide = OutlierScreen.deviations * deviation
        return scale == .identity ? OutlierScreen.plainFactor * wide : max(wide, OutlierScreen.leastLogRatio)
    }

    private func clean(_ values: inout [Double]) -> Bool {
        let count = values.count
        let bound = bound
        let isFar = residuals.map { abs($0) > bound }
        var lone: [Int] = []
        var index = 0
        while index < count {
            guard isFar[index] else {
                index += 1
                continue
            }
            let first = index
            while index < count, isFar[index] { index += 1 }
            if index - first <= 2, index < count, isAlone(first..<index) { lone += Array(first..<index) }
        }
        var changed = false
        if !lone.isEmpty, lone.count <= max(2, Int(saturating: OutlierScreen.rareShare * Double(count))) {
            for index in lone { values[index] = .nan }
            changed = true
        }
        if count > 1, isFar[count - 1], !isFar[count - 2], isAlone(count - 1..<count) {
            let limit = OutlierScreen.lastDeviations * deviation
            let residual = min(max(residuals[count - 1], -limit), limit)
            values[count - 1] = scale.invert(expected[count - 1] + residual)
            changed = true
        }
        return changed
    }

    /// Whether the values next to a run share less than four tenths of it.
    private func isAlone(_ run: Range<Int>) -> Bool {
        let size = run.map { abs(residuals[$0]) }.min() ?? 0
        let before = residuals[..<run.lowerBound].last { !$0.isNaN }
        let after = residuals[run.upperBound...].first { !$0.isNaN }
        guard [before, after].allSatisfy({ abs($0 ?? 0) < OutlierScreen.nextShare * size }) else {
            return false
        }
        guard case .logarithm(let offset) = scale else { return true }
        return [run.lowerBound - 1, run.upperBound].allSatisfy { next in
            guard values.indices.contains(next), !values[next].isNaN else { return true }
            return run.allSatisfy { place in
                let (one, two) = (values[place] + offset, values[next] + offset)
                return max(one, two) > OutlierScreen.leastJump * min(one, two)
            }
        }
    }

    /// The median of each season, counted from the end, at each of its values.
    private static func levels(_ values: [Double], season: Int, isComplete: Bool) -> [Double] {
        var result = [Double](repeating: .nan, count: values.count)
        var end = values.count
        var level = Double.nan
        while end > 0 {
            let start = max(0, end - season)
            // A season in part, or mostly missing, takes the level of the one after it.
            if isComplete {
                if 2 * (end - start) >= season || level.isNaN { level = median(values, start..<end) }
            } else {
                let present = values[start..<end].filter { !$0.isNaN }
                if 2 * present.count >= season || level.isNaN, !present.isEmpty {
                    level = Selection.median(present)
                }
            }
            for index in start..<end { result[index] = level }
            end = start
        }
        return result
    }

    private static func median(_ values: [Double], _ range: Range<Int>) -> Double {
        values.withUnsafeBufferPointer { Selection.median(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// The median of each phase, phase 0 being the first step after the end.
    private static func profile(_ values: [Double], season: Int, isComplete: Bool) -> [Double] {
        var visits: [Double] = []
        return (0..<season).map { phase in
            visits.removeAll(keepingCapacity: true)
            for place in stride(from: (values.count + phase) % season, to: values.count, by: season)
            where isComplete || !values[place].isNaN {
                visits.append(values[place])
            }
            return visits.isEmpty ? 0 : Selection.median(visits)
        }
    }
}
