import Exchange

extension Tier {
    static let spec = ObjectSpec(
        Tier(
            name: "", kind: .pool, service: [:], objective: Objective.spec.blank, nodes: 1, shape: ""),
        "One tier: a service with its nodes.",
        [
            .required("name", \.name, .text, "Short, unique name."),
            .required(
                "kind", \.kind, .choice(TierKind.all, by: \.name),
                TierKind.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; ") + "."),
            .key(
                "service", \.processing, .byClass(.object(ServiceTime.spec)), absent: "none",
                "Service times per message class; a class without one costs nothing here, unless it is sent."),
            .optional(
                "sending", \.sending, .object(Sending.spec), absent: "nothing that counts",
                "What the tier sends per message; limited by the bandwidth of the shape."),
            .optional(
                "memory", \.memory, .object(MemoryNeed.spec), absent: "any shape has enough",
                "Memory that a node needs; shapes with less are not used."),
            .optional(
                "session", \.sessions, .object(Sessions.spec), absent: "not a session tier",
                "Connections that clients hold open, of a session tier."),
            .optional(
                "quorum", \.quorum, .object(Quorum.spec), absent: "one member after the other in each zone",
                "Where the members of a quorum tier may lie."),
            .optional(
                "quota", \.quota, .object(Quota.spec), absent: "not an external tier",
                "The price list of an external tier; 'shape' is the name of today's entry."),
            .optional(
                "storage", \.storage, .object(Storage.spec), absent: "too little to count",
                "What a store keeps on its disk, and how long copies take."),
            .optional(
                "criticality", \.criticality, .object(Criticality.spec), absent: "no work may wait",
                "Work of a pool or session tier that may wait, and needs no spare nodes."),
            .key(
                "placement", \.todaysShards, .shards, absent: "unknown",
                "Today's shard of each symbol of a shard tier, counted from 0; moves from it are kept few."),
            .optional(
                "move_limit", \.movesMax, .integer(0...1_000_000), absent: "unlimited",
                "Most symbols that the plan may move to another shard."),
            .optional(
                "staff", \.staffing, .object(Staffing.spec), absent: "not a staff tier",
                "The people of a staff tier; 'nodes' are people and 'shape' is their role."),
            .required("objective", \.objective, .object(Objective.spec), "Latency objective."),
            .required("nodes", \.nodes, .integer(1...100_000), "Nodes (or shards) running today."),
            .required("shape", \.shape, .text, "Catalogue shape of today's nodes."),
            .key(
                "allowed_shapes", \.allowedShapes, .list(.text, atLeast: 1), absent: "today's shape",
                "Shapes that the plan may use."),
            .key(
                "servers_per_core", \.serversPerCore, .number(0.01...1024),
                "Messages that one core serves at the same time."),
            .key(
                "imbalance", \.imbalance, .number(0...10), "Load of the busiest node over the mean, less 1."),
            .optional(
                "scalability", \.scalability, .object(Scalability.spec), absent: "linear",
                "How throughput scales with nodes or concurrency."),
            .key(
                "queue", \.rules, .object(QueueRules.spec),
                absent: "unlimited queue, first come, first served",
                "Queueing behaviour: limits, balancing, pauses, retries."),
        ])
}

extension Sending {
    static let spec = ObjectSpec(
        Sending(bytes: [:]),
        "What the tier sends for each message, over the shape's network_gbps.",
        [
            .required(
                "bytes", \.bytes, .byClass(.number(0...1e9)), "Bytes on the wire per message, by class."),
            .key(
                "subscribers", \.subscribers, .number(0...1e9),
                "How many receive a copy of every message."),
        ])
}

extension MemoryNeed {
    static let spec = ObjectSpec(
        MemoryNeed(), "Memory that a node needs.",
        [
            .key("per_node_gib", \.perNodeGiB, .number(0...1e6), "Whatever the node serves, in GiB."),
            .key(
                "per_symbol_gib", \.perSymbolGiB, .number(0...1e6),
                "For each symbol that the node serves, in GiB; a shard serves its own, other nodes all."),
            .key(
                "per_subscriber_gib", \.perSubscriberGiB, .number(0...1e6),
                "For each subscriber that the node sends to, in GiB."),
        ])
}

extension ServiceTime {
    static let spec = ObjectSpec(
        ServiceTime(meanSeconds: 0, coefficientOfVariation: 1),
        "Service time of one message on one server.",
        [
            .required("mean", \.meanSeconds, .duration(1e-9...3600), "Mean service time."),
            .key(
                "cv", \.coefficientOfVariation, .number(0...20),
                "Coefficient of variation (standard deviation over the mean)."),
        ])
}

extension Objective {
    static let spec = ObjectSpec(
        Objective(quantile: 0.99, latencySeconds: 1),
        "Latency objective, judged over every rolling five minutes.",
        [
            .key(
                "quantile", \.quantile, .number(0.5...0.9999),
                "Share of messages that must be within the latency."),
            .required("latency", \.latencySeconds, .duration(1e-9...3600), "Latency limit."),
        ])
}

extension Scalability {
    static let spec = ObjectSpec(
        Scalability(contention: 0, coherency: 0, scalePerSecond: 1),
        "The Universal Scalability Law, as fitted by calibrate --model usl.",
        [
            .required("alpha", \.contention, .number(0...1), "Contention."),
            .required("beta", \.coherency, .number(0...1), "Coherency."),
            .required(
                "gamma", \.scalePerSecond, .number(1e-9...1e15), "Messages per second at a load of one."),
        ])
}

extension QueueRules {
    static let spec = ObjectSpec(
        QueueRules(), "Limits, load balancing, priorities, batches, pauses, timeouts and retries.",
        [
            .optional(
                "limit_per_server", \.limitPerServer, .integer(1...10_000_000), absent: "unlimited",
                "Most messages waiting or in service per server; more are rejected."),
            .optional(
                "balancer", \.balancer, .choice, absent: "one shared queue",
                "Load-balancing rule for servers with their own queues."),
            .key("cancels_first", \.cancelsFirst, .flag, "Whether cancels have priority."),
            .key("batch", \.batch, .integer(1...100_000), "Most messages served in one batch."),
            .optional("pause", \.pause, .object(Pause.spec), absent: "none", "Pauses."),
            .optional("retry", \.retry, .object(Retry.spec), absent: "none", "Retries."),
            .optional(
                "timeout", \.timeoutSeconds, .duration(1e-6...3600), absent: "never",
                "When a client abandons an attempt; the server still does the work."),
        ] + QueueReactions.keys)
}

extension QueueRules.Pause {
    static let spec = ObjectSpec(
        QueueRules.Pause(everySeconds: 1, lengthSeconds: 0),
        "Pauses of all servers, as fitted by calibrate --model service.",
        [
            .required("every", \.everySeconds, .duration(1e-6...86_400), "Mean time between pauses."),
            .required("length", \.lengthSeconds, .duration(1e-9...3600), "Mean length of a pause."),
        ])
}

extension QueueRules.Retry {
    static let spec = ObjectSpec(
        QueueRules.Retry(attemptsMax: 0, backoffSeconds: 1),
        "How clients retry rejected or timed-out messages.",
        [
            .required("attempts", \.attemptsMax, .integer(1...20), "Most retries per message."),
            .required(
                "backoff", \.backoffSeconds, .duration(1e-6...3600),
                "Mean delay before the first retry; doubles with each further one."),
            .key(
                "jitter", \.jitter, .number(0...1),
                "Random share of the delay: 1 draws an exponential time, 0 waits the mean."),
        ])
}
