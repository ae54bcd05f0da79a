import Exchange
import Foundation
import Planning
import Replay
import TestSupport
import Testing
import Units

/// Servers that hold a load which differs from hour to hour, lognormally, in proportion to their number.
private struct SpreadCapacity: CapacityModel {
    /// Standard deviation of the logarithm.
    var spread = 0.2

    func levels(servers: Int, meanSeconds: Double) -> BreakLevels {
        // Scores of equal shares of a normal distribution, roughly: the figures matter to no test.
        let scores = [-1.5, -0.9, -0.5, -0.16, 0.16, 0.5, 0.9, 1.5]
        return BreakLevels(perSecond: scores.map { Double(servers) / meanSeconds * exp(spread * $0) })
    }

    func breakLevels(of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile) -> BreakLevels {
        levels(servers: servers, meanSeconds: tier.mixedService(of: mix)?.meanSeconds ?? 1)
    }
}

@Suite("Error budgets")
struct BudgetTests {
    private static let catalogue = Catalogue(
        source: "test",
        shapes: [Fixtures.shape("small", cores: 1, onDemand: 0.1, reserved: 0.066, warmUpSeconds: 0)])

    /// Some paths of a few steps, in orders a second; an order is a millisecond of work.
    private static func demand(seed: UInt64, steps: Int, paths: Int, level: Double = 2500) -> DemandPaths {
        var random = SplitMix64(seed: seed)
        let season = (0..<steps).map { _ in 0.4 + random.uniform() }
        let values = (0..<paths).flatMap { _ in
            let common = 0.8 + 0.4 * random.uniform()
            return season.map { level * $0 * common }
        }
        return DemandPaths(
            symbols: [Fixtures.symbol("A")], start: Fixtures.start, stepSeconds: 3600, stepCount: steps,
            pathCount: paths, tradesPerSecond: values)
    }

    private static func plan(
        _ demand: DemandPaths, _ budget: ErrorBudget?, capacity: some CapacityModel = SpreadCapacity()
    ) throws -> Plan {
        var options = Fixtures.bare
        options.budget = budget
        return try Planner(options: options).plan(
            demand: demand, topology: Fixtures.topology(Fixtures.tier()), catalogue: catalogue,
            capacity: capacity)
    }

    /// Minutes that are expected to break in a step on some nodes, in mean over paths: a whole hour where it breaks.
    private static func minutes(_ demand: DemandPaths, step: Int, nodes: Int) -> Double {
        let levels = SpreadCapacity().levels(servers: nodes, meanSeconds: 1e-3)
        let chances = (0..<demand.pathCount).map {
            levels.chance(ratePerSecond: demand.trades(path: $0, symbol: 0, step: step))
        }
        return 60 * chances.reduce(0, +) / Double(demand.pathCount)
    }

    @Test(
        "money: nodes and misses cost no more than the cheapest of all numbers of nodes",
        arguments: [1, 2, 3] as [UInt64], [0.002, 0.02, 0.3])
    func newsvendor(seed: UInt64, price: Double) throws {
        let demand = Self.demand(seed: seed, steps: 3, paths: 5)
        let plan = try Self.plan(demand, .dollarsPerMinute(["pool": [price]]))
        let most = 14
        let misses = (0..<3).map { step in
            (0...most).map { $0 < 1 ? 0 : price * Self.minutes(demand, step: step, nodes: $0) }
        }
        var best = Double.infinity
        for reserved in 0...most {
            for one in max(1, reserved)...most {
                for two in max(1, reserved)...most {
                    for three in max(1, reserved)...most {
                        let nodes = [one, two, three]
                        let bought = nodes.reduce(0.066 * Double(3 * reserved)) {
                            $0 + 0.1 * Double($1 - reserved)
                        }
                        best = min(best, bought + (0..<3).reduce(0) { $0 + misses[$1][nodes[$1]] })
                    }
                }
            }
        }
        let budget = try #require(plan.budget)
        let sum = plan.totalCost.dollars + budget.said.dollars
        #expect(abs(sum - best) < 1e-6, "\(sum) instead of \(best)")
        #expect(abs(budget.said.dollars - price * budget.said.minutes) < 1e-9)
        #expect(plan.isFeasible && budget.allowed == nil)
    }

