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
    ///
    /// `decay` is the weight of a long season relative to the one after it, `shrinkage` the weight of the
    /// short season's profile, in visits; with `followsSlope` the level goes on at its last slope.
    init(
        _ values: [Double], isObserved: (Int) -> Bool, short: Int, long: Int, decay: Double,
        shrinkage: Double,
        followsSlope: Bool
    ) {
        let level = SeasonalProfile.level(values, span: long, followsSlope: followsSlope)
        let count = values.count
        var weightLong = [Double](repeating: 0, count: long)
        var sumLong = weightLong
        var weightShort = [Double](repeating: 0, count: short)
        var sumShort = weightShort
        var shortWeight = 1.0
        let shortDecay = Foundation.pow(decay, 2 / Double(long))
        var longWeight = 1.0
        for age in 0..<count {
            if age > 0, age % long == 0 { longWeight *= decay }
            let index = count - 1 - age
            if isObserved(index) {
                let deviation = values[index] - level[index]
                let phase = long - 1 - age % long
                weightLong[phase] += longWeight
                sumLong[phase] += longWeight * deviation
                weightShort[phase % short] += shortWeight
                sumShort[phase % short] += shortWeight * deviation
            }
            shortWeight *= shortDecay
        }
        byPhase = (0..<long).map { phase in
            let daily = sumShort[phase % short] / max(weightShort[phase % short], 1e-12)
            return (sumLong[phase] + shrinkage * daily) / (weightLong[phase] + shrinkage)
        }
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
