import Units

/// What one tier's purchase has to keep, and what it pays: an integer programme whose least cost is found exactly.
///
/// Reserved nodes run in every step. Nodes on demand start and stop, with minimum times up and down, step limits and
/// freeze windows: of the counts of all starts and of all stops up to each step, every rule limits a difference, so that
/// for a given number reserved the programme is a `DifferenceProgramme`. Spot nodes cover what is short of the need at
/// their price, up to a limit in each step. The cost is convex in the number reserved, which is found by halving.
public struct PurchaseProgramme: Sendable, Equatable {
    /// Nodes that have to run in each step, those that warm up included.
    public var needed: [Int]
    /// The price of one node over one step.
    public var prices: StepPrices
    /// Steps that a node on demand stays on at least; nodes may be on before the first step.
    public var minimumUp = 1
    /// Steps that a node stays off at least. The fleet has as many nodes as are ever needed at once.
    public var minimumDown = 1
    /// The most nodes that may start in one step; nil: any number.
    public var addedMax: Int?
    /// The most nodes that may stop in one step; nil: any number.
    public var removedMax: Int?
    /// Whether no node may start or stop at the beginning of a step; empty: never.
    public var frozen: [Bool] = []
    /// The most spot nodes of each step; empty: none.
    public var spotMax: [Int] = []
    /// Factors on the need in each of the spans of the commitment after this one, over which reserved nodes are decided;
    /// empty: this span alone.
    public var carried: [Double] = []
    /// The shapes that nodes may be of, where they may be mixed; `prices` are then the least of theirs. Empty: one shape.
    public internal(set) var offers: [ShapeOffer] = []

    public init(needed: [Int], prices: StepPrices) {
        (self.needed, self.prices) = (needed, prices)
    }

    /// The price of one node over one step.
    public struct StepPrices: Sendable, Equatable {
        public var reserved: Money
        public var onDemand: Money
        /// With what interruptions cost; nil where the shape is not sold so.
        public var spot: Money?

        public init(reserved: Money, onDemand: Money, spot: Money? = nil) {
            (self.reserved, self.onDemand, self.spot) = (reserved, onDemand, spot)
        }
    }

    /// The most nodes that are needed in any step: the fleet.
    public var fleet: Int { needed.max() ?? 0 }

    /// Whether nodes may change only within rules beyond the minimum time up.
    public var limitsChanges: Bool {
        minimumDown > 1 || addedMax != nil || removedMax != nil || frozen.contains(true)
    }

    /// Whether the number of spot nodes stays the same: where changes are limited, a spot node that comes or goes would
    /// be one.
    public var isSpotSteady: Bool {
        addedMax != nil || removedMax != nil || frozen.contains(true)
    }

    /// Whether spot nodes may be bought and pay: they are cheaper than on demand and, where their number stays the same,
    /// than reserved nodes.
    public var usesSpot: Bool {
        guard let spot = prices.spot, spot < prices.onDemand, spotMax.contains(where: { $0 > 0 }) else {
            return false
        }
        return !isSpotSteady || spot < prices.reserved
    }

    /// The most spot nodes of a step where they pay, else 0.
    public func spotLimit(_ step: Int) -> Int {
        guard usesSpot else { return 0 }
        return isSpotSteady ? spotMax.min() ?? 0 : spotMax[step]
    }

    /// The purchase of least cost: over this span, or with the weeks that are carried on.
    func cheapest() -> PurchasePlan {
        if !limitsChanges, !usesSpot, carried.isEmpty {
            return PurchasePlan.cheapest(needed: needed, minimumUp: minimumUp, prices: prices)
        }
        // The first number of which one more is no cheaper: the cost is convex.
        var (low, high) = (0, fleet)
        while low < high {
            let middle = (low + high) / 2
            let (one, more) = (plan(always: middle), plan(always: middle + 1))
            if weighed(one) <= weighed(more) { high = middle } else { low = middle + 1 }
        }
        let best = plan(always: low)
        guard isSpotSteady, usesSpot, !carried.isEmpty else { return best }
        // Reserved nodes are bought for longer; spot nodes beside them are for this span.
        let most = min(spotLimit(0), fleet - best.reserved)
        let others = (0...max(0, most)).map { plan(reserved: best.reserved, steady: $0) }
        return others.min { $0.cost < $1.cost } ?? best
    }

