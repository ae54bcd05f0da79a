import Exchange
import Planning
import Replay
import TestSupport
import Testing
import Units

/// Plan, replay and judge ask one model about one queue, so that no two of their answers can contradict each other.
@Suite("One capacity")
struct OneCapacityTests {
    private static func demand(seed: UInt64) -> DemandPaths {
        var random = SplitMix64(seed: seed)
        let base = Fixtures.demand(seed: seed, symbols: 3, steps: 6, paths: 40, level: 100)
        let symbols = base.symbols.map { symbol -> SymbolDemand in
            var symbol = symbol
            let strength = 0.5 * random.uniform()
            symbol.bursts = BurstProfile(
                measuredRatePerSecond: 50 + 100 * random.uniform(),
                points: [(0.01, 0.8), (0.1, 0.4), (1, 0.15), (10, 0.05)].map { window, variance in
                    BurstProfile.Point(
                        windowSeconds: window, indexOfDispersion: 1 + 100 * window * variance * strength)
                }, origin: "test")
            return symbol
        }
        return DemandPaths(
            symbols: symbols, start: base.start, stepSeconds: base.stepSeconds, stepCount: base.stepCount,
            pathCount: base.pathCount, tradesPerSecond: base.tradesPerSecond)
    }

    private static func topology(seed: UInt64) -> Topology {
        var random = SplitMix64(seed: seed &+ 100)
        func tier(_ name: String, _ kind: TierKind, mean: Double, latency: Double) -> Tier {
            Fixtures.tier(
                name, kind: kind, meanSeconds: mean * (0.5 + random.uniform()),
                latencySeconds: latency * (1 + random.uniform()))
        }
        return Topology(
            tiers: [
                tier("gateway", .pool, mean: 1e-3, latency: 20e-3),
                tier("matching", .shard, mean: 1e-4, latency: 5e-3),
                tier("feed", .link, mean: 2e-4, latency: 10e-3),
                tier("ledger", .store, mean: 8e-5, latency: 30e-3),
            ], sources: [.order: "gateway"],
            edges: [
                Topology.Edge(from: "gateway", to: "matching", carries: [.order: 1]),
                Topology.Edge(from: "matching", to: "feed", carries: [.order: 1]),
                Topology.Edge(from: "matching", to: "ledger", carries: [.order: 1]),
            ])
    }

    @Test("what nodes are taken to hold is where the replay says that they saturate", arguments: 1...4)
    func planAndReplayAgree(seed: Int) throws {
        let demand = Self.demand(seed: UInt64(seed))
        var topology = Self.topology(seed: UInt64(seed))
        let capacity = SimulatedCapacity(seed: 7)
        let plan = try Planner(options: Fixtures.bare).plan(
            demand: demand, topology: topology, catalogue: Fixtures.catalogue, capacity: capacity)
        #expect(plan.isFeasible, "\(plan.findings)")
        for place in topology.tiers.indices {
            topology.tiers[place].nodes = plan.tiers[place].servingNodes.max() ?? 1
            topology.tiers[place].shape = plan.tiers[place].shape
        }
        // A model of its own with the same seed: nothing is shared but what both ask.
        let replayed = try replay(
            demand: demand, topology: topology, catalogue: Fixtures.catalogue, placement: plan.placements,
            options: ReplayOptions(seed: 7, threads: 2, replications: 2))
        for (tier, planned) in zip(topology.tiers, plan.tiers) {
            let shape = try #require(Fixtures.catalogue.shape(named: planned.shape))
            let shards: [String?] = planned.shards.isEmpty ? [nil] : planned.shards.map(\.name)
            for shard in shards {
                let held = plan.capacity.filter { $0.tier == tier.name && $0.shard == shard }.map(\.heldAllUp)
                func multiple(_ kind: SaturationPoint.Kind) throws -> Estimate {
                    let point = replayed.saturation.first {
                        $0.scope == .tier(tier.name) && $0.shard == shard && $0.kind == kind
                    }
                    return try #require(point?.loadMultiplier)
                }
                let told = try multiple(.slo).value / multiple(.stability).value
                let taken = try #require(held.max()) / Double(tier.servers(today: shape))
                #expect(abs(told / taken - 1) < 1e-6, "\(tier.name) \(shard ?? ""): \(told) and \(taken)")
            }
        }
    }

