import Exchange
import Foundation
import Testing
import Units
import WhatIf

/// Bounded queues, retries and classes second by second.
@Suite("Queues with rules in a scenario")
struct RetryTests {
    /// Two servers of 1 ms under 1000 orders a second.
    private func run(
        _ event: String, rate: Double = 1000, settleSeconds: Double = 1800,
        _ change: (inout QueueRules) -> Void
    ) throws -> WhatIfResult {
        var tier = Fixtures.tier()
        change(&tier.rules)
        var options = Fixtures.plain
        options.settleSeconds = settleSeconds
        return try simulate(
            try Fixtures.scenario(event), on: Fixtures.input([tier], rates: [rate]), options: options)
    }

    @Test("a bounded queue refuses what is beyond capacity, and is empty at once after")
    func bounded() throws {
        let result = try run("surge:x=3,ramp=0s,hold=100s,decay=0s", settleSeconds: 100) {
            $0.limitPerServer = 50
        }
        // 3000 come and 2000 are served, 100 wait: 1000 a second are refused.
        #expect(abs(result.verdict.peakBacklog.value - 100) < 1e-9)
        let refused = 1000.0 * 100 - 100
        // Up to the end of the surge, when nothing is late any more.
        let offered = 3000.0 * 100 + 1000
        #expect(abs(result.verdict.shareRejected.value / (refused / offered) - 1) < 0.005)
        #expect(try #require(result.verdict.drainSeconds).value <= 1)
    }

    @Test("nothing is lost between first attempts, retries and losses")
    func conserved() throws {
        let result = try run("surge:x=3,ramp=0s,hold=100s,decay=0s", settleSeconds: 1800) {
            $0.limitPerServer = 50
            $0.retry = QueueRules.Retry(attemptsMax: 3, backoffSeconds: 2)
        }
        // In balance, a share p of attempts is refused: 3000 (1 + p + p² + p³) (1 − p) = 2000, so that p⁴ is lost.
        let p = pow(1.0 / 3, 0.25)
        let late = result.timeline.filter { (60..<95).contains($0.second) }
        let retries = late.map(\.retriesPerSecond).reduce(0, +) / Double(late.count)
        #expect(abs(retries / (3000 * (p + p * p + p * p * p)) - 1) < 0.02, "\(retries)")
        let lost = late.map(\.shareRejected).reduce(0, +) / Double(late.count) * (3000 + retries)
        #expect(abs(lost / 1000 - 1) < 0.02, "\(lost)")
    }

    @Test("retries after timeouts keep a queue overloaded when the surge that began it is over")
    func metastable() throws {
        func drain(_ retry: QueueRules.Retry?) throws -> Double? {
            try run("surge:x=4,ramp=0s,hold=60s,decay=0s", rate: 900) {
                $0.timeoutSeconds = 2
                $0.retry = retry
            }.verdict.drainSeconds?.value
        }
        let without = try #require(try drain(nil))
        // 1600 too many for 60 s, worked off at 1100 a second.
        #expect(abs(without - 1600 * 60 / 1100) < 3)
        // Every message is sent three times while the wait is over the timeout: 2700 for 2000.
        #expect(try drain(QueueRules.Retry(attemptsMax: 2, backoffSeconds: 1)) == nil)
    }

    @Test("clients who connect again bring their requests in the time they take")
    func reconnect() throws {
        var tier = Fixtures.tier()
        tier.service[.query] = ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 0)
        var input = Fixtures.input([tier], rates: [600, 400])
        input.topology.sources[.query] = "pool"
        let result = try simulate(
            try Fixtures.scenario("reconnect:clients=20000,requests=3,spread=20s"), on: input,
            options: Fixtures.plain)
        // 3000 requests and 1000 orders come for 2000 for 20 s.
        #expect(abs(result.verdict.peakBacklog.value - 2000 * 20) < 1e-6)
        #expect(abs(result.timeline[5].utilisation - 2) < 1e-9)
    }

    @Test("cancels that go first are served while orders pile up")
    func cancelsFirst() throws {
        var tier = Fixtures.tier()
        tier.service[.cancel] = ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 0)
        tier.rules.cancelsFirst = true
        var next = Fixtures.tier("next", nodes: 20)
        next.service = tier.service
        var input = Fixtures.input([tier, next], rates: [1000])
        input.symbols[0].mix = MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0.5, queriesPerTrade: 0)
        input.topology.sources[.cancel] = "pool"
        input.topology.edges[0].carries[.cancel] = 1
        let result = try simulate(
            try Fixtures.scenario("surge:x=3,ramp=0s,hold=100s,decay=0s"), on: input, options: Fixtures.plain)
        // 3000 orders and 1500 cancels come for 2000: all cancels and 500 orders leave.
        let behind = result.timeline.filter { $0.tier == "next" && (20..<90).contains($0.second) }
        for row in behind { #expect(abs(row.utilisation - 2000.0 / 20_000) < 1e-9) }
        #expect(abs(result.verdict.peakBacklog.value - 2500 * 100) < 1e-3)
    }
}
