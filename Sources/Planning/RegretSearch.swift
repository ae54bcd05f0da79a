import Exchange
import Glibc
import Numerics
import Replay
import Units

/// Tries a plan on futures that it was not made for.
struct RegretSearch<Model: CapacityModel> {
    let plan: Plan
    let demand: DemandPaths
    let topology: Topology
    let catalogue: Catalogue
    let planner: Planner
    let model: Model

    /// Factors on demand: a week with less, one as the planner of Netflix has its upper bounds, one of a level shift.
    /// Chosen, not measured.
    private static var demandFactors: [Double] { [0.8, 1.2, 1.5] }
    /// Factors on service times: a release that is somewhat slower, and one that is a quarter slower. Chosen, not measured.
    private static var serviceFactors: [Double] { [1.1, 1.25] }

    /// The futures, by cause.
    var futures: [RegretRow.Future] {
        Self.demandFactors.map { .demand(factor: $0) } + Self.serviceFactors.map { .serviceTimes(factor: $0) }
            + [.nodeLost] + (planner.options.zones.count > 1 ? [.zoneLost] : [])
    }

    /// The rows of `regret.csv`.
    func rows() throws -> [RegretRow] { try futures.map(row) }

    private func row(_ future: RegretRow.Future) throws -> RegretRow {
        let demand = demand(in: future)
        let topology = topology(in: future)
        let contexts = try planner.contexts(demand: demand, topology: topology, catalogue: catalogue)
        let loss: TierContext.OtherLoss =
            future == .nodeLost ? .oneMoreNode : future == .zoneLost ? .oneMoreZone : .planned
        let hazards = Parallel.map(contexts.count, threads: planner.options.threads) { index -> [Double] in
            guard let tier = plan.tiers.first(where: { $0.tier == contexts[index].tier.name }) else {
                return []
            }
            return Self.hazards(contexts[index].queues(of: tier, loss: loss, model), paths: demand.pathCount)
        }
        let joint = (0..<demand.pathCount).map { path in
            hazards.reduce(0) { $0 + ($1.isEmpty ? 0 : $1[path]) }
        }
        let chances = hazards.map { Summary.mean(BreakShare.chances($0)) }
        let first = chances.indices.max { (chances[$0], $1) < (chances[$1], $0) }
        return RegretRow(
            future: future, probabilityBroken: Summary.mean(BreakShare.chances(joint)),
            firstTier: first.flatMap { chances[$0] >= Self.leastChance ? contexts[$0].tier.name : nil },
            cost: plan.totalCost, ownCost: try ownCost(future, demand: demand, topology: topology))
    }

    /// Less than this no one can tell from never.
    private static var leastChance: Double { 1e-9 }

    /// Each path's hazard over some queues, at a factor on all loads.
    static func hazards(
        _ queues: [(load: PathLoad, levels: StepLevels)], paths: Int, logFactor: Double = 0
    ) -> [Double] {
        (0..<paths).map { path in
            queues.reduce(0) { $0 + $1.levels.hazard(of: $1.load, path: path, logFactor: logFactor) }
        }
    }

    private func demand(in future: RegretRow.Future) -> DemandPaths {
        guard case .demand(let factor) = future else { return demand }
        return DemandPaths(
            symbols: demand.symbols, start: demand.start, stepSeconds: demand.stepSeconds,
            stepCount: demand.stepCount, pathCount: demand.pathCount,
            tradesPerSecond: demand.tradesPerSecond.map { $0 * factor })
    }

    private func topology(in future: RegretRow.Future) -> Topology {
        guard case .serviceTimes(let factor) = future else { return topology }
        return topology.slowed(by: factor)
    }

    /// What a plan costs that is made for a future; nil where it does not hold either, or cannot be asked for.
    private func ownCost(
        _ future: RegretRow.Future, demand: DemandPaths, topology: Topology
    ) throws -> Money? {
        var options = planner.options
        options.seeksRelaxation = false
        switch future {
        case .demand, .serviceTimes: break
        case .nodeLost: options.spareNodes += 1
        case .zoneLost:
            // The loss of two zones at once is nothing that can be planned for.
            guard !options.survivesZoneLoss else { return nil }
            options.survivesZoneLoss = true
        }
        return try Planner(options: options).cost(
            demand: demand, topology: topology, catalogue: catalogue, capacity: model)
    }
}

extension Topology {
    /// The same with all processing times a factor longer; what is sent takes as long as before.
    func slowed(by factor: Double) -> Topology {
        var result = self
        for place in result.tiers.indices {
            result.tiers[place].processing = result.tiers[place].processing.mapValues { time in
                ServiceTime(
                    meanSeconds: time.meanSeconds * factor,
                    coefficientOfVariation: time.coefficientOfVariation)
            }
        }
        return result
    }
}
