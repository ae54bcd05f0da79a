import Foundation
import Numerics

/// The recency-weighted profile of a series by the phase of its seasons, around a slowly moving level.
///
/// The level is the centred mean over the long season, extended to the origin at its last slope or flat.
/// Profiles of the long and of the short season are weighted by age and the former is shrunk to the latter.
struct SeasonalProfile: Sendable {
    /// The profile at each phase of the long season, phase 0 being the first forecast step.
    let byPhase: [Double]
    let season: Int

    /// The shrinkage of a weekly profile that trusts itself, in visits.
    static let weeklyShrinkage = 0.3
    /// The shrinkage of a weekly profile that is close to the daily one, in visits.
    static let dailyShrinkage = 2.0
    /// The weight of a long season over that of the one after it. Chosen, not measured.
    static let seasonDecay = 0.9

    /// The profile of what is left of values over their level; `decay` is the weight of a long season
    /// relative to the one after it, `shrinkage` the weight of the short season's profile, in visits.
    ///
    /// With `isRobust`, values far from the profile count less (Huber's weights at 1.5 robust deviations,
    /// twice).
    init(_ rest: LevelRest, decay: Double, shrinkage: Double, isRobust: Bool = false) {
        let means = PhaseMeans(short: rest.short, long: rest.long, decay: decay, shrinkage: shrinkage)
        let deviations = rest.deviations
        var profile = means.profile(deviations, rest.factors)
        for _ in 0..<(isRobust ? 2 : 0) {
            var sizes = means.distances(deviations, from: profile)
            let known = rest.isComplete ? sizes : zip(sizes, rest.factors).filter { $1 > 0 }.map(\.0)
            let bound =
                RobustScale.huberDeviations * (RobustScale.madToSigma * Selection.median(known) + 1e-9)
            sizes.withUnsafeMutableBufferPointer { sizes in
                if let place = sizes.baseAddress {
                    Kernels.best.huberWeights(place, count: sizes.count, bound: bound)
                }
            }
            if !rest.isComplete {
                for index in sizes.indices where rest.factors[index] == 0 { sizes[index] = 0 }
            }
            profile = means.profile(deviations, sizes)
        }
        byPhase = profile
        season = rest.long
    }

    /// The profile `steps` after the origin; negative before it.
    func value(atStep steps: Int) -> Double {
        let phase = steps % season
        return byPhase[phase < 0 ? phase + season : phase]
    }

    /// Values that end at the origin, less the profile.
    func rest(of values: [Double]) -> [Double] {
        let count = values.count
        return [Double](unsafeUninitializedCapacity: count) { rest, filled in
            if let target = rest.baseAddress {
                Kernels.best.lessProfile(
                    values, count: count, byPhase, season: season,
                    firstPhase: (season - count % season) % season, to: target)
            }
            filled = count
        }
    }
}

/// What the slowly moving level leaves of the values of a series.
struct LevelRest: Sendable {
    let short: Int
    let long: Int
    /// Values less their level; 0 where nothing was observed.
    let deviations: [Double]
    /// 1, or 0 where nothing was observed.
    let factors: [Double]
    /// Whether every value was observed.
    let isComplete: Bool

    /// The rest of complete values, of which those that were not observed carry no weight; without
    /// `isObserved` all of them were. With `followsSlope` the level goes on at its last slope.
    init(_ values: [Double], isObserved: ((Int) -> Bool)?, short: Int, long: Int, followsSlope: Bool) {
        let count = values.count
        var deviations = LevelRest.deviations(values, span: long, followsSlope: followsSlope)
        var factors = [Double](repeating: 1, count: count)
        if let isObserved {
            for index in 0..<count where !isObserved(index) {
                deviations[index] = 0
                factors[index] = 0
            }
        }
        self.short = short
        self.long = long
        self.deviations = deviations
        self.factors = factors
        isComplete = isObserved == nil
    }

    /// Values less the centred mean over `span`, which is flat for the first half of it.
    private static func deviations(_ values: [Double], span: Int, followsSlope: Bool) -> [Double] {
        let count = values.count
        let span = min(span, count)
        let lead = span / 2
        let last = count - span
        let back = min(last, span)
        return [Double](unsafeUninitializedCapacity: count) { result, filled in
            values.withUnsafeBufferPointer { values in
                var sum = 0.0
                for index in 0..<span { sum += values[index] }
                let share = 1 / Double(span)
                var level = sum * share
                var levelBefore = level
                for index in 0...lead { result[index] = values[index] - level }
                for index in 0..<last {
                    if index == last - back { levelBefore = level }
                    sum += values[index + span] - values[index]
                    level = sum * share
                    result[index + 1 + lead] = values[index + 1 + lead] - level
                }
                let end = last + lead
                let slope = followsSlope && back > 0 ? (level - levelBefore) / Double(back) : 0
                for index in (end + 1)..<max(count, end + 1) {
                    result[index] = values[index] - (level + slope * Double(index - end))
                }
            }
            filled = count
        }
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
        let dayDecay = Foundation.pow(decay, 2 * Double(short) / Double(long))
        let size = 2 * (short + long)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { sums in
            sums.initialize(repeating: 0)
            guard let shortWeights = sums.baseAddress else { return [] }
            let shortSums = shortWeights + short
            let longWeights = shortSums + short
            let longSums = longWeights + long
            Kernels.best.phaseSums(
                deviations, factors, count: deviations.count, short: short, long: long, shortDecay: dayDecay,
                longDecay: decay, shortWeights: shortWeights, shortSums: shortSums, longWeights: longWeights,
                longSums: longSums)
            for phase in 0..<short { shortSums[phase] /= max(shortWeights[phase], 1e-12) }
            var day = 0
            return (0..<long).map { phase in
                let daily = shortSums[day]
                day = day + 1 == short ? 0 : day + 1
                return (longSums[phase] + shrinkage * daily) / (longWeights[phase] + shrinkage)
            }
        }
    }

    /// |deviation − profile| of each value.
    func distances(_ deviations: [Double], from profile: [Double]) -> [Double] {
        let count = deviations.count
        return [Double](unsafeUninitializedCapacity: count) { result, filled in
            if let target = result.baseAddress {
                Kernels.best.distances(
                    deviations, count: count, profile, season: long, firstPhase: (long - count % long) % long,
                    to: target)
            }
            filled = count
        }
    }
}
