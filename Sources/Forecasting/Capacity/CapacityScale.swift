import Foundation
import Numerics

/// The factor on capacity that meets a share, from what past capacity would have missed.
///
/// As in regional frequency analysis (Hosking and Wallis 1997): a series' own factor at a share that it has
/// seen often (one in a hundred) times a growth curve to rarer shares, which all series and a curve of public
/// data make together. Each is drawn to the wider body of data by how often it has seen the share.
struct CapacityScale: Sendable {
    let target: CapacityTarget
    let prior: FactorCurve

    /// The share at which a series speaks for itself.
    static let commonShare = 0.01
    /// Misses come in bursts: so many steps count as one.
    static let burst = 3.0

    /// Log factors of all series, from their rows and the log capacity of each row at factor 1.
    func logFactors(_ blocks: [CapacityCost.Block], _ logCapacity: [[Double]], overlap: Double) -> [Double] {
        let share = target.share
        let common = max(share, CapacityScale.commonShare)
        let priorCommon = prior.logFactor(share: common)
        let priorGrowth = prior.logFactor(share: share) - priorCommon
        var own: [(common: Double, rare: Double, common_n: Double, rare_n: Double)?] = []
        for (block, capacity) in zip(blocks, logCapacity) {
            let seen = Double(block.rowCount) / overlap / CapacityScale.burst
            let curve = MissCurve(
                logDemand: Array(block.logDemand[..<block.rowCount]), logCapacity: capacity)
            guard seen * common >= 1, let near = curve.logFactor(target.measure, share: common),
                let rare = curve.logFactor(target.measure, share: share)
            else {
                own.append(nil)
                continue
            }
            own.append((near, rare, seen * common, seen * share))
        }
        var growth = 0.0
        var weight = 0.0
        for case let entry? in own {
            growth += entry.rare_n * (entry.rare - entry.common)
            weight += entry.rare_n
        }
        let number = Double(own.count { $0 != nil })
        // Series share their bursts, so many are worth less than their number.
        let known = number > 0 ? weight / number.squareRoot() : 0
        let mixed = ((weight > 0 ? growth / weight * known : 0) + 10 * priorGrowth) / (known + 10)
        return own.map { entry in
            guard let entry else { return priorCommon + mixed }
            let near = (entry.common_n * entry.common + 5 * priorCommon) / (entry.common_n + 5)
            let regional = near + mixed
            return (entry.rare_n * entry.rare + 10 * regional) / (entry.rare_n + 10)
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
