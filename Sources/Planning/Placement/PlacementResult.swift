/// Symbols on shards, with what can be proved about it.
public struct PlacementResult: Sendable, Equatable {
    /// The number of shards, those without a symbol included.
    public var shardCount: Int
    /// The shard of each symbol, from 0, in the order of the loads given. Shard 0 has the largest load.
    public var shardOfSymbol: [Int]
    /// Each shard's load.
    public var shardLoads: [Double]
    /// The fewest shards that any placement could have (the largest of the bounds below).
    public var lowerBound: Int
    /// The sum of loads over the capacity, rounded up; a symbol that is too large counts as one shard.
    public var sumBound: Int
    /// Martello and Toth's bound L2 (1990), likewise.
    public var martelloTothBound: Int
    /// The bound of the linear programme over all patterns (Gilmore and Gomory 1961), likewise; nil where the others were
    /// reached, or the number of shards was given.
    public var patternBound: Int?
    /// Whether no placement on fewer shards exists: the bound is reached or the search was exhausted.
    public var isCountOptimal: Bool
    /// The least that the largest load could be at this count of shards.
    public var largestLoadBound: Double
    /// Whether no placement at this count has a smaller largest load.
    public var isBalanceOptimal: Bool
    /// Symbols whose load alone is above the capacity, by index.
    public var oversizedSymbols: [Int]
    /// Shards whose load is above the capacity.
    public var overloadedShards: [Int]

    /// Shards above the lower bound.
    public var gap: Int { shardCount - lowerBound }

    /// The largest load over the mean; 1 is even. 1 where there is no load.
    public var imbalance: Double {
        let sum = shardLoads.reduce(0, +)
        guard let largest = shardLoads.max(), sum > 0 else { return 1 }
        return largest / (sum / Double(shardLoads.count))
    }
}

/// Why symbols cannot be placed.
public enum PlacementError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no symbol.
    case noSymbols
    /// A load is negative or not a number.
    case load(symbol: String, load: Double)
    /// A symbol comes twice; the places in the list, from 0.
    case repeated(symbol: String, first: Int, second: Int)
    /// The capacity of a shard is not above 0.
    case capacity(Double)
    /// The number of shards is not between 1 and the limit.
    case shards(Int, limit: Int)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .noSymbols: "there is no symbol to place"
        case .load(let symbol, let load): "the load of \(symbol) is \(load); expected 0 or more"
        case .repeated(let symbol, let first, let second):
            "duplicate symbol \(symbol): symbol \(first + 1) and symbol \(second + 1)"
        case .capacity(let capacity): "the capacity of a shard is \(capacity); it must be above 0"
        case .shards(let count, let limit): "\(count) shards requested; expected 1 to \(limit)"
        }
    }
}
