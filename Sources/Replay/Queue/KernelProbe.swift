import Numerics
import ReplayKernels

/// Runs the queue kernels on given customers, for tests and measurements of the kernels themselves.
public enum KernelProbe {
    /// What one lane saw.
    public struct Lane: Sendable {
        /// Sojourn times above the threshold.
        public var over: Int
        /// Mean time before service, in the unit of the customers.
        public var meanWait: Double
        /// The median time until served.
        public var median: Double
    }

    /// Serves the same number of customers in each of sixteen lanes; lane by lane in `gaps` and `services`.
    public static func run(
        level: ProcessorLevel = .best, servers: Int, gaps: [[Float]], services: [[Float]], threshold: Double
    ) -> [Lane] {
        precondition(gaps.count == laneCount && services.count == laneCount)
        let count = gaps[0].count
        var queue = LaneQueue(
            servers: servers, gapScale: 1, threshold: threshold, keepsHistograms: true, countsWaits: false,
            level: level)
        var bare = LaneQueue(
            servers: servers, gapScale: 1, threshold: threshold, keepsHistograms: false, countsWaits: false,
            level: level)
        for start in stride(from: 0, to: count, by: LaneStream.block) {
            let part = start..<min(start + LaneStream.block, count)
            let block = part.map { index in vector { gaps[$0][index] } }
            let times = part.map { index in vector { services[$0][index] } }
            queue.serve(part.count, gaps: block, services: times)
            bare.serve(part.count, gaps: block, services: times)
        }
        precondition(queue.over == bare.over, "with and without histograms")
        return (0..<laneCount).map { lane in
            Lane(
                over: queue.over[lane], meanWait: queue.waitSums[lane] / Double(count),
                median: queue.histogram(lane: lane).time(exceededBy: 0.5))
        }
    }

    /// Random numbers of mean 1 as the kernels make them, `count` for each of sixteen lanes.
    public static func draw(
        _ service: ServiceProcess, count: Int, seed: UInt64, level: ProcessorLevel = .best
    ) -> [[Float]] {
        var stream = LaneStream(
            .deterministic, service, ratePerSecond: 1, seed: seed, group: 0, level: level)
        var lanes = [[Float]](repeating: [], count: laneCount)
        while lanes[0].count < count {
            stream.advance()
            for vector in stream.services.prefix(count - lanes[0].count) {
                for lane in 0..<laneCount { lanes[lane].append(vector[lane]) }
            }
        }
        return lanes
    }

    /// Gaps of mean 1 that an arrival process makes, for a rate, in one replication.
    public static func gaps(
        _ arrivals: ArrivalProcess, ratePerSecond: Double, count: Int, seed: UInt64
    ) -> [Double] {
        var stream = CustomerStream(
            arrivals, .deterministic, ratePerSecond: ratePerSecond, seed: seed, stream: 0)
        return (0..<count).map { _ in Double(stream.nextGap()) }
    }

    private static func vector(_ value: (Int) -> Float) -> SIMD16<Float> {
        var vector = SIMD16<Float>.zero
        for lane in 0..<laneCount { vector[lane] = value(lane) }
        return vector
    }
}
