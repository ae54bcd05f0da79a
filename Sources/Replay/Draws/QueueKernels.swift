import Numerics
import ReplayKernels

#if KERNEL_LEVELS
    import ReplayKernelsV3
    import ReplayKernelsV4
#endif

extension ProcessorLevel {
    /// The queue kernels of this level.
    var kernels: QueueKernels {
        #if KERNEL_LEVELS
            switch self {
            case .baseline: return .baseline
            case .v3:
                return QueueKernels(
                    exponential: ReplayKernelsV3.drawExponential, lognormal: ReplayKernelsV3.drawLognormal,
                    one: ReplayKernelsV3.serveOne, pool: ReplayKernelsV3.servePool,
                    count: ReplayKernelsV3.countTimes)
            case .v4:
                return QueueKernels(
                    exponential: ReplayKernelsV4.drawExponential, lognormal: ReplayKernelsV4.drawLognormal,
                    one: ReplayKernelsV4.serveOne, pool: ReplayKernelsV4.servePool,
                    count: ReplayKernelsV4.countTimes)
            }
        #else
            return .baseline
        #endif
    }
}

/// The kernels of one instruction set; what each does is told where it is defined.
struct QueueKernels: Sendable {
    typealias Vectors = UnsafeMutablePointer<SIMD16<Float>>
    typealias State = UnsafeMutablePointer<SIMD16<UInt32>>
    typealias Inputs = UnsafePointer<SIMD16<Float>>
    typealias Sums = UnsafeMutablePointer<Double>
    typealias Counts = UnsafeMutablePointer<Int>

    var exponential: @Sendable (Int, State, Vectors) -> Void
    var lognormal: @Sendable (Int, Float, Float, State, Vectors) -> Void
    var one: @Sendable (Int, Inputs, Inputs, Float, Float, Vectors, Sums, Counts) -> Void
    var pool: @Sendable (Int, Inputs, Inputs, Float, Float, Int, Vectors, Vectors, Sums, Counts) -> Void
    var count: @Sendable (Int, Inputs, Inputs, UnsafeMutablePointer<UInt32>) -> Void

    static let baseline = QueueKernels(
        exponential: ReplayKernels.drawExponential, lognormal: ReplayKernels.drawLognormal,
        one: ReplayKernels.serveOne, pool: ReplayKernels.servePool, count: ReplayKernels.countTimes)
}
