import Foundation
import ReplayKernels

#if KERNEL_LEVELS
    import ReplayKernelsV3
    import ReplayKernelsV4
#endif

/// The instruction set that the queue kernels run with.
public enum KernelLevel: String, CaseIterable, Sendable {
    /// What every processor of the architecture has.
    case baseline
    /// x86-64-v3: AVX2 and fused multiply-add.
    case v3
    /// x86-64-v4: AVX-512.
    case v4

    /// The best level that this processor has, from the flags that Linux lists; the baseline elsewhere.
    public static let best: KernelLevel = {
        #if KERNEL_LEVELS
            let flags = flagsOfProcessor()
            let v3: Set<Substring> = ["avx2", "bmi1", "bmi2", "fma", "f16c", "movbe", "abm"]
            let v4: Set<Substring> = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
            guard flags.isSuperset(of: v3) else { return .baseline }
            return flags.isSuperset(of: v4) ? .v4 : .v3
        #else
            return .baseline
        #endif
    }()

    /// The levels that this processor has.
    public static var available: [KernelLevel] {
        switch best {
        case .baseline: [.baseline]
        case .v3: [.baseline, .v3]
        case .v4: [.baseline, .v3, .v4]
        }
    }

    private static func flagsOfProcessor() -> Set<Substring> {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { return [] }
        return Set(line.split(separator: " "))
    }

    /// The kernels of this level.
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
