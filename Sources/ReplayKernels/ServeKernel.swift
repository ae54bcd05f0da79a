/// Buckets of a lane's histogram: 64 to an octave over 48 octaves, from 2⁻¹⁶ on.
public let bucketCount = 3072
public let bucketsPerOctave = 64
/// The exponent of the first octave.
public let bucketExponentMin = -16

extension QueueArithmetic {
    /// Serves a run of customers in order in sixteen independent lanes, by one server, first come first served.
    ///
    /// Lindley's recursion (1952), W' = max(W + S − A, 0). All times are in one unit, best the mean service time: the
    /// recursion runs in 32 bits, whose error of 6e-8 of the largest wait in each step does not grow, since an empty queue
    /// forgets it. Sums are carried in 64 bits from call to call: keep a call below a thousand customers.
    ///
    /// - Parameters:
    ///   - count: Customers in each lane.
    ///   - gaps: Time from the previous customer; one vector a customer.
    ///   - services: Service times likewise.
    ///   - gapScale: What the gaps are multiplied with.
    ///   - threshold: Sojourn times above it are counted.
    ///   - work: One vector, the unfinished work; updated.
    ///   - waitSums: Sums of waits, one entry a lane; added to.
    ///   - over: Numbers of sojourn times above the threshold; added to.
    @inline(never)
    static func serveOne(
        count: Int, gaps: UnsafePointer<SIMD16<Float>>, services: UnsafePointer<SIMD16<Float>>,
        gapScale: Float,
        threshold: Float, work: UnsafeMutablePointer<SIMD16<Float>>, waitSums: UnsafeMutablePointer<Double>,
        over: UnsafeMutablePointer<Int>
    ) {
        let scale = every(gapScale)
        let limit = every(threshold)
        var left = work[0]
        var waits = Lanes16.zero
        var overHere = SIMD16<Int32>.zero
        for index in 0..<count {
            left = fused(-scale, gaps[index], plus: left)
            left.replace(with: Lanes16.zero, where: left .< Lanes16.zero)
            waits += left
            left += services[index]
            overHere.replace(with: overHere &+ 1, where: left .> limit)
        }
        work[0] = left
        for lane in 0..<laneCount {
            waitSums[lane] += Double(waits[lane])
            over[lane] += Int(overHere[lane])
        }
    }

    /// Serves as `serveOne` does and keeps every wait, by any number of servers with one queue.
    ///
    /// With more than one server this is Kiefer and Wolfowitz's recursion (1955) on the sorted unfinished work of the
    /// servers.
    ///
    /// `servers` is how many share the queue; `work` holds the unfinished work of each, ascending, in `servers` vectors;
    /// `waits` receives the time until service of each customer, in `count` vectors, and may be where the gaps are. The
    /// other parameters are those of `serveOne`.
    @inline(never)
    static func servePool(
        count: Int, gaps: UnsafePointer<SIMD16<Float>>, services: UnsafePointer<SIMD16<Float>>,
        gapScale: Float,
        threshold: Float, servers: Int, work: UnsafeMutablePointer<SIMD16<Float>>,
        waits: UnsafeMutablePointer<SIMD16<Float>>, waitSums: UnsafeMutablePointer<Double>,
        over: UnsafeMutablePointer<Int>
    ) {
        let scale = every(gapScale)
        let limit = every(threshold)
        var waitsHere = Lanes16.zero
        var overHere = SIMD16<Int32>.zero
        for index in 0..<count {
            let gap = scale * gaps[index]
            var first = work[0] - gap
            first.replace(with: Lanes16.zero, where: first .< Lanes16.zero)
            waits[index] = first
            waitsHere += first
            var moving = first + services[index]
            overHere.replace(with: overHere &+ 1, where: moving .> limit)
            // The new work of the server moves up to its place among the others.
            var server = 1
            while server < servers {
                var other = work[server] - gap
                other.replace(with: Lanes16.zero, where: other .< Lanes16.zero)
                let swap = other .< moving
                work[server - 1] = moving.replacing(with: other, where: swap)
                moving.replace(with: other, where: .!swap)
                server += 1
            }
            work[servers - 1] = moving
        }
        for lane in 0..<laneCount {
            waitSums[lane] += Double(waitsHere[lane])
            over[lane] += Int(overHere[lane])
        }
    }

    /// Counts times in one histogram for each lane; the bucket is the exponent with six leading bits of the significand.
    ///
    /// - Parameters:
    ///   - count: Vectors of times.
    ///   - times: Times.
    ///   - added: Times that are added to them.
    ///   - histograms: `bucketCount` counts for each lane; added to.
    @inline(never)
    static func countTimes(
        count: Int, times: UnsafePointer<SIMD16<Float>>, added: UnsafePointer<SIMD16<Float>>,
        histograms: UnsafeMutablePointer<UInt32>
    ) {
        let first = Int32((127 + bucketExponentMin) * bucketsPerOctave)
        for index in 0..<count {
            var buckets = (integers(times[index] + added[index]) &>> 17) &- first
            buckets.replace(with: SIMD16<Int32>.zero, where: buckets .< 0)
            buckets.replace(
                with: SIMD16<Int32>(repeating: Int32(bucketCount - 1)),
                where: buckets .> Int32(bucketCount - 1))
            for lane in 0..<laneCount {
                histograms[lane &* bucketCount &+ Int(buckets[lane])] &+= 1
            }
        }
    }
}
