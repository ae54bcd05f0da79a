import Exchange
import Planning
import Testing
import Units

@Suite("The gap of a failover")
struct GapTests {
    /// One symbol of 300 messages a second without bursts, on a writer that serves 1,000.
    private static func plan(
        failoverSeconds: Double, quantile: Double, kind: TierKind = .shard,
        zones: [String] = ["a", "b", "c"], spareNodes: Int = 1, timeoutSeconds: Double = 30
    ) throws -> Plan {
        let symbol = SymbolDemand(
            id: SeriesID(kind: "trades", venue: "test", name: "A"), mix: Fixtures.plain,
            bursts: BurstProfile(measuredRatePerSecond: 0, points: [], origin: "none"))
        let demand = DemandPaths(
            symbols: [symbol], start: Fixtures.start, stepSeconds: 3600, stepCount: 2, pathCount: 1,
            tradesPerSecond: [300, 200])
        var options = PlanOptions(
            zones: zones, spareNodes: spareNodes, survivesZoneLoss: zones.count > 1 && spareNodes > 0)
        options.failoverSeconds = failoverSeconds
        options.clientTimeoutSeconds = timeoutSeconds
        return try Planner(options: options).plan(
            demand: demand,
            topology: Fixtures.topology(Fixtures.tier("engine", kind: kind, quantile: quantile)),
            catalogue: Fixtures.catalogue, capacity: ErlangCapacity())
    }

    /// Late are those who come in (G − limit) / (1 − ρ) seconds from the gap's beginning; what is left of the allowed share
    /// has to be enough for M/M/1, which keeps 10 ms at 300 a second with all but e^−7 = 0.09 % of messages.
    @Test(
        "late messages are those of the gap and of the drain",
        arguments: [
            // 1.41 late seconds of 300; 2.84 of 3, which leave 0.05 %: too little for the waits of every day.
            (1.0, 0.99, false), (2, 0.99, true), (1, 0.999, true),
            // The objective allows 15 seconds: 12.8 and 17.1.
            (9, 0.95, false), (12, 0.95, true),
            // Standbys take over in whole seconds.
            (0.2, 0.99, false),
        ])
    func late(seconds: Double, quantile: Double, breaks: Bool) throws {
        let plan = try Self.plan(failoverSeconds: seconds, quantile: quantile)
        #expect(plan.isFeasible)
        let gap = try #require(plan.promise.gaps.first)
        #expect(plan.promise.gaps.count == 1 && gap.tier == "engine" && gap.seconds == seconds)
        let whole = max(1, seconds)
        #expect(abs(gap.shareLate - (whole - 0.01) / (1 - 0.3) / 300) < 1e-9)
        #expect(gap.broken == (breaks ? ["engine"] : []))
        #expect((gap.probabilityBroken > FailoverGap.allowed) == breaks)
        #expect(abs(gap.messagesWaiting - 300 * whole) < 1e-6 && gap.messagesRefused == 0)
        // The backlog drains at what is served beside the load.
        #expect(abs((gap.drainSeconds ?? 0) - whole * 0.3 / 0.7) < 1e-9)
    }

    @Test("clients that give up do not wait")
    func patience() throws {
        // Of ten seconds the last three wait.
        let gap = try #require(
            try Self.plan(failoverSeconds: 10, quantile: 0.95, timeoutSeconds: 3).promise.gaps.first)
        #expect(abs(gap.messagesWaiting - 900) < 1e-6 && abs(gap.messagesRefused - 2100) < 1e-6)
    }

    @Test("there is none without standbys, without a loss to survive, or where a standby serves at once")
    func none() throws {
        #expect(
            try Self.plan(failoverSeconds: 2, quantile: 0.99, kind: .pool).promise.gaps.isEmpty)
        #expect(
            try Self.plan(failoverSeconds: 2, quantile: 0.99, zones: ["a"], spareNodes: 0).promise.gaps
                .isEmpty)
        #expect(try Self.plan(failoverSeconds: 0, quantile: 0.99).promise.gaps.isEmpty)
        #expect(try Self.plan(failoverSeconds: 2, quantile: 0.99, kind: .store).promise.gaps.count == 1)
    }
}
