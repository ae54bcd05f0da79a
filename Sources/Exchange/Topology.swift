/// The exchange as a graph of tiers, with the messages that pass along its edges.
///
/// Each class enters at its `sources` at the rate that the demand gives it; an edge then carries, for every message of
/// a class that its upstream tier handles, a number of messages of the same class on to the next.
public struct Topology: Sendable, Equatable {
    /// The tiers, in the order in which they are reported.
    public var tiers: [Tier]
    /// Where classes enter: the name of a tier for each class that the exchange knows.
    public var sources: [DemandClass: String]
    /// Who feeds whom.
    public var edges: [Edge]

    /// A topology; `issues()` says what is wrong with it.
    public init(tiers: [Tier], sources: [DemandClass: String], edges: [Edge]) {
        self.tiers = tiers
        self.sources = sources
        self.edges = edges
    }

    /// One arrow of the graph.
    public struct Edge: Sendable, Equatable {
        /// The tier that sends.
        public var from: String
        /// The tier that receives.
        public var to: String
        /// Messages sent on for each message handled, by class; an absent class is not sent on.
        public var carries: [DemandClass: Double]

        public init(from: String, to: String, carries: [DemandClass: Double]) {
            self.from = from
            self.to = to
            self.carries = carries
        }
    }

    /// The index of a tier by name.
    public func index(of name: String) -> Int? {
        tiers.firstIndex { $0.name == name }
    }

    /// The tiers so that each comes after all that feed it, or nil where the edges go round in a circle.
    public func flowOrder() -> [Int]? {
        var incoming = tiers.map { tier in edges.count { $0.to == tier.name } }
        var ready = incoming.indices.filter { incoming[$0] == 0 }
        var order: [Int] = []
        while let next = ready.first {
            ready.removeFirst()
            order.append(next)
            for edge in edges where edge.from == tiers[next].name {
                guard let target = index(of: edge.to) else { continue }
                incoming[target] -= 1
                if incoming[target] == 0 { ready.append(target) }
            }
        }
        return order.count == tiers.count ? order : nil
    }

    /// For each tier the messages of each class that it handles for one message of that class entering the exchange.
    ///
    /// A tier's rate is this times the demand's rate, class by class. The topology must have no issues.
    public func visits() -> [ClassRates] {
        var visits = tiers.map { tier in
            var entering = ClassRates.zero
            for (demandClass, name) in sources where name == tier.name { entering[demandClass] = 1 }
            return entering
        }
        for from in flowOrder() ?? [] {
            for edge in edges where edge.from == tiers[from].name {
                guard let to = index(of: edge.to) else { continue }
                for (demandClass, factor) in edge.carries {
                    visits[to][demandClass] += visits[from][demandClass] * factor
                }
            }
        }
        return visits
    }
}
