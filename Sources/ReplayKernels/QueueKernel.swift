/// The lanes of one vector: each lane is the same queue at another load.
public let laneCount = 16

/// Buckets of a lane's histogram: 32 to an octave over 64 octaves, from 2⁻²⁴ on.
public let bucketCount = 2048

/// Serves a run of customers in order, in all lanes, by `servers` servers with one queue, first come first served.
///
/// With one server this is Lindley's recursion (1952), W' = max(W + S − A, 0); with more it is Kiefer and Wolfowitz's
/// (1955) on the sorted unfinished work of the servers. Every lane sees the same gaps and services; a customer joins
/// only the lanes whose multiplier is above its mark, so that a stream thinned to several loads is simulated with
/// common random numbers, and the time scales of its bursts stay what they are.
///
/// All times are in one unit, best near the mean service time: the recursion runs in 32 bits, whose error of 6e-8 of
/// the largest wait is far below any interval that is reported. Sums are carried in 64 bits, once in 64 customers.
///
/// - Parameters:
///   - count: Customers; each has an entry in `gaps`, `services` and `marks`.
///   - gaps: Time from the previous customer.
///   - services: Service time.
///   - marks: A customer joins the lanes with `multiplier > mark`.
///   - gapScale: One vector that multiplies the gaps of each lane.
///   - multipliers: One vector.
///   - threshold: Sojourn times above it are counted.
///   - work: Unfinished work of each server, ascending, `servers` vectors; updated.
///   - waitSums: Sums of waits of those who joined, one entry a lane; added to.
///   - joined: Numbers of customers who joined; added to.
///   - over: Numbers of sojourn times above the threshold; added to.
///   - histogram: Counts of sojourn times, `bucketCount` for each of `histogramLanes` lanes; added to.
///   - histogramLanes: How many lanes, from the first, keep a histogram.
@inline(never)
public func serveLanes(
    count: Int, gaps: UnsafePointer<Float>, services: UnsafePointer<Float>, marks: UnsafePointer<Float>,
    gapScale: UnsafePointer<SIMD16<Float>>, multipliers: UnsafePointer<SIMD16<Float>>, threshold: Float,
    servers: Int, work: UnsafeMutablePointer<SIMD16<Float>>, waitSums: UnsafeMutablePointer<Double>,
    joined: UnsafeMutablePointer<Int>, over: UnsafeMutablePointer<Int>,
    histogram: UnsafeMutablePointer<UInt32>,
    histogramLanes: Int
) {
    let scale = gapScale.pointee
    let loads = multipliers.pointee
    let zero = SIMD16<Float>.zero
    let limit = SIMD16<Float>(repeating: threshold)
    var start = 0
    while start < count {
        let end = min(start + 64, count)
        var waits = zero
        var joinedHere = SIMD16<Int32>.zero
        var overHere = SIMD16<Int32>.zero
        for index in start..<end {
            let gap = scale * gaps[index]
            let joins = SIMD16<Float>(repeating: marks[index]) .< loads
            let service = zero.replacing(with: services[index], where: joins)
            var first = work[0] - gap
            first.replace(with: zero, where: first .< zero)
            var moving = first + service
            waits += zero.replacing(with: first, where: joins)
            joinedHere.replace(with: joinedHere &+ 1, where: joins)
            overHere.replace(with: overHere &+ 1, where: joins .& (moving .> limit))
            if histogramLanes > 0 { record(moving, joins, histogram, histogramLanes) }
            // The new work of the server moves up to its place among the others.
            for server in 1..<max(servers, 1) {
                var other = work[server] - gap
                other.replace(with: zero, where: other .< zero)
                let swap = other .< moving
                work[server - 1] = moving.replacing(with: other, where: swap)
                moving.replace(with: other, where: .!swap)
            }
            work[servers - 1] = moving
        }
        for lane in 0..<laneCount {
            waitSums[lane] += Double(waits[lane])
            joined[lane] += Int(joinedHere[lane])
            over[lane] += Int(overHere[lane])
        }
        start = end
    }
}

/// Counts the sojourn times of those lanes that the customer joined; the bucket is the exponent with five leading bits.
@inline(__always)
private func record(
    _ sojourn: SIMD16<Float>, _ joins: SIMDMask<SIMD16<Int32>>, _ histogram: UnsafeMutablePointer<UInt32>,
    _ lanes: Int
) {
    let bits = unsafeBitCast(sojourn, to: SIMD16<Int32>.self)
    var buckets = (bits &>> 18) &- Int32((127 - 24) * 32)
    buckets.replace(with: SIMD16<Int32>.zero, where: buckets .< 0)
    buckets.replace(
        with: SIMD16<Int32>(repeating: Int32(bucketCount - 1)), where: buckets .> Int32(bucketCount - 1))
    for lane in 0..<lanes where joins[lane] {
        histogram[lane * bucketCount + Int(buckets[lane])] &+= 1
    }
}
