import Foundation
import ReplayKernels

/// Counts of times in buckets of the kernel, and what can be read from them.
///
/// Within a bucket, 1.1 % wide, times are taken to lie evenly: next to a smooth density that is within 1e-4.
struct TimeHistogram {
    private(set) var counts = [Double](repeating: 0, count: bucketCount)
    private(set) var total = 0.0

    init() {}

    init(_ counts: ArraySlice<UInt32>) {
        precondition(counts.count == bucketCount)
        for (bucket, count) in counts.enumerated() where count > 0 { self.counts[bucket] = Double(count) }
        total = self.counts.reduce(0, +)
    }

    mutating func count(_ time: Double) {
        counts[TimeHistogram.bucket(of: time)] += 1
        total += 1
    }

    /// The middles of the buckets that are not empty, with their counts.
    var lengths: [(seconds: Float, count: Float)] {
        counts.indices.filter { counts[$0] > 0 }.map { bucket in
            let middle = 0.5 * (TimeHistogram.lowerEdge(bucket) + TimeHistogram.lowerEdge(bucket + 1))
            return (Float(middle), Float(counts[bucket]))
        }
    }

    /// Adds the counts of another.
    mutating func merge(_ other: TimeHistogram) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        total += other.total
    }

    /// The time that the share `share` exceeds; 0 of nothing.
    func time(exceededBy share: Double) -> Double {
        guard total > 0 else { return 0 }
        let target = share * total
        var above = 0.0
        for bucket in counts.indices.reversed() where counts[bucket] > 0 {
            let next = above + counts[bucket]
            if next >= target {
                let upper = TimeHistogram.lowerEdge(bucket + 1)
                let lower = TimeHistogram.lowerEdge(bucket)
                // A queue is empty at times, never nearly empty: the lowest bucket holds nothing but zeros.
                return bucket == 0 ? 0 : upper - (upper - lower) * max(0, target - above) / counts[bucket]
            }
            above = next
        }
        return 0
    }

    /// The share of times above one.
    func share(above time: Double) -> Double {
        guard total > 0 else { return 0 }
        let bucket = TimeHistogram.bucket(of: time)
        var above = bucket + 1 < counts.count ? counts[(bucket + 1)...].reduce(0, +) : 0
        let lower = TimeHistogram.lowerEdge(bucket)
        let upper = TimeHistogram.lowerEdge(bucket + 1)
        if bucket > 0, upper > lower {
            above += counts[bucket] * min(1, max(0, (upper - time) / (upper - lower)))
        }
        return above / total
    }

    private static func bucket(of time: Double) -> Int {
        let bits = Int(Float(time).bitPattern >> 17)
        return min(max(bits - (127 + bucketExponentMin) * bucketsPerOctave, 0), bucketCount - 1)
    }

    private static func lowerEdge(_ bucket: Int) -> Double {
        guard bucket > 0 else { return 0 }
        let exponent = bucket / bucketsPerOctave + bucketExponentMin
        let part = Double(bucket % bucketsPerOctave) / Double(bucketsPerOctave)
        return Double(sign: .plus, exponent: exponent, significand: 1 + part)
    }
}
