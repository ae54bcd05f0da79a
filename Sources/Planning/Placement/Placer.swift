/// Places symbols on shards: as few as hold a capacity, or a number that is given, loads as even as can be.
///
/// The count comes from first-fit and best-fit decreasing (Johnson 1974), checked against Martello and Toth's
/// bound L2. Where a gap is left, column generation (Gilmore and Gomory 1961) gives a higher bound and a better
/// packing; a gap that still is left with at most `exactItemLimit` symbols is searched by branch and bound. At that count the largest load is made small by the longest-processing-time rule (Graham 1969),
/// moves and swaps, and again branch and bound. Equal loads go by name, so that the order of the input does
/// not matter. A symbol that is larger than the capacity gets a shard of its own and is listed in
/// `oversizedSymbols`. Loads may pass the capacity by one part in 1e9, which forgives rounding.
///
/// - Parameters:
///   - loads: Each symbol with its load, in any unit.
///   - capacity: What one shard holds, in the same unit.
///   - shards: The number of shards; nil: the fewest that hold.
///   - searchLimit: Each branch and bound stops after this many steps and says that nothing was proved.
/// - Returns: The placement, with bounds and what was proved.
/// - Throws: `PlacementError` for input that is not a list of loads.
/// - Complexity: O(n log n) without search; the searches and column generation are bounded by counts of steps.
public func placeOnShards(
    loads: [(symbol: String, load: Double)], capacity: Double, shards: Int? = nil, searchLimit: Int = 200_000
) throws(PlacementError) -> PlacementResult {
    try validate(loads: loads, capacity: capacity, shards: shards)
    return placeValidOnShards(loads: loads, capacity: capacity, shards: shards, searchLimit: searchLimit)
}

/// The same for loads that are known to be a list of loads.
func placeValidOnShards(
    loads: [(symbol: String, load: Double)], capacity: Double, shards: Int?, searchLimit: Int
) -> PlacementResult {
    let order = loads.indices.sorted {
        (loads[$1].load, loads[$0].symbol, $0) < (loads[$0].load, loads[$1].symbol, $1)
    }
    let sizes = order.map { loads[$0].load }
    let placer = Placer(
        sizes: sizes, capacity: capacity * (1 + placementTolerance), searchLimit: searchLimit)
    let placed = shards.map(placer.onShards(count:)) ?? placer.onFewestShards()
    var shardOfSymbol = [Int](repeating: 0, count: loads.count)
    for (place, index) in order.enumerated() { shardOfSymbol[index] = placed.shardOfItem[place] }
    var shardLoads = [Double](repeating: 0, count: placed.count)
    for (place, size) in sizes.enumerated() { shardLoads[placed.shardOfItem[place]] += size }
    return PlacementResult(
        shardCount: placed.count, shardOfSymbol: shardOfSymbol, shardLoads: shardLoads,
        lowerBound: max(placer.sumBound, placer.martelloTothBound, placed.patternBound ?? 0),
        sumBound: placer.sumBound, martelloTothBound: placer.martelloTothBound,
        patternBound: placed.patternBound, isCountOptimal: placed.isCountOptimal,
        largestLoadBound: placed.largestLoadBound, isBalanceOptimal: placed.isBalanceOptimal,
        oversizedSymbols: order.prefix(placer.oversizedCount).sorted(),
        overloadedShards: shardLoads.indices.filter { shardLoads[$0] > placer.capacity })
}

/// By how much a load may pass the capacity, as a share of it.
let placementTolerance = 1e-9

/// The most symbols for which branch and bound is tried.
let exactItemLimit = 120

/// The most shards that may be asked for.
private let shardLimit = 1_000_000

private func validate(
    loads: [(symbol: String, load: Double)], capacity: Double, shards: Int?
) throws(PlacementError) {
    guard !loads.isEmpty else { throw .noSymbols }
    guard capacity > 0, capacity.isFinite else { throw .capacity(capacity) }
    if let shards, !(1...shardLimit).contains(shards) { throw .shards(shards, limit: shardLimit) }
    var seen: [String: Int] = [:]
    for (index, entry) in loads.enumerated() {
        // The limit keeps sums of any number of loads finite.
        guard entry.load >= 0, entry.load <= 1e300 else {
            throw .load(symbol: entry.symbol, load: entry.load)
        }
        if let first = seen.updateValue(index, forKey: entry.symbol) {
            throw .repeated(symbol: entry.symbol, first: first, second: index)
        }
    }
}

/// Places sizes, which are in falling order.
struct Placer {
    /// A placement of the sizes.
    struct Placed {
        var count: Int
        var shardOfItem: [Int]
        var isCountOptimal: Bool
        var largestLoadBound: Double
        var isBalanceOptimal: Bool
        /// What column generation proved of the number of shards.
        var patternBound: Int?
    }

    let sizes: [Double]
    let capacity: Double
    let searchLimit: Int
    let oversizedCount: Int
    let sumBound: Int
    let martelloTothBound: Int

    init(sizes: [Double], capacity: Double, searchLimit: Int) {
        self.sizes = sizes
        self.capacity = capacity
        self.searchLimit = searchLimit
        let oversized = sizes.prefix { $0 > capacity }.count
        oversizedCount = oversized
        let bounds = PackingBounds(sizes: Array(sizes[oversized...]), capacity: capacity)
        sumBound = max(1, oversized + bounds.sum)
        martelloTothBound = max(1, oversized + bounds.martelloToth)
    }

    func onFewestShards() -> Placed {
        let rest = Array(sizes[oversizedCount...])
        let packed = BinPacking(sizes: rest, capacity: capacity, searchLimit: searchLimit).fewestBins()
        let balanced = ShardBalance(sizes: rest, count: packed.count, searchLimit: searchLimit)
            .balanced(from: packed.binOfItem)
        let alone = oversizedCount
        return numbered(
            Placed(
                count: max(1, alone + packed.count),
                shardOfItem: Array(0..<alone) + balanced.shardOfItem.map { $0 + alone },
                isCountOptimal: packed.isOptimal,
                largestLoadBound: max(sizes.first ?? 0, balanced.bound),
                isBalanceOptimal: alone > 0 || balanced.isOptimal,
                patternBound: packed.patternBound > 0 ? alone + packed.patternBound : nil))
    }

    func onShards(count: Int) -> Placed {
        let balanced = ShardBalance(sizes: sizes, count: count, searchLimit: searchLimit).balanced()
        return numbered(
            Placed(
                count: count, shardOfItem: balanced.shardOfItem,
                isCountOptimal: count <= max(sumBound, martelloTothBound),
                largestLoadBound: balanced.bound, isBalanceOptimal: balanced.isOptimal))
    }

    /// The same placement with shards numbered by falling load, equal ones by their first item.
    private func numbered(_ placed: Placed) -> Placed {
        var loads = [Double](repeating: 0, count: placed.count)
        var firsts = [Int](repeating: sizes.count, count: placed.count)
        for (item, shard) in placed.shardOfItem.enumerated() {
            loads[shard] += sizes[item]
            firsts[shard] = min(firsts[shard], item)
        }
        let order = loads.indices.sorted {
            (loads[$1], firsts[$0], $0) < (loads[$0], firsts[$1], $1)
        }
        var number = [Int](repeating: 0, count: placed.count)
        for (place, shard) in order.enumerated() { number[shard] = place }
        var result = placed
        result.shardOfItem = placed.shardOfItem.map { number[$0] }
        return result
    }
}
