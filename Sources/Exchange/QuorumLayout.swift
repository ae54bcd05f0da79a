/// Where the members of a quorum may be placed.
public struct Quorum: Sendable, Equatable {
    /// A group of machines that fail together, as a rack or a cloud's placement group, in one zone.
    public struct PlacementGroup: Sendable, Equatable {
        public var name: String
        /// The zone that it lies in.
        public var zone: String

        public init(name: String, zone: String) {
            (self.name, self.zone) = (name, zone)
        }
    }

    /// The placement groups that members lie in; none: each member by itself, in zones.
    public var groups: [PlacementGroup]
    /// Whether the loss of any placement group is to leave a majority.
    public var survivesGroupLoss: Bool

    public init(groups: [PlacementGroup] = [], survivesGroupLoss: Bool = true) {
        self.groups = groups
        self.survivesGroupLoss = survivesGroupLoss
    }

    /// Members that have to live.
    public static func majority(of members: Int) -> Int { members / 2 + 1 }

    /// The zone, and the placement group if there are any, of each of so many members.
    ///
    /// Each goes to the zone with the fewest members, there to the group with the fewest, the first of equals: no placement
    /// has fewer members in its fullest zone, nor, given that, in its fullest group of a zone.
    public func layout(of members: Int, zones: [String]) -> QuorumLayout {
        var layout = QuorumLayout()
        let used = zones.indices.filter { zone in
            groups.isEmpty || groups.contains { $0.zone == zones[zone] }
        }
        for _ in 0..<max(0, members) {
            guard let zone = used.min(by: { (layout.inZone($0), $0) < (layout.inZone($1), $1) }) else {
                break
            }
            let inside = groups.indices.filter { groups[$0].zone == zones[zone] }
            let group = inside.min { (layout.inGroup($0), $0) < (layout.inGroup($1), $1) }
            layout.members.append(QuorumLayout.Member(zone: zone, group: group))
        }
        return layout
    }
}

/// Where each member of a quorum lies; the first leads.
public struct QuorumLayout: Sendable, Equatable {
    /// The places of one member's zone among the zones, and of its group among the groups.
    public struct Member: Sendable, Equatable {
        public var zone: Int
        public var group: Int?
    }

    public internal(set) var members: [Member] = []

    /// Members in a zone.
    public func inZone(_ zone: Int) -> Int { members.count { $0.zone == zone } }

    /// Members in a placement group.
    public func inGroup(_ group: Int) -> Int { members.count { $0.group == group } }

    /// Members of the fullest zone.
    public var fullestZone: Int { Set(members.map(\.zone)).map(inZone).max() ?? 0 }

    /// Members of the fullest region of a survival; 0 where regions do not count.
    public func fullestRegion(_ survival: Survival) -> Int {
        var sums: [Int: Int] = [:]
        for member in members where survival.regionOfZone.indices.contains(member.zone) {
            sums[survival.regionOfZone[member.zone], default: 0] += 1
        }
        return sums.values.max() ?? 0
    }

    /// Members of the fullest placement group; 0 without groups.
    public var fullestGroup: Int { Set(members.compactMap(\.group)).map(inGroup).max() ?? 0 }

    /// Members that live when some zones and groups are gone.
    public func living(without zones: Set<Int>, groups: Set<Int>) -> Int {
        members.count { member in
            !zones.contains(member.zone) && !(member.group.map(groups.contains) ?? false)
        }
    }
}

/// What takes too many members of a quorum away.
public enum QuorumLoss: Sendable, Equatable {
    /// So many members by themselves.
    case members(Int)
    /// The fullest zone.
    case zone
    /// The fullest region.
    case region
    /// The fullest placement group.
    case placementGroup
}

extension Tier {
    /// Where its members lie; of a tier that is no quorum nobody asks.
    public func layout(of members: Int, zones: [String]) -> QuorumLayout {
        (quorum ?? Quorum()).layout(of: members, zones: zones)
    }

    /// The losses, of those to be survived, that leave no majority of so many members, with the members left.
    public func lostMajorities(
        of members: Int, zones: [String], _ survival: Survival
    ) -> [(loss: QuorumLoss, left: Int)] {
        let layout = layout(of: members, zones: zones)
        var losses: [(loss: QuorumLoss, left: Int)] = []
        if survival.spareNodes > 0 {
            losses.append((.members(survival.spareNodes), max(0, members - survival.spareNodes)))
        }
        if survival.survivesZoneLoss { losses.append((.zone, members - layout.fullestZone)) }
        if survival.survivesRegionLoss {
            losses.append((.region, members - layout.fullestRegion(survival)))
        }
        if let quorum, quorum.survivesGroupLoss, !quorum.groups.isEmpty {
            losses.append((.placementGroup, members - layout.fullestGroup))
        }
        return losses.filter { $0.left < Quorum.majority(of: members) }
    }

    /// Nodes left in the worst of the losses to be survived.
    public func left(of nodes: Int, zones: [String], _ survival: Survival) -> Int {
        guard kind.needsMajority else { return kind.left(of: nodes, survival) }
        let layout = layout(of: nodes, zones: zones)
        var left = nodes - survival.spareNodes
        if survival.survivesZoneLoss { left = min(left, nodes - layout.fullestZone) }
        if survival.survivesRegionLoss { left = min(left, nodes - layout.fullestRegion(survival)) }
        if let quorum, quorum.survivesGroupLoss { left = min(left, nodes - layout.fullestGroup) }
        return left
    }

    /// Nodes of its fullest zone.
    public func fullestZone(of nodes: Int, zones: [String], _ survival: Survival) -> Int {
        if kind.isOutside { return 0 }
        return kind.needsMajority
            ? layout(of: nodes, zones: zones).fullestZone : survival.largestZone(of: nodes)
    }

    /// Nodes of each zone; of a tier outside of them one figure, of all.
    public func spread(_ nodes: Int, zones: [String], _ survival: Survival) -> [Int] {
        if kind.isOutside { return [nodes] }
        guard kind.needsMajority else { return survival.spread(nodes) }
        let layout = layout(of: nodes, zones: zones)
        return zones.indices.map(layout.inZone)
    }
}
