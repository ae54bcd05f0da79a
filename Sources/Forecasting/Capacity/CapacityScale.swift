import Foundation
import Numerics

/// The factor on capacity that meets a share, from what past capacity would have missed.
///
/// As in regional frequency analysis (Hosking and Wallis 1997): a series' own factor at a share of hours that
/// it has seen often (three in a hundred) times a growth to the target that all series and public data make
/// together. Each is drawn to the wider body of data by how often it has seen the share. Both move slowly on
/// purpose: a factor that jumps after every burst buys capacity when it is too late.
struct CapacityScale: Sendable {
    let target: CapacityTarget
    let prior: CapacityPrior

    /// Misses come in bursts: so many steps count as one.
    static let burst = 3.0
    /// Bursts over the common share that weigh as much as the public data.
    static let commonBursts = 15.0
    /// Bursts over the target's share, of all series, that weigh as much as the public growth.
    static let growthBursts = 20.0
    /// Bursts over the target's share that a series needs to be believed half about its own tail.
    static let ownBursts = 15.0

    private struct Own {
        var common: Double
        var rare: Double
        var bursts: Double
    }

    /// Log factors of all series, from their rows and the log capacity of each row at factor 1.
    func logFactors(_ blocks: [CapacityCost.Block], _ logCapacity: [[Double]], overlap: Double) -> [Double] {
        let priorGrowth = prior.curve.logFactor(share: target.share) - prior.commonLogFactor
        let own = zip(blocks, logCapacity).map { self.own($0, $1, overlap: overlap) }
        let known = own.compactMap { $0 }
        // Series share their bursts, so many are worth less than their number.
        let seen = known.reduce(0) { $0 + $1.bursts } * target.share
        let weight = known.isEmpty ? 0 : seen / Double(known.count).squareRoot()
        let typical = known.isEmpty ? 0 : Summary.median(known.map { $0.rare - $0.common })
        let growth =
            (weight * typical + CapacityScale.growthBursts * priorGrowth)
            / (weight + CapacityScale.growthBursts)
        return own.map { own in
            guard let own else { return prior.commonLogFactor + growth }
            let common = own.bursts * CapacityPrior.commonShare
            let near =
                (common * own.common + CapacityScale.commonBursts * prior.commonLogFactor)
                / (common + CapacityScale.commonBursts)
            guard target.measure == .hours else { return near + growth }
            let rare = own.bursts * target.share
            return (rare * own.rare + CapacityScale.ownBursts * (near + growth))
                / (rare + CapacityScale.ownBursts)
        }
    }

    private func own(_ block: CapacityCost.Block, _ logCapacity: [Double], overlap: Double) -> Own? {
        let bursts = Double(block.rowCount) / overlap / CapacityScale.burst
        guard bursts * CapacityPrior.commonShare >= 1 else { return nil }
        let curve = MissCurve(
            logDemand: Array(block.logDemand[..<block.rowCount]), logCapacity: logCapacity)
        guard let common = curve.logFactor(.hours, share: CapacityPrior.commonShare),
            let rare = curve.logFactor(target.measure, share: target.share)
        else { return nil }
        return Own(common: common, rare: rare, bursts: bursts)
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

/// What a capacity would have missed, by factor.
struct MissCurve {
    /// log demand − log capacity of each step, highest first.
    private let ratios: [Double]
    /// By rank: the sums of demand and of capacity from the highest ratio on.
    private let demand: [Double]
    private let capacity: [Double]

    init(logDemand: [Double], logCapacity: [Double]) {
        let order = logDemand.indices.sorted {
            let one = logDemand[$0] - logCapacity[$0]
            let other = logDemand[$1] - logCapacity[$1]
            return one == other ? $0 < $1 : one > other
        }
        ratios = order.map { logDemand[$0] - logCapacity[$0] }
        var sums = (demand: 0.0, capacity: 0.0)
        var demand: [Double] = []
        var capacity: [Double] = []
        for row in order {
            sums.demand += exp(logDemand[row])
            sums.capacity += exp(logCapacity[row])
            demand.append(sums.demand)
            capacity.append(sums.capacity)
        }
        self.demand = demand
        self.capacity = capacity
    }

    /// The smallest log factor that misses no more than a share; nil where nothing was asked for.
    func logFactor(_ measure: CapacityTarget.Measure, share: Double) -> Double? {
        guard let total = demand.last, total > 0, let first = ratios.first, first.isFinite else { return nil }
        switch measure {
        case .hours:
            let ratio = ratios[min(Int(share * Double(ratios.count)), ratios.count - 1)]
            return ratio.isFinite ? ratio : nil
        case .demand:
            // The loss at a factor that equals a ratio grows with its rank; the root lies between two ranks.
            var lo = 0
            var hi = ratios.count - 1
            func lost(_ rank: Int) -> Double { demand[rank] - exp(ratios[rank]) * capacity[rank] }
            while lo < hi {
                let middle = (lo + hi) / 2
                if lost(middle) >= share * total { hi = middle } else { lo = middle + 1 }
            }
            let rank = max(lo - 1, 0)
            let factor = (demand[rank] - share * total) / capacity[rank]
            return factor > 0 ? log(factor) : nil
        }
    }
}
