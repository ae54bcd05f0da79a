import Units

/// A row of `placement.csv`: where one symbol is served.
public struct PlacementRow: Sendable, Equatable {
    /// The sharded tier.
    public var tier: String
    /// The shard's name, as `matching-2`.
    public var shard: String
    /// The zone of the shard's serving node.
    public var zone: String
    public var standbyZones: [String]
    /// The symbol's full name, as `trades/binance-spot/BTCUSDT`.
    public var symbol: SeriesID
    /// The load planned for, in seconds of work a second: 0.2 keeps one server busy for a fifth of the time.
    public var load: Double
    /// The same in messages a second that cost the tier work.
    public var messagesPerSecond: Double
    /// The symbol's part of its shard's load, 0 to 1.
    public var shareOfShard: Double
    /// The symbol's part of what its shard holds; above 1 it cannot be served.
    public var shareOfCapacity: Double
    /// Today's shard of a symbol that has to move; nil where it stays, or nobody says where it is.
    public var movesFrom: String?
}
