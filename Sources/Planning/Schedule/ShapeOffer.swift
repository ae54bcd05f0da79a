import Units

/// A shape of which a pool's nodes may be bought, with what a node of it costs over a step.
public struct ShapeOffer: Sendable, Equatable {
    public var shape: String
    public var prices: PurchaseProgramme.StepPrices

    public init(shape: String, prices: PurchaseProgramme.StepPrices) {
        (self.shape, self.prices) = (shape, prices)
    }

    /// The price by a way of buying; nil where the shape is not sold so.
    func price(_ purchase: Purchase) -> Money? {
        switch purchase {
        case .reserved: prices.reserved
        case .onDemand: prices.onDemand
        case .spot: prices.spot
        case .today: nil
        }
    }
}

/// Nodes of a shape among those of a tier in one zone and step.
public struct ShapeNodes: Sendable, Equatable {
    public var shape: String
    public var nodes: Int

    public init(shape: String, nodes: Int) { (self.shape, self.nodes) = (shape, nodes) }
}

extension PurchaseProgramme {
    /// A programme whose nodes may be of several shapes that are good for the same load.
    ///
    /// Nodes of one way of buying may then be exchanged for each other one by one, whatever the schedule. So those of
    /// the cheapest shape are optimal for each way, and the programme at the least prices has the least cost of all mixtures.
    init(needed: [Int], mixing offers: [ShapeOffer]) {
        func least(_ purchase: Purchase) -> Money? { offers.compactMap { $0.price(purchase) }.min() }
        self.init(
            needed: needed,
            prices: StepPrices(
                reserved: least(.reserved) ?? .zero, onDemand: least(.onDemand) ?? .zero, spot: least(.spot)))
        self.offers = offers
    }

    /// The shape of nodes that are bought in a way: the cheapest, of equals the first; nil where none is sold so.
    public func shape(of purchase: Purchase) -> String? {
        let priced = offers.compactMap { offer in offer.price(purchase).map { (offer.shape, $0) } }
        return priced.min { $0.1 < $1.1 }?.0
    }
}
