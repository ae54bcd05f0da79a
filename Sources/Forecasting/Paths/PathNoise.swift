import Numerics

/// Slowly varying noise of variance 1 for all paths, step by step: a first-order autoregression.
///
/// Shocks are uniform numbers: forty of them make up a value, which is near enough to normal, since only the
/// ranks of what comes out count.
struct PathNoise {
    /// The noise of the current step, by path.
    private(set) var values: [Float]
    private var random: Random
    /// The random bits of a step: four shocks in each.
    private var bits: [UInt64]

    private static let memory: Float = 0.95

    /// The noise before the first step.
    init(seed: UInt64, stream: UInt64, pathCount: Int) {
        random = Random(seed: seed, stream: 1000 &+ stream)
        var random = random
        values = (0..<pathCount).map { _ in
            // Four uniform numbers have the mean 2 and the variance ⅓.
            (PathNoise.uniforms(&random).sum() - 2) * 1.7320508
        }
        self.random = random
        bits = [UInt64](repeating: 0, count: (pathCount + 3) / 4)
    }

    /// Goes on to the next step.
    mutating func advance() {
        let count = values.count
        let fresh = (1 - PathNoise.memory * PathNoise.memory).squareRoot()
        // A uniform number has the mean ½ and the variance 1/12.
        let scale = fresh * 3.4641016
        for index in bits.indices { bits[index] = random.next() }
        Kernels.best.noiseStep(&values, count: count, bits: bits, memory: PathNoise.memory, scale: scale)
    }

    /// Four numbers in [0, 1) from the quarters of one random number.
    @inline(__always)
    private static func uniforms(_ random: inout Random) -> SIMD4<Float> {
        let bits = random.next()
        let quarters = SIMD4<UInt32>(
            UInt32(truncatingIfNeeded: bits & 0xFFFF), UInt32(truncatingIfNeeded: bits >> 16 & 0xFFFF),
            UInt32(truncatingIfNeeded: bits >> 32 & 0xFFFF), UInt32(truncatingIfNeeded: bits >> 48))
        return SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: quarters)) * 0x1p-16
    }
}
