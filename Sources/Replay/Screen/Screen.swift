import Exchange
import Numerics

/// The coarse look: how much work every queue gets in every step of every path, and which step to look at closely.
///
/// The bursts of a step scale with its level, or by less, so that a path's latency breaks first in its busiest
/// step: utilisation bounds all others, and one step for each queue is left to simulate. It is taken from the path
/// whose peak is the median (the lower one) over paths.
struct Screen {
    /// What one trade of a symbol brings to a queue.
    struct PerTrade {
        /// The symbol's place in the demand.
        var symbol: Int
        /// Messages that cost the queue something, by class.
        var messages: ClassRates
        /// Seconds of work on one server.
        var work: Double
    }

    let demand: DemandPaths
    let topology: Topology
    let catalogue: Catalogue
    let table: UtilisationTable
    /// For each row of the table, its symbols.
    let perTrade: [[PerTrade]]
    /// What the demand brings to each tier.
    let tierDemands: [TierDemand]
    /// For each row of the table, the seconds of work a second that keep it busy all the time.
    let capacities: [Double]

    init(
        demand: DemandPaths, topology: Topology, catalogue: Catalogue, placement: [String: Placement],
        threads: Int
    ) throws {
        let issues = topology.issues()
        guard issues.isEmpty else { throw ReplayError.topology(issues) }
        guard !demand.symbols.isEmpty, demand.pathCount > 0, demand.stepCount > 0 else {
            throw ReplayError.noDemand
        }
        self.demand = demand
        let topology = topology.on(catalogue)
        self.topology = topology
        self.catalogue = catalogue
        var rows: [UtilisationTable.Row] = []
        var perTrade: [[PerTrade]] = []
        var capacities: [Double] = []
        let visits = topology.visits()
        let means = DemandMeans(demand)
        let tierDemands = topology.tiers.indices.map { index in
            TierDemand(
                demand: demand, tier: topology.tiers[index], visits: visits[index], means: means)
        }
        self.tierDemands = tierDemands
        for (index, tier) in topology.tiers.enumerated() {
            let tierDemand = tierDemands[index]
            let all = demand.symbols.indices.map { symbol in
                PerTrade(
                    symbol: symbol, messages: tierDemand.messagesPerTrade[symbol],
                    work: tierDemand.workPerTrade[symbol])
            }
            let shape = try Screen.shape(of: tier, catalogue: catalogue)
            let servers = max(tier.servers(perNodeOf: shape), tier.servers(today: shape))
            for shard in try Screen.shards(of: tier, placement: placement, demand: demand) {
                let members = all.filter { shard?.symbols.contains($0.symbol) ?? true }
                let mix = tierDemand.mix(of: members.map(\.symbol))
                let nodes = tier.kind.addsUp ? max(1, tier.nodes) : 1
                let heaviest = Screen.heaviest(of: members, demand: demand)
                rows.append(
                    UtilisationTable.Row(
                        tier: tier.name, tierIndex: index, shard: shard.map { "\(tier.name)-\($0.index)" },
                        shardIndex: shard?.index, servers: servers,
                        bindingResource: tier.binds(heaviest, nodes: nodes, on: shape, mix: mix)))
                perTrade.append(members)
                capacities.append(tier.workDone(nodes: nodes, on: shape, mix: mix))
            }
        }
        self.perTrade = perTrade
        self.capacities = capacities
        table = Screen.fill(
            rows: rows, perTrade: perTrade, capacities: capacities, demand: demand, threads: threads)
    }

    private static func shape(of tier: Tier, catalogue: Catalogue) throws -> Shape {
        guard let shape = catalogue.shape(named: tier.shape) else {
            throw ReplayError.unknownShape(
                tier: tier.name, shape: tier.shape, known: catalogue.shapes.map(\.name))
        }
        return shape
    }

