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
        var histories: LevelHistories
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
        let table =
            key.staff.map { LatencyTable(key, staff: $0) }
            ?? LatencyTable(key, weights: weights(key.bursts, seed: seed))
        known.withLock { $0.tables[place] = table }
        return table
    }

    /// How some streams together bunch: their histories, and the cascade that is fitted to their points.
    func fitted(_ streams: [(ratePerSecond: Double, profile: BurstProfile)]) -> (
        histories: LevelHistories, model: BurstModel
    ) {
        let rates = streams.map(\.ratePerSecond)
        let profiles = streams.map(\.profile)
        let old = known.withLock { known in
            known.fits.first { $0.rates == rates && $0.profiles == profiles }
        }
        if let old { return (old.histories, old.model) }
        let profile = BurstProfile.combined(streams)
        let model = BurstModel(fitting: profile)
        let fit = Fit(
            rates: rates, profiles: profiles, histories: LevelHistories(profile, fitted: model), model: model)
        known.withLock { known in
            if known.fits.count == LatencyTables.fitsMax { known.fits.removeFirst() }
            known.fits.append(fit)
        }
        return (fit.histories, fit.model)
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
