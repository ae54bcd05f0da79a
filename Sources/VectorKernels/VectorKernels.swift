import KernelSets

/// The kernels of this build.
public let vectorKernels: any VectorKernelSet.Type = Arithmetic.self

/// Arithmetic over vectors, eight or sixteen numbers side by side; each file holds what belongs together.
enum Arithmetic: VectorKernelSet {}
