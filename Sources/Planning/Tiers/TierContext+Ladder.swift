import Exchange
import Numerics
import Units

extension TierContext {
    /// The rows of `ladder.csv` of this tier, from the least that is asked to all of it.
    ///
    /// - Parameters:
    ///   - outcome: The tier as planned.
    ///   - without: The same without surges to hold; nil where there are none.
    /// - Returns: The rows.
    func ladderRows(_ outcome: TierOutcome, without: TierOutcome?) -> [LadderRow] {
        let peaks = totalPeaks(outcome)
        let required = outcome.plan.requiredServers.max() ?? 0
        func row(_ rung: LadderRow.Rung, _ servers: Double, _ nodes: Int?) -> LadderRow {
            LadderRow(tier: tier.name, rung: rung, servers: servers, nodes: nodes)
        }
        func work(_ rung: LadderRow.Rung, _ servers: Double) -> LadderRow {
            row(rung, servers, nodes(doing: servers, shape: outcome.plan.shape))
        }
        // Surges have a rung of their own, where they leave the shape as it is.
        let calm = comparable(outcome, without)
        let (holding, losses) = nodes(of: calm.plan.reasons)
        let surviving = nodes(of: outcome.plan.reasons).surviving
        return [
            work(.medianPeak, Summary.median(peaks)), work(.peak99, Summary.quantile(peaks, 0.99)),
            work(.allowedPeak, Requirement.level(of: peaks, allowed: allowed)),
            row(.objective, required, holding), row(.losses, required, losses),
        ] + (without == nil ? [] : [row(.hold, required, surviving)]) + [
            row(.schedule, required, surviving.map { max($0, outcome.plan.peakNodes) })
        ]
    }

    /// The tier without surges, where its nodes are of the same shape.
    func comparable(_ outcome: TierOutcome, _ without: TierOutcome?) -> TierOutcome {
        without.flatMap { $0.plan.shape == outcome.plan.shape ? $0 : nil } ?? outcome
    }

    /// Of each path the most work that all queues have in one step.
    private func totalPeaks(_ outcome: TierOutcome) -> [Double] {
        (0..<demand.pathCount).map { path in
            (0..<stepCount).reduce(0) { most, step in
                max(most, outcome.queues.reduce(0) { $0 + $1.load.work(path: path, step: step) })
            }
        }
    }

    /// Nodes by whose limits, and by whose time off, one is judged.
    private static let many = 1000

    /// Nodes whose servers are busy for no more than all of the time.
    func nodes(doing servers: Double, shape name: String) -> Int? {
        let shape = shapes.first { $0.name == name } ?? todaysShape
        if tier.kind.law == .quota { return servers <= workDone(nodes: 1, on: shape) ? 1 : nil }
        let limited = workDone(nodes: Self.many, on: shape) / Double(Self.many)
        let perNode = min(self.servers(perNodeOf: shape) / (1 + tier.balancerImbalance), limited)
        guard perNode > 0 else { return nil }
        let nodes = max(1, (servers / perNode).rounded(.up))
        guard nodes <= Double(options.largestNodeCount), tier.kind.sharing != .one || nodes == 1 else {
            return nil
        }
        return Int(saturating: nodes)
    }

    /// Nodes that keep the objective, and those that do with what may be lost gone; nil where none do.
    func nodes(of reasons: TierReasons?) -> (holding: Int?, surviving: Int?) {
        switch reasons {
        case .pool(let pool): (pool.nodes.needed, pool.nodes.running)
        case .fixed(let fixed): fixed.isHeld ? (fixed.nodes.needed, fixed.nodes.running) : (nil, nil)
        case .shards(let shards):
            shards.isHeld ? (shards.count, shards.count * shards.copies) : (nil, nil)
        case .quota(let quota): quota.isHeld ? (1, 1) : (nil, nil)
        case .staff(let staff): (staff.people, staff.people)
        case .poolShort, nil: (nil, nil)
        }
    }
}
