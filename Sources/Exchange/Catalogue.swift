import Units

/// The machines that can be bought.
public struct Catalogue: Sendable, Equatable {
    /// Where the figures are from and on which day they were read.
    public var source: String
    /// The shapes, cheapest first.
    public var shapes: [Shape]

    /// A catalogue; shapes are put in order of price, then name.
    public init(source: String, shapes: [Shape]) {
        self.source = source
        self.shapes = shapes.sorted { ($0.onDemandPerHour, $0.name) < ($1.onDemandPerHour, $1.name) }
    }

    public func shape(named name: String) -> Shape? {
        shapes.first { $0.name == name }
    }
}

/// One kind of machine.
public struct Shape: Sendable, Equatable {
    /// The seller's name for it.
    public var name: String
    /// Cores that serve at full speed at the same time.
    public var cores: Int
    public var memoryGiB: Double
    /// Network in Gbit/s, sustained.
    public var networkGbps: Double
    /// Price of an hour without commitment.
    public var onDemandPerHour: Money
    /// Price of an hour with a year's commitment.
    public var reservedPerHour: Money
    /// Seconds from the order to the first request served.
    public var warmUpSeconds: Double

    /// A shape from its figures.
    public init(
        name: String, cores: Int, memoryGiB: Double, networkGbps: Double, onDemandPerHour: Money,
        reservedPerHour: Money, warmUpSeconds: Double
    ) {
        self.name = name
        self.cores = cores
        self.memoryGiB = memoryGiB
        self.networkGbps = networkGbps
        self.onDemandPerHour = onDemandPerHour
        self.reservedPerHour = reservedPerHour
        self.warmUpSeconds = warmUpSeconds
    }
}
