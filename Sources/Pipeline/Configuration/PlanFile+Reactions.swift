import Exchange

extension QueueReactions {
    /// The keys of a tier's `queue` that `whatif` alone simulates.
    static var keys: [FieldSpec<QueueRules>] {
        [
            .key(
                "drops_abandoned", \.reactions.dropsAbandoned, .flag,
                "Whether the tier skips messages whose client gave up; whatif only."),
            .key(
                "exempts_cancels", \.reactions.exemptsCancels, .flag,
                "Whether a full queue refuses cancels last; whatif only."),
            .optional(
                "retry_budget", \.reactions.retryBudget, .number(0...20), absent: "unlimited",
                "Most retries as a share of first attempts over ten seconds; whatif only."),
            .optional(
                "breaker", \.reactions.breaker, .object(Breaker.spec), absent: "none",
                "Circuit breakers of the clients."),
            .optional(
                "health_check", \.reactions.healthCheck, .object(HealthCheck.spec), absent: "none",
                "Health checks that eject saturated nodes."),
            .optional(
                "autoscaler", \.reactions.autoscaler, .object(Autoscaler.spec), absent: "none",
                "Nodes that follow processor use."),
            .optional(
                "cache", \.reactions.cache, .object(Cache.spec), absent: "none",
                "A cache that is cold after a standstill."),
            .optional(
                "connections", \.reactions.connections, .object(Connections.spec), absent: "none",
                "Connections that are set up again after a standstill."),
        ]
    }
}

extension QueueReactions.Breaker {
    fileprivate static let spec = ObjectSpec(
        QueueReactions.Breaker(shareFailed: 0.5, windowSeconds: 10, openSeconds: 30),
        "Clients stop calling a tier that fails them; whatif only.",
        [
            .key(
                "failed", \.shareFailed, .number(0.01...1),
                "Share of failed attempts in the window above which the breaker opens."),
            .key("window", \.windowSeconds, .duration(1...3600), "Window in which failures are counted."),
            .key("open", \.openSeconds, .duration(1...3600), "Time before a tenth of calls is tried."),
        ])
}

extension QueueReactions.HealthCheck {
    fileprivate static let spec = ObjectSpec(
        QueueReactions.HealthCheck(
            latencySeconds: 1, everySeconds: 10, shareOut: 0.1, backSeconds: 60, leastShare: 0),
        "A balancer ejects nodes that answer too late, and readmits them; whatif only.",
        [
            .key("latency", \.latencySeconds, .duration(1e-3...3600), "Wait at which a check fails."),
            .key("every", \.everySeconds, .duration(1...3600), "Time between checks."),
            .key(
                "ejects", \.shareOut, .number(0.001...1), "Share of nodes that a failed check ejects."),
            .key("readmits", \.backSeconds, .duration(1...86_400), "Time until a node is readmitted."),
            .key(
                "least", \.leastShare, .number(0...1),
                "Share of nodes below which the balancer ejects no more."),
        ])
}

extension QueueReactions.Autoscaler {
    fileprivate static let spec = ObjectSpec(
        QueueReactions.Autoscaler(
            target: 0.6, shrinksBelow: 0.3, everySeconds: 60, lagSeconds: 120, step: 1, nodesMin: 1,
            nodesMax: 100_000),
        "Adds and removes nodes by processor use, of which a slow dependency takes none; whatif only.",
        [
            .key("target", \.target, .number(0.01...1), "Share of processor time to be in use."),
            .key(
                "shrinks_below", \.shrinksBelow, .number(0...1),
                "Share of processor time in use below which nodes are removed."),
            .key("every", \.everySeconds, .duration(1...3600), "Time between decisions."),
            .key(
                "lag", \.lagSeconds, .duration(0...86_400),
                "Time from a decision until a new node serves, warm-up included."),
            .key("step", \.step, .integer(1...100_000), "Most nodes added or removed at once."),
            .key("min", \.nodesMin, .integer(1...100_000), "Fewest nodes."),
            .key("max", \.nodesMax, .integer(1...100_000), "Most nodes: a quota."),
        ])
}

extension QueueReactions.Cache {
    fileprivate static let spec = ObjectSpec(
        QueueReactions.Cache(coldFactor: 2, warmsInSeconds: 300),
        "A cache that is empty after the tier stood still; whatif only.",
        [
            .required(
                "cold", \.coldFactor, .number(1...1000),
                "Factor on the service time while the cache is empty."),
            .key("warms_in", \.warmsInSeconds, .duration(1...86_400), "Time constant of filling."),
        ])
}

extension QueueReactions.Connections {
    fileprivate static let spec = ObjectSpec(
        QueueReactions.Connections(count: 1, setupSeconds: 1e-3, spreadSeconds: 10),
        "Connections that are lost while the tier stands still; whatif only.",
        [
            .required("count", \.count, .integer(1...1_000_000_000), "Connections of all clients."),
            .required("setup", \.setupSeconds, .duration(1e-9...3600), "Work of setting one up."),
            .key(
                "spread", \.spreadSeconds, .duration(1...86_400), "Time over which they come back."),
        ])
}
