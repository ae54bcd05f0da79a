import Exchange
import Foundation
import Replay
import TestSupport
import Testing
import Units

/// Queues with rules, in a replay, against closed forms and against the same queue without rules.
@Suite("A replay of queues with rules") struct SurroundingsTests {
    private static let options: ReplayOptions = {
        var options = ReplayOptions(seed: 3, threads: 2, replications: 6, messageBudget: 40_000)
        options.serviceShape = .exponential
        return options
    }()

    /// A shard of 10,000 messages a second that gets 1000.
    private func saturation(
        latencySeconds: Double, kind: TierKind = .shard, nodes: Int = 1,
        bursts: BurstProfile = Scenarios.poisson,
        mix: MessageMix = MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0),
        _ change: (inout Tier) -> Void
    ) throws -> Estimate {
        var tier = Scenarios.tier(
            kind: kind, meanSeconds: 1e-4, latencySeconds: latencySeconds, nodes: nodes)
        change(&tier)
        var topology = Scenarios.single(tier)
        if mix.perTrade[.cancel] > 0 { topology.sources[.cancel] = tier.name }
        let result = try replay(
            demand: Scenarios.demand(bursts: bursts, mix: mix) { _, _, _ in 1000 }, topology: topology,
            catalogue: Scenarios.catalogue, placement: Scenarios.onShards([0]), options: Self.options)
        return try #require(result.point(.slo)?.loadMultiplier)
    }

    @Test("a bound that is never reached changes nothing", arguments: [0, 1.0])
    func farBound(strength: Double) throws {
        let bursts = strength > 0 ? Scenarios.bursts(strength: strength) : Scenarios.poisson
        let plain = try saturation(latencySeconds: 2e-3, bursts: bursts) { _ in }
        let bounded = try saturation(latencySeconds: 2e-3, bursts: bursts) {
            $0.rules.limitPerServer = 1_000_000
        }
        #expect(abs(bounded.value / plain.value - 1) < 0.04, "\(bounded) against \(plain)")
    }

    @Test("what is refused breaks an objective as the loss of M/M/1/K and M/M/c/K does", arguments: [1, 2])
    func refused(nodes: Int) throws {
        // No wait in a queue of 8 a server comes near a second.
        let servers = 2 * nodes
        let capacity = 8 * servers
        func loss(_ load: Double) -> Double {
            var weight = 1.0
            var total = 1.0
            for n in 1...capacity {
                weight *= load * Double(servers) / Double(min(n, servers))
                total += weight
            }
            return weight / total
        }
        var (low, high) = (0.1, 1.0)
        for _ in 0..<60 {
            if loss((low + high) / 2) > 0.01 { high = (low + high) / 2 } else { low = (low + high) / 2 }
        }
        let truth = low * Double(servers) * 1e4 / 1000
        let found = try saturation(latencySeconds: 1, kind: .pool, nodes: nodes) {
            $0.rules.limitPerServer = 8
        }
        #expect(abs(found.value / truth - 1) < 0.02, "\(found) against \(truth)")
    }

    @Test("cancels that go first wait as Cobham says, so that an objective for them alone holds longer")
    func cancelsFirst() throws {
        let mix = MessageMix(ordersPerTrade: 1, cancelsPerTrade: 1, queriesPerTrade: 0)
        func both(_ tier: inout Tier, first: Bool) {
            tier.service[.cancel] = ServiceTime(meanSeconds: 1e-4, coefficientOfVariation: 1)
            tier.objective.quantile = 0.6
            tier.rules.cancelsFirst = first
            tier.rules.limitPerServer = 1_000_000
        }
        // Half of the messages have to be quick at 60 %: those that go first all are, and some of the others.
        let mixed = try saturation(latencySeconds: 4e-4, mix: mix) { both(&$0, first: false) }
        let ranked = try saturation(latencySeconds: 4e-4, mix: mix) { both(&$0, first: true) }
        #expect(ranked.value > 1.05 * mixed.value, "\(ranked) against \(mixed)")
    }

    @Test("a server of batches is stable to as many times the load")
    func batches() throws {
        let one = try saturation(latencySeconds: 5e-3) { _ in }
        let four = try saturation(latencySeconds: 5e-3) { $0.rules.batch = 4 }
        // A little over four: beside the objective, what a queue four times as fast waits is short.
        #expect((3.8...4.4).contains(four.value / one.value), "\(four) against \(one)")
    }

    @Test("pauses break an objective where jumps of a queue's work do")
    func pauses() throws {
        let (length, every, limit) = (1e-3, 0.05, 3.5e-3)
        let found = try saturation(latencySeconds: limit) {
            $0.rules.pause = QueueRules.Pause(everySeconds: every, lengthSeconds: length)
        }
        // Unfinished work that messages and pauses make jump, message by message (pauses do not wait for messages).
        var random = SplitMix64(seed: 1)
        func exponential(_ mean: Double) -> Double {
            -mean * log1p(-Double.random(in: 0..<1, using: &random))
        }
        let rate = found.value * 1000 + 1 / every
        var (work, messages, over) = (0.0, 0.0, 0.0)
        for _ in 0..<4_000_000 {
            work = max(0, work - exponential(1 / rate))
            if Double.random(in: 0..<1, using: &random) * rate * every < 1 {
                work += exponential(length)
            } else {
                work += exponential(1e-4)
                messages += 1
                // Pauses to come hold up what waits and what is served, too.
                var sojourn = work
                var next = exponential(every)
                while next < sojourn {
                    sojourn += exponential(length)
                    next += exponential(every)
                }
                if sojourn > limit { over += 1 }
            }
        }
        #expect(abs(over / messages / 0.01 - 1) < 0.15, "\(found): \(over / messages)")
    }

    @Test(
        "pauses of many servers do the same through a fluid with messages as event by event",
        arguments: [1, 4])
    func pausesEitherWay(nodes: Int) throws {
        func found(_ change: (inout QueueRules) -> Void) throws -> Double {
            try saturation(
                latencySeconds: 3.5e-3, kind: .pool, nodes: nodes, bursts: Scenarios.bursts(strength: 0.2)
            ) {
                $0.rules.pause = QueueRules.Pause(everySeconds: 0.05, lengthSeconds: 1e-3)
                change(&$0.rules)
            }.value
        }
        let fluid = try found { _ in }
        let events = try found { $0.limitPerServer = 1_000_000 }
        #expect(abs(fluid / events - 1) < 0.1, "\(fluid) against \(events)")
    }

    @Test("retries of refused messages bring saturation forward where clients have no time for them")
    func retries() throws {
        func bounded(_ retry: QueueRules.Retry?) throws -> Double {
            try saturation(latencySeconds: 0.1) {
                $0.rules.limitPerServer = 8
                $0.rules.retry = retry
            }.value
        }
        let lost = try bounded(nil)
        let quick = try bounded(QueueRules.Retry(attemptsMax: 5, backoffSeconds: 2e-3))
        let slow = try bounded(QueueRules.Retry(attemptsMax: 5, backoffSeconds: 0.5))
        // Who comes back at once is served in time; who comes back too late only adds load.
        #expect(quick > 1.05 * lost && slow < 1.04 * lost, "\(quick), \(lost), \(slow)")
    }
}
