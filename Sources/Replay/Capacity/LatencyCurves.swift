import Exchange
import Glibc
import Numerics
import ReplayKernels

/// What clients of one queue see in the worst five minutes of drawn hours, at any rate.
///
/// The times of the sequence's messages are counted by length, eight lengths to an octave, as `LateCounts` counts those
/// over the objective; a quantile in the worst window is the time that the share which is longer passes.
struct LatencyCurves {
    private let search: BreakSearch
    /// For each length, late messages at all rates, in two ranges.
    private let counts: [[LateCounts]]

    private static let lengthsPerOctave = 8
    private static let octaves = 44
    /// The shortest length, in mean services.
    private static let shortest = 1.0 / 16
    private static let block = 1024
    /// Rates are this far below and above those that are asked for.
    private static let margin = 2.0
    /// The highest rate over the stable one, and the least range of rates. Chosen, not measured.
    private static let utilisationMax = 1.3
    private static let leastRange = 1.01
    /// The least share over what is allowed, since none has no logarithm. Chosen, not measured.
    private static let leastShare = 1e-3

    /// Curves for rates in messages a second; nothing is asked outside of them.
    init(_ search: BreakSearch, rates: ClosedRange<Double>) {
        self.search = search
        let queue = search.queue
        let low = rates.lowerBound / LatencyCurves.margin
        let high = min(
            rates.upperBound * LatencyCurves.margin,
            LatencyCurves.utilisationMax * queue.chain.stableRatePerSecond)
        let middle = (low * high).squareRoot()
        let ranges = [
            LatencyCurves.counted(queue, from: low, to: middle),
            LatencyCurves.counted(queue, from: middle, to: max(high, LatencyCurves.leastRange * middle)),
        ]
        counts = ranges[0].indices.map { [ranges[0][$0], ranges[1][$0]] }
    }

    /// The latency at a rate in the worst windows of one hour.
    func point(hour: Int, ratePerSecond rate: Double) -> QueueSimulation.CurvePoint {
        let logRate = log(rate)
        return QueueSimulation.CurvePoint(
            p50: quantile(0.5, hour, logRate), p99: quantile(0.99, hour, logRate),
            p999: quantile(0.999, hour, logRate),
            shareOver: search.worstShare(hour: hour, logRate: logRate))
    }

    /// The time that a share of messages does not exceed, in the window where that is longest, in seconds.
    private func quantile(_ level: Double, _ hour: Int, _ logRate: Double) -> Double {
        let allowed = 1 - level
        func share(_ length: Int) -> Double {
            var queue = search.queue
            queue.chain.latencySeconds = seconds(length)
            var sums = WindowSums(
                queue: queue, hours: search.hours, hour: hour, counts: counts[length])
            return sums.worstShare(logRate: logRate)
        }
        var (low, high) = (0, counts.count - 1)
        var (above, below) = (1.0, 0.0)
        guard share(high) <= allowed else { return seconds(high) }
        while high - low > 1 {
            let middle = (low + high) / 2
            let found = share(middle)
            if found <= allowed { (high, below) = (middle, found) } else { (low, above) = (middle, found) }
        }
        // The share falls as a power of the time from one length to the next.
        let floor = LatencyCurves.leastShare * allowed
        let part = log(above / allowed) / log(above / max(below, floor))
        return seconds(low) * pow(seconds(high) / seconds(low), min(1, max(0, part)))
    }

    private func seconds(_ length: Int) -> Double {
        search.queue.chain.stages[0].service.meanSeconds * LatencyCurves.shortest
            * exp2(Double(length) / Double(LatencyCurves.lengthsPerOctave))
    }

    private static func counted(_ queue: SequencedQueue, from low: Double, to high: Double) -> [LateCounts] {
        let lengths = lengthsPerOctave * octaves
        let step = log(high / low) / Double(laneCount - 1)
        let times = queue.timesOver(
            rates: (0..<laneCount).map { low * exp(step * Double($0)) }, lengths: lengths, block: block,
            shortest: shortest, perOctave: lengthsPerOctave)
        return (0..<lengths).map { length in
            LateCounts(logFirst: log(low), logStep: step, block: block, late: times[length])
        }
    }
}

extension SequencedQueue {
    /// For each length of time, rate and block, how many messages take longer: `[length][rate][block]`.
    fileprivate func timesOver(
        rates: [Double], lengths: Int, block: Int, shortest: Double, perOctave: Int
    ) -> [[[Float]]] {
        var result = [[[Float]]](
            repeating: [[Float]](repeating: [], count: rates.count), count: lengths)
        func add(_ counts: [Float], rate: Int) {
            var sum: Float = counts[lengths]
            for length in stride(from: lengths - 1, through: 0, by: -1) {
                result[length][rate].append(sum)
                sum += counts[length]
            }
        }
        forEachBlock(rates: rates, block: block) { rate, times in
            // Place 0 holds what is no longer than the shortest, place k what ends at the k-th length.
            var counts = [Float](repeating: 0, count: lengths + 1)
            for time in times {
                let place = log2(max(Double(time.seconds) / shortest, 1e-9)) * Double(perOctave)
                counts[Int(saturating: max(0, min(Double(lengths), place.rounded(.up))))] += time.count
            }
            add(counts, rate: rate)
        }
        return result
    }
}
