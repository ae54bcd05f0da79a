import Exchange
import Glibc
import Numerics

/// Drawn hours of requests to a supplier that counts them in windows, and refuses what passes its quota in one.
///
/// The level moves as it does for every other queue (`LevelHistories`); within a window the count has the spread of a
/// Poisson count around the level, by its normal approximation. The same hours and the same noise serve all rates, so that
/// more requests are never refused less.
public struct QuotaHours: Sendable {
    private let price: Quota.Price
    /// Requests of a window over those of the hour's mean window, `[hour][window]`.
    private let factors: [[Double]]
    /// Standard normal, likewise.
    private let noise: [[Double]]

    /// How many hours are drawn. Chosen, not measured: their spread is that of the level, which other queues share.
    private static let count = 32
    private static let hourSeconds = 3600
    /// Everything random follows from it; quotas compare on the same hours.
    private static let seed: UInt64 = 9
    /// The search for a rate, on its logarithm: over the quota, and how near it comes.
    private static let logRange = (low: log(1e-4), high: log(10.0))
    private static let bisections = 18

    /// Hours for a quota, of requests that bunch in some way.
    public init(_ price: Quota.Price, bursts: BurstProfile) {
        self.price = price
        let histories = LevelHistories(bursts, fitted: BurstModel(fitting: bursts))
        let window = price.window.seconds
        var factors: [[Double]] = []
        var noise: [[Double]] = []
        for hour in 0..<QuotaHours.count {
            let seed = replicationSeed(QuotaHours.seed, hour)
            var random = stream(seed, 47)
            var level = [Double](repeating: 1, count: QuotaHours.hourSeconds / window)
            if !histories.isConstant {
                let seconds = histories.perSecond(QuotaHours.hourSeconds, seed: random.next())
                let mean = max(Summary.mean(seconds), 1e-12)
                for place in level.indices {
                    level[place] =
                        seconds[(place * window)..<((place + 1) * window)].reduce(0, +)
                        / (mean * Double(window))
                }
            }
            factors.append(level)
            noise.append(level.map { _ in random.normal() })
        }
        (self.factors, self.noise) = (factors, noise)
    }

    /// For each hour the rate at which the share refused in some rolling five minutes is what is allowed, requests a second.
    func levels(shareAllowed: Double) -> [Double] {
        factors.indices.map { hour in
            var (low, high) = QuotaHours.logRange
            for _ in 0..<QuotaHours.bisections {
                let middle = 0.5 * (low + high)
                let rate = price.requestsPerSecond * exp(middle)
                if worstShare(hour, perSecond: rate) <= shareAllowed { low = middle } else { high = middle }
            }
            return price.requestsPerSecond * exp(low)
        }
    }

    /// The share of requests that is refused at a rate, in mean over hours.
    public func shareRefused(perSecond rate: Double) -> Double {
        guard rate > 0 else { return 0 }
        var (came, refused) = (0.0, 0.0)
        for hour in factors.indices {
            for window in factors[hour].indices {
                let count = requests(hour, window, perSecond: rate)
                came += count
                refused += max(0, count - price.requests)
            }
        }
        return came > 0 ? refused / came : 0
    }

    private func requests(_ hour: Int, _ window: Int, perSecond rate: Double) -> Double {
        let mean = rate * Double(price.window.seconds) * factors[hour][window]
        return max(0, mean + noise[hour][window] * mean.squareRoot())
    }

    /// The largest share that is refused in five minutes of an hour, window by window.
    private func worstShare(_ hour: Int, perSecond rate: Double) -> Double {
        let length = max(1, 300 / price.window.seconds)
        let counts = factors[hour].indices.map { requests(hour, $0, perSecond: rate) }
        var (came, refused, worst) = (0.0, 0.0, 0.0)
        for (place, count) in counts.enumerated() {
            came += count
            refused += max(0, count - price.requests)
            if place >= length {
                came -= counts[place - length]
                refused -= max(0, counts[place - length] - price.requests)
            }
            if place >= length - 1, came > 0 { worst = max(worst, refused / came) }
        }
        return worst
    }
}

extension QuotaHours {
    /// What a tier's quota holds: the rates at which hours refuse more than the objective allows. No levels where the
    /// supplier's own time breaks it.
    static func levels(
        of tier: Tier, shape: Shape, mix: ClassRates, bursts: BurstProfile, stepSeconds: Double
    ) -> BreakLevels {
        guard let price = tier.quota?.price(named: shape.name), let service = tier.mixedService(of: mix)
        else { return .none }
        let late = ServiceDistribution(service, shape: .lognormal).survival(tier.objective.latencySeconds)
        let allowed = 1 - tier.objective.quantile - late
        guard allowed >= 0 else { return .none }
        let levels = QuotaHours(price, bursts: bursts).levels(shareAllowed: allowed)
        return BreakLevels(perSecond: levels, stepSeconds: stepSeconds)
    }
}
