import Exchange
import Units

extension PlanFile {
    mutating func decodeTopology(_ value: PlacedJSON, file: String) throws(ConfigurationError) {
        topology = Topology(
            tiers: (value["tiers"]?.items ?? []).map(PlanFile.tier),
            sources: PlanFile.byClass(value["sources"]).compactMapValues(\.string),
            edges: (value["edges"]?.items ?? []).map { edge in
                Topology.Edge(
                    from: edge["from"]?.string ?? "", to: edge["to"]?.string ?? "",
                    carries: PlanFile.byClass(edge["carries"]).compactMapValues(\.number))
            })
        if let issue = topology.issues().first {
            throw ConfigurationError(
                file: file, place: PlanFile.place(of: issue.place, in: value), message: issue.message)
        }
    }

    /// Every shape that a tier names has to be in the catalogue.
    func checkShapes(_ value: PlacedJSON?, file: String) throws(ConfigurationError) {
        let items = value?["tiers"]?.items ?? []
        for (index, tier) in topology.tiers.enumerated() {
            let item = items.indices.contains(index) ? items[index] : nil
            var named = [(tier.shape, item?["shape"]?.place)]
            for (position, shape) in tier.allowedShapes.enumerated() {
                let entries = item?["allowed_shapes"]?.items ?? []
                named.append((shape, entries.indices.contains(position) ? entries[position].place : nil))
            }
            for (name, place) in named where catalogue.shape(named: name) == nil {
                throw ConfigurationError.unknown(
                    "shape", name, among: catalogue.shapes.map(\.name), at: place, file: file)
            }
        }
    }

    private static func tier(_ value: PlacedJSON) -> Tier {
        Tier(
            name: value["name"]?.string ?? "",
            kind: value["kind"]?.string.flatMap(TierKind.init(name:)) ?? .pool,
            service: byClass(value["service"]).mapValues {
                ServiceTime(
                    meanSeconds: $0["mean"]?.seconds ?? 0, coefficientOfVariation: $0["cv"]?.number ?? 1)
            },
            objective: Objective(
                quantile: value["objective"]?["quantile"]?.number ?? 0.99,
                latencySeconds: value["objective"]?["latency"]?.seconds ?? 1),
            nodes: Int(value["nodes"]?.number ?? 1), shape: value["shape"]?.string ?? "",
            allowedShapes: value["allowed_shapes"]?.items.compactMap(\.string) ?? [],
            serversPerCore: value["servers_per_core"]?.number ?? 1,
            imbalance: value["imbalance"]?.number ?? 0,
            scalability: value["scalability"].map {
                Scalability(
                    contention: $0["alpha"]?.number ?? 0, coherency: $0["beta"]?.number ?? 0,
                    scalePerSecond: $0["gamma"]?.number ?? 1)
            }, rules: value["queue"].map(queueRules) ?? QueueRules())
    }

    private static func queueRules(_ value: PlacedJSON) -> QueueRules {
        var rules = QueueRules()
        rules.limitPerServer = value["limit_per_server"]?.number.map { Int($0) }
        rules.balancer = value["balancer"]?.string.flatMap(QueueRules.Balancer.init)
        rules.cancelsFirst = value["cancels_first"]?.bool ?? false
        rules.batch = value["batch"]?.number.map { Int($0) } ?? 1
        rules.pause = value["pause"].map {
            QueueRules.Pause(
                everySeconds: $0["every"]?.seconds ?? 1, lengthSeconds: $0["length"]?.seconds ?? 0)
        }
        rules.retry = value["retry"].map {
            QueueRules.Retry(
                attemptsMax: Int($0["attempts"]?.number ?? 0), backoffSeconds: $0["backoff"]?.seconds ?? 1)
        }
        rules.timeoutSeconds = value["timeout"]?.seconds
        return rules
    }

    private static func byClass(_ value: PlacedJSON?) -> [DemandClass: PlacedJSON] {
        var result: [DemandClass: PlacedJSON] = [:]
        for member in value?.members ?? [] {
            if let demandClass = DemandClass(rawValue: member.key) { result[demandClass] = member.value }
        }
        return result
    }

    private static func place(of place: TopologyIssue.Place, in value: PlacedJSON) -> TextPlace {
        switch place {
        case .tier(let index): value["tiers"]?.items[index].place ?? value.place
        case .edge(let index): value["edges"]?.items[index].place ?? value.place
        case .source(let demandClass): value["sources"]?[demandClass.rawValue]?.place ?? value.place
        case .whole: value.place
        }
    }
}
