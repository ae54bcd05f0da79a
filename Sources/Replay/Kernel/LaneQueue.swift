import Numerics
import ReplayKernels

/// One queue at up to sixteen loads at once, fed with blocks of customers.
///
/// Times are in a unit of the caller's choice, best the mean service time.
struct LaneQueue {
    /// The lanes of a vector.
    static let lanes = laneCount

    let servers: Int
    let loads: Int
    let threshold: Float
    private let level: KernelLevel
    private var multipliers: SIMD16<Float>
    private var gapScale: SIMD16<Float>
    private var work: [SIMD16<Float>]
    private(set) var waitSums = [Double](repeating: 0, count: laneCount)
    private(set) var joined = [Int](repeating: 0, count: laneCount)
    private(set) var over = [Int](repeating: 0, count: laneCount)
    private var histogram: [UInt32]
    private let keepsHistogram: Bool

    /// A queue whose lanes differ by the share of the customers that join (`multipliers`, against their marks), by the
    /// scale of the gaps, or by both; at most sixteen of each.
    init(
        servers: Int, threshold: Double, multipliers: [Double]? = nil, gapScale: [Double]? = nil,
        keepsHistogram: Bool = true, level: KernelLevel = .best
    ) {
        precondition(servers >= 1)
        let given = multipliers?.count ?? gapScale?.count ?? 1
        precondition(given <= laneCount, "at most \(laneCount) lanes")
        self.servers = servers
        loads = given
        self.threshold = Float(threshold)
        self.level = level
        self.keepsHistogram = keepsHistogram
        self.multipliers = SIMD16(repeating: multipliers == nil ? 1 : -1)
        self.gapScale = SIMD16(repeating: 1)
        for lane in 0..<given {
            if let multipliers { self.multipliers[lane] = Float(multipliers[lane]) }
            if let gapScale { self.gapScale[lane] = Float(gapScale[lane]) }
        }
        work = Array(repeating: .zero, count: servers)
        histogram = Array(repeating: 0, count: keepsHistogram ? bucketCount * given : 0)
    }

    /// Serves a block; without marks every customer joins every lane.
    mutating func serve(gaps: [Float], services: [Float], marks: [Float]) {
        precondition(gaps.count == services.count && gaps.count == marks.count, "one entry a customer")
        // An empty array has no address to offer.
        if histogram.isEmpty { histogram = [0] }
        level.serve(
            gaps.count, gaps, services, marks, &gapScale, &multipliers, threshold, servers, &work, &waitSums,
            &joined,
            &over, &histogram, keepsHistogram ? loads : 0)
    }

    /// Forgets what was counted, keeps the work in the queue: the end of a warm-up.
    mutating func forgetCounts() {
        for lane in 0..<laneCount {
            waitSums[lane] = 0
            joined[lane] = 0
            over[lane] = 0
        }
        for index in histogram.indices { histogram[index] = 0 }
    }

    /// Lets time pass without customers.
    mutating func idle(for time: Float) {
        for server in work.indices {
            var left = work[server] - gapScale * time
            left.replace(with: SIMD16<Float>.zero, where: left .< SIMD16<Float>.zero)
            work[server] = left
        }
    }

    /// The unfinished work of the server that is free first, by lane.
    func leastWork(lane: Int) -> Double { Double(work[0][lane]) }

    /// The counts of one lane's sojourn times.
    func counts(lane: Int) -> ArraySlice<UInt32> {
        histogram[lane * bucketCount..<(lane + 1) * bucketCount]
    }

    /// A quantile of one lane's sojourn times, interpolated within its bucket (a ratio of 1.02 wide); 0 of nothing.
    func quantile(_ level: Double, lane: Int) -> Double {
        LaneQueue.quantile(level, of: counts(lane: lane).map(UInt64.init))
    }

    static func quantile(_ level: Double, of counts: [UInt64]) -> Double {
        let total = counts.reduce(0, +)
        guard total > 0 else { return 0 }
        let target = level * Double(total)
        var below = 0.0
        for (index, count) in counts.enumerated() where count > 0 {
            let next = below + Double(count)
            if next >= target {
                let lower = lowerEdge(index)
                return lower + (lowerEdge(index + 1) - lower) * max(0, (target - below) / Double(count))
            }
            below = next
        }
        return lowerEdge(counts.count)
    }

    private static func lowerEdge(_ bucket: Int) -> Double {
        guard bucket > 0 else { return 0 }
        return Double(sign: .plus, exponent: bucket / 32 - 24, significand: 1 + Double(bucket % 32) / 32)
    }
}
