import Exchange

extension StageNetwork {
    /// A row of tiers, each with its own rules, attempts and pauses; services are drawn in seconds.
    init(_ chain: QueueChain) {
        stages = chain.stages.indices.map { index in
            let tier = chain.stages[index]
            var rules = tier.surroundings?.rules ?? QueueRules()
            // Before a single server there is nothing to choose.
            if tier.servers == 1 { rules.balancer = nil }
            var stage = Stage(servers: tier.servers, rules: rules)
            stage.clock = index
            stage.hasClasses =
                tier.surroundings?.judged.first != nil || tier.surroundings?.other?.first != nil
            return stage
        }
        pauses = chain.stages.map { $0.surroundings?.rules.pause }
    }
}
