import Foundation

/// The recency-weighted profile of a series by the phase of its seasons, around a slowly moving level.
///
/// The level is the centred mean over the long season, extended to the origin at its last slope or flat.
/// Profiles of the long and of the short season are weighted by age and the former is shrunk to the latter.
struct SeasonalProfile: Sendable {
    /// The profile at each phase of the long season, phase 0 being the first forecast step.
    let byPhase: [Double]
    let season: Int

    /// The profile of complete values.
    ///
    /// `decay` is the weight of a long season relative to the one after it, `shrinkage` the weight of the
    /// short season's profile, in visits; with `followsSlope` the level goes on at its last slope. With
    /// `isRobust`, values far from the profile count less (Huber's weights at 1.5 robust deviations, twice).
    init(
        _ values: [Double], isObserved: (Int) -> Bool, short: Int, long: Int, decay: Double,
        shrinkage: Double, followsSlope: Bool, isRobust: Bool = false
    ) {
        let level = SeasonalProfile.level(values, span: long, followsSlope: followsSlope)
        let count = values.count
        var deviations = [Double](repeating: .nan, count: count)
        var longWeights = [Double](repeating: 0, count: count)
        var shortWeights = longWeights
        let shortDecay = Foundation.pow(decay, 2 / Double(long))
        var longWeight = 1.0
        var shortWeight = 1.0
        for age in 0..<count {
            if age > 0, age % long == 0 { longWeight *= decay }
            let index = count - 1 - age
            if isObserved(index) {
                deviations[index] = values[index] - level[index]
                longWeights[index] = longWeight
                shortWeights[index] = shortWeight
            }
            shortWeight *= shortDecay
        }
        var factors: [Double]?
        var profile = [Double]()
        var sizes: [Double] = []
        for pass in 0..<(isRobust ? 3 : 1) {
            profile = SeasonalProfile.average(
                deviations, longWeights, shortWeights, factors, short: short, long: long, shrinkage: shrinkage
            )
            guard isRobust, pass < 2 else { break }
            sizes.removeAll(keepingCapacity: true)
            var next = [Double](repeating: 1, count: count)
            var phase = (long - count % long) % long
            for index in 0..<count {
                let size = abs(deviations[index] - profile[phase])
                next[index] = size
                if !size.isNaN { sizes.append(size) }
                phase = phase + 1 == long ? 0 : phase + 1
            }
            let bound = 1.5 * (1.4826 * Selection.median(sizes) + 1e-9)
            for index in 0..<count { next[index] = next[index] > bound ? bound / next[index] : 1 }
            factors = next
        }
        byPhase = profile
        season = long
    }

    /// Weighted means by phase of the long season, shrunk to those of the short one.
    private static func average(
        _ deviations: [Double], _ longWeights: [Double], _ shortWeights: [Double], _ factors: [Double]?,
        short: Int, long: Int, shrinkage: Double
    ) -> [Double] {
        let count = deviations.count
        var weightLong = [Double](repeating: 0, count: long)
        var sumLong = weightLong
        var weightShort = [Double](repeating: 0, count: short)
        var sumShort = weightShort
        var phase = (long - count % long) % long
        var shortPhase = phase % short
        for index in 0..<count {
            let deviation = deviations[index]
            if !deviation.isNaN {
                let factor = factors?[index] ?? 1
                weightLong[phase] += factor * longWeights[index]
                sumLong[phase] += factor * longWeights[index] * deviation
                weightShort[shortPhase] += factor * shortWeights[index]
                sumShort[shortPhase] += factor * shortWeights[index] * deviation
            }
            phase = phase + 1 == long ? 0 : phase + 1
            shortPhase = shortPhase + 1 == short ? 0 : shortPhase + 1
        }
        return (0..<long).map { phase in
            let daily = sumShort[phase % short] / max(weightShort[phase % short], 1e-12)
            return (sumLong[phase] + shrinkage * daily) / (weightLong[phase] + shrinkage)
        }
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
        var sums = [0.0]
        sums.reserveCapacity(count + 1)
        for value in values { sums.append(sums[sums.count - 1] + value) }
        let means = (span...count).map { (sums[$0] - sums[$0 - span]) / Double(span) }
        let lead = span / 2
        let back = min(means.count - 1, span)
        let slope =
            followsSlope && back > 0
            ? (means[means.count - 1] - means[means.count - 1 - back]) / Double(back) : 0
        return (0..<count).map { index in
            let place = index - lead
            if place < 0 { return means[0] }
            if place < means.count { return means[place] }
            return means[means.count - 1] + slope * Double(place - means.count + 1)
        }
    }
}
