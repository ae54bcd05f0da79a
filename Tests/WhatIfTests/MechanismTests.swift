import Exchange
import Foundation
import Testing
import Units
import WhatIf

/// What clients, balancers and scalers do in the course of an overload.
@Suite("Mechanisms of a tier")
struct MechanismTests {
    /// Nodes of 1000 orders a second each.
    private func rows(
        _ event: String, nodes: Int = 2, rate: Double = 1000, settle: Double = 900,
        _ change: (inout QueueRules) -> Void
    ) throws -> [QueueSecond] {
        var tier = Fixtures.tier(nodes: nodes)
        change(&tier.rules)
        var options = Fixtures.plain
        options.settleSeconds = settle
        return try course(
            of: try Fixtures.scenario(event), on: Fixtures.input([tier], rates: [rate]), options: options)
    }

    /// Every message is served in time or lost in the end, once nothing is under way.
    private func isConserved(_ rows: [QueueSecond], underWay: Double) -> Bool {
        let came = rows.reduce(0) { $0 + $1.fresh }
        let ended = rows.reduce(0) { $0 + $1.inTime + $1.lost }
        return abs(came - ended) <= underWay
    }

    private static let surge = "surge:x=3,start=10s,ramp=0s,hold=100s,decay=0s"

    @Test("no message is lost count of, whatever clients do", arguments: [0.4, 1, 1.5, 2, 3.3])
    func conserved(timeout: Double) throws {
        for drops in [false, true] {
            let rows = try rows(Self.surge, settle: 1800) {
                $0.timeoutSeconds = timeout
                $0.retry = QueueRules.Retry(attemptsMax: 1, backoffSeconds: 2, jitter: 0.5)
                $0.reactions.dropsAbandoned = drops
                $0.reactions.retryBudget = 0.2
            }
            #expect(isConserved(rows, underWay: 1000 * (timeout + 1)), "\(drops)")
        }
    }

