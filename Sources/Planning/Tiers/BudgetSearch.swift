import Units

/// A way to run a tier: what to build it from, what it costs, and what goes wrong.
struct TierOption: Sendable {
    /// What the tier is built from.
    enum Recipe: Sendable, Equatable {
        /// Nodes of a shape that have to serve in each step.
        case pool(shape: String, nodes: [Int])
        /// So many nodes of a shape that share the load.
        case fixed(shape: String, needed: Int)
        /// As a chance of a break asks for it.
        case chance(Double)
    }

    var recipe: Recipe
    var cost: Money
    var misses: PlanMisses
}

/// Puts options of all tiers together, so that a budget is kept at the least cost.
///
/// Of each tier the options count whose misses no cheaper one undercuts. Along the lower convex hulls, the step that mends
/// the most for its cost comes first (a Lagrangian's solutions, the least cost for what each of them leaves; Everett 1963);
/// beside each of these sets, every one in which one tier has any other of its options. The set is the same for every
/// budget, so that a larger budget never costs more; for a single tier it is all options, so that none is cheaper.
struct BudgetSearch {
    private let budget: ErrorBudget
    /// By tier, by rising cost and falling misses.
    private let options: [[TierOption]]
    /// Sets of options along the hulls, `[set][tier]`, by rising cost.
    private let hulls: [[Int]]

    init(_ budget: ErrorBudget, _ all: [[TierOption]]) {
        self.budget = budget
        let kept = all.map { BudgetSearch.undominated($0, budget) }
        options = kept
        hulls = BudgetSearch.chain(kept, budget)
    }

    /// A set of options.
    struct Found {
        var options: [TierOption]
        var cost: Money { options.reduce(.zero) { $0 + $1.cost } }
        var misses: PlanMisses { options.reduce(PlanMisses()) { $0 + $1.misses } }
    }

    /// What the hulls have, by rising cost.
    var frontier: [Found] { hulls.map(found) }

    /// The cheapest set that keeps an allowance; the one with the least misses where none does.
    func cheapest(allowing allowed: Double) -> Found {
        var best: (places: [Int], cost: Money, misses: Double)?
        for hull in hulls {
            for tier in hull.indices {
                // What the others come to, in the same order whatever the tier, so that nothing is left by rounding.
                var (cost, misses) = (Money.zero, 0.0)
                for other in hull.indices where other != tier {
                    cost += options[other][hull[other]].cost
                    misses += counted(options[other][hull[other]])
                }
                for (place, option) in options[tier].enumerated() {
                    let tried = (cost: cost + option.cost, misses: misses + counted(option))
                    guard tried.misses <= allowed,
                        best.map({ (tried.cost, tried.misses) < ($0.cost, $0.misses) }) ?? true
                    else { continue }
                    var places = hull
                    places[tier] = place
                    best = (places, tried.cost, tried.misses)
                }
            }
        }
        return found(best?.places ?? options.map { $0.count - 1 })
    }

    /// Each tier's cheapest sum of nodes and misses, the first of equals.
    func cheapestSum() -> Found {
        Found(
            options: options.compactMap { own in
                own.min { $0.cost.dollars + counted($0) < $1.cost.dollars + counted($1) }
            })
    }

    private func found(_ places: [Int]) -> Found {
        Found(options: places.enumerated().map { options[$0][$1] })
    }

    private func counted(_ option: TierOption) -> Double { option.misses.counted(by: budget) }

    private static func undominated(_ all: [TierOption], _ budget: ErrorBudget) -> [TierOption] {
        let sorted = all.enumerated().sorted { one, other in
            (one.element.cost, one.element.misses.counted(by: budget), one.offset)
                < (other.element.cost, other.element.misses.counted(by: budget), other.offset)
        }.map(\.element)
        var kept: [TierOption] = []
        for option in sorted {
            let misses = option.misses.counted(by: budget)
            if kept.last.map({ misses < $0.misses.counted(by: budget) }) ?? true { kept.append(option) }
        }
        return kept
    }

    /// The places of the lower convex hull of one tier's options.
    private static func hull(_ options: [TierOption], _ budget: ErrorBudget) -> [Int] {
        func point(_ place: Int) -> (x: Double, y: Double) {
            (options[place].cost.dollars, options[place].misses.counted(by: budget))
        }
        var hull: [Int] = []
        for place in options.indices {
            while hull.count > 1 {
                let (a, b, c) = (point(hull[hull.count - 2]), point(hull[hull.count - 1]), point(place))
                guard (b.y - a.y) * (c.x - a.x) >= (c.y - a.y) * (b.x - a.x) else { break }
                hull.removeLast()
            }
            hull.append(place)
        }
        return hull
    }

    private static func chain(_ options: [[TierOption]], _ budget: ErrorBudget) -> [[Int]] {
        var steps: [(gain: Double, tier: Int, place: Int)] = []
        for (tier, own) in options.enumerated() {
            let hull = hull(own, budget)
            for (low, high) in zip(hull, hull.dropFirst()) {
                let saved = own[low].misses.counted(by: budget) - own[high].misses.counted(by: budget)
                let extra = own[high].cost.dollars - own[low].cost.dollars
                steps.append((saved / max(extra, 1e-9), tier, high))
            }
        }
        var places = options.map { _ in 0 }
        var chain = [places]
        for step in steps.sorted(by: { ($1.gain, $0.tier, $0.place) < ($0.gain, $1.tier, $1.place) }) {
            places[step.tier] = step.place
            chain.append(places)
        }
        return chain
    }
}
