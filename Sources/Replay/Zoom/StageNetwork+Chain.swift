import Exchange

extension StageNetwork {
    /// A row of tiers, each with its own rules, attempts and pauses; services are drawn in seconds.
    init(_ chain: QueueChain) {
        stages = chain.stages.indices.map { index in
            let tier = chain.stages[index]
            var stage = Stage(servers: tier.servers)
            stage.clock = index
            guard let surroundings = tier.surroundings else { return stage }
            let rules = surroundings.rules
            if tier.servers > 1, let balancer = rules.balancer {
                (stage.servers, stage.stations, stage.balancer) = (1, tier.servers, balancer)
            }
            stage.capacity = rules.limitPerServer.map { $0 * stage.servers }
            stage.batch = max(1, rules.batch)
            stage.hasClasses = surroundings.judged.first != nil || surroundings.other?.first != nil
            stage.retry = rules.retry
            stage.timeoutSeconds = rules.timeoutSeconds
            return stage
        }
        pauses = chain.stages.map { $0.surroundings?.rules.pause }
    }
}
