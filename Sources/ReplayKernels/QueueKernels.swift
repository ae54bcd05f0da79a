import KernelSets

/// The kernels of this build.
public let queueKernels: any QueueKernelSet.Type = QueueArithmetic.self

/// Draws, service and counts for sixteen replications of a queue side by side.
enum QueueArithmetic: QueueKernelSet {}
