import Exchange
import Units

/// How nodes that are needed by step are bought: so many with commitment, the rest by the hour.
///
/// Reserved nodes are paid for and run in every step; nodes on demand run by the least schedule that covers
/// the rest. The cost is convex in the number reserved (it is the value of a linear programme in its
/// right-hand side), so the best number is found exactly by walking downhill from the best number without
/// minimum times.
struct PurchasePlan: Sendable {
    /// Nodes bought with commitment.
    let reserved: Int
    /// Nodes that run in each step, those reserved and on spot included.
    let nodes: [Int]
    /// Spot nodes of them in each step; empty: none.
    let spot: [Int]
    /// One node over one step.
    let prices: StepPrices

    typealias StepPrices = PurchaseProgramme.StepPrices

    init(reserved: Int, nodes: [Int], spot: [Int] = [], prices: StepPrices) {
        self.reserved = reserved
        self.nodes = nodes
        self.spot = spot.contains { $0 > 0 } ? spot : []
        self.prices = prices
    }

    static func cheapest(needed: [Int], minimumUp: Int, prices: StepPrices) -> PurchasePlan {
        let most = needed.max() ?? 0
        var known: [Int: PurchasePlan] = [:]
        func plan(_ reserved: Int) -> PurchasePlan {
            if let found = known[reserved] { return found }
            let found = PurchasePlan(
                reserved: reserved, needed: needed, minimumUp: minimumUp, prices: prices)
            known[reserved] = found
            return found
        }
        var best = startingPoint(needed: needed, prices: prices)
        while best > 0, plan(best - 1).cost <= plan(best).cost { best -= 1 }
        while best < most, plan(best + 1).cost < plan(best).cost { best += 1 }
        return plan(best)
    }

    /// A purchase with a given number reserved.
    init(reserved: Int, needed: [Int], minimumUp: Int, prices: StepPrices) {
        let others = NodeSchedule(needed: needed.map { max(0, $0 - reserved) }, minimumUp: minimumUp).nodes
        self.init(reserved: reserved, nodes: others.map { $0 + reserved }, prices: prices)
    }

    /// Node-steps with commitment.
    var reservedSteps: Int { reserved * nodes.count }

    /// Node-steps on spot.
    var spotSteps: Int { spot.reduce(0, +) }

    var onDemandSteps: Int { nodes.reduce(0, +) - reservedSteps - spotSteps }

    /// What spot nodes cost over all steps.
    var spotCost: Money { (prices.spot ?? .zero) * spotSteps }

    /// The cost over all steps.
    var cost: Money { prices.reserved * reservedSteps + prices.onDemand * onDemandSteps + spotCost }

    /// The best number where nodes may go on and off at will: reserve while a node is on for long enough to
    /// pay.
    private static func startingPoint(needed: [Int], prices: StepPrices) -> Int {
        let sorted = needed.sorted(by: >)
        guard prices.onDemand > .zero else { return 0 }
        let share = prices.reserved.dollars / prices.onDemand.dollars
        let place = Int(saturating: (share * Double(sorted.count)).rounded(.down))
        return place < sorted.count ? max(0, sorted[place]) : 0
    }
}

extension PurchaseProgramme.StepPrices {
    /// A shape's prices over a step. Each interruption of a spot node starts a node on demand in its place, which is paid
    /// for while it warms up.
    init(of shape: Shape, stepSeconds: Int64) {
        let hours = Double(stepSeconds) / 3600
        self.init(
            reserved: Money(dollars: shape.reservedPerHour.dollars * hours),
            onDemand: Money(dollars: shape.onDemandPerHour.dollars * hours),
            spot: shape.spot.map { spot in
                let interruptions = spot.interruptionsPerMonth / Shape.hoursPerMonth
                let warmUp = shape.onDemandPerHour.dollars * shape.warmUpSeconds / 3600
                return Money(dollars: (spot.perHour.dollars + interruptions * warmUp) * hours)
            })
    }
}
