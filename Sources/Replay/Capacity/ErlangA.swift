import Exchange
import Glibc
import Numerics

/// A queue whose customers leave when their patience ends, in its steady state: M/M/n+M, Erlang-A (Palm 1957; Mandelbaum and
/// Zeltyn 2007). Without patience it is M/M/n, Erlang-C.
///
/// States are weighed against the state in which all servers are busy and nobody waits, whose share among those without a
/// wait is Erlang's loss B. A customer who finds k waiting is served if k + 1 departures, at rates nμ + iθ for i from k down
/// to 0, come before the own patience ends. The times between them add up to −log(X) / θ with X of the beta distribution
/// B(nμ/θ, k + 1), so that the share served within t is nμ / (nμ + (k + 1) θ) times the chance that a negative binomial count
/// passes k. As θ goes to 0 that becomes a Poisson count, and Erlang-C.
public struct ErlangA: Sendable {
    /// The share that has to wait.
    public let shareWaiting: Double
    /// The share that hangs up.
    public let shareAbandoning: Double
    /// Customers who wait, in mean over time.
    public let meanWaiting: Double
    /// The share of time in which a server is busy.
    public let utilisation: Double
    /// Whether there is a steady state in which somebody is answered at once now and then.
    public let isStable: Bool

    private let servers: Double
    private let serviceRate: Double
    private let patienceRate: Double
    /// Erlang's loss.
    private let loss: Double
    /// The weights of the states in which 0, 1, … wait, that of 0 is 1.
    private let weights: [Double]
    private let total: Double

    /// Weights below this share of their sum are left out.
    private static let negligible = 1e-14
    /// Where some state is so much likelier than that in which nobody waits, everybody waits for ages.
    private static let overwhelmed = 1e200

    /// The steady state.
    ///
    /// - Parameters:
    ///   - servers: At least 1.
    ///   - ratePerSecond: Customers who come, by a Poisson process.
    ///   - meanSeconds: The mean of the exponential service.
    ///   - patienceSeconds: The mean of the exponential patience; nil: without end.
    /// - Complexity: O(servers + those who wait).
    public init(servers: Int, ratePerSecond: Double, meanSeconds: Double, patienceSeconds: Double?) {
        self.servers = Double(max(1, servers))
        serviceRate = 1 / meanSeconds
        patienceRate = patienceSeconds.map { 1 / $0 } ?? 0
        let busy = self.servers * serviceRate
        var isStable = patienceRate > 0 || ratePerSecond < busy
        loss = SpecialFunctions.erlangB(
            servers: max(1, servers), offeredLoad: ratePerSecond * meanSeconds)
        var weights = [1.0]
        var sum = 1.0
        var waiting = 0.0
        var last = 1.0
        while isStable {
            let count = Double(weights.count)
            last *= ratePerSecond / (busy + count * patienceRate)
            // Past the largest weight what is left is less than a geometric series.
            let ratio = ratePerSecond / (busy + (count + 1) * patienceRate)
            if ratio < 1, last * max(1, count) / (1 - ratio) < ErlangA.negligible * sum { break }
            guard last < ErlangA.overwhelmed else {
                isStable = false
                break
            }
            weights.append(last)
            sum += last
            waiting += count * last
        }
        self.weights = weights
        self.isStable = isStable
        // Over all states, in units of the one with all servers busy, times B.
        total = 1 - loss + loss * sum
        shareWaiting = isStable ? loss * sum / total : 1
        meanWaiting = isStable ? loss * waiting / total : .infinity
        shareAbandoning = isStable && ratePerSecond > 0 ? patienceRate * meanWaiting / ratePerSecond : 0
        utilisation = isStable ? ratePerSecond * (1 - shareAbandoning) / busy : 1
    }

    /// The share of all customers who are served, and wait no longer than so many seconds.
    public func shareAnswered(within seconds: Double) -> Double {
        guard isStable, seconds >= 0 else { return 0 }
        let busy = servers * serviceRate
        let time = patienceRate > 0 ? -expm1(-patienceRate * seconds) / patienceRate : seconds
        // Of the count of departures, that k come: by its logarithm, since for many servers the first are tiny.
        var logChance = -(busy + patienceRate) * seconds
        var later = 0.0
        var served = 0.0
        for (waiting, weight) in weights.enumerated() {
            let count = Double(waiting)
            if waiting > 0 {
                logChance += time > 0 ? log((busy + count * patienceRate) / count * time) : -.infinity
            }
            later = min(1, later + exp(logChance))
            served += weight * busy / (busy + (count + 1) * patienceRate) * (1 - later)
        }
        return min(1, (1 - loss + loss * served) / total)
    }

    /// The largest rate at which a share is answered within a time, customers a second; 0 where none does.
    ///
    /// By bisection: more customers are never answered better.
    public static func largestRate(
        servers: Int, meanSeconds: Double, patienceSeconds: Double?, share: Double, within seconds: Double
    ) -> Double {
        guard servers > 0, meanSeconds > 0, share > 0 else { return 0 }
        // No more are served than servers can.
        var (low, high) = (0.0, Double(servers) / (meanSeconds * share))
        for _ in 0..<bisections {
            let middle = 0.5 * (low + high)
            let state = ErlangA(
                servers: servers, ratePerSecond: middle, meanSeconds: meanSeconds,
                patienceSeconds: patienceSeconds)
            if state.shareAnswered(within: seconds) >= share { low = middle } else { high = middle }
        }
        return low
    }

    private static let bisections = 50
}

extension ErlangA {
    /// What so many people of a tier hold: the rate at which the share to be answered is, in the steady state of an hour.
    ///
    /// The handling time counts by its mean alone; with patience its spread hardly matters (Whitt 2005).
    static func levels(of tier: Tier, people: Int, mix: ClassRates) -> BreakLevels {
        guard let staffing = tier.staffing, let mean = tier.mixedService(of: mix)?.meanSeconds else {
            return .none
        }
        return BreakLevels(
            exactly: largestRate(
                servers: staffing.answering(of: people), meanSeconds: mean,
                patienceSeconds: staffing.patienceSeconds, share: tier.objective.quantile,
                within: tier.objective.latencySeconds))
    }
}
