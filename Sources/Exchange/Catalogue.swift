import Units

/// The machines that can be bought.
public struct Catalogue: Sendable, Equatable {
    /// What it is called where there are several; empty where it needs no name.
    public var name: String
    /// Where the figures are from.
    public var source: String
    /// The day on which the figures were read, as `2026-11-30`; nil where the source says it.
    public var date: String?
    /// The catalogues that this one was put together from; empty where it is one.
    public private(set) var parts: [Catalogue] = []
    /// The shapes, cheapest first.
    public var shapes: [Shape]

    /// A catalogue; shapes are put in order of price, then name.
    public init(source: String, shapes: [Shape], name: String = "", date: String? = nil) {
        (self.name, self.date) = (name, date)
        self.source = source
        self.shapes = shapes.sorted { ($0.onDemandPerHour, $0.name) < ($1.onDemandPerHour, $1.name) }
    }

    /// Several catalogues as one. A shape that several of them have is called by its catalogue too, as `aws/c7i.large`;
    /// the others keep their names.
    public init(joining parts: [Catalogue]) {
        var counts: [String: Int] = [:]
        for shape in parts.flatMap(\.shapes) { counts[shape.name, default: 0] += 1 }
        let shapes = parts.flatMap { part in
            part.shapes.map { shape in
                var named = shape
                if counts[shape.name, default: 0] > 1 { named.name = "\(part.name)/\(shape.name)" }
                return named
            }
        }
        self.init(source: parts.map(\.origin).joined(separator: "; "), shapes: shapes)
        self.parts = parts
    }

    public func shape(named name: String) -> Shape? {
        shapes.first { $0.name == name }
    }

    /// The names of the shapes that end in a name that several catalogues have, as `aws/c7i.large`.
    public func shapes(sharing name: String) -> [String] {
        shapes.map(\.name).filter { $0.hasSuffix("/" + name) }
    }

    /// Seconds from the order of a further node of a shape to its arrival: the time to deliver and rack it, or another where
    /// the catalogue does not say, as for what can be had at once.
    public func leadSeconds(of name: String, otherwise seconds: Double) -> Double {
        shape(named: name)?.provisioningLeadDays.map { $0 * 86_400 } ?? seconds
    }

    /// The source with the day, as `AWS list, read 2026-11-30`.
    public var origin: String { date.map { "\(source), read \($0)" } ?? source }
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
    /// Seconds from the start of a node that can be had at once to the first request that it serves.
    public var warmUpSeconds: Double
    /// What it costs where the seller may take it back at any time; nil where it is not sold so.
    public var spot: Spot?
    /// Days from the order of a machine that has to be delivered and racked; nil where it can be had at once, or as the
    /// plan says.
    public var provisioningLeadDays: Double?
    /// Days for which a reserved node is paid.
    public var commitmentDays = Shape.commitmentDaysStandard

    /// Hours of a month, of which a year has twelve.
    public static let hoursPerMonth = 730.0
    /// A commitment of a year.
    public static let commitmentDaysStandard = 365.0

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

    /// A price without commitment on either side.
    public struct Spot: Sendable, Equatable {
        /// Price of an hour.
        public var perHour: Money
        /// How often a month the seller takes a node back, on average.
        public var interruptionsPerMonth: Double

        public init(perHour: Money, interruptionsPerMonth: Double) {
            (self.perHour, self.interruptionsPerMonth) = (perHour, interruptionsPerMonth)
        }
    }
}