    @Test("the rows of the plan add up to its costs, to the last digit")
    func costsAddUp() throws {
        let plan = try Planner(options: Fixtures.bare).plan(
            demand: Self.demand(seed: 9), topology: Self.topology(seed: 9), catalogue: Fixtures.catalogue,
            capacity: ErlangCapacity())
        for tier in plan.tiers {
            let rows = plan.allocation.filter { $0.tier == tier.tier }.reduce(Money.zero) { $0 + $1.cost }
            let parts = plan.cost.filter { $0.tier == tier.tier && $0.purchase != .today }
                .reduce(Money.zero) { $0 + $1.cost }
            #expect(rows == parts && rows == tier.cost)
        }
    }

    @Test("a judge breaks paths as often as the plan says")
    func judgeAgreesWithRisk() throws {
        let demand = Self.demand(seed: 3)
        var options = Fixtures.bare
        options.probabilityBrokenAllowed = 0.2
        let (plan, judge) = try Planner(options: options).judgedPlan(
            demand: demand, topology: Self.topology(seed: 3), catalogue: Fixtures.catalogue,
            capacity: SimulatedCapacity(seed: 7))
        let chances = (0..<demand.pathCount).map { path -> Double in
            let trades = demand.symbols.indices.map { symbol in
                (0..<demand.stepCount).map { demand.trades(path: path, symbol: symbol, step: $0) }
            }
            return judge.score(tradesPerSecond: trades).probabilityBroken
        }
        let told = try #require(plan.risk.last).probabilityAnyStep.value
        let mean = chances.reduce(0, +) / Double(chances.count)
        #expect(abs(mean - told) < 1e-9 && told < 0.2)
    }

    /// What the rows of a plan's tables say of its queues.
    private static func judge(_ plan: Plan, _ demand: DemandPaths) -> PlanJudge {
        var queues: [PlanJudge.Queue] = []
        for tier in plan.tiers {
            for shard in tier.shards.isEmpty ? [nil] : tier.shards.map({ Optional($0.name) }) {
                let work = plan.work.filter { $0.tier == tier.tier && $0.shard == shard }
                let places = plan.capacity.filter { $0.tier == tier.tier && $0.shard == shard }.map(\.levels)
                let levels = plan.breakLevels.filter { $0.tier == tier.tier && $0.shard == shard }
                queues.append(
                    PlanJudge.Queue(
                        secondsPerTrade: demand.symbols.map { symbol in
                            work.first { $0.symbol == symbol.id }?.secondsPerTrade ?? 0
                        },
                        levels: (0...(places.max() ?? 0)).map { place in
                            BreakLevels(
                                perSecond: levels.filter { $0.levels == place }.map(\.work),
                                stepSeconds: Double(demand.stepSeconds))
                        }, places: places))
            }
        }
        return PlanJudge(queues: queues, stepCount: demand.stepCount)
    }

    @Test("the tables of a plan judge other loads as the plan itself does", arguments: [0, 1])
    func tablesJudge(spares: Int) throws {
        let demand = Self.demand(seed: 5)
        var options = Fixtures.bare
        options.probabilityBrokenAllowed = 0.2
        options.spareNodes = spares
        let (plan, judge) = try Planner(options: options).judgedPlan(
            demand: demand, topology: Self.topology(seed: 5), catalogue: Fixtures.catalogue,
            capacity: SimulatedCapacity(seed: 7))
        let told = Self.judge(plan, demand)
        var doubtful = 0
        var factor = 0.5
        while factor < 8 {
            let trades = demand.symbols.indices.map { symbol in
                (0..<demand.stepCount).map { factor * demand.trades(path: 0, symbol: symbol, step: $0) }
            }
            let (own, other) = (judge.score(tradesPerSecond: trades), told.score(tradesPerSecond: trades))
            #expect(zip(own.stepChances, other.stepChances).allSatisfy { abs($0 - $1) < 1e-8 }, "\(factor)")
            // Queue by queue they break no more often than together.
            let queues = judge.queueScores(tradesPerSecond: trades).map(\.probabilityBroken)
            #expect(queues.allSatisfy { $0 <= own.probabilityBroken + 1e-12 })
            #expect(own.probabilityBroken <= queues.reduce(0, +) + 1e-12)
            if own.probabilityBroken > 0.05, own.probabilityBroken < 0.95 { doubtful += 1 }
            factor *= 1.02
        }
        #expect(doubtful > 0)
    }
}
