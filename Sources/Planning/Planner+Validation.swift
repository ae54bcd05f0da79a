import Exchange
import Units

extension Planner {
    /// Refuses what no plan can be made from.
    func validate(demand: DemandPaths, topology: Topology, catalogue: Catalogue) throws {
        try validateOptions()
        try validateFreezes(demand)
        try validateSpot(topology)
        let issues = topology.issues()
        guard issues.isEmpty else { throw PlanningError.topology(issues) }
        try validate(topology.tiers)
        try validate(catalogue)
        try validate(demand)
        for surge in options.surges where surge.factors.count != demand.symbols.count {
            throw PlanningError.option(
                name: "the surge '\(surge.event)'", message: "must have factors for each symbol")
        }
        try validateSums(demand: demand, topology: topology, catalogue: catalogue)
    }

    /// Refuses prices, nodes and steps whose product could pass what an amount of money holds.
    private func validateSums(demand: DemandPaths, topology: Topology, catalogue: Catalogue) throws {
        let price = catalogue.shapes.reduce(0.0) {
            max($0, $1.onDemandPerHour.dollars, $1.reservedPerHour.dollars)
        }
        let today = topology.tiers.reduce(0) { max($0, $1.nodes) }
        let shardNodes = Double(today + demand.symbols.count) * Double(options.spareNodes + 2)
        let nodes = max(2 * Double(options.largestNodeCount), shardNodes) * Double(topology.tiers.count)
        let hours = Double(demand.stepSeconds) / 3600 * Double(demand.stepCount)
        guard 4 * price * hours * nodes < 9e12 else {
            throw PlanningError.option(
                name: "the node limit",
                message: "is too high for the prices and the horizon: the cost could overflow; lower it")
        }
    }

    private func validateOptions() throws {
        func check(_ name: String, _ isRight: Bool, _ expected: String) throws {
            if !isRight { throw PlanningError.option(name: name, message: "must be \(expected)") }
        }
        let allowed = options.probabilityBrokenAllowed
        try check("zones", !options.zones.isEmpty && options.zones.count <= 100, "1 to 100 names")
        try check("zones", Set(options.zones).count == options.zones.count, "without duplicates")
        let inRegions = options.regions.flatMap(\.zones)
        try check(
            "regions", Set(inRegions).count == inRegions.count && Set(inRegions).isSubset(of: options.zones),
            "of zones of the plan, each in one region")
        try check("the number of spare nodes", (0...1000).contains(options.spareNodes), "from 0 to 1000")
        try check("the allowed probability", allowed > 0 && allowed < 1, "above 0 and below 1")
        try check(
            "the headroom factor", options.headroomFactor >= 1 && options.headroomFactor <= 1000,
            "from 1 to 1000")
        try check(
            "the minimum up time", (0...1e8).contains(options.minimumUpSeconds), "from 0 to 1e8 seconds")
        if let budget = options.budget {
            switch budget {
            case .minutesPerMonth(let minutes):
                try check("the budget in minutes", minutes >= 0 && minutes <= 44_640, "from 0 to 44640")
            case .shareOfRequests(let share):
                try check("the budget's share", share >= 0 && share <= 1, "from 0 to 1")
            case .dollarsPerMinute(let prices):
                try check(
                    "the price of a minute",
                    prices.values.allSatisfy {
                        ($0.count == 1 || $0.count == 24) && $0.allSatisfy((0...1e9).contains)
                    }, "one or 24 numbers from 0 to 1e9")
            }
        }
        try check(
            "the autoscaler's lag", (0...1e8).contains(options.autoscalerLagSeconds), "from 0 to 1e8 seconds")
        try check("the extra lead", (0...1e8).contains(options.extraLeadSeconds), "from 0 to 1e8 seconds")
        try check(
            "the node limit", (1...100_000).contains(options.largestNodeCount), "from 1 to 100000")
        try check(
            "the difference of zones", (1...100_000).contains(options.zoneDifference), "from 1 to 100000")
        try check("the share of spot nodes", (0...1).contains(options.spot.share), "from 0 to 1")
        let changes = options.changes
        try check(
            "the minimum down time", (0...1e8).contains(changes.minimumDownSeconds), "from 0 to 1e8 seconds")
        for limit in [changes.addedPerStepMax, changes.removedPerStepMax] {
            try check("the limit of changes in a step", limit.map { $0 > 0 } ?? true, "1 or more")
        }
        for freeze in changes.freezes {
            if let problem = freeze.problem {
                throw PlanningError.option(name: "a freeze", message: "cannot be: \(problem)")
            }
        }
        try check(
            "the maintenance window", (1...1e8).contains(options.maintenanceSeconds), "from 1 to 1e8 seconds")
    }

