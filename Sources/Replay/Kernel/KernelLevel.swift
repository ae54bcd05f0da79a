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

    typealias Serve = (
        Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<SIMD16<Float>>,
        UnsafePointer<SIMD16<Float>>, Float, Int, UnsafeMutablePointer<SIMD16<Float>>,
        UnsafeMutablePointer<Double>,
        UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UInt32>, Int
    ) -> Void

    var serve: Serve {
        #if KERNEL_LEVELS
            switch self {
            case .baseline: return ReplayKernels.serveLanes
            case .v3: return ReplayKernelsV3.serveLanes
            case .v4: return ReplayKernelsV4.serveLanes
            }
        #else
            return ReplayKernels.serveLanes
        #endif
    }
}