    @Test("money: the hours of the day have their own prices")
    func pricesByHour() throws {
        // The span begins at midnight, and what breaks is dear from six on.
        var prices = [Double](repeating: 0.001, count: 24)
        for hour in 6..<12 { prices[hour] = 1 }
        let demand = Fixtures.path([Double](repeating: 2500, count: 12))
        let plan = try Self.plan(demand, .dollarsPerMinute(["pool": prices]))
        let nodes = plan.tiers[0].servingNodes
        #expect(Fixtures.start.seconds % 86_400 == 0)
        #expect(Set(nodes[0..<6]).count == 1 && Set(nodes[6..<12]).count == 1)
        #expect(nodes[6] > nodes[5])
    }

    @Test(
        "minutes: what is expected keeps the budget, and is what the model comes to on the nodes that serve",
        arguments: [1, 2, 3] as [UInt64], [5.0, 60, 600])
    func minutes(seed: UInt64, perMonth: Double) throws {
        let demand = Self.demand(seed: seed, steps: 24, paths: 30)
        let plan = try Self.plan(demand, .minutesPerMonth(perMonth))
        let budget = try #require(plan.budget)
        let allowed = try #require(budget.allowed)
        #expect(abs(allowed - perMonth * 24 / 730) < 1e-9)
        #expect(plan.isFeasible && budget.said.minutes <= allowed)
        let serving = plan.tiers[0].servingNodes
        let expected = serving.indices.reduce(0) {
            $0 + Self.minutes(demand, step: $1, nodes: serving[$1])
        }
        #expect(abs(budget.said.minutes - expected) < 1e-6 * max(1, expected))
        #expect(budget.frontier.count { $0.isChosen } == 1)
        for (cheap, dear) in zip(budget.frontier, budget.frontier.dropFirst()) where !dear.isChosen {
            guard !cheap.isChosen else { continue }
            #expect(cheap.cost <= dear.cost && cheap.misses.minutes >= dear.misses.minutes)
        }
    }

