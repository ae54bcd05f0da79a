import Glibc

/// Random numbers for one replication: xoshiro256++ (Blackman and Vigna 2021), seeded through SplitMix64.
struct ReplayRandom {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    private var spareNormal: Double?

    /// A stream for a seed and a list of tags; other tags give an independent stream.
    init(seed: UInt64, tags: UInt64...) {
        var mixed = splitMix(seed)
        for tag in tags { mixed = splitMix(mixed ^ splitMix(tag &+ 0x9E37_79B9_7F4A_7C15)) }
        let first = splitMix(mixed)
        let second = splitMix(first)
        let third = splitMix(second)
        state = (first, second, third, splitMix(third) | 1)
    }

    /// The next 64 bits.
    @inline(__always)
    mutating func next() -> UInt64 {
        let sum = state.0 &+ state.3
        let result = ((sum << 23) | (sum >> 41)) &+ state.0
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A uniform number, never 0 and never 1.
    @inline(__always)
    mutating func uniform() -> Double {
        (Double(next() >> 12) + 0.5) * 0x1p-52
    }

    /// An exponential number of mean 1.
    @inline(__always)
    mutating func exponential() -> Double {
        -log(uniform())
    }

    /// A standard normal number (Marsaglia's polar method).
    mutating func normal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            if square < 1, square > 0 {
                let factor = (-2 * log(square) / square).squareRoot()
                spareNormal = y * factor
                return x * factor
            }
        }
    }

    /// A gamma number of scale 1 (Marsaglia and Tsang 2000).
    mutating func gamma(shape: Double) -> Double {
        // Shapes below 1 by way of the shape one higher.
        let lift = shape < 1 ? pow(uniform(), 1 / shape) : 1
        let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let cube = (1 + c * x) * (1 + c * x) * (1 + c * x)
            guard cube > 0 else { continue }
            let u = uniform()
            if u < 1 - 0.0331 * x * x * x * x || log(u) < 0.5 * x * x + d * (1 - cube + log(cube)) {
                return d * cube * lift
            }
        }
    }
}

/// One step of SplitMix64 (Steele, Lea and Flood 2014).
func splitMix(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
