import Foundation

/// The recency-weighted profile of a series by the phase of its seasons, around a slowly moving level.
///
/// The level is the centred mean over the long season, extended to the origin at its last slope or flat.
/// Profiles of the long and of the short season are weighted by age and the former is shrunk to the latter.
struct SeasonalProfile: Sendable {
    /// The profile at each phase of the long season, phase 0 being the first forecast step.
    let byPhase: [Double]
    let season: Int

    /// The profile of complete values, of which those that were not observed carry no weight; without
    /// `isObserved` all of them were.
    ///
    /// `decay` is the weight of a long season relative to the one after it, `shrinkage` the weight of the
    /// short season's profile, in visits; with `followsSlope` the level goes on at its last slope. With
    /// `isRobust`, values far from the profile count less (Huber's weights at 1.5 robust deviations, twice).
    init(
        _ values: [Double], isObserved: ((Int) -> Bool)?, short: Int, long: Int, decay: Double,
        shrinkage: Double, followsSlope: Bool, isRobust: Bool = false
    ) {
        let level = SeasonalProfile.level(values, span: long, followsSlope: followsSlope)
        let count = values.count
        var deviations = values
        for index in 0..<count { deviations[index] -= level[index] }
        var factors = [Double](repeating: 1, count: count)
        if let isObserved {
            for index in 0..<count where !isObserved(index) {
                deviations[index] = 0
                factors[index] = 0
            }
        }
        let means = PhaseMeans(short: short, long: long, decay: decay, shrinkage: shrinkage)
        var profile = means.profile(deviations, factors)
        for _ in 0..<(isRobust ? 2 : 0) {
            var sizes = means.distances(deviations, from: profile)
            let known = isObserved == nil ? sizes : zip(sizes, factors).filter { $1 > 0 }.map(\.0)
            let bound = 1.5 * (1.4826 * Selection.median(known) + 1e-9)
            for index in 0..<count { sizes[index] = sizes[index] > bound ? bound / sizes[index] : 1 }
            if isObserved != nil {
                for index in 0..<count where factors[index] == 0 { sizes[index] = 0 }
            }
            factors = sizes
            profile = means.profile(deviations, factors)
        }
        byPhase = profile
        season = long
    }

    /// The profile `steps` after the origin; negative before it.
    func value(atStep steps: Int) -> Double {
        let phase = steps % season
        return byPhase[phase < 0 ? phase + season : phase]
    }

    /// The centred mean over `span`, flat for the first half of it.
    private static func level(_ values: [Double], span: Int, followsSlope: Bool) -> [Double] {
        let count = values.count
        let span = min(span, count)
        let lead = span / 2
        let last = count - span
        var result = [Double](repeating: 0, count: count)
        var sum = 0.0
        for index in 0..<span { sum += values[index] }
        let share = 1 / Double(span)
        result[lead] = sum * share
        for index in 0..<last {
            sum += values[index + span] - values[index]
            result[index + 1 + lead] = sum * share
        }
        for index in 0..<lead { result[index] = result[lead] }
        let end = last + lead
        let back = min(last, span)
        let slope = followsSlope && back > 0 ? (result[end] - result[end - back]) / Double(back) : 0
        for index in (end + 1)..<max(count, end + 1) {
            result[index] = result[end] + slope * Double(index - end)
        }
        return result
    }
}

/// Weighted means by phase of the long season, shrunk to those of the short one.
private struct PhaseMeans {
    let short: Int
    let long: Int
    /// The weight of a long season relative to the one after it; days lose weight twice as fast.
    let decay: Double
    let shrinkage: Double

    /// The profile of deviations, each with the factor of its weight: 0 where nothing is observed.
    func profile(_ deviations: [Double], _ factors: [Double]) -> [Double] {
        let (weightLong, sumLong) = sums(deviations, factors, season: long, decay: decay)
        let dayDecay = Foundation.pow(decay, 2 * Double(short) / Double(long))
        let (weightShort, sumShort) = sums(deviations, factors, season: short, decay: dayDecay)
        let daily = zip(sumShort, weightShort).map { $0 / max($1, 1e-12) }
        return (0..<long).map {
            (sumLong[$0] + shrinkage * daily[$0 % short]) / (weightLong[$0] + shrinkage)
        }
    }

    /// |deviation − profile| of each value.
    func distances(_ deviations: [Double], from profile: [Double]) -> [Double] {
        var result = deviations
        result.withUnsafeMutableBufferPointer { result in
            profile.withUnsafeBufferPointer { profile in
                seasons(result.count, of: long) { range, phase in
                    for index in range { result[index] = abs(result[index] - profile[phase + index]) }
                }
            }
        }
        return result
    }

    /// Sums of weights and of weighted deviations by phase of one season.
    private func sums(_ deviations: [Double], _ factors: [Double], season: Int, decay: Double) -> (
        weights: [Double], sums: [Double]
    ) {
        var weights = [Double](repeating: 0, count: season)
        var sums = weights
        weights.withUnsafeMutableBufferPointer { weights in
            sums.withUnsafeMutableBufferPointer { sums in
                deviations.withUnsafeBufferPointer { deviations in
                    factors.withUnsafeBufferPointer { factors in
                        var weight = 1.0
                        seasons(deviations.count, of: season) { range, phase in
                            for index in range {
                                let factor = weight * factors[index]
                                weights[phase + index] += factor
                                sums[phase + index] += factor * deviations[index]
                            }
                            weight *= decay
                        }
                    }
                }
            }
        }
        return (weights, sums)
    }

    /// The seasons of a history, latest first: its places, and what turns a place into a phase.
    @inline(__always)
    private func seasons(_ count: Int, of season: Int, _ body: (Range<Int>, Int) -> Void) {
        var end = count
        while end > 0 {
            let start = max(0, end - season)
            body(start..<end, season - end)
            end = start
        }
    }
}
