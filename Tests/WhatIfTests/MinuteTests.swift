import Exchange
import Testing
import WhatIf

@Suite("Counts of every minute")
struct MinuteTests {
    /// Tiers with everything that takes messages out: bounded queues, retries, timeouts, budgets and breakers.
    private static func tiers() -> [Tier] {
        var first = Fixtures.tier("first", nodes: 3)
        first.rules.limitPerServer = 200
        first.rules.retry = QueueRules.Retry(attemptsMax: 2, backoffSeconds: 3, jitter: 0.5)
        first.rules.reactions.breaker = QueueReactions.Breaker(
            shareFailed: 0.5, windowSeconds: 10, openSeconds: 20)
        var second = Fixtures.tier("second", nodes: 2)
        second.rules.timeoutSeconds = 4
        second.rules.retry = QueueRules.Retry(attemptsMax: 1, backoffSeconds: 1, jitter: 1)
        second.rules.reactions.dropsAbandoned = true
        return [first, second, Fixtures.tier("third", nodes: 2)]
    }

    @Test(
        "every message is served, refused, given up or waits, and minutes follow on each other",
        arguments: [
            "surge:x=4,ramp=30s,hold=3m,decay=30s", "halt:tier=second,for=90s",
            "node-loss:tier=first,count=2,for=4m", "slowdown:tier=third,x=5,for=200s",
        ])
    func balance(event: String) throws {
        var input = Fixtures.input(Self.tiers(), rates: [700, 300])
        for symbol in input.symbols.indices { input.symbols[symbol].bursts = .standard }
        var options = Fixtures.plain
        (options.hasBursts, options.replications, options.timeoutSeconds) = (true, 3, 20)
        let rows = try simulate(try Fixtures.scenario(event), on: input, options: options).minutes
        #expect(rows.count > 3 * 5)
        var last: [String: Int] = [:]
        for row in rows {
            #expect(
                row.waitingBefore + row.arrived == row.served + row.refused + row.givenUp + row.waiting,
                "\(row)")
            #expect(last[row.tier].map { $0 == row.waitingBefore } ?? true, "\(row)")
            #expect(min(row.arrived, row.served, row.refused, row.givenUp, row.waiting) >= 0, "\(row)")
            // The queues' own count: rounding moves each of the others by less than two.
            #expect(abs(Double(row.waiting) - row.waitingInQueues) < 8, "\(row)")
            last[row.tier] = row.waiting
        }
        #expect(rows.contains { $0.refused > 0 } || rows.contains { $0.givenUp > 0 })
    }

    @Test("a halt of two minutes keeps 120,000 messages, and they are served after it")
    func halt() throws {
        let rows = try simulate(
            try Fixtures.scenario("halt:tier=pool,for=2m"),
            on: Fixtures.input([Fixtures.tier()], rates: [1000]), options: Fixtures.plain
        ).minutes
        #expect(rows.prefix(5).map(\.arrived) == [60_000, 60_000, 60_000, 60_000, 60_000])
        #expect(rows.prefix(5).map(\.served) == [0, 0, 120_000, 120_000, 60_000])
        #expect(rows.prefix(5).map(\.waiting) == [60_000, 120_000, 60_000, 0, 0])
        #expect(rows.allSatisfy { $0.refused == 0 && $0.givenUp == 0 && $0.retried == 0 })
    }
}
