import Exchange
import Glibc

/// A journey through several queues in the busiest step.
struct QueueSimulation {
    let chain: QueueChain
    /// How arrivals bunch, and how long the level holds.
    let source: WindowPath.Source
    /// Messages a second of the judged stream at a multiple of 1, the imbalance included.
    let ratePerSecond: Double
    /// The multiples at which latency is reported, in rising order.
    let multipliers: [Double]
    /// Messages simulated one by one, at most, in one pass.
    let messageBudget: Int

    /// What one replication found.
    struct Outcome: Sendable {
        /// The busiest five minutes' rate over the step's.
        var windowFactor: Double
        /// The largest multiple that keeps the objective; 0 where there is none.
        var latencyMultiplier: Double
        /// One entry for each of the multiples.
        var curve: [CurvePoint]
    }

    /// Latency at one multiple in one replication.
    struct CurvePoint: Sendable {
        var p50: Double
        var p99: Double
        var p999: Double
        var shareOver: Double
    }

    /// Simulates one replication.
    ///
    /// - Parameters:
    ///   - path: A path of `source`.
    ///   - seed: The seed that the path was drawn with.
    /// - Returns: The latency at each of the multiples.
    func curve(path: WindowPath, seed: UInt64) -> [CurvePoint] {
        curve(Zoom(chain: chain, path: path, messageBudget: messageBudget, seed: seed))
    }

    private func curve(_ zoom: Zoom) -> [CurvePoint] {
        var points: [CurvePoint] = []
        let idle = self.points(zoom.idle())[0]
        // No message leaves sooner than it is served, whatever a sample says.
        func atLeastIdle(_ point: CurvePoint) -> CurvePoint {
            CurvePoint(
                p50: max(point.p50, idle.p50), p99: max(point.p99, idle.p99),
                p999: max(point.p999, idle.p999),
                shareOver: point.shareOver)
        }
        var first = 0
        while first < multipliers.count {
            let part = multipliers[first..<min(first + Lanes.scalarCount, multipliers.count)]
            var rates = Lanes(repeating: 0)
            for lane in 0..<Lanes.scalarCount {
                let multiplier = part[min(part.startIndex + lane, part.endIndex - 1)]
                rates[lane] = multiplier * ratePerSecond
            }
            let messages = self.points(zoom.messages(rates: rates, histograms: true))
            points += messages.prefix(part.count).map(atLeastIdle)
            first += Lanes.scalarCount
        }
        return points
    }

    private func points(_ result: Zoom.Result) -> [CurvePoint] {
        (0..<Lanes.scalarCount).map { lane in
            CurvePoint(
                p50: result.tally.quantile(0.5, lane: lane), p99: result.tally.quantile(0.99, lane: lane),
                p999: result.tally.quantile(0.999, lane: lane), shareOver: min(1, result.shareOver[lane]))
        }
    }
}

/// How multiples are chosen. Chosen, not measured.
private enum CurveMultiples {
    /// Fractions of the stable rate.
    static let fractions = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95]
    /// The largest fraction of it that is worked out, and the most multiples of those asked for.
    static let fractionMax = 0.97
    static let countMax = 64
    /// By how much a fraction differs from every multiple that was asked for.
    static let leastDifference = 0.15
}

/// The multiples at which a queue's latency is reported: those asked for that it can carry, and fractions of what it can.
func curveMultipliers(asked: [Double], stable: Double, largest: Double) -> [Double] {
    guard stable.isFinite, stable > 0 else { return [] }
    let kept = asked.filter { $0 > 0 && $0 <= CurveMultiples.fractionMax * stable }.sorted()
        .prefix(CurveMultiples.countMax)
    var all = Array(kept)
    for multiple in CurveMultiples.fractions.map({ $0 * stable })
    where multiple <= largest && all.allSatisfy({ abs($0 / multiple - 1) > CurveMultiples.leastDifference }) {
        all.append(multiple)
    }
    return all.sorted()
}
