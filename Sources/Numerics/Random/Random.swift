import Foundation

/// A seeded stream of random numbers: xoshiro256++ (Blackman and Vigna 2019), seeded by SplitMix64.
///
/// Streams of one seed are independent for all practical purposes, so that each part of a task draws from its own and
/// the result does not depend on which thread does what.
public struct Random: RandomNumberGenerator, Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64
    private var spareNormal: Double?

    public init(seed: UInt64, stream: UInt64 = 0) {
        var state = seed ^ mix(stream &* 0xD1B5_4A32_D192_ED03 &+ 0x8BB8_4B93_962E_ACC9)
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return mix(state)
        }
        s0 = next()
        s1 = next()
        s2 = next()
        s3 = next() | 1
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 { step() }

    private mutating func step() -> UInt64 {
        let sum = s0 &+ s3
        let result = (sum << 23 | sum >> 41) &+ s0
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = s3 << 45 | s3 >> 19
        return result
    }

    /// A uniform number in [0, 1).
    public mutating func uniform() -> Double {
        Double(step() >> 11) * 0x1p-53
    }

    /// A uniform whole number below a bound (Lemire 2019, without the rejection: the bias is under bound / 2⁶⁴).
    public mutating func index(below bound: Int) -> Int {
        Int(step().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// An exponential number of mean 1.
    public mutating func exponential() -> Double {
        -log(1 - uniform())
    }

    /// A standard normal number (Marsaglia's polar method).
    public mutating func normal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spareNormal = y * factor
            return x * factor
        }
    }

    /// A lognormal number of mean 1 with this standard deviation.
    public mutating func lognormal(coefficientOfVariation: Double) -> Double {
        let variance = log1p(coefficientOfVariation * coefficientOfVariation)
        return exp(variance.squareRoot() * normal() - variance / 2)
    }

    /// A gamma number of scale 1 (Marsaglia and Tsang 2000); the shape is positive. Beyond a shape of 1e12, where the
    /// spread is a millionth of the mean and the method's sums lose their digits, the mean; 0 for a shape that is none.
    public mutating func gamma(shape: Double) -> Double {
        guard shape > 0 else { return 0 }
        guard shape < 1e12 else { return shape }
        if shape < 1 { return gamma(shape: shape + 1) * pow(1 - uniform(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let base = 1 + c * x
            guard base > 0 else { continue }
            let v = base * base * base
            if log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }

    /// A Poisson count: products of uniforms below a mean of 30, otherwise Hörmann's transformed rejection (1993).
    public mutating func poisson(mean: Double) -> Int {
        guard mean > 0 else { return 0 }
        if mean < 30 {
            let limit = exp(-mean)
            var product = uniform()
            var count = 0
            while product > limit {
                product *= uniform()
                count += 1
            }
            return count
        }
        guard mean < 1e15 else { return Int(saturating: mean) }
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let vr = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = uniform() - 0.5
            let v = 1 - uniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07, v <= vr { return Int(saturating: k) }
            guard k >= 0, us >= 0.013 || v <= us else { continue }
            if log(v * inverseAlpha / (a / (us * us) + b)) <= k * log(mean) - mean - lgamma(k + 1) {
                return Int(saturating: k)
            }
        }
    }

    /// Puts the elements of an array into random order.
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, index(below: last + 1))
        }
    }
}

private func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
