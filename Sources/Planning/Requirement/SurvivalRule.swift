/// How many nodes are left when what is to be survived has happened, nodes being spread evenly over zones.
struct SurvivalRule: Sendable, Equatable {
    let zoneCount: Int
    let spareNodes: Int
    /// Whether the loss of a zone is to be survived and can be.
    let survivesZoneLoss: Bool

    init(options: PlanOptions) {
        zoneCount = options.zones.count
        spareNodes = options.spareNodes
        survivesZoneLoss = options.survivesZoneLoss && options.zones.count > 1
    }

    /// Nodes of the fullest zone.
    func largestZone(of nodes: Int) -> Int {
        (nodes + zoneCount - 1) / zoneCount
    }

    /// Nodes of each zone: as even as can be, the first zones one more.
    func spread(_ nodes: Int) -> [Int] {
        (0..<zoneCount).map { nodes / zoneCount + ($0 < nodes % zoneCount ? 1 : 0) }
    }

    /// Nodes left in the worse of the two cases: the spare nodes lost, or the fullest zone.
    func left(of nodes: Int) -> Int {
        let withoutSpares = nodes - spareNodes
        return survivesZoneLoss ? min(withoutSpares, nodes - largestZone(of: nodes)) : withoutSpares
    }

    /// The fewest nodes of which enough are left.
    func nodes(leaving needed: Int) -> Int {
        var nodes = needed + spareNodes
        if survivesZoneLoss {
            nodes = max(nodes, (needed * zoneCount + zoneCount - 2) / (zoneCount - 1))
        }
        while left(of: nodes) < needed { nodes += 1 }
        return nodes
    }

    /// What sets the number of nodes, for the reports.
    func constraint(needed: Int) -> String {
        if nodes(leaving: needed) > needed + spareNodes { return "zone loss" }
        return spareNodes > 0 ? "spare nodes" : "load"
    }
}
