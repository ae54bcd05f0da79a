import Exchange
import Replay
import Units

/// Looks for the fewest shards on which a tier's symbols keep the objective, symbols together by path.
///
/// Symbols are placed by the load that each has to hold alone; a placement counts if the largest load over
/// capacity of its shards, each path's symbols summed, keeps within the requirement. So symbols that do not
/// peak on the same path share a shard that the sum of their peaks would pass. Counts are tried upwards from
/// the least that all symbols' common load allows.
struct ShardSearch {
    /// One shard of a placement.
    struct Shard {
        var symbols: [Int]
        var load: PathLoad
        var capacity: NodeCapacity
        let stepLevels: StepLevels
        /// What surges to be held bring it.
        let surges: [SurgeWork]

        init(symbols: [Int], load: PathLoad, capacity: NodeCapacity, surges: [SurgeWork]) {
            (self.symbols, self.load, self.capacity) = (symbols, load, capacity)
            self.surges = surges
            stepLevels = StepLevels(always: capacity.levels(nodes: 1), steps: load.stepCount)
        }

        var levels: BreakLevels { capacity.levels(nodes: 1) }
        var held: Double { capacity.held(nodes: 1) }
        var capacityServers: Estimate { capacity.estimate(nodes: 1) }
    }

    /// What came out of trying a number of shards.
    struct Trial {
        var shards: [Shard]
        var method: Requirement.Method

        /// A path's hazard over all shards, their loads times a factor.
        func hazard(path: Int, logFactor: Double) -> Double {
            shards.reduce(0) { sum, shard in
                sum + shard.stepLevels.hazard(of: shard.load, path: path, logFactor: logFactor)
            }
        }

        /// The shard with the largest load over what it holds, in mean over paths.
        var tightest: Int? {
            let means = shards.map { shard in
                let held = shard.held
                return shard.load.peaks.reduce(0) { $0 + Planning.share($1, of: held) }
            }
            return means.indices.max { (means[$0], $1) < (means[$1], $0) }
        }

        /// Each path's hazard.
        var hazards: [Double] {
            (0..<(shards.first?.load.pathCount ?? 0)).map { hazard(path: $0, logFactor: 0) }
        }

        /// For each path the largest load of a shard over what it holds.
        var stresses: [Double] {
            var worst: [Double] = []
            for shard in shards {
                let held = shard.held
                let shares = shard.load.peaks.map { Planning.share($0, of: held) }
                if worst.isEmpty {
                    worst = shares
                } else {
                    for path in worst.indices { worst[path] = max(worst[path], shares[path]) }
                }
            }
            return worst
        }
    }

    private let context: TierContext
    private let capacityOf: ([Int]) -> NodeCapacity
    /// The load that each symbol has to hold alone, in seconds of work a second.
    let symbolLoads: [Double]
    /// Symbols that no shard holds alone, the heaviest first.
    let oversized: [Int]
    /// Symbols whose surges no shard holds alone, though it holds what is forecast for them.
    let surgesOutgrow: Set<Int>

    init(_ context: TierContext, model: some CapacityModel) {
        self.context = context
        let load = context.load
        let capacityOf = { (symbols: [Int]) in
            context.capacity(model, symbols: symbols, shape: context.todaysShape)
        }
        self.capacityOf = capacityOf
        let headroom = context.options.headroomFactor
        let loads = load.everySymbol.map { symbol in
            load.workPerTrade[symbol] > 0
                ? Requirement.level(of: load.work(of: [symbol]).peaks, allowed: context.allowed) * headroom
                : 0
        }
        symbolLoads = loads
        let typical = capacityOf(Array(load.everySymbol)).held(nodes: 1)
        // A symbol's own mix and bursts count where it comes near a shard's capacity.
        let names = context.demand.symbols
        oversized = load.everySymbol.filter { symbol in
            guard loads[symbol] > 0 else { return false }
            if typical <= 0 { return true }
            guard loads[symbol] > typical / 4 else { return false }
            let levels = context.always(capacityOf([symbol]).levels(nodes: 1))
            return !context.isHeld(load.work(of: [symbol]), levels)
        }.sorted { (loads[$1], names[$0].id) < (loads[$0], names[$1].id) }
        surgesOutgrow = Set(
            load.everySymbol.filter { symbol in
                let works = context.surgeWork(of: [symbol])
                let most = works.flatMap(\.height).max() ?? 0
                guard most > typical / 4 else { return false }
                return !context.holdsSurges(capacityOf([symbol]).levels(nodes: 1), works)
            })
    }

