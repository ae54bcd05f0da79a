import Units

/// Nodes by step at the least sum of what they cost and what goes wrong: a newsvendor's choice (Arrow, Harris and Marschak
/// 1951) for each step, and for the nodes that are reserved over all of them.
///
/// It is the least sum over the numbers of nodes that are tried, where nodes go on and off at will.
struct NodeTradeoff {
    /// The numbers of nodes that are tried, rising; at least one.
    let counts: [Int]
    /// What goes wrong, `[count][step]`, in any unit.
    let misses: [[Double]]
    let prices: PurchasePlan.StepPrices
    /// A factor on the price on demand, for what minimum times and warm-up add to it.
    let onDemandFactor: Double

    /// Nodes by step, one of `counts` each, with what they cost and what goes wrong.
    struct Solution {
        var nodes: [Int]
        var cost: Double
        var misses: Double
    }

    /// The least sum at a price of a unit that goes wrong, in dollars.
    func solution(price: Double) -> Solution {
        let (reserved, onDemand) = (prices.reserved.dollars, prices.onDemand.dollars * onDemandFactor)
        let steps = misses[0].count
        // For each step and count the best of this and larger counts.
        var best = [[Int]](repeating: [Int](repeating: 0, count: counts.count), count: steps)
        var sums = [Double](repeating: 0, count: counts.count)
        for step in 0..<steps {
            var least = (sum: Double.infinity, place: 0)
            for place in counts.indices.reversed() {
                let sum = Double(counts[place]) * onDemand + price * misses[place][step]
                if sum <= least.sum { least = (sum, place) }
                best[step][place] = least.place
                sums[place] += least.sum
            }
        }
        func total(_ place: Int) -> Double {
            sums[place] + Double(counts[place] * steps) * (reserved - onDemand)
        }
        let cheapest = counts.indices.min { total($0) < total($1) } ?? 0
        // None reserved: all of the first count's choices, at the price on demand.
        let keepsNone = sums[0] <= total(cheapest)
        let places = best.map { $0[keepsNone ? 0 : cheapest] }
        let missed = places.enumerated().reduce(0) { $0 + misses[$1.element][$1.offset] }
        return Solution(
            nodes: places.map { counts[$0] },
            cost: (keepsNone ? sums[0] : total(cheapest)) - price * missed, misses: missed)
    }

    /// The solutions at some rising prices, and between them at the prices where two of them cost the same, as often as that
    /// finds others: the lower convex hull of cost and misses, as far as `depth` halvings tell it.
    func solutions(prices: [Double], depth: Int) -> [Solution] {
        var found: [Solution] = []
        var last: Solution?
        for price in prices {
            let next = solution(price: price)
            if let last { found += between(last, next, depth: depth) }
            found.append(next)
            last = next
        }
        return found
    }

    /// Solutions between two, the cheaper one first.
    private func between(_ low: Solution, _ high: Solution, depth: Int) -> [Solution] {
        guard depth > 0, low.nodes != high.nodes, low.misses > high.misses, high.cost > low.cost else {
            return []
        }
        let middle = solution(price: (high.cost - low.cost) / (low.misses - high.misses))
        guard middle.nodes != low.nodes, middle.nodes != high.nodes else { return [] }
        return between(low, middle, depth: depth - 1) + [middle] + between(middle, high, depth: depth - 1)
    }
}
