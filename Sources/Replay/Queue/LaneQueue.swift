import KernelSets
import Numerics
import ReplayKernels

/// One queue in sixteen independent replications, fed with blocks of customers.
///
/// Times are in a unit of the caller's choice, best the mean service time.
struct LaneQueue {
    let servers: Int
    /// What gaps are multiplied with.
    let gapScale: Float
    let threshold: Float
    /// Whether the histograms are of waits, to which the always equal service time is to be added, or of sojourns.
    let countsWaits: Bool
    let keepsHistograms: Bool
    private let kernels: any QueueKernelSet.Type
    private var work: [SIMD16<Float>]
    private var waits = [SIMD16<Float>](repeating: .zero, count: LaneStream.block)
    private let nothing = [SIMD16<Float>](repeating: .zero, count: LaneStream.block)
    /// What was counted since the warm-up.
    private(set) var waitSums = [Double](repeating: 0, count: laneCount)
    private(set) var over = [Int](repeating: 0, count: laneCount)
    private(set) var histograms: [UInt32]

    init(
        servers: Int, gapScale: Double, threshold: Double, keepsHistograms: Bool, countsWaits: Bool,
        level: ProcessorLevel
    ) {
        precondition(servers >= 1, "a queue without a server")
        self.servers = servers
        self.gapScale = Float(gapScale)
        self.threshold = Float(threshold)
        self.countsWaits = countsWaits
        self.keepsHistograms = keepsHistograms
        kernels = level.queueKernels
        work = Array(repeating: .zero, count: servers)
        histograms = Array(repeating: 0, count: keepsHistograms ? bucketCount * laneCount : 0)
    }

    /// Serves the first customers of a block.
    mutating func serve(_ count: Int, gaps: [SIMD16<Float>], services: [SIMD16<Float>]) {
        precondition(count <= LaneStream.block && gaps.count >= count && services.count >= count)
        if servers == 1, histograms.isEmpty {
            kernels.serveOne(
                count: count, gaps: gaps, services: services, gapScale: gapScale, threshold: threshold,
                work: &work, waitSums: &waitSums, over: &over)
            return
        }
        kernels.servePool(
            count: count, gaps: gaps, services: services, gapScale: gapScale, threshold: threshold,
            servers: servers, work: &work, waits: &waits, waitSums: &waitSums, over: &over)
        if !histograms.isEmpty {
            kernels.countTimes(
                count: count, times: waits, added: countsWaits ? nothing : services, histograms: &histograms)
        }
    }

    /// Forgets what was counted, keeps the work in the queue: the end of a warm-up.
    mutating func forgetCounts() {
        for lane in 0..<laneCount {
            waitSums[lane] = 0
            over[lane] = 0
        }
        for index in histograms.indices { histograms[index] = 0 }
    }

    /// What one lane's histogram counted.
    func histogram(lane: Int) -> TimeHistogram {
        TimeHistogram(histograms[lane * bucketCount..<(lane + 1) * bucketCount])
    }
}
