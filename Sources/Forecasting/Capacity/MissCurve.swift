import Foundation

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
            let ratio = ratios[min(Int(saturating: share * Double(ratios.count)), ratios.count - 1)]
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

    /// The share missed at a log factor.
    func missed(_ measure: CapacityTarget.Measure, logFactor: Double) -> Double {
        var lo = 0
        var hi = ratios.count
        while lo < hi {
            let middle = (lo + hi) / 2
            if ratios[middle] > logFactor { lo = middle + 1 } else { hi = middle }
        }
        guard lo > 0, let total = demand.last, total > 0 else { return 0 }
        switch measure {
        case .hours: return Double(lo) / Double(ratios.count)
        case .demand: return (demand[lo - 1] - exp(logFactor) * capacity[lo - 1]) / total
        }
    }

    /// The log factor at which the mean share that several miss is a target's; nil for none.
    static func logFactor(of curves: [MissCurve], _ target: CapacityTarget) -> Double? {
        let ends = curves.flatMap { [$0.ratios.first, $0.ratios.last { $0.isFinite }] }.compactMap { $0 }
        guard var lo = ends.min(), var hi = ends.max(), hi.isFinite else { return nil }
        lo -= 10
        for _ in 0..<50 {
            let middle = (lo + hi) / 2
            let missed = curves.reduce(0) { $0 + $1.missed(target.measure, logFactor: middle) }
            if missed > target.share * Double(curves.count) { lo = middle } else { hi = middle }
        }
        return hi
    }
}
