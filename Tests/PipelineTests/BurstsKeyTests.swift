import Exchange
import Pipeline
import Testing

@Suite("The bursts of a plan file")
struct BurstsKeyTests {
    private func bursts(_ value: String) throws -> PlanFile.Bursts {
        try PlanFile(
            text: Array("{ \(PlanFileTests.sources), \"bursts\": \(value) }".utf8), path: "plan.json"
        ).bursts
    }

    @Test("may be a word or a profile, whose points are put in order")
    func kinds() throws {
        #expect(try bursts(#""measured""#) == .measured)
        #expect(try bursts(#""poisson""#) == .poisson)
        let given = try bursts(
            #"""
            { "rate": 119, "points": [{ "window": "1s", "dispersion": 158 }, { "window": "1ms", "dispersion": 7.9 }] }
            """#)
        let expected = BurstProfile(
            measuredRatePerSecond: 119,
            points: [
                BurstProfile.Point(windowSeconds: 1e-3, indexOfDispersion: 7.9),
                BurstProfile.Point(windowSeconds: 1, indexOfDispersion: 158),
            ], origin: "the plan file")
        #expect(given == .profile(expected))
    }

    @Test("a word that is none, and a profile without points, are refused")
    func refused() {
        #expect(throws: ConfigurationError.self) { try bursts(#""gaussian""#) }
        #expect(throws: ConfigurationError.self) { try bursts(#"{ "rate": 119, "points": [] }"#) }
    }

    @Test("mechanisms of a tier's queue are read, and are none without their keys")
    func mechanisms() throws {
        func queue(_ text: String) throws -> QueueRules {
            let plan = try PlanFile(
                text: Array(
                    """
                    { \(PlanFileTests.sources), "topology": { "tiers": [{ "name": "api", "kind": "pool",
                      "objective": { "quantile": 0.99, "latency": "1s" }, "nodes": 2, "shape": "c7i.large",
                      "service": { "order": { "mean": "1ms" } }, "queue": { \(text) } }],
                      "sources": { "order": "api" }, "edges": [] } }
                    """.utf8), path: "plan.json")
            return plan.topology.tiers[0].rules
        }
        #expect(try queue("").reactions == QueueReactions())
        let rules = try queue(
            #"""
            "retry": { "attempts": 2, "backoff": "1s", "jitter": 0 }, "retry_budget": 0.1, "drops_abandoned": true,
            "breaker": { "open": "5s" }, "health_check": { "ejects": 0.2 },
            "autoscaler": { "step": 3, "max": 9 }, "cache": { "cold": 4 }, "connections": { "count": 7, "setup": "2ms" }
            """#)
        #expect(rules.retry == QueueRules.Retry(attemptsMax: 2, backoffSeconds: 1, jitter: 0))
        #expect(rules.reactions.retryBudget == 0.1 && rules.reactions.dropsAbandoned)
        #expect(rules.reactions.breaker?.openSeconds == 5 && rules.reactions.breaker?.shareFailed == 0.5)
        #expect(rules.reactions.healthCheck?.shareOut == 0.2)
        #expect(rules.reactions.autoscaler?.step == 3 && rules.reactions.autoscaler?.nodesMax == 9)
        #expect(rules.reactions.cache?.coldFactor == 4)
        #expect(rules.reactions.connections?.setupSeconds == 2e-3)
        // A plan is sized as without them.
        var plain = rules
        plain.retry = nil
        #expect(plain.isPlain)
    }
}
