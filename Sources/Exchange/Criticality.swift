/// Which work may wait, so that no nodes are kept for it: while nodes are lost it waits for them, and in normal times it moves
/// off the peak. Nodes that stand by for a loss do it meanwhile, and give it back when they are needed.
public struct Criticality: Sendable, Equatable {
    /// The share of each class's work that may wait, or be refused, while what is to be survived is lost. Cancels never.
    public var waiting: [DemandClass: Double]
    /// How much later that work may be done in normal times, in seconds; 0: at once.
    public var deferSeconds: Double

    public init(waiting: [DemandClass: Double] = [:], deferSeconds: Double = 0) {
        self.waiting = waiting
        self.deferSeconds = deferSeconds
    }

    /// The classes that may wait, the lowest last: the more of a class may wait, the lower it is; of equals queries are below
    /// trades, and trades below orders. Where there is not room for all of them, the lowest is shed first.
    public var lowestLast: [DemandClass] {
        let ranks: [DemandClass] = [.cancel, .order, .trade, .query]
        return ranks.enumerated().filter { (waiting[$0.element] ?? 0) > 0 }.sorted {
            (waiting[$0.element] ?? 0, $0.offset) < (waiting[$1.element] ?? 0, $1.offset)
        }.map(\.element)
    }
}

extension Tier {
    /// The share of a mix's work that may not wait; 1 where nothing may.
    public func criticalShare(of mix: ClassRates) -> Double {
        guard let criticality else { return 1 }
        let all = work(of: mix)
        var may = ClassRates.zero
        for (demandClass, share) in criticality.waiting { may[demandClass] = mix[demandClass] * share }
        return all > 0 ? 1 - work(of: may) / all : 1
    }
}
