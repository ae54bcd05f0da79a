import Exchange
import Planning
import Testing
import Units

@Suite("Moves from today's shards") struct ShardMovesTests {
    /// Four symbols of 600, 500, 300 and 100 orders of a millisecond a second; a shard does 1,000.
    private static let demand = DemandPaths(
        symbols: ["A", "B", "C", "D"].map { Fixtures.symbol($0) }, start: Fixtures.start, stepSeconds: 3600,
        stepCount: 1, pathCount: 1, tradesPerSecond: [600, 500, 300, 100])

    private static func plan(_ today: [String: Int], limit: Int? = nil) throws -> Plan {
        var tier = Fixtures.tier("matching", kind: .shard, nodes: 2)
        (tier.todaysShards, tier.movesMax) = (today, limit)
        return try Planner(options: Fixtures.bare).plan(
            demand: demand, topology: Fixtures.topology(tier), catalogue: Fixtures.catalogue,
            capacity: LinearCapacity())
    }

    private static func moves(_ plan: Plan) -> [String: String] {
        plan.placement.reduce(into: [:]) { moves, row in
            if let shard = row.movesFrom { moves[row.symbol.name] = "\(shard) to \(row.shard)" }
        }
    }

    @Test("a placement that holds stays as it is, however uneven")
    func stays() throws {
        let plan = try Self.plan(["A": 0, "B": 1, "C": 0, "D": 1], limit: 0)
        #expect(plan.isFeasible && Self.moves(plan).isEmpty)
        #expect(plan.placements["matching"] == Placement(shardCount: 2, shardOfSymbol: [0, 1, 0, 1]))
        guard case .shards(let shards) = plan.tiers[0].reasons else {
            Issue.record("no reasons")
            return
        }
        #expect(shards.moves == TierReasons.Moves(symbols: [], known: 4, limit: 0))
        // Where nobody says what today's is, they are spread as evenly as can be: 700 and 800.
        let even = try Self.plan([:])
        #expect(even.placements["matching"]?.symbols(ofShard: 0).count == 2 && Self.moves(even).isEmpty)
        #expect(abs((even.tiers[0].shards.map(\.requiredServers).max() ?? 0) - 0.8) < 1e-3)
    }

    @Test("where today's does not hold, the fewest symbols move, and are listed")
    func movesFew() throws {
        // A and B are too much for one shard; B beside C and D is 900.
        let today = ["A": 0, "B": 0, "C": 1, "D": 1]
        let plan = try Self.plan(today)
        #expect(plan.isFeasible && Self.moves(plan) == ["B": "matching-0 to matching-1"])
        #expect(try Self.plan(today, limit: 1).isFeasible)
        let none = try Self.plan(today, limit: 0)
        #expect(!none.isFeasible)
        let lost = PlanFinding(tier: "matching", fact: .movesPassLimit(needed: 1, limit: 0))
        #expect(none.findings.contains(lost))
    }

    @Test("a symbol that is new has nowhere to move from")
    func newSymbols() throws {
        let plan = try Self.plan(["A": 0, "B": 1, "C": 0], limit: 0)
        #expect(plan.isFeasible && Self.moves(plan).isEmpty)
        #expect(plan.placements["matching"]?.shardOfSymbol == [0, 1, 0, 1])
    }

    @Test("a replay of today has the symbols where they are, and the others evenly beside them")
    func todays() {
        var tier = Fixtures.tier("matching", kind: .shard, nodes: 2)
        tier.todaysShards = ["A": 1, "trades/test/B": 1]
        let placed = todaysPlacements(demand: Self.demand, topology: Fixtures.topology(tier))
        #expect(placed["matching"]?.shardOfSymbol == [1, 1, 0, 0])
        tier.todaysShards = ["A": 2]
        let issues = Fixtures.topology(tier).issues().map(\.message)
        #expect(issues.count == 1 && issues[0].contains("places A on shard 2"))
    }
}
