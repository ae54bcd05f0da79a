import Exchange

extension Tier {
    static let spec = ObjectSpec(
        Tier(
            name: "", kind: .pool, service: [:], objective: Objective.spec.blank, nodes: 1, shape: ""),
        "One kind of machine.",
        [
            .required("name", \.name, .text, "A short name, unique in the topology."),
            .required(
                "kind", \.kind, .choice(TierKind.all, by: \.name),
                TierKind.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; ") + "."),
            .required(
                "service", \.service, .byClass(.object(ServiceTime.spec)),
                "Service times by class of message; an absent class costs nothing here."),
            .required("objective", \.objective, .object(Objective.spec), "What is promised."),
            .required("nodes", \.nodes, .integer(1...100_000), "Nodes (or shards) that run today."),
            .required("shape", \.shape, .text, "The shape of today's nodes, from the catalogue."),
            .key(
                "allowed_shapes", \.allowedShapes, .list(.text, atLeast: 1), absent: "today's",
                "Shapes that the plan may choose."),
            .key(
                "servers_per_core", \.serversPerCore, .number(0.01...1024),
                "Messages that a core serves at once."),
            .key(
                "imbalance", \.imbalance, .number(0...10), "The busiest node's share over the mean, less 1."),
            .optional(
                "scalability", \.scalability, .object(Scalability.spec), absent: "in proportion",
                "How throughput grows with nodes or concurrency."),
            .key(
                "queue", \.rules, .object(QueueRules.spec),
                absent: "messages wait without bound, first come, first served",
                "What surrounds its queues."),
        ])
}

extension ServiceTime {
    static let spec = ObjectSpec(
        ServiceTime(meanSeconds: 0, coefficientOfVariation: 1),
        "The time that one message takes on one server.",
        [
            .required("mean", \.meanSeconds, .duration(1e-9...3600), "The mean."),
            .key("cv", \.coefficientOfVariation, .number(0...20), "The standard deviation over the mean."),
        ])
}

extension Objective {
    static let spec = ObjectSpec(
        Objective(quantile: 0.99, latencySeconds: 1), "What is promised in every five minutes.",
        [
            .key("quantile", \.quantile, .number(0.5...0.9999), "The share in time."),
            .required("latency", \.latencySeconds, .duration(1e-9...3600), "The time."),
        ])
}

extension Scalability {
    static let spec = ObjectSpec(
        Scalability(contention: 0, coherency: 0, scalePerSecond: 1),
        "The Universal Scalability Law, as calibrate --model usl fits it.",
        [
            .required("alpha", \.contention, .number(0...1), "Contention."),
            .required("beta", \.coherency, .number(0...1), "Coherency."),
            .required(
                "gamma", \.scalePerSecond, .number(1e-9...1e15), "Messages a second at a load of one."),
        ])
}

extension QueueRules {
    static let spec = ObjectSpec(
        QueueRules(), "Bounds, balancers, classes, batches, pauses, timeouts and retries.",
        [
            .optional(
                "limit_per_server", \.limitPerServer, .integer(1...10_000_000), absent: "no bound",
                "Messages that wait or are served, for each server, at most; more are refused."),
            .optional(
                "balancer", \.balancer, .choice, absent: "one queue for all",
                "How messages are sent to servers with queues of their own."),
            .key("cancels_first", \.cancelsFirst, .flag, "Whether cancels are served first."),
            .key("batch", \.batch, .integer(1...100_000), "Messages served at once, at most."),
            .optional("pause", \.pause, .object(Pause.spec), absent: "none", "Pauses."),
            .optional("retry", \.retry, .object(Retry.spec), absent: "none", "Retries."),
            .optional(
                "timeout", \.timeoutSeconds, .duration(1e-6...3600), absent: "never",
                "When a client gives an attempt up; the work is done nevertheless."),
        ])
}

extension QueueRules.Pause {
    static let spec = ObjectSpec(
        QueueRules.Pause(everySeconds: 1, lengthSeconds: 0),
        "Pauses of all servers, as calibrate --model service fits them.",
        [
            .required("every", \.everySeconds, .duration(1e-6...86_400), "The mean time between them."),
            .required("length", \.lengthSeconds, .duration(1e-9...3600), "Their mean length."),
        ])
}

extension QueueRules.Retry {
    static let spec = ObjectSpec(
        QueueRules.Retry(attemptsMax: 0, backoffSeconds: 1),
        "What clients do that were refused or have waited too long.",
        [
            .required("attempts", \.attemptsMax, .integer(1...20), "Further attempts."),
            .required(
                "backoff", \.backoffSeconds, .duration(1e-6...3600),
                "The mean time to the first one; it doubles with each."),
        ])
}