    @Test("minutes: weeks that are drawn from the model keep what was said", arguments: [4, 5] as [UInt64])
    func simulated(seed: UInt64) throws {
        let demand = Self.demand(seed: seed, steps: 24, paths: 30)
        let plan = try Self.plan(demand, .minutesPerMonth(900))
        let said = try #require(plan.budget).said.minutes
        let serving = plan.tiers[0].servingNodes
        var random = SplitMix64(seed: seed + 100)
        let runs = 4000
        var sums: [Double] = []
        for _ in 0..<runs {
            let path = Int(random.next() % UInt64(demand.pathCount))
            sums.append(
                (0..<demand.stepCount).reduce(0) { sum, step in
                    let chance = SpreadCapacity().levels(servers: serving[step], meanSeconds: 1e-3)
                        .chance(ratePerSecond: demand.trades(path: path, symbol: 0, step: step))
                    return sum + (random.uniform() < chance ? 60 : 0)
                })
        }
        let mean = sums.reduce(0, +) / Double(runs)
        let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs)
        #expect(abs(mean - said) < 4.5 * (variance / Double(runs)).squareRoot() + 1e-9)
    }

    @Test("a larger budget never costs more", arguments: 0..<4)
    func isMonotone(seed: UInt64) throws {
        let demand = Fixtures.demand(seed: seed, symbols: 2, steps: 24, paths: 20, level: 2000)
        let tiers = [
            Fixtures.tier("gateway", allowedShapes: ["small", "medium"]),
            Fixtures.tier("matching", kind: .shard, meanSeconds: 1e-5),
            Fixtures.tier("link", kind: .link, meanSeconds: 3e-4),
        ]
        let topology = Topology(
            tiers: tiers, sources: [.order: "gateway"],
            edges: zip(tiers, tiers.dropFirst()).map {
                Topology.Edge(from: $0.name, to: $1.name, carries: [.order: 1])
            })
        var last: Money?
        for minutes in [1.0, 10, 43, 200, 2000] {
            var options = PlanOptions()
            options.budget = .minutesPerMonth(minutes)
            let plan = try Planner(options: options).plan(
                demand: demand, topology: topology, catalogue: Fixtures.catalogue, capacity: SpreadCapacity())
            let budget = try #require(plan.budget)
            #expect(plan.isFeasible && budget.said.minutes <= budget.allowed ?? 0)
            #expect(budget.rows.map(\.tier) == ["gateway", "matching", "link", nil])
            if let last { #expect(plan.totalCost <= last) }
            last = plan.totalCost
        }
    }

    @Test("no late request is allowed: in every hour the busiest path is served, with no node more")
    func noneLate() throws {
        let demand = Self.demand(seed: 7, steps: 12, paths: 9)
        let plan = try Self.plan(demand, .shareOfRequests(0), capacity: LinearCapacity())
        #expect(try #require(plan.budget).said.shareLate == 0)
        for (step, nodes) in plan.tiers[0].requiredNodes.enumerated() {
            let most =
                (0..<demand.pathCount).map { demand.trades(path: $0, symbol: 0, step: step) }.max() ?? 0
            #expect(Double(nodes) * 1000 >= most)
            #expect(Double(nodes - 1) * 1000 < most || nodes == plan.tiers[0].reservedNodes)
        }
    }

    @Test("late requests are a share of all, where the last hour of four is left unserved")
    func shareLate() throws {
        // Each hour asks for 3 nodes but the last, which asks for 9 and has half of all orders. To leave it unserved saves
        // more than to leave the three others.
        let demand = Fixtures.path([2900, 2900, 2900, 8900])
        let share = 8900.0 / (3 * 2900 + 8900)
        let small = 2900.0 / (3 * 2900 + 8900)
        let kept = try Self.plan(demand, .shareOfRequests(small * 0.999), capacity: LinearCapacity())
        #expect(kept.tiers[0].requiredNodes == [3, 3, 3, 9])
        let missed = try Self.plan(demand, .shareOfRequests(share * 1.001), capacity: LinearCapacity())
        #expect(abs(try #require(missed.budget).said.shareLate - share) < 1e-9)
        #expect(missed.totalCost < kept.totalCost)
    }

    @Test("a budget that no nodes keep is infeasible, and says by how much")
    func infeasible() throws {
        var options = Fixtures.bare
        options.budget = .minutesPerMonth(1)
        options.largestNodeCount = 2
        let plan = try Planner(options: options).plan(
            demand: Fixtures.path([5000, 5000]), topology: Fixtures.topology(Fixtures.tier()),
            catalogue: Self.catalogue, capacity: LinearCapacity())
        #expect(!plan.isFeasible)
        guard
            case .budgetExceeded(.minutesPerMonth(1), let expected, let allowed)? = plan.findings.first?.fact
        else {
            Issue.record("\(plan.findings)")
            return
        }
        #expect(expected == 120 && abs(allowed - 2.0 / 730) < 1e-12)
    }

    @Test("tiers without a price keep the chance of a break as they do alone")
    func unpriced() throws {
        let demand = Self.demand(seed: 3, steps: 12, paths: 200)
        let tiers = [Fixtures.tier("gateway"), Fixtures.tier("risk", meanSeconds: 2e-3)]
        let topology = Topology(
            tiers: tiers, sources: [.order: "gateway"],
            edges: [Topology.Edge(from: "gateway", to: "risk", carries: [.order: 1])])
        var options = Fixtures.bare
        options.probabilityBrokenAllowed = 0.05
        let alone = try Planner(options: options).plan(
            demand: demand, topology: Fixtures.topology(tiers[1]), catalogue: Self.catalogue,
            capacity: SpreadCapacity())
        options.budget = .dollarsPerMinute(["gateway": [0.01]])
        let plan = try Planner(options: options).plan(
            demand: demand, topology: topology, catalogue: Self.catalogue, capacity: SpreadCapacity())
        #expect(plan.tiers[1].nodes == alone.tiers[0].nodes)
        #expect(try #require(plan.budget).rows.map(\.counts) == [true, false, true])
    }
}
