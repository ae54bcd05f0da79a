import Exchange
import Numerics

/// What surges to be held bring to one tier.
struct SurgeDemand: Sendable {
    var surges: [HeldSurge]
    /// The level from which they begin.
    let base: SurgeBase
    /// How often a message of each class comes to the tier.
    let visits: ClassRates
    /// The chance that a surge may break the tier.
    let allowed: Double
}

/// The demand from which a surge begins, in whatever step it comes: what is expected there.
///
/// It is what what-ifs take for a step: the mean over paths, and in the peak hour the median path's, where that is more.
struct SurgeBase: Sendable {
    /// Trades a second, `[symbol][step]`.
    let trades: [[Double]]

    /// The base of a demand; `classes` are the messages that clients send (`Topology.sent`).
    init(_ demand: DemandPaths, classes: Set<DemandClass>) {
        let peak = demand.medianPeak(of: classes)
        trades = demand.symbols.indices.map { symbol in
            (0..<demand.stepCount).map { step in
                let sum = (0..<demand.pathCount).reduce(0) {
                    $0 + demand.trades(path: $1, symbol: symbol, step: step)
                }
                let mean = sum / Double(max(1, demand.pathCount))
                return step == peak.step
                    ? max(mean, demand.trades(path: peak.path, symbol: symbol, step: step)) : mean
            }
        }
    }
}

/// The work that a surge brings to one queue in each step, in seconds of work a second.
struct SurgeWork: Sendable {
    let surge: HeldSurge
    /// Before it.
    let calm: [Double]
    /// At its height.
    let height: [Double]

    /// Whether it brings the queue more than there is anyway.
    var isFelt: Bool { zip(calm, height).contains { $1 > $0 * (1 + 1e-12) } }

    /// So far up its ramp, from 0 to 1.
    func work(step: Int, share: Double) -> Double { calm[step] + share * (height[step] - calm[step]) }
}
