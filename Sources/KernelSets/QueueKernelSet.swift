/// Kernels of queues in sixteen lanes, as the build for one instruction set has them.
///
/// What each takes and does is told where it is written, in the module `ReplayKernels`.
public protocol QueueKernelSet: SendableMetatype {
    /// Exponential numbers of mean 1.
    static func drawExponential(
        count: Int, state: UnsafeMutablePointer<SIMD16<UInt32>>, numbers: UnsafeMutablePointer<SIMD16<Float>>)
    /// Lognormal numbers.
    static func drawLognormal(
        count: Int, deviation: Float, shift: Float, state: UnsafeMutablePointer<SIMD16<UInt32>>,
        numbers: UnsafeMutablePointer<SIMD16<Float>>)
    /// Customers of one server, first come first served.
    static func serveOne(
        count: Int, gaps: UnsafePointer<SIMD16<Float>>, services: UnsafePointer<SIMD16<Float>>,
        gapScale: Float, threshold: Float, work: UnsafeMutablePointer<SIMD16<Float>>,
        waitSums: UnsafeMutablePointer<Double>, over: UnsafeMutablePointer<Int>)
    /// Customers of servers behind one queue, with every wait.
    static func servePool(
        count: Int, gaps: UnsafePointer<SIMD16<Float>>, services: UnsafePointer<SIMD16<Float>>,
        gapScale: Float, threshold: Float, servers: Int, work: UnsafeMutablePointer<SIMD16<Float>>,
        waits: UnsafeMutablePointer<SIMD16<Float>>, waitSums: UnsafeMutablePointer<Double>,
        over: UnsafeMutablePointer<Int>)
    /// Counts of times in a histogram for each lane.
    static func countTimes(
        count: Int, times: UnsafePointer<SIMD16<Float>>, added: UnsafePointer<SIMD16<Float>>,
        histograms: UnsafeMutablePointer<UInt32>)
}
