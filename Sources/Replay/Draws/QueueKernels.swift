import KernelSets
import Numerics
import ReplayKernels

#if KERNEL_LEVELS
    import ReplayKernelsV3
    import ReplayKernelsV4
#endif

extension ProcessorLevel {
    /// The kernels of queues in the build for this level, which the processor must have.
    public var queueKernels: any QueueKernelSet.Type {
        #if KERNEL_LEVELS
            switch self {
            case .baseline: ReplayKernels.queueKernels
            case .v3: ReplayKernelsV3.queueKernels
            case .v4: ReplayKernelsV4.queueKernels
            }
        #else
            ReplayKernels.queueKernels
        #endif
    }
}