    /// The cost of a purchase with the weeks that are carried on, in millionths of a dollar; a node that is reserved more
    /// is paid for in all of them.
    private func weighed(_ plan: PurchasePlan) -> Double {
        let reserved = plan.reserved
        let steps = Double(needed.count)
        let spot = Double((prices.spot ?? .zero).microdollars)
        let later = carried.reduce(0.0) { sum, factor in
            var cost = Double(prices.reserved.microdollars) * Double(reserved) * steps
            for step in needed.indices {
                let short = max(0, PurchaseProgramme.grown(needed[step], by: factor) - Double(reserved))
                let onSpot = min(short, Double(spotLimit(step)))
                cost += Double(prices.onDemand.microdollars) * (short - onSpot) + spot * onSpot
            }
            return sum + cost
        }
        return Double(plan.cost.microdollars) + later
    }

    /// Nodes that are needed when the load has grown by a factor.
    static func grown(_ nodes: Int, by factor: Double) -> Double {
        (Double(nodes) * factor - 1e-9).rounded(.up)
    }

    /// The best purchase with so many nodes that always run: reserved, or where spot stays the same and pays, spot as far
    /// as its limit.
    func plan(always base: Int) -> PurchasePlan {
        let steady = usesSpot && isSpotSteady ? min(base, spotLimit(0)) : 0
        return plan(reserved: base - steady, steady: steady)
    }

    /// The best purchase with so many reserved nodes, and spot nodes whose number stays the same.
    private func plan(reserved: Int, steady: Int) -> PurchasePlan {
        let base = reserved + steady
        let rest = needed.map { max(0, $0 - base) }
        let onDemand = limitsChanges || usesSpot ? scheduled(rest) : unlimited(rest)
        let spot = needed.indices.map { step in
            isSpotSteady ? steady : min(spotLimit(step), max(0, rest[step] - onDemand[step]))
        }
        return PurchasePlan(
            reserved: reserved, nodes: needed.indices.map { reserved + onDemand[$0] + spot[$0] }, spot: spot,
            prices: prices)
    }

    private func unlimited(_ rest: [Int]) -> [Int] { NodeSchedule(needed: rest, minimumUp: minimumUp).nodes }

    /// Nodes on demand in each step: starts and stops up to it are the unknowns.
    private func scheduled(_ rest: [Int]) -> [Int] {
        guard let most = rest.max(), most > 0 else { return rest }
        let steps = rest.count
        var programme = DifferenceProgramme(unknowns: 2 * steps)
        let started = { (step: Int) in step }
        let stopped = { (step: Int) in steps + step }
        let softens = usesSpot && !isSpotSteady
        for step in rest.indices {
            // What is needed; short of it by no more than spot nodes may be, and each of them is paid for.
            let spot = softens ? spotLimit(step) : 0
            programme.limit(stopped(step), minus: started(step), atMost: -max(0, rest[step] - spot))
            if spot > 0, rest[step] > 0 {
                programme.limit(
                    stopped(step), minus: started(step), atMost: -rest[step],
                    price: PurchaseProgramme.units((prices.spot ?? .zero)))
            }
            programme.limit(started(step), minus: stopped(step), atMost: most)
            if minimumDown > 1 {
                programme.limit(
                    started(step), minus: stopped(max(0, step - minimumDown)), atMost: most)
            }
            guard step > 0 else { continue }
            programme.limit(stopped(step), minus: started(max(0, step - max(1, minimumUp))), atMost: 0)
            for (count, most) in [(started, addedMax), (stopped, removedMax)] {
                programme.limit(count(step - 1), minus: count(step), atMost: 0)
                let isFrozen = frozen.indices.contains(step) && frozen[step]
                if let limit = isFrozen ? 0 : most {
                    programme.limit(count(step), minus: count(step - 1), atMost: limit)
                }
            }
        }
        let price = PurchaseProgramme.units(prices.onDemand)
        let counts = programme.solution(
            weights: [Int](repeating: price, count: steps) + [Int](repeating: -price, count: steps),
            reference: stopped(0))
        return rest.indices.map { counts[started($0)] - counts[stopped($0)] }
    }

    /// A price in whole units; where nothing costs anything, nodes still cost alike.
    private static func units(_ price: Money) -> Int { max(1, Int(price.microdollars)) }
}
