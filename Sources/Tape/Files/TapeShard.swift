/// Which part of an ingest a tape holds, when several machines take a share of the files each.
public struct TapeShard: Equatable, Sendable, CustomStringConvertible {
    /// From 0 to `count - 1`.
    public let index: Int
    /// How many shards there are.
    public let count: Int
    /// A hash of what was to be ingested by all shards together, and how.
    public let inputs: String

    /// A part of a whole.
    public init(index: Int, count: Int, inputs: String) {
        self.index = index
        self.count = count
        self.inputs = inputs
    }

    /// `shard 2/4`.
    public var description: String { "shard \(index)/\(count)" }
}
