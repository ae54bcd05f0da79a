/// Which shard of a sharded tier serves which symbol.
public struct Placement: Sendable, Equatable {
    /// The number of shards, those without a symbol included.
    public var shardCount: Int
    /// The shard of each symbol, 0 to `shardCount - 1`, in the order of the demand's symbols.
    public var shardOfSymbol: [Int]

    /// A placement; every entry must name a shard.
    public init(shardCount: Int, shardOfSymbol: [Int]) {
        precondition(shardOfSymbol.allSatisfy { (0..<shardCount).contains($0) }, "every symbol has a shard")
        self.shardCount = shardCount
        self.shardOfSymbol = shardOfSymbol
    }

    /// The symbols of one shard, by index.
    public func symbols(ofShard shard: Int) -> [Int] {
        shardOfSymbol.indices.filter { shardOfSymbol[$0] == shard }
    }
}