    /// Refuses freezes that leave no step in which a node could start or stop.
    private func validateFreezes(_ demand: DemandPaths) throws {
        guard !options.changes.freezes.isEmpty, demand.stepCount > 1 else { return }
        let isOpen = (1..<demand.stepCount).contains {
            !options.changes.isFrozen(demand.time(ofStep: $0))
        }
        guard !isOpen else { return }
        throw PlanningError.option(
            name: "the freeze",
            message: "excludes everything: no node could start or stop between \(demand.time(ofStep: 1)) and "
                + "\(demand.time(ofStep: demand.stepCount)); shorten it")
    }

    /// Refuses spot nodes for tiers that are not there.
    private func validateSpot(_ topology: Topology) throws {
        for name in options.spot.tiers ?? [] where topology.index(of: name) == nil {
            throw PlanningError.option(
                name: "the spot tier '\(name)'",
                message: "is unknown; the tiers are " + topology.tiers.map(\.name).joined(separator: ", "))
        }
    }

    private func validate(_ tiers: [Tier]) throws {
        for tier in tiers {
            func check(_ name: String, _ isRight: Bool, _ expected: String) throws {
                if !isRight {
                    throw PlanningError.option(
                        name: "\(name) of the tier '\(tier.name)'", message: "must be \(expected)")
                }
            }
            try check("nodes", (0...100_000).contains(tier.nodes), "from 0 to 100000")
            try check("servers per core", tier.serversPerCore > 0 && tier.serversPerCore <= 1e4, "above 0")
            for group in tier.quorum?.groups ?? [] {
                try check(
                    "the zone '\(group.zone)' of the placement group '\(group.name)'",
                    options.zones.contains(group.zone), "one of \(options.zones.joined(separator: ", "))")
            }
            try check("the imbalance", (0...1000).contains(tier.imbalance), "from 0 to 1000")
            for time in tier.service.values {
                try check(
                    "a service time", time.meanSeconds >= 0 && time.meanSeconds <= 1e6, "from 0 to 1e6 s")
                try check("a variation", (0...1000).contains(time.coefficientOfVariation), "from 0 to 1000")
            }
        }
    }

    private func validate(_ catalogue: Catalogue) throws {
        for shape in catalogue.shapes {
            func check(_ name: String, _ isRight: Bool, _ expected: String) throws {
                if !isRight { throw PlanningError.shape(name: shape.name, message: "must have \(expected)") }
            }
            try check("cores", (1...100_000).contains(shape.cores), "1 to 100000 cores")
            let prices = [
                shape.onDemandPerHour, shape.reservedPerHour, shape.spot?.perHour ?? shape.onDemandPerHour,
            ]
            try check(
                "prices", prices.allSatisfy { (0...1e6).contains($0.dollars) }, "prices from 0 to 1e6 an hour"
            )
            if let spot = shape.spot {
                try check(
                    "interruptions", (0...1e5).contains(spot.interruptionsPerMonth),
                    "0 to 1e5 interruptions a month")
            }
            try check(
                "a commitment", (1...36_500).contains(shape.commitmentDays), "a commitment of 1 to 36500 days"
            )
            try check(
                "warm-up", (0...1e8).contains(shape.warmUpSeconds), "a warm-up from 0 to 1e8 seconds")
        }
    }

    private func validate(_ demand: DemandPaths) throws {
        guard !demand.symbols.isEmpty, demand.pathCount > 0, demand.stepCount > 0, demand.stepSeconds > 0
        else { throw PlanningError.noDemand }
        var seen: Set<SeriesID> = []
        for symbol in demand.symbols where !seen.insert(symbol.id).inserted {
            throw PlanningError.option(name: "the symbol \(symbol.id)", message: "is listed twice")
        }
        for (place, value) in demand.tradesPerSecond.enumerated() where !(value >= 0 && value <= 1e15) {
            let step = place % demand.stepCount
            let symbol = place / demand.stepCount % demand.symbols.count
            let path = place / demand.stepCount / demand.symbols.count
            throw PlanningError.demand(
                symbol: demand.symbols[symbol].id.description, path: path, step: step, value: value)
        }
    }
}
