import Exchange
import Foundation
import Replay
import TestSupport
import Testing
import Units

/// Journeys through tiers whose queues have rules, against closed forms.
@Suite("A journey through queues with rules") struct JourneyRulesTests {
    /// A gateway in front of shards, all of single exponential servers.
    private func journey(
        gatewaySeconds: Double, matchingSeconds: Double, latencySeconds: Double, symbols: Int = 1,
        quantile: Double = 0.99, multipliers: [Double] = [], gateway gatewayRules: QueueRules = QueueRules(),
        matching matchingRules: QueueRules = QueueRules()
    ) throws -> ReplayResult {
        func tier(_ name: String, _ kind: TierKind, _ seconds: Double, _ rules: QueueRules) -> Tier {
            var tier = Tier(
                name: name, kind: kind,
                service: [.order: ServiceTime(meanSeconds: seconds, coefficientOfVariation: 1)],
                objective: Objective(quantile: quantile, latencySeconds: latencySeconds / 2),
                nodes: kind == .shard ? symbols : 1, shape: "small")
            tier.rules = rules
            return tier
        }
        let topology = Topology(
            tiers: [
                tier("gateway", .link, gatewaySeconds, gatewayRules),
                tier("matching", .shard, matchingSeconds, matchingRules),
            ], sources: [.order: "gateway"],
            edges: [Topology.Edge(from: "gateway", to: "matching", carries: [.order: 1])])
        return try replay(
            demand: Scenarios.demand(symbols: symbols) { _, _, _ in 1000 }, topology: topology,
            catalogue: Scenarios.catalogue, placement: Scenarios.onShards(Array(0..<symbols)),
            options: ReplayOptions(
                seed: 5, threads: 2, multipliers: multipliers, replications: 6, messageBudget: 30_000,
                serviceShape: .exponential))
    }

    /// The share that a queue of one server and so much room refuses.
    private func loss(_ load: Double, room: Int) -> Double {
        pow(load, Double(room)) * (1 - load) / (1 - pow(load, Double(room + 1)))
    }

    /// The load at which something that rises with it comes to a share.
    private func load(at share: Double, _ rising: (Double) -> Double) -> Double {
        var (low, high) = (1e-6, 1 - 1e-6)
        for _ in 0..<60 {
            if rising((low + high) / 2) > share { high = (low + high) / 2 } else { low = (low + high) / 2 }
        }
        return low
    }

    @Test("bounds that are never reached leave the sum of two exponential times", arguments: [0, 1, 2])
    func farBounds(which: Int) throws {
        var bounded = QueueRules()
        bounded.limitPerServer = 1_000_000
        let result = try journey(
            gatewaySeconds: 1e-4, matchingSeconds: 1.25e-4, latencySeconds: 2e-3, multipliers: [5],
            gateway: which == 1 ? QueueRules() : bounded, matching: which == 0 ? QueueRules() : bounded)
        let point = try #require(
            result.latencyCurve.first { $0.scope == .journey && $0.loadMultiplier == 5 })
        // Sojourn times are independent (Reich 1963), exponential with rates 10000 − 5000 and 8000 − 5000.
        func tail(_ seconds: Double) -> Double {
            (5000 * exp(-3000 * seconds) - 3000 * exp(-5000 * seconds)) / 2000
        }
        #expect(abs(tail(point.p50Seconds.value) / 0.5 - 1) < 0.04)
        #expect(abs(tail(point.p99Seconds.value) / 0.01 - 1) < 0.25)
        #expect(abs(point.shareOverObjective.value / tail(2e-3) - 1) < 0.2)
    }

    @Test("what the second tier refuses is what M/M/1/K refuses, since the first one's output is Poisson")
    func refusedAtTheSecond() throws {
        var bounded = QueueRules()
        bounded.limitPerServer = 10
        let result = try journey(
            gatewaySeconds: 0.2e-4, matchingSeconds: 1e-4, latencySeconds: 2, matching: bounded)
        // Burke 1956.
        let truth = load(at: 0.01) { loss($0, room: 10) } * 1e4 / 1000
        let found = try #require(result.point(.slo, .journey)?.loadMultiplier)
        #expect(abs(found.value / truth - 1) < 0.03, "\(found) against \(truth)")
    }

    @Test("a gateway refuses by the load of all symbols, not of the one that is judged")
    func refusedAmongOthers() throws {
        var bounded = QueueRules()
        bounded.limitPerServer = 10
        let result = try journey(
            gatewaySeconds: 1e-4, matchingSeconds: 0.1e-4, latencySeconds: 2, symbols: 4, gateway: bounded)
        let truth = load(at: 0.01) { loss($0, room: 10) } * 1e4 / 4000
        let found = try #require(result.point(.slo, .journey)?.loadMultiplier)
        #expect(abs(found.value / truth - 1) < 0.03, "\(found) against \(truth)")
    }

    @Test("a client who gives up at the second tier is late, and the work is done nevertheless")
    func timeouts() throws {
        var impatient = QueueRules()
        impatient.timeoutSeconds = 1e-3
        let result = try journey(
            gatewaySeconds: 0.2e-4, matchingSeconds: 1e-4, latencySeconds: 2, matching: impatient)
        // Since all work is done, the time in the second tier is exponential with rate 10000 − λ.
        let truth = (1e4 - log(100) / 1e-3) / 1000
        let found = try #require(result.point(.slo, .journey)?.loadMultiplier)
        #expect(abs(found.value / truth - 1) < 0.03, "\(found) against \(truth)")
    }

    @Test("who is refused by a tier comes again to that tier and not to those before it")
    func comesAgainToTheTier() throws {
        var retried = QueueRules()
        retried.limitPerServer = 4
        retried.retry = QueueRules.Retry(attemptsMax: 8, backoffSeconds: 1e-3)
        let result = try journey(
            gatewaySeconds: 1.6e-4, matchingSeconds: 1e-4, latencySeconds: 0.5, matching: retried)
        // The gateway's stability, 6.25, binds: there the second tier refuses some 7 % of attempts, and eight more
        // leave next to nobody out. Were they to pass the gateway too, it would be full at 5.85.
        let found = try #require(result.point(.slo, .journey)?.loadMultiplier)
        #expect(found.value > 6.1 && found.value < 6.26, "\(found)")
    }

    @Test("a journey saturates with the first of its queues, whichever that is", arguments: [0.5e-4, 2e-4])
    func firstQueue(matchingSeconds: Double) throws {
        let result = try journey(gatewaySeconds: 1e-4, matchingSeconds: matchingSeconds, latencySeconds: 4e-3)
        let first = matchingSeconds < 1e-4 ? "gateway" : "matching"
        for kind in [SaturationPoint.Kind.slo, .stability] {
            let own = try #require(result.point(kind, .tier(first)))
            let way = try #require(result.point(kind, .journey))
            let (told, taken) = (try #require(way.loadMultiplier), try #require(own.loadMultiplier))
            #expect(abs(told.value / taken.value - 1) < 1e-9, "\(kind): \(told) and \(taken)")
            #expect(way.reachedAt == own.reachedAt)
            #expect(way.bindingResource == .inTier(first, own.bindingResource))
        }
        let slo = try (
            result.point(.slo, .journey)?.loadMultiplier, #require(result.point(.slo, .tier(first)))
        )
        #expect(abs((slo.0?.lo ?? 0) / (slo.1.loadMultiplier?.lo ?? 1) - 1) < 1e-9)
    }
}