    @Test("a tier that skips what is given up serves at capacity, and is well after the timeout")
    func drops() throws {
        let rows = try rows(Self.surge) {
            $0.timeoutSeconds = 3
            $0.reactions.dropsAbandoned = true
        }
        for row in rows where (60..<100).contains(row.second) { #expect(abs(row.inTime - 2000) < 1) }
        #expect(rows.filter { $0.second > 116 }.allSatisfy { $0.failed < 1e-6 })
        // Without it, everything behind a wait of 3 s fails until the backlog is worked off.
        let wasteful = try self.rows(Self.surge) { $0.timeoutSeconds = 3 }
        #expect(wasteful.filter { (60..<100).contains($0.second) }.allSatisfy { $0.inTime < 1 })
    }

    @Test("a budget holds retries to a share of first attempts")
    func budget() throws {
        let storm = try rows(Self.surge) {
            $0.timeoutSeconds = 2
            $0.retry = QueueRules.Retry(attemptsMax: 5, backoffSeconds: 1)
        }
        let held = try rows(Self.surge) {
            $0.timeoutSeconds = 2
            $0.retry = QueueRules.Retry(attemptsMax: 5, backoffSeconds: 1)
            $0.reactions.retryBudget = 0.1
        }
        let late = held.filter { (80..<105).contains($0.second) }
        for row in late { #expect(abs(row.sent / row.fresh - 1.1) < 0.005) }
        // With all retries it is stuck; with a tenth it works 100,000 off at 900 a second.
        #expect(try #require(storm.last).inTime < 1)
        #expect(abs(try #require(held.last).inTime - 1000) < 1)
    }

    @Test("a breaker sends nothing while it is open, and closes when a trial succeeds")
    func breaker() throws {
        let rows = try rows(Self.surge) {
            $0.timeoutSeconds = 2
            $0.reactions.breaker = QueueReactions.Breaker(
                shareFailed: 0.5, windowSeconds: 10, openSeconds: 30)
        }
        #expect(rows.contains { (15..<110).contains($0.second) && $0.sent == 0 })
        #expect(rows.contains { abs($0.sent - 300) < 1e-6 })
        #expect(isConserved(rows, underWay: 3000))
        let last = try #require(rows.last)
        #expect(abs(last.inTime - 1000) < 1)
    }

    @Test("health checks that eject saturated nodes turn a brief overload into an outage")
    func healthChecks() throws {
        let event = "surge:x=1.2,start=10s,ramp=0s,hold=60s,decay=0s"
        func run(least: Double?) throws -> [QueueSecond] {
            try rows(event, nodes: 10, rate: 9000) {
                $0.timeoutSeconds = 5
                $0.reactions.healthCheck = least.map {
                    QueueReactions.HealthCheck(
                        latencySeconds: 1, everySeconds: 10, shareOut: 0.1, backSeconds: 600, leastShare: $0)
                }
            }
        }
        let without = try run(least: nil)
        let ejecting = try run(least: 0)
        let guarded = try run(least: 0.9)
        #expect(without.allSatisfy { $0.nodesShare == 1 })
        // 10,800 for 10,000: 48,000 wait after a minute, and are worked off at 1000 a second.
        #expect(without.last.map { abs($0.inTime - 9000) < 1 } ?? false)
        #expect(ejecting.contains { $0.nodesShare < 0.2 })
        #expect(ejecting.reduce(0) { $0 + $1.failed } > 2 * without.reduce(0) { $0 + $1.failed })
        #expect(guarded.allSatisfy { $0.nodesShare >= 0.9 - 1e-9 })
    }

    @Test("an autoscaler adds nodes after its lag, by its step, up to its quota")
    func scalesOut() throws {
        let rows = try rows("surge:x=4,start=0s,ramp=0s,hold=30m,decay=0s", nodes: 4, rate: 2000, settle: 10)
        {
            $0.reactions.autoscaler = QueueReactions.Autoscaler(
                target: 0.6, shrinksBelow: 0, everySeconds: 60, lagSeconds: 120, step: 2, nodesMin: 4,
                nodesMax: 10)
        }
        // The first decision comes within a minute, and takes two minutes.
        #expect(rows.filter { $0.second < 120 }.allSatisfy { $0.nodesShare == 1 })
        #expect(rows.filter { $0.second > 185 }.allSatisfy { $0.nodesShare >= 1.5 })
        #expect(rows.map(\.nodesShare).max() == 2.5)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $1.nodesShare - $0.nodesShare <= 0.5 + 1e-9 })
    }

    @Test("an autoscaler takes a slow dependency for idle processors, and shrinks")
    func shrinks() throws {
        let rows = try rows("slowdown:tier=pool,x=5,for=30m", nodes: 10, rate: 5500, settle: 10) {
            $0.timeoutSeconds = 5
            $0.reactions.autoscaler = QueueReactions.Autoscaler(
                target: 0.6, shrinksBelow: 0.4, everySeconds: 60, lagSeconds: 120, step: 1, nodesMin: 3,
                nodesMax: 20)
        }
        #expect(abs(try #require(rows.last).nodesShare - 0.3) < 1e-9)
    }

    @Test("an empty cache and clients who connect again lengthen a halt")
    func coldStart() throws {
        let halt = "halt:tier=pool,for=20s,start=10s"
        /// The end of the first second after which nothing waits.
        func gone(_ rows: [QueueSecond]) -> Int { (rows.last { $0.backlog > 0 }?.second ?? 0) + 2 }
        let plain = try rows(halt) { _ in }
        // 20,000 wait, and are worked off at 1000 a second.
        #expect(abs(gone(plain) - 50) <= 1)
        let cold = try rows(halt) {
            $0.reactions.cache = QueueReactions.Cache(coldFactor: 2, warmsInSeconds: 60)
        }
        // 2000 / (1 + e^(−t/60)) are served a second: 1000 tanh(t/120) of the backlog, and 20,000 of it after 71 s.
        #expect(abs(gone(cold) - 101) <= 2)
        let storm = try rows(halt) {
            $0.reactions.connections = QueueReactions.Connections(
                count: 10_000, setupSeconds: 2e-3, spreadSeconds: 10)
        }
        // 20 s of one server's work, of two: 20,000 messages more, at 1000 a second.
        #expect(abs(gone(storm) - 70) <= 1)
    }

    @Test("a full queue that exempts cancels refuses none while there are orders to refuse")
    func exemptsCancels() throws {
        func lostCancels(_ exempts: Bool) throws -> Double {
            var tier = Fixtures.tier()
            tier.service[.cancel] = ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 0)
            tier.rules.limitPerServer = 100
            tier.rules.reactions.exemptsCancels = exempts
            var next = Fixtures.tier("next", nodes: 100)
            next.service = [.cancel: ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 0)]
            var input = Fixtures.input([tier, next], rates: [1000])
            input.symbols[0].mix = MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0.5, queriesPerTrade: 0)
            input.topology.sources[.cancel] = "pool"
            input.topology.edges[0].carries = [.cancel: 1]
            let rows = try course(
                of: try Fixtures.scenario(Self.surge), on: input, options: Fixtures.plain)
            let came = rows.filter { $0.tier == "pool" }.reduce(0) { $0 + $1.fresh } / 3
            return came - rows.filter { $0.tier == "next" }.reduce(0) { $0 + $1.fresh }
        }
        // 4500 come for 2000: without exemption more than half of 150,000 cancels are refused.
        #expect(try lostCancels(false) > 75_000)
        #expect(try lostCancels(true) < 1000)
    }
}
