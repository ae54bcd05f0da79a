import Exchange
import Replay

/// A plan's nodes on a tier that is other than the one that they were planned for.
extension TierContext {
    /// What has happened to nodes.
    enum OtherLoss: Sendable {
        /// What is to be survived.
        case planned
        /// One node more, or of every shard one more.
        case oneMoreNode
        /// One zone more.
        case oneMoreZone
    }

    /// The queues of a plan, with this tier's loads and what its nodes hold of them.
    func queues(
        of plan: TierPlan, loss: OtherLoss, _ model: some CapacityModel
    ) -> [(load: PathLoad, levels: StepLevels)] {
        guard let shape = ([todaysShape] + shapes).first(where: { $0.name == plan.shape }) else { return [] }
        if tier.kind.isSharded {
            let isServed = lostCopies(loss) < copies || loss == .planned
            return plan.shards.map { shard in
                let held = capacity(model, symbols: shard.symbols, shape: todaysShape)
                return (load.work(of: shard.symbols), always(isServed ? held.levels(nodes: 1) : .none))
            }
        }
        let held = capacity(model, symbols: load.everySymbol, shape: shape)
        let serving = plan.servingNodes.map { tier.kind.nodesServing(left(of: $0, loss), $0) }
        return [(load.work(of: load.everySymbol), StepLevels(serving, of: held))]
    }

    /// Nodes that are left of so many; 0 or less where none is.
    func left(of nodes: Int, _ loss: OtherLoss) -> Int {
        switch loss {
        case .planned: rule.left(of: nodes)
        case .oneMoreNode: rule.left(of: nodes) - 1
        case .oneMoreZone:
            rule.spread(max(0, nodes)).sorted(by: >).dropFirst(zonesLost).reduce(0, +)
        }
    }

    /// Copies of a shard that are lost.
    private func lostCopies(_ loss: OtherLoss) -> Int {
        switch loss {
        case .planned: copies - 1
        case .oneMoreNode: copies
        case .oneMoreZone: zonesLost
        }
    }

    /// Zones that are gone when one more is lost than is to be survived.
    private var zonesLost: Int { rule.survivesZoneLoss ? 2 : 1 }
}
