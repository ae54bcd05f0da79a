import KernelSets
import VectorKernels

#if KERNEL_LEVELS
    import VectorKernelsV3
    import VectorKernelsV4
#endif

extension ProcessorLevel {
    /// The kernels over vectors in the build for this level, which the processor must have.
    public var vectorKernels: any VectorKernelSet.Type {
        #if KERNEL_LEVELS
            switch self {
            case .baseline: VectorKernels.vectorKernels
            case .v3: VectorKernelsV3.vectorKernels
            case .v4: VectorKernelsV4.vectorKernels
            }
        #else
            VectorKernels.vectorKernels
        #endif
    }
}

/// The kernels over vectors for this processor.
public enum Kernels {
    /// Those of the best level that the processor has; all levels give the same results.
    public static let best = ProcessorLevel.best.vectorKernels
}
