import Exchange
import Planning
import Testing
import Units

@Suite("Work that may wait") struct WaitingWorkTests {
    /// Orders and queries of a millisecond each, on nodes that do a second of work a second.
    private static func plan(
        _ trades: [Double], orders: Double, queries: Double, criticality: Criticality?, _ options: PlanOptions
    ) throws -> Plan {
        let time = ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 1)
        var tier = Fixtures.tier()
        tier.processing = [.order: time, .query: time]
        tier.criticality = criticality
        let symbol = Fixtures.symbol(
            "A", mix: MessageMix(ordersPerTrade: orders, cancelsPerTrade: 0, queriesPerTrade: queries))
        let demand = DemandPaths(
            symbols: [symbol], start: Fixtures.start, stepSeconds: 3600, stepCount: trades.count,
            pathCount: 1,
            tradesPerSecond: trades)
        return try Planner(options: options).plan(
            demand: demand,
            topology: Topology(tiers: [tier], sources: [.order: "pool", .query: "pool"], edges: []),
            catalogue: Fixtures.catalogue, capacity: LinearCapacity())
    }

    private static let twoZones = PlanOptions(
        zones: ["a", "b"], spareNodes: 0, survivesZoneLoss: true, minimumUpSeconds: 0)
    private static let queriesWait = Criticality(waiting: [.query: 1])

    @Test("where 35 % of the work may wait for a lost zone, 1.3 times the load is run instead of twice")
    func failoverBuffer() throws {
        // 5,000 trades with 13 orders and 7 queries: 100 busy cores, 65 of them for orders.
        let whole = try Self.plan([5000], orders: 13, queries: 7, criticality: nil, Self.twoZones)
        let waiting = try Self.plan(
            [5000], orders: 13, queries: 7, criticality: Self.queriesWait, Self.twoZones)
        #expect(whole.tiers[0].requiredNodes == [200] && waiting.tiers[0].requiredNodes == [130])
        #expect(waiting.isFeasible && waiting.risk[0].probabilityAnyStep.value == 0)
        // With all up there is more than enough, and half of them hold what may not wait.
        #expect(abs(waiting.tiers[0].heldServers[0] - 65 / 0.65) < 1e-6)
        let excuse = waiting.excuses.compactMap { row -> Int? in
            guard case .nothingWaits("small", let nodes, _, let share) = row.rejection else { return nil }
            return abs(share - 0.35) < 1e-9 && row.cost == whole.totalCost ? nodes : nil
        }
        #expect(excuse == [200])
        guard case .pool(let pool) = waiting.tiers[0].reasons else {
            Issue.record("no reasons")
            return
        }
        #expect(pool.nodes.needed == 65 && pool.nodes.running == 130)
        #expect(abs((pool.waiting?.share ?? 0) - 0.35) < 1e-9)
        // Where nearly all may wait, what runs with all up is what is needed.
        let most = try Self.plan(
            [5000], orders: 1, queries: 19, criticality: Self.queriesWait, Self.twoZones)
        #expect(most.tiers[0].requiredNodes == [100])
    }

    @Test(
        "deferrable work moves off the peak as far as it may",
        arguments: [
            // 20, 100, 20 and 20 busy cores, half of them deferrable: of the peak's 50, five are done at once and 45 an hour
            // later, whose own ten wait another hour.
            (1, [20, 55, 55, 30]),
            // Two hours on, none is done at once: 40 an hour later, and the last ten of them with twenty of others.
            (2, [20, 50, 50, 40]), (0, [20, 100, 20, 20]),
        ])
    func movesOffThePeak(hours: Int, nodes: [Int]) throws {
        let criticality = Criticality(waiting: [.query: 1], deferSeconds: 3600 * Double(hours))
        let plan = try Self.plan(
            [1000, 5000, 1000, 1000], orders: 10, queries: 10, criticality: criticality, Fixtures.bare)
        #expect(plan.tiers[0].requiredNodes == nodes)
        #expect(plan.isFeasible && plan.risk[0].probabilityAnyStepAllUp.value == 0)
    }

    @Test("cancels never wait")
    func cancels() {
        var tier = Fixtures.tier()
        tier.criticality = Criticality(waiting: [.cancel: 0.1])
        let issues = Fixtures.topology(tier).issues().map(\.message)
        #expect(issues.count == 1 && issues[0].contains("lets cancels wait"))
    }
}
