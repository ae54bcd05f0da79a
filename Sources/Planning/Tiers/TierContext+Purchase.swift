import Exchange
import Units

/// How a tier's nodes are bought.
extension TierContext {
    /// What a pool's purchase has to keep, given the nodes needed in each step and those that have to be left when all spot
    /// nodes are lost.
    func programme(of shape: Shape, needed: [Int], left: [Int]) -> PurchaseProgramme {
        let offered = [shape] + mixable(with: shape)
        let offers = offered.map {
            ShapeOffer(
                shape: $0.name, prices: PurchasePlan.StepPrices(of: $0, stepSeconds: demand.stepSeconds))
        }
        var programme = PurchaseProgramme(needed: needed, mixing: offers)
        let prices = programme.prices
        let reserved = programme.shape(of: .reserved)
        if offers.count == 1 { programme.offers = [] }
        programme.minimumUp = max(1, minimumUp)
        programme.minimumDown = max(1, steps(of: options.changes.minimumDownSeconds))
        programme.addedMax = options.changes.addedPerStepMax
        programme.removedMax = options.changes.removedPerStepMax
        if !options.changes.freezes.isEmpty {
            programme.frozen = (0..<stepCount).map {
                $0 > 0 && options.changes.isFrozen(demand.time(ofStep: $0))
            }
        }
        if prices.spot != nil, options.spot.allows(tier) {
            programme.spotMax = zip(needed, left).map { options.spot.most(of: $0, leaving: $1) }
        }
        let days = Double(demand.stepSeconds) * Double(stepCount) / 86_400
        programme.carried =
            options.carried[tier.name]?.spans(
                of: offered.first { $0.name == reserved } ?? shape, days: days) ?? []
        return programme
    }

    /// The other shapes that a pool may have nodes of beside a shape: each is good for no less load, and warm no later.
    private func mixable(with shape: Shape) -> [Shape] {
        guard options.mixesShapes, tier.kind.law == .queue, !tier.kind.isOutside else { return [] }
        return shapes.filter { other in
            other.name != shape.name && tier.servers(perNodeOf: other) == tier.servers(perNodeOf: shape)
                && other.memoryGiB >= shape.memoryGiB && other.networkGbps >= shape.networkGbps
                && other.warmUpSeconds <= shape.warmUpSeconds
        }
    }

    /// For each zone and step the nodes of each shape, where shapes are mixed; empty lists elsewhere.
    func nodesByShape(_ outcome: TierOutcome, spots: [[Int]]) -> [[[ShapeNodes]]] {
        let programme = outcome.programme
        return zoneNames.indices.map { zone in
            (0..<stepCount).map { step in
                guard !programme.offers.isEmpty else { return [] }
                let (reserved, spot) = (outcome.zoneReserved[zone], spots[zone][step])
                let bought: [(Purchase, Int)] = [
                    (.reserved, reserved), (.onDemand, outcome.zoneNodes[zone][step] - reserved - spot),
                    (.spot, spot),
                ]
                var found: [ShapeNodes] = []
                for (purchase, nodes) in bought where nodes > 0 {
                    guard let shape = programme.shape(of: purchase) else { continue }
                    if let place = found.firstIndex(where: { $0.shape == shape }) {
                        found[place].nodes += nodes
                    } else {
                        found.append(ShapeNodes(shape: shape, nodes: nodes))
                    }
                }
                return found
            }
        }
    }

    /// The same for nodes that always run; those of their number that do not change are bought for good.
    func flatProgramme(of shape: Shape, nodes: Int, left: Int) -> PurchaseProgramme {
        let prices = PurchasePlan.StepPrices(of: shape, stepSeconds: demand.stepSeconds)
        var programme = PurchaseProgramme(needed: always(nodes), prices: prices)
        if prices.spot != nil, options.spot.allows(tier) {
            programme.spotMax = always(options.spot.most(of: nodes, leaving: left))
        }
        return programme
    }

    /// The cheapest purchase of nodes that always run.
    func flatPurchase(of shape: Shape, nodes: Int, left: Int) -> PurchasePlan {
        let programme = flatProgramme(of: shape, nodes: nodes, left: left)
        let prices = programme.prices
        var spot = 0
        if let price = prices.spot, price < min(prices.reserved, prices.onDemand) {
            spot = programme.spotLimit(0)
        }
        return PurchasePlan(
            reserved: prices.reserved <= prices.onDemand ? nodes - spot : 0, nodes: always(nodes),
            spot: always(spot), prices: prices)
    }

    /// What today's nodes would cost bought as the plan buys nodes that always run, by the cheaper of commitment and on
    /// demand: like for like with the plan.
    var todaysCommittedCost: Money {
        let nodes = tier.kind.withStandbys(max(0, tier.nodes), copies: copies)
        return flatPurchase(of: todaysShape, nodes: nodes, left: nodes).cost
    }

    /// Steps that a node on demand stays on at least: of people, their shift.
    var minimumUp: Int { steps(of: tier.staffing?.shiftSeconds ?? options.minimumUpSeconds) }

    /// A length of time in steps, rounded up.
    func steps(of seconds: Double) -> Int {
        Int(saturating: (seconds / Double(demand.stepSeconds) - 1e-9).rounded(.up))
    }

    /// Reserved nodes of each zone where nodes stay the same; what is on spot is in the last zones, where standbys are.
    func reserved(_ purchase: PurchasePlan, of zoneNodes: [Int]) -> [Int] {
        var left = purchase.reserved
        return zoneNodes.map { nodes in
            let taken = min(left, nodes)
            left -= taken
            return taken
        }
    }

    /// Spot nodes of each zone in each step, of those that are not reserved; the first zones first.
    func zoneSpot(_ outcome: TierOutcome) -> [[Int]] {
        let spot = outcome.purchase.spot
        guard !spot.isEmpty else { return zoneNames.map { _ in always(0) } }
        var byZone = zoneNames.map { _ in always(0) }
        for step in 0..<stepCount {
            var left = spot[step]
            for zone in zoneNames.indices {
                let room = outcome.zoneNodes[zone][step] - outcome.zoneReserved[zone]
                byZone[zone][step] = min(left, max(0, room))
                left -= byZone[zone][step]
            }
        }
        return byZone
    }
}
