/// Rates of the judged stream that are simulated side by side, on common random numbers.
typealias Lanes = SIMD8<Double>

/// Latencies by lane, weighted: how much lies over the objective and, where asked for, a histogram.
///
/// Histograms have 64 bins to an octave, from 1 ns to 18 hours, so that quantiles are good to 0.8 %. Weights may be
/// negative: a tally can be the difference of two.
struct LaneTally {
    private static let binsPerOctave = 64
    private static let lowestExponent = -30
    private static let binCount = 46 * binsPerOctave

    /// Weight over the objective's time.
    var over = Lanes.zero
    /// All weight.
    var total = Lanes.zero
    /// Weight of messages that found no wait in any lane; `spreadIdle` puts it into the histograms.
    var idle = 0.0
    /// One lane after the other; empty where none was asked for.
    private var bins: [Double]
    /// What all lanes have in common.
    private var commonBins: [Double]

    init(histograms wanted: Bool) {
        bins = wanted ? [Double](repeating: 0, count: Lanes.scalarCount * LaneTally.binCount) : []
        commonBins = wanted ? [Double](repeating: 0, count: LaneTally.binCount) : []
    }

    /// Whether latencies are kept beside the weight over the objective.
    var keepsHistograms: Bool { !bins.isEmpty }

    /// Adds a latency to one lane's histogram.
    @inline(__always)
    mutating func record(_ seconds: Double, lane: Int, weight: Double) {
        bins[lane * LaneTally.binCount + LaneTally.bin(seconds)] += weight
    }

    /// Adds a latency to all lanes' histograms.
    @inline(__always)
    mutating func recordEverywhere(_ seconds: Double, weight: Double) {
        commonBins[LaneTally.bin(seconds)] += weight
    }

    /// Adds latencies that differ from lane to lane by a wait, which does not fall from lane to lane.
    @inline(__always)
    mutating func record(_ seconds: Double, waits: Lanes, weight: Double) {
        recordEverywhere(seconds, weight: weight)
        var lane = Lanes.scalarCount - 1
        while lane >= 0, waits[lane] > 0 {
            record(seconds, lane: lane, weight: -weight)
            record(seconds + waits[lane], lane: lane, weight: weight)
            lane -= 1
        }
    }

    /// Puts the weight of messages without a wait where service times lie, each of which is as likely.
    mutating func spreadIdle(over services: [Double]) {
        if keepsHistograms {
            for service in services { recordEverywhere(service, weight: idle / Double(services.count)) }
        }
        idle = 0
    }

    /// Adds another tally, weighted.
    mutating func add(_ other: LaneTally, weight: Double) {
        over += other.over * weight
        total += other.total * weight
        idle += other.idle * weight
        for bin in bins.indices { bins[bin] += weight * other.bins[bin] }
        for bin in commonBins.indices { commonBins[bin] += weight * other.commonBins[bin] }
    }

    /// The latency that a share of one lane's weight does not exceed, linear within a bin; 0 where there is no weight.
    ///
    /// Differences may have bins below 0; the distribution function is taken as its running maximum.
    func quantile(_ share: Double, lane: Int) -> Double {
        guard keepsHistograms else { return 0 }
        let lanes = bins[lane * LaneTally.binCount..<(lane + 1) * LaneTally.binCount]
        let weights = zip(lanes, commonBins).map { $0 + $1 }
        let total = weights.reduce(0, +)
        guard total > 0 else { return 0 }
        let target = share * total
        var sum = 0.0
        for bin in weights.indices where weights[bin] != 0 {
            let next = sum + weights[bin]
            if next >= target {
                let lower = LaneTally.lowerEdge(bin)
                let part = weights[bin] > 0 ? min(max((target - sum) / weights[bin], 0), 1) : 0
                return lower + part * (LaneTally.lowerEdge(bin + 1) - lower)
            }
            sum = next
        }
        return LaneTally.lowerEdge(weights.count)
    }

    /// The exponent and the first six bits of the fraction, as one number.
    @inline(__always)
    private static func bin(_ seconds: Double) -> Int {
        let bits = Int(truncatingIfNeeded: seconds.bitPattern >> 46)
        return min(max(bits - (1023 + lowestExponent) * binsPerOctave, 0), binCount - 1)
    }

    private static func lowerEdge(_ bin: Int) -> Double {
        Double(bitPattern: UInt64(bin + (1023 + lowestExponent) * binsPerOctave) << 46)
    }
}
