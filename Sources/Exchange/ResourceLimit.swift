import Units

/// A rate past which a tier breaks whatever its latency, and what runs out there.
public struct ResourceLimit: Sendable, Equatable {
    public var resource: BindingResource
    /// Messages a second, of those that cost the tier something.
    public var messagesPerSecond: Double

    public init(resource: BindingResource, messagesPerSecond: Double) {
        (self.resource, self.messagesPerSecond) = (resource, messagesPerSecond)
    }
}

extension Tier {
    /// What so many nodes of a shape have beside servers, at a mix of messages; infinite rates are left out.
    public func limits(nodes: Int, on shape: Shape, mix: ClassRates) -> [ResourceLimit] {
        var limits: [ResourceLimit] = []
        if let sessions, sessions.connectionsPerRate > 0 {
            for (resource, connections) in sessions.held(on: shape, usedGiB: memoryGiB(symbols: 0)) {
                limits.append(
                    ResourceLimit(
                        resource: resource,
                        messagesPerSecond: Double(max(0, nodes)) * connections
                            / (sessions.connectionsPerRate * (1 + balancerImbalance))))
            }
        }
        if let storage, let most = storage.operationsPerSecond {
            let operations = Storage.mean(storage.operationsPerMessage, mix: mix)
            if operations > 0 {
                limits.append(
                    ResourceLimit(resource: .own("disk operations"), messagesPerSecond: most / operations))
            }
        }
        if let price = quota?.price(named: shape.name) {
            limits.append(
                ResourceLimit(resource: .own("quota"), messagesPerSecond: price.requestsPerSecond))
        }
        return limits
    }

    /// The limit that is reached first.
    public func tightestLimit(nodes: Int, on shape: Shape, mix: ClassRates) -> ResourceLimit? {
        limits(nodes: nodes, on: shape, mix: mix).min { $0.messagesPerSecond < $1.messagesPerSecond }
    }

    /// The work that the servers of so many nodes of a shape do in a second, in seconds of work on that shape.
    func serverWork(nodes: Int, on shape: Shape) -> Double {
        guard kind.law != .quota else { return .infinity }
        let serving = kind.addsUp ? max(0, staffing?.answering(of: nodes) ?? nodes) : 1
        return Double(serving * servers(perNodeOf: shape)) * rules.speed / (1 + balancerImbalance)
    }

    /// The most work that so many nodes of a shape do in a second at a mix, in seconds of work on that shape: that of their
    /// servers, or less where a limit comes first.
    public func workDone(nodes: Int, on shape: Shape, mix: ClassRates) -> Double {
        let servers = serverWork(nodes: nodes, on: shape)
        let placed = on(shape)
        guard let limit = placed.tightestLimit(nodes: nodes, on: shape, mix: mix),
            let mean = placed.mixedService(of: mix)?.meanSeconds
        else { return servers.isFinite ? servers : 0 }
        return min(servers, limit.messagesPerSecond * mean)
    }

    /// What runs out first on so many nodes of a shape at a mix, given the heaviest symbol of the queue (`heaviestSymbol`).
    public func binds(
        _ heaviestSymbol: String?, nodes: Int, on shape: Shape, mix: ClassRates
    ) -> BindingResource {
        let placed = on(shape)
        guard let limit = placed.tightestLimit(nodes: nodes, on: shape, mix: mix),
            let mean = placed.mixedService(of: mix)?.meanSeconds,
            limit.messagesPerSecond * mean < serverWork(nodes: nodes, on: shape)
        else { return placed.binds(heaviestSymbol) }
        return limit.resource
    }
}

extension Tier {
    /// Shapes that this tier alone has, which no catalogue sells: the quotas of its supplier, or a member of staff.
    public var ownShapes: [Shape] {
        func shape(_ name: String, perHour: Money, committed: Money, warmUpSeconds: Double) -> Shape {
            Shape(
                name: name, cores: 1, memoryGiB: Tier.ownShapeSize, networkGbps: Tier.ownShapeSize,
                onDemandPerHour: perHour, reservedPerHour: committed, warmUpSeconds: warmUpSeconds)
        }
        var shapes = (quota?.prices ?? []).map { price in
            let perHour = Money(dollars: price.perMonth.dollars / Quota.monthHours)
            return shape(price.name, perHour: perHour, committed: perHour, warmUpSeconds: 0)
        }
        if let staffing {
            shapes.append(
                shape(
                    self.shape, perHour: staffing.perHour, committed: staffing.permanentPerHour,
                    warmUpSeconds: staffing.callInSeconds))
        }
        return shapes
    }

    /// What is no machine has more memory, in GiB, and bandwidth, in Gbit/s, than any tier asks for.
    private static let ownShapeSize = 1e5
}

extension Catalogue {
    /// The same with the shapes that tiers alone have; a shape of the catalogue keeps its name.
    public func with(ownShapesOf topology: Topology) -> Catalogue {
        var shapes = shapes
        for shape in topology.tiers.flatMap(\.ownShapes)
        where !shapes.contains(where: { $0.name == shape.name }) {
            shapes.append(shape)
        }
        var result = self
        result.shapes = Catalogue(source: source, shapes: shapes).shapes
        return result
    }
}
