import Synchronization

/// Latency tables by what they depend on, so that a search simulates none twice.
final class LatencyTables: Sendable {
    private let known = Mutex<[LatencyTable.Key: LatencyTable]>([:])

    /// The table of a key; it follows from the key and the seed, which is always the same here.
    func table(_ key: LatencyTable.Key, seed: UInt64) -> LatencyTable {
        if let table = known.withLock({ $0[key] }) { return table }
        let table = LatencyTable(key, seed: seed)
        known.withLock { $0[key] = table }
        return table
    }
}
