import Exchange

/// Brings a placement near to today's: the same number of shards with fewer moves where that holds the load, and, where moves
/// are limited, further shards until few enough do.
struct ShardMoves {
    let search: ShardSearch
    /// Today's shard of each symbol, and how many there are.
    let today: [Int]
    let todaysCount: Int
    /// Whether today's shard of a symbol is known.
    let isKnown: [Bool]
    /// nil: any number.
    let limit: Int?

    /// A placement and the symbols that move.
    struct Found {
        var trial: ShardSearch.Trial
        var moved: [Int]
        /// The fewest moves that were found to hold, where the limit does not; nil where the limit is kept.
        var needed: Int?
    }

    /// Further shards that are tried for the sake of the limit. Chosen, not measured.
    private static let furtherShards = 8

    /// The placement to take instead of the one with the fewest shards.
    func nearest(to fewest: ShardSearch.Trial) -> Found {
        let count = fewest.shards.count
        let renamed = renamed(fewest)
        guard search.oversized.isEmpty, search.isHeld(fewest) else { return renamed }
        var best = renamed
        for shards in count...max(count, todaysCount, limit == nil ? 0 : count + Self.furtherShards) {
            if let found = fromToday(shards: shards), found.moved.count < best.moved.count { best = found }
            if best.moved.count <= limit ?? .max { return best }
        }
        best.needed = best.moved.count
        return best
    }

    /// The same shards, each with the number of today's with which it has the most symbols in common.
    private func renamed(_ trial: ShardSearch.Trial) -> Found {
        let count = trial.shards.count
        var common: [(shard: Int, number: Int, symbols: Int)] = []
        for (place, shard) in trial.shards.enumerated() {
            for (number, symbols) in Dictionary(
                grouping: shard.symbols.filter { isKnown[$0] }, by: { today[$0] })
            where number < count {
                common.append((place, number, symbols.count))
            }
        }
        common.sort { ($1.symbols, $0.shard, $0.number) < ($0.symbols, $1.shard, $1.number) }
        var numberOfShard = [Int?](repeating: nil, count: count)
        var taken = Set<Int>()
        for entry in common where numberOfShard[entry.shard] == nil && !taken.contains(entry.number) {
            numberOfShard[entry.shard] = entry.number
            taken.insert(entry.number)
        }
        var free = (0..<count).filter { !taken.contains($0) }
        for place in numberOfShard.indices where numberOfShard[place] == nil {
            numberOfShard[place] = free.removeFirst()
        }
        var result = trial
        for (place, number) in numberOfShard.enumerated() {
            if let number { result.shards[number] = trial.shards[place] }
        }
        return found(result)
    }

    private func found(_ trial: ShardSearch.Trial) -> Found {
        var moved: [Int] = []
        for (number, shard) in trial.shards.enumerated() {
            moved += shard.symbols.filter { isKnown[$0] && today[$0] != number }
        }
        return Found(trial: trial, moved: moved.sorted(), needed: nil)
    }

    /// Today's placement on so many shards, with one symbol after the other taken from the tightest shard until all hold; nil
    /// where that ends nowhere.
    private func fromToday(shards count: Int) -> Found? {
        var groups = [[Int]](repeating: [], count: count)
        var homeless: [Int] = []
        for (symbol, shard) in today.enumerated() {
            if shard < count { groups[shard].append(symbol) } else { homeless.append(symbol) }
        }
        let loads = search.symbolLoads
        func load(_ group: [Int]) -> Double { group.reduce(0) { $0 + loads[$1] } }
        func lightest(but shard: Int? = nil) -> Int? {
            groups.indices.filter { $0 != shard }.min { (load(groups[$0]), $0) < (load(groups[$1]), $1) }
        }
        for symbol in homeless.sorted(by: { (loads[$1], $0) < (loads[$0], $1) }) {
            if let shard = lightest() { groups[shard].append(symbol) }
        }
        for _ in 0...today.count {
            let trial = search.trial(of: groups)
            if search.isHeld(trial) { return found(trial) }
            guard let tightest = trial.tightest, let target = lightest(but: tightest) else { return nil }
            let (from, to) = (load(groups[tightest]), load(groups[target]))
            func largest(with symbol: Int) -> Double { max(from - loads[symbol], to + loads[symbol]) }
            guard
                let symbol = groups[tightest].min(by: { (largest(with: $0), $0) < (largest(with: $1), $1) }),
                largest(with: symbol) < from
            else { return nil }
            groups[tightest].removeAll { $0 == symbol }
            groups[target].append(symbol)
        }
        return nil
    }
}
