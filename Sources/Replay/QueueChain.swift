import Exchange

/// One queue, or several in a row that the judged stream passes one after the other.
struct QueueChain {
    /// One queue of the row.
    struct Stage {
        /// Messages served at the same time.
        var servers: Int
        /// Service of the judged stream's messages.
        var service: ServiceDistribution
        /// Service of the other stream's messages that come here, and the share of them that does.
        var other: (service: ServiceDistribution, share: Double)?
    }

    /// The queues, in the order in which they are passed.
    var stages: [Stage]
    /// The other stream's rate over the judged one's; 0 where there is none.
    var otherRatio = 0.0
    /// The time that the objective allows for all stages together, in seconds.
    var latencySeconds: Double
    /// The share of messages that may take longer.
    var shareAllowed: Double

    /// Seconds of work over servers that one message a second of the judged stream brings, other stream included.
    func load(ofStage index: Int) -> Double {
        let stage = stages[index]
        let other = stage.other.map { $0.share * $0.service.meanSeconds * otherRatio } ?? 0
        return (stage.service.meanSeconds + other) / Double(stage.servers)
    }

    /// The rate at which the busiest stage has as much work as it can do.
    var stableRatePerSecond: Double {
        let load = stages.indices.reduce(0) { max($0, self.load(ofStage: $1)) }
        return load > 0 ? 1 / load : .infinity
    }

    /// The time in which a queue forgets, near the rate at which a Poisson stream breaks the objective: 0.2 L² / (s/c),
    /// from the relaxation time 4 s / (c (1−ρ)²) of a single fast server and 1 − ρ = 4.6 s / (c L).
    var relaxationSeconds: Double {
        let quickest = stages.reduce(Double.infinity) { min($0, $1.service.meanSeconds / Double($1.servers)) }
        return quickest > 0 ? 0.2 * latencySeconds * latencySeconds / quickest : 0
    }
}

/// Rates of the judged stream that are simulated side by side, on common random numbers.
typealias Lanes = SIMD8<Double>

/// Latencies by lane, weighted: how much lies over the objective and, where asked for, a histogram.
struct LaneTally {
    /// Weight over the objective's time.
    var over = Lanes.zero
    /// All weight.
    var total = Lanes.zero
    /// One histogram a lane; empty where none was asked for.
    var histograms: [LatencyHistogram]

    init(histograms wanted: Bool) {
        histograms = wanted ? [LatencyHistogram](repeating: LatencyHistogram(), count: Lanes.scalarCount) : []
    }

    /// Adds another tally, weighted.
    mutating func add(_ other: LaneTally, weights: Lanes) {
        over += other.over * weights
        total += other.total * weights
        for lane in histograms.indices { histograms[lane].add(other.histograms[lane], weight: weights[lane]) }
    }
}

/// Weights of latencies in bins of 1/64 of an octave, from 1 ns to 18 hours; quantiles are good to 0.8 %.
struct LatencyHistogram {
    private static let binsPerOctave = 64
    private static let lowestExponent = -30
    private static let octaves = 46
    private var weights = [Double](repeating: 0, count: binsPerOctave * octaves)

    /// Adds a latency.
    @inline(__always)
    mutating func add(_ seconds: Double, weight: Double) {
        // The exponent and the first six bits of the fraction, in one number.
        let bits = Int(truncatingIfNeeded: seconds.bitPattern >> 46)
        let bin = bits - (1023 + LatencyHistogram.lowestExponent) * LatencyHistogram.binsPerOctave
        weights[min(max(bin, 0), weights.count - 1)] += weight
    }

    /// Adds another histogram, weighted; a weight may be negative.
    mutating func add(_ other: LatencyHistogram, weight: Double) {
        for bin in weights.indices { weights[bin] += weight * other.weights[bin] }
    }

    /// The latency that a share of the weight does not exceed, linear within a bin; 0 for an empty histogram.
    ///
    /// Differences of histograms may have bins below 0; the distribution function is taken as its running maximum.
    func quantile(_ share: Double) -> Double {
        let total = weights.reduce(0, +)
        guard total > 0 else { return 0 }
        let target = share * total
        var sum = 0.0
        for bin in weights.indices where weights[bin] != 0 {
            let next = sum + weights[bin]
            if next >= target {
                let lower = LatencyHistogram.lowerEdge(bin)
                let part = weights[bin] > 0 ? min(max((target - sum) / weights[bin], 0), 1) : 0
                return lower + part * (LatencyHistogram.lowerEdge(bin + 1) - lower)
            }
            sum = next
        }
        return LatencyHistogram.lowerEdge(weights.count)
    }

    private static func lowerEdge(_ bin: Int) -> Double {
        let bits = bin + (1023 + lowestExponent) * binsPerOctave
        return Double(bitPattern: UInt64(bits) << 46)
    }
}