    /// One entry a queue: nil for a tier without shards.
    private static func shards(
        of tier: Tier, placement: [String: Placement], demand: DemandPaths
    ) throws -> [(index: Int, symbols: Set<Int>)?] {
        guard tier.kind.isSharded else { return [nil] }
        let found = placement[tier.name]
        guard let found, found.shardOfSymbol.count == demand.symbols.count else {
            throw ReplayError.placement(
                tier: tier.name, symbolsExpected: demand.symbols.count,
                symbolsFound: found?.shardOfSymbol.count)
        }
        return (0..<found.shardCount).map { ($0, Set(found.symbols(ofShard: $0))) }
    }

    private static func heaviest(of members: [PerTrade], demand: DemandPaths) -> String? {
        heaviestSymbol(
            members.lazy.map { member in
                var trades = 0.0
                for path in 0..<demand.pathCount {
                    for step in 0..<demand.stepCount {
                        trades += demand.trades(path: path, symbol: member.symbol, step: step)
                    }
                }
                return (demand.symbols[member.symbol].id.name, trades * member.work)
            })
    }

    private static func fill(
        rows: [UtilisationTable.Row], perTrade: [[PerTrade]], capacities: [Double], demand: DemandPaths,
        threads: Int
    ) -> UtilisationTable {
        let steps = demand.stepCount
        let perPath = Parallel.map(demand.pathCount, threads: threads) { path in
            var work = [Double](repeating: 0, count: rows.count * steps)
            var messages = work
            for row in rows.indices {
                for member in perTrade[row] where member.work > 0 {
                    let count = member.messages.total
                    let workShare = member.work / capacities[row]
                    let from = (path * demand.symbols.count + member.symbol) * steps
                    for step in 0..<steps {
                        let trades = demand.tradesPerSecond[from + step]
                        work[row * steps + step] += trades * workShare
                        messages[row * steps + step] += trades * count
                    }
                }
            }
            return (work, messages)
        }
        var utilisation: [Double] = []
        var messagesPerSecond: [Double] = []
        utilisation.reserveCapacity(rows.count * demand.pathCount * steps)
        messagesPerSecond.reserveCapacity(rows.count * demand.pathCount * steps)
        for row in rows.indices {
            for path in perPath {
                utilisation.append(contentsOf: path.0[row * steps..<(row + 1) * steps])
                messagesPerSecond.append(contentsOf: path.1[row * steps..<(row + 1) * steps])
            }
        }
        return UtilisationTable(
            rows: rows, pathCount: demand.pathCount, stepCount: steps, utilisation: utilisation,
            messagesPerSecond: messagesPerSecond)
    }
}

extension Screen {
    /// The largest utilisation of each path.
    func peaks(row: Int) -> [Double] {
        (0..<table.pathCount).map {
            table.utilisation(row: row, path: $0, step: table.busiestStep(row: row, path: $0))
        }
    }

    /// The path whose peak is the lower median, the first of equals, and its busiest step.
    func typicalPeak(row: Int) -> (path: Int, step: Int) {
        let peaks = peaks(row: row)
        let ranked = peaks.indices.sorted { (peaks[$0], $0) < (peaks[$1], $1) }
        let path = ranked[(ranked.count - 1) / 2]
        return (path, table.busiestStep(row: row, path: path))
    }

    /// Messages a second that cost a queue something, by class.
    func rates(row: Int, path: Int, step: Int) -> ClassRates {
        perTrade[row].reduce(.zero) {
            $0 + $1.messages * demand.trades(path: path, symbol: $1.symbol, step: step)
        }
    }

    /// The symbols of a queue that cost it work, in the order of the demand.
    func symbols(row: Int) -> [Int] { perTrade[row].map(\.symbol) }

    /// How a queue's arrivals bunch at their mean rate over paths and steps.
    func bursts(row: Int) -> BurstProfile {
        tierDemands[table.rows[row].tierIndex].bursts(of: symbols(row: row))
    }

    /// The mean rates of a queue's messages over paths and steps, by class.
    func meanMix(row: Int) -> ClassRates {
        tierDemands[table.rows[row].tierIndex].mix(of: symbols(row: row))
    }
}
