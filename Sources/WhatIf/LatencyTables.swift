import Synchronization

/// Latency tables by what they depend on, so that a search works none out twice.
final class LatencyTables: Sendable {
    private struct Known {
        var tables: [TableKey: LatencyTable] = [:]
        var samples: [SampleKey: BurstSample] = [:]
    }

    private struct TableKey: Hashable {
        var key: LatencyTable.Key
        var seed: UInt64
    }

    private struct SampleKey: Hashable {
        var bursts: [SIMD2<Double>]
        var seed: UInt64
    }

    private let known = Mutex(Known())

    /// The table of a key and a seed; nothing else has a say in it.
    func table(_ key: LatencyTable.Key, seed: UInt64) -> LatencyTable {
        let place = TableKey(key: key, seed: seed)
        if let table = known.withLock({ $0.tables[place] }) { return table }
        let table = LatencyTable(key, sample: sample(key.bursts, seed: seed))
        known.withLock { $0.tables[place] = table }
        return table
    }

    private func sample(_ bursts: [SIMD2<Double>], seed: UInt64) -> BurstSample {
        let place = SampleKey(bursts: bursts, seed: seed)
        if let sample = known.withLock({ $0.samples[place] }) { return sample }
        let sample = BurstSample(bursts, seed: seed)
        known.withLock { $0.samples[place] = sample }
        return sample
    }
}
