/// What losses have to be survived, and how many nodes are left by then, nodes being spread evenly over zones.
///
/// The loss of spare nodes, that of a zone and that of a region are survived each by itself, not several at once.
public struct Survival: Sendable, Hashable {
    /// Zones over which nodes are spread, at least 1.
    public let zoneCount: Int
    /// Nodes that may be lost at any time.
    public let spareNodes: Int
    /// Whether the loss of a zone is to be survived and can be.
    public let survivesZoneLoss: Bool
    /// The region of each zone, as a number, where the loss of a region is to be survived and can be; empty elsewhere.
    public let regionOfZone: [Int]
    /// By how many nodes zones may differ, at least 1: the fullest zone is planned for as full as that lets it be.
    public let zoneDifference: Int

    /// What is to be survived; the loss of a zone or a region counts only where there are two.
    public init(
        zoneCount: Int, spareNodes: Int, survivesZoneLoss: Bool, regionOfZone: [Int] = [],
        zoneDifference: Int = 1
    ) {
        self.zoneCount = zoneCount
        self.zoneDifference = max(1, zoneDifference)
        self.spareNodes = spareNodes
        self.survivesZoneLoss = survivesZoneLoss && zoneCount > 1
        self.regionOfZone =
            regionOfZone.count == zoneCount && Set(regionOfZone).count > 1 ? regionOfZone : []
    }

    /// Whether no loss is to be survived.
    public var isNone: Bool { spareNodes < 1 && !survivesZoneLoss && !survivesRegionLoss }

    /// Whether the loss of a region is to be survived and can be.
    public var survivesRegionLoss: Bool { !regionOfZone.isEmpty }

    /// Copies of what must not be lost: the one that serves, and so many to take over that a loss leaves one.
    public var copies: Int { 1 + max(spareNodes, survivesZoneLoss || survivesRegionLoss ? 1 : 0) }

    /// Nodes of the fullest zone, which has as many more than the others as it may.
    public func largestZone(of nodes: Int) -> Int {
        min(max(0, nodes), (nodes + (zoneCount - 1) * zoneDifference) / zoneCount)
    }

    /// Nodes of the fullest region; 0 where regions do not count.
    public func largestRegion(of nodes: Int) -> Int {
        var sums: [Int: Int] = [:]
        for (region, count) in zip(regionOfZone, spread(nodes)) { sums[region, default: 0] += count }
        return sums.values.max() ?? 0
    }

    /// Nodes of each zone: as even as can be, the first zones one more.
    public func spread(_ nodes: Int) -> [Int] {
        (0..<zoneCount).map { nodes / zoneCount + ($0 < nodes % zoneCount ? 1 : 0) }
    }

    /// Nodes left in the worst of the cases: the spare nodes lost, the fullest zone, or the fullest region.
    public func left(of nodes: Int) -> Int {
        var left = nodes - spareNodes
        if survivesZoneLoss { left = min(left, nodes - largestZone(of: nodes)) }
        if survivesRegionLoss { left = min(left, nodes - largestRegion(of: nodes)) }
        return left
    }

    /// The fewest nodes of which enough are left.
    public func nodes(leaving needed: Int) -> Int {
        var nodes = needed + spareNodes
        if survivesZoneLoss {
            nodes = max(nodes, (needed * zoneCount + zoneCount - 2) / (zoneCount - 1))
        }
        if let zones = Dictionary(grouping: regionOfZone, by: { $0 }).values.map(\.count).max() {
            // The zones of the other regions hold what is needed; an uneven spread may need this much less.
            nodes = max(nodes, needed * zoneCount / (zoneCount - zones) - zoneCount * zoneCount)
        }
        while left(of: nodes) < needed { nodes += 1 }
        return nodes
    }

    /// What sets the number of nodes that `nodes(leaving:)` gives.
    public func constraint(needed: Int) -> NodeConstraint {
        let nodes = nodes(leaving: needed)
        if survivesRegionLoss, nodes > Survival(self, withoutRegions: true).nodes(leaving: needed) {
            return .regionLoss
        }
        if nodes > needed + spareNodes { return .zoneLoss }
        return spareNodes > 0 ? .spareNodes : .load
    }

    /// The same without the loss of a region.
    private init(_ survival: Survival, withoutRegions: Bool) {
        self.init(
            zoneCount: survival.zoneCount, spareNodes: survival.spareNodes,
            survivesZoneLoss: survival.survivesZoneLoss,
            regionOfZone: withoutRegions ? [] : survival.regionOfZone)
    }

    /// The zones of a serving node and its standbys, from one zone on: in turn, those in regions that have none yet first.
    public func zonesOfCopies(from first: Int) -> [Int] {
        var zones = [first % zoneCount]
        while zones.count < copies {
            let others = (1..<max(2, zoneCount)).map { (first + $0) % zoneCount }
            let used = survivesRegionLoss ? Set(zones.map { regionOfZone[$0] }) : []
            let next =
                others.first { survivesRegionLoss && !used.contains(regionOfZone[$0]) && !zones.contains($0) }
                ?? others.first { !zones.contains($0) } ?? (first + zones.count) % zoneCount
            zones.append(next)
        }
        return zones
    }
}
