import Glibc
import ReplayKernels

/// How many arrivals of a sequence are late in one queue, up to any place of it and at any rate in a range.
///
/// The sequence goes through the queue once at sixteen rates side by side, in equal ratios. Between rates the counts grow
/// as the power of the rate that all of them together do; between blocks they are linear.
struct LateCounts: Sendable {
    /// The rates, in arrivals a mean service time.
    let logFirst: Double
    let logStep: Double
    /// Arrivals of the sequence.
    let arrivals: Double
    private let block: Double
    private let blocks: Int
    /// Late arrivals before each block, `[block][rate]`, flat, with the whole at the end: what is read together lies
    /// together.
    private let before: [Float]
    /// How far between a rate's and the next one's a count is, by 64ths of the way, `[rate][64th]`, flat.
    private let weights: [Double]

    static let rates = laneCount
    private static let parts = 64
    /// Late arrivals grow by no more than this factor's logarithm from one rate to the next, as far as weights can tell.
    private static let growthMax = 30.0

    /// Counts from late arrivals by `[rate][block]`.
    init(logFirst: Double, logStep: Double, block: Int, late: [[Float]]) {
        self.logFirst = logFirst
        self.logStep = logStep
        self.block = Double(block)
        let blocks = late[0].count
        self.blocks = blocks
        arrivals = Double(block * blocks)
        var before = [Float](repeating: 0, count: (blocks + 1) * LateCounts.rates)
        for (rate, counts) in late.enumerated() {
            var sum: Float = 0
            for (place, count) in counts.enumerated() {
                sum += count
                before[(place + 1) * LateCounts.rates + rate] = sum
            }
        }
        self.before = before
        let totals = before.suffix(LateCounts.rates).map(Double.init)
        weights = (0..<LateCounts.rates - 1).flatMap { rate in
            let (low, high) = (totals[rate], totals[rate + 1])
            let growth = high > low ? min(log(high / max(low, 0.5)), LateCounts.growthMax) : 0
            return (0...LateCounts.parts).map { part in
                let share = Double(part) / Double(LateCounts.parts)
                return growth > 1e-6 ? expm1(growth * share) / expm1(growth) : share
            }
        }
    }

    /// The highest rate's logarithm.
    var logLast: Double { logFirst + logStep * Double(LateCounts.rates - 1) }

    /// Late arrivals among `count` from a place on, at a rate; past the end the sequence begins again.
    @inline(__always)
    func late(logRate: Double, from place: Double, count: Double) -> Double {
        let position = min(max(0, (logRate - logFirst) / logStep), Double(LateCounts.rates - 1))
        let lane = min(Int(saturating: position), LateCounts.rates - 2)
        let part = Int(saturating: Double(LateCounts.parts) * (position - Double(lane)) + 0.5)
        let weight = weights[lane * (LateCounts.parts + 1) + part]
        return cumulative(lane, weight, place + count) - cumulative(lane, weight, place)
    }

    @inline(__always)
    private func cumulative(_ lane: Int, _ weight: Double, _ place: Double) -> Double {
        let turns = place < arrivals ? 0 : (place / arrivals).rounded(.down)
        let rest = (place - turns * arrivals) / block
        let index = min(Int(saturating: rest), blocks - 1)
        let low = between(index * LateCounts.rates + lane, weight)
        let high = between((index + 1) * LateCounts.rates + lane, weight)
        let inside = low + (rest - Double(index)) * (high - low)
        return turns == 0 ? inside : turns * between(blocks * LateCounts.rates + lane, weight) + inside
    }

    /// A count and the next rate's, so far between them.
    @inline(__always)
    private func between(_ place: Int, _ weight: Double) -> Double {
        let low = Double(before[place])
        return low + weight * (Double(before[place + 1]) - low)
    }
}
