/// What losses have to be survived, and how many nodes are left by then, nodes being spread evenly over zones.
///
/// The loss of spare nodes and that of a zone are survived each by itself, not both at once.
public struct Survival: Sendable, Hashable {
    /// Zones over which nodes are spread, at least 1.
    public let zoneCount: Int
    /// Nodes that may be lost at any time.
    public let spareNodes: Int
    /// Whether the loss of a zone is to be survived and can be.
    public let survivesZoneLoss: Bool

    /// What is to be survived; the loss of a zone counts only where there are two.
    public init(zoneCount: Int, spareNodes: Int, survivesZoneLoss: Bool) {
        self.zoneCount = zoneCount
        self.spareNodes = spareNodes
        self.survivesZoneLoss = survivesZoneLoss && zoneCount > 1
    }

    /// Whether no loss is to be survived.
    public var isNone: Bool { spareNodes < 1 && !survivesZoneLoss }

    /// Copies of what must not be lost: the one that serves, and so many to take over that a loss leaves one.
    public var copies: Int { 1 + max(spareNodes, survivesZoneLoss ? 1 : 0) }

    /// Nodes of the fullest zone.
    public func largestZone(of nodes: Int) -> Int {
        (nodes + zoneCount - 1) / zoneCount
    }

    /// Nodes of each zone: as even as can be, the first zones one more.
    public func spread(_ nodes: Int) -> [Int] {
        (0..<zoneCount).map { nodes / zoneCount + ($0 < nodes % zoneCount ? 1 : 0) }
    }

    /// Nodes left in the worse of the two cases: the spare nodes lost, or the fullest zone.
    public func left(of nodes: Int) -> Int {
        let withoutSpares = nodes - spareNodes
        return survivesZoneLoss ? min(withoutSpares, nodes - largestZone(of: nodes)) : withoutSpares
    }

    /// The fewest nodes of which enough are left.
    public func nodes(leaving needed: Int) -> Int {
        var nodes = needed + spareNodes
        if survivesZoneLoss {
            nodes = max(nodes, (needed * zoneCount + zoneCount - 2) / (zoneCount - 1))
        }
        while left(of: nodes) < needed { nodes += 1 }
        return nodes
    }

    /// What sets the number of nodes that `nodes(leaving:)` gives.
    public func constraint(needed: Int) -> NodeConstraint {
        if nodes(leaving: needed) > needed + spareNodes { return .zoneLoss }
        return spareNodes > 0 ? .spareNodes : .load
    }
}
