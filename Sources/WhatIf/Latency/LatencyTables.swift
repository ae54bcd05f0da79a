import Exchange
import Replay
import Synchronization

/// Latency tables and fitted bursts by what they depend on, so that a search works none out twice.
final class LatencyTables: Sendable {
    private struct Known {
        var tables: [TableKey: LatencyTable] = [:]
        var weights: [BurstKey: WaitWeights] = [:]
        var fits: [Fit] = []
    }

    /// Streams of arrivals, with the cascade fitted to their sum.
    private struct Fit {
        var rates: [Double]
        var profiles: [BurstProfile]
        var model: BurstModel
    }

    private struct TableKey: Hashable {
        var key: LatencyTable.Key
        var seed: UInt64
    }

    private struct BurstKey: Hashable {
        var bursts: [SIMD2<Double>]
        var seed: UInt64
    }

    private let known = Mutex(Known())

    /// The table of a key and a seed; nothing else has a say in it.
    func table(_ key: LatencyTable.Key, seed: UInt64) -> LatencyTable {
        let place = TableKey(key: key, seed: seed)
        if let table = known.withLock({ $0.tables[place] }) { return table }
        let table = LatencyTable(key, weights: weights(key.bursts, seed: seed))
        known.withLock { $0.tables[place] = table }
        return table
    }

    /// The cascade of some streams together.
    func fitted(_ streams: [(ratePerSecond: Double, profile: BurstProfile)]) -> BurstModel {
        let rates = streams.map(\.ratePerSecond)
        let profiles = streams.map(\.profile)
        let old = known.withLock { known in
            known.fits.first { $0.rates == rates && $0.profiles == profiles }?.model
        }
        if let old { return old }
        let model = BurstModel(fitting: .combined(streams))
        known.withLock { known in
            if known.fits.count == LatencyTables.fitsMax { known.fits.removeFirst() }
            known.fits.append(Fit(rates: rates, profiles: profiles, model: model))
        }
        return model
    }

    /// The last so many fits are kept.
    private static let fitsMax = 256

    private func weights(_ bursts: [SIMD2<Double>], seed: UInt64) -> WaitWeights {
        let place = BurstKey(bursts: bursts, seed: seed)
        if let weights = known.withLock({ $0.weights[place] }) { return weights }
        let weights = WaitWeights(sample: BurstSample(bursts, seed: seed), loads: LatencyTable.loads)
        known.withLock { $0.weights[place] = weights }
        return weights
    }
}
