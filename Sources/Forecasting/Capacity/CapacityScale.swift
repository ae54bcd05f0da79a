import Foundation
import Numerics

/// The factor on capacity that meets a share, from what past capacity would have missed.
///
/// As in regional frequency analysis (Hosking and Wallis 1997): a series' own place and spread, which it has
/// seen often, times a growth to the target that all series and public data make together. Each is drawn to
/// the wider body of data by how often it has seen the share. Growth is where the mean share missed over all
/// series meets the target, not the mean of their factors: demand that is lost is lost in few great bursts,
/// and the series without one would hide them. The place follows the last months (`CapacityDrift`).
struct CapacityScale: Sendable {
    let target: CapacityTarget
    let prior: CapacityPrior

    /// Misses come in bursts: so many steps count as one.
    static let burst = 3.0
    /// Bursts over the common share that weigh as much as the public data. By demand lost many more: a factor
    /// that follows its own bursts buys capacity when they are over, and a single one can decide for years.
    var commonBursts: Double { target.measure == .hours ? 30 : 200 }
    /// Bursts over the target's share, of all series, that weigh as much as the public growth.
    var growthBursts: Double { target.measure == .hours ? 25 : 400 }
    /// Bursts over the target's share that a series needs to be believed half about its own tail.
    static let ownBursts = 20.0
    /// A share of hours that every series sees often, up to which its spread is taken.
    static let commonShare = 0.03

    /// Where a series' log ratios lie, and how far up its tail reaches.
    struct SeriesTail: Sendable {
        /// The quantile that is followed, in the long run.
        var baseline: Double
        /// How much further from there to the common share than in public data, as a logarithm.
        var spread: Double
        /// How many bursts' worth of rows there are.
        var bursts: Double
    }

    /// The tail of a series by its first rows.
    func tail(of ratios: ArraySlice<Double>, overlap: Double) -> SeriesTail {
        let bursts = Double(ratios.count) / overlap / CapacityScale.burst
        let sorted = ratios.filter(\.isFinite).sorted()
        guard bursts * CapacityScale.commonShare >= 1, !sorted.isEmpty else {
            return SeriesTail(baseline: prior.typical, spread: 0, bursts: 0)
        }
        let common = bursts * CapacityScale.commonShare
        let own = common / (common + commonBursts)
        let typical = Summary.quantile(sorted: sorted, CapacityDrift.level)
        let spread = Summary.quantile(sorted: sorted, 1 - CapacityScale.commonShare) - typical
        return SeriesTail(
            baseline: own * typical + (1 - own) * prior.typical,
            spread: own * (spread - prior.spread), bursts: bursts)
    }

    /// Log factors over the moved baselines, from what capacity at them would have missed.
    func growth(_ tails: [SeriesTail], _ curves: [MissCurve?]) -> [Double] {
        let known = zip(tails, curves).compactMap { tail, curve in
            tail.bursts > 0 ? curve.map { (tail, $0) } : nil
        }
        let usual = prior.curve.logFactor(share: target.share)
        // A share that is seen more often than the common one has only a part of the way to it.
        let part = min(max(usual / prior.spread, 0), 1)
        let spread = known.isEmpty ? 0 : part * Summary.mean(known.map(\.0.spread))
        var common = usual + spread
        if let pooled = MissCurve.logFactor(of: known.map(\.1), target) {
            // Series share their bursts, so many are worth less than their number.
            let seen = known.reduce(0) { $0 + $1.0.bursts } * target.share
            let weight = seen / Double(known.count).squareRoot()
            common =
                (weight * pooled + growthBursts * common)
                / (weight + growthBursts)
        }
        return zip(tails, curves).map { tail, curve in
            let growth = common - spread + part * tail.spread
            guard target.measure == .hours, tail.bursts > 0,
                let own = curve?.logFactor(target.measure, share: target.share)
            else { return growth }
            let rare = tail.bursts * target.share
            return (rare * own + CapacityScale.ownBursts * growth) / (rare + CapacityScale.ownBursts)
        }
    }
}

/// Log factors by share, from public data.
struct FactorCurve: Sendable {
    /// Shares, falling.
    static let shares = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001]
    /// The log factor at each.
    let logFactors: [Double]

    /// Linear in the logarithm of the share; continued beyond the ends.
    func logFactor(share: Double) -> Double {
        let shares = FactorCurve.shares
        let upper = min(max(shares.firstIndex { $0 <= share } ?? shares.count - 1, 1), shares.count - 1)
        let from = log(shares[upper - 1])
        let part = (log(share) - from) / (log(shares[upper]) - from)
        return logFactors[upper - 1] + part * (logFactors[upper] - logFactors[upper - 1])
    }
}
