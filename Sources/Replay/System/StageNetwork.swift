import Exchange

/// Stages of queues that customers pass one after the other, each with its own rules: what a simulation runs through.
struct StageNetwork {
    /// Stations side by side, with the rules of each.
    struct Stage {
        /// Servers of a station.
        var servers: Int
        /// Stations; a customer is in all of them at once, or, with a balancer, in one.
        var stations = 1
        /// nil: a customer is in all stations and goes on when the last is done.
        var balancer: QueueRules.Balancer?
        /// The mean service time over that of the source's draws.
        var mean = 1.0
        /// Customers in a station, at most; nil: no bound.
        var capacity: Int?
        /// Customers that a server takes at once, at most.
        var batch = 1
        /// Whether there are two classes, of which the first goes first.
        var hasClasses = false
        /// What a refused or impatient customer does; nil: is lost.
        var retry: QueueRules.Retry?
        /// An attempt is given up after this time, in seconds; nil: never.
        var timeoutSeconds: Double?
        /// The place of its servers' clock among the clocks.
        var clock = 0
    }

    var stages: [Stage]
    /// The clocks of the servers, each with the pauses in which it stands still; nil: it never does.
    var pauses: [QueueRules.Pause?]
    /// Whether an attempt goes from the first stage to the last, by the first stage's rules; otherwise each stage has
    /// attempts of its own.
    var attemptsPassAllStages = false
    /// nil: no storms.
    var storm: QueueSystem.Storm?
}

extension StageNetwork {
    /// A system of queues: one set of rules, an attempt passes all stages, and pauses stop all servers.
    ///
    /// - Parameters:
    ///   - system: The system.
    ///   - servers: Servers of every stage.
    ///   - unitSeconds: The unit of the source's times.
    init(_ system: QueueSystem, servers: Int, unitSeconds: Double) {
        var first = Stage(servers: servers, rules: system.rules)
        first.capacity = system.capacity ?? first.capacity
        stages = [first]
        for seconds in system.furtherStageSeconds {
            var stage = Stage(servers: servers)
            stage.stations = system.fanOut
            stage.mean = seconds / unitSeconds
            stage.batch = first.batch
            stages.append(stage)
        }
        for stage in stages.indices { stages[stage].hasClasses = system.priority != nil }
        pauses = [system.rules.pause]
        attemptsPassAllStages = true
        storm = system.storm
    }
}

extension StageNetwork.Stage {
    /// Servers with these rules around them: a balancer gives each a station of its own, and bounds are for a station.
    init(servers: Int, rules: QueueRules) {
        self.init(servers: servers)
        if let balancer = rules.balancer {
            (self.servers, stations, self.balancer) = (1, servers, balancer)
        }
        capacity = rules.limitPerServer.map { $0 * self.servers }
        batch = max(1, rules.batch)
        retry = rules.retry
        timeoutSeconds = rules.timeoutSeconds
    }
}