    /// The fewest shards found, those of oversized symbols first, and the largest number that failed.
    func fewest() -> (found: Trial, failed: Trial?) {
        let load = context.load
        let rest = load.everySymbol.filter { !oversized.contains($0) }
        guard !rest.isEmpty else { return (trial(oversized.map { [$0] }), nil) }
        let typical = capacityOf(rest).held(nodes: 1)
        let total = Requirement.level(of: load.work(of: rest).peaks, allowed: context.allowed)
        let share = share(total * context.options.headroomFactor, of: typical)
        var count = min(rest.count, max(1, Int(saturating: min(1e6, share))))
        var failed: Trial?
        while true {
            let groups = groups(of: rest, count: count)
            let ordinary = trial(groups)
            if isHeld(ordinary) && holdsSurges(ordinary) || count >= rest.count {
                var all = ordinary
                all.shards = oversized.map { shard([$0]) } + ordinary.shards
                return (all, failed)
            }
            failed = ordinary
            count = min(rest.count, count + max(1, count / 32))
        }
    }

    /// All symbols on a given number of shards.
    func trial(onShards count: Int) -> Trial {
        trial(groups(of: Array(context.load.everySymbol), count: max(1, count)))
    }

    /// Some groups of symbols, a shard each.
    func trial(of groups: [[Int]]) -> Trial { trial(groups.map(heaviestFirst)) }

    private func heaviestFirst(_ group: [Int]) -> [Int] {
        let names = context.demand.symbols
        return group.sorted { (symbolLoads[$1], names[$0].id) < (symbolLoads[$0], names[$1].id) }
    }

    private func groups(of symbols: [Int], count: Int) -> [[Int]] {
        let names = context.demand.symbols
        let loads = symbols.map { (symbol: names[$0].id.description, load: symbolLoads[$0]) }
        // The capacity is of no matter where the count is given.
        let placed = placeValidOnShards(
            loads: loads, capacity: 1, shards: count, searchLimit: context.options.placementSearchLimit)
        var groups = [[Int]](repeating: [], count: count)
        for (place, shard) in placed.shardOfSymbol.enumerated() { groups[shard].append(symbols[place]) }
        return groups.map(heaviestFirst)
    }

    private func shard(_ symbols: [Int]) -> Shard {
        Shard(
            symbols: symbols, load: context.load.work(of: symbols), capacity: capacityOf(symbols),
            surges: context.surgeWork(of: symbols))
    }

    private func trial(_ groups: [[Int]]) -> Trial {
        let shards = groups.map(shard)
        let trial = Trial(shards: shards, method: .largestPath)
        return Trial(
            shards: shards, method: Requirement.method(allowed: context.allowed, stresses: trial.stresses))
    }

    /// The load that has to be held over what is held, the same factor on all shards; above 1 breaks too often.
    func requiredShare(_ trial: Trial) -> Double {
        let margin = BreakShare.margin(
            allowed: context.allowed, stresses: trial.stresses.map { $0 * context.options.headroomFactor }
        ) { trial.hazard(path: $0, logFactor: $1 + context.logHeadroom) }
        return margin > 0 ? 1 / margin : 1e300
    }

    /// Whether few enough paths break.
    func isHeld(_ trial: Trial) -> Bool {
        BreakShare.isHeld(
            allowed: context.allowed, stresses: trial.stresses.map { $0 * context.options.headroomFactor }
        ) { trial.hazard(path: $0, logFactor: $1 + context.logHeadroom) }
    }

    /// Whether its shards hold each surge in every step, but for those with a symbol whose own surge is too much for any.
    func holdsSurges(_ trial: Trial) -> Bool {
        guard let demand = context.surgeDemand else { return true }
        let shards = trial.shards.filter { surgesOutgrow.isDisjoint(with: $0.symbols) }
        return demand.surges.allSatisfy { surge in
            let felt = shards.compactMap { shard in
                shard.surges.first { $0.surge == surge }.map { (levels: shard.levels, work: $0) }
            }
            return (0..<context.stepCount).allSatisfy { step in
                context.holdsSurge(felt.map { ($0.levels, $0.work.height[step]) })
            }
        }
    }

    private func share(_ load: Double, of held: Double) -> Double { Planning.share(load, of: held) }
}
