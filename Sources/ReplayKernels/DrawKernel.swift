// Random numbers in sixteen lanes, each lane with a generator of its own: xoshiro128+ (Blackman and Vigna 2019).
//
// Logarithm, sine, cosine and exponential are minimax polynomials whose errors are below 3e-6, absolute for the
// logarithm and relative for the exponential: a mean of 1 that is taken over a thousand million draws has a standard
// error ten times as large.

extension QueueArithmetic {
    /// Fills with exponential numbers of mean 1.
    ///
    /// The logarithm is taken of the centres of 2²³ equal cells: the largest number is 16.6, and the second moment is low
    /// by two millionths.
    ///
    /// - Parameters:
    ///   - count: Vectors to fill.
    ///   - state: Four vectors, the state of the generators; updated.
    ///   - numbers: `count` vectors.
    @inline(never)
    static func drawExponential(
        count: Int, state: UnsafeMutablePointer<SIMD16<UInt32>>, numbers: UnsafeMutablePointer<SIMD16<Float>>
    ) {
        var generator = LaneGenerator(state)
        for index in 0..<count {
            let bits = generator.next()
            // 1 − 2⁻²⁴ is taken off a number from 1 to 2, which leaves the centre of a cell.
            let uniform = floats((bits &>> 9) | 0x3F80_0000) - every(0.999_999_94)
            numbers[index] = negativeLogarithm(uniform)
        }
        generator.store(state)
    }

    /// Fills with lognormal numbers exp(`deviation` Z + `shift`), Z standard normal by Box and Muller (1958).
    ///
    /// The radius is drawn with 32 bits, so that |Z| goes up to 6.8. That is enough while the squares of the numbers come
    /// from well below: use it for a coefficient of variation up to 3, where what is cut off holds a ten-thousandth of the
    /// second moment.
    ///
    /// - Parameters:
    ///   - count: Vectors to fill, an even number.
    ///   - deviation: The standard deviation of the logarithm.
    ///   - shift: The mean of the logarithm.
    ///   - state: Four vectors, the state of the generators; updated.
    ///   - numbers: `count` vectors.
    @inline(never)
    static func drawLognormal(
        count: Int, deviation: Float, shift: Float, state: UnsafeMutablePointer<SIMD16<UInt32>>,
        numbers: UnsafeMutablePointer<SIMD16<Float>>
    ) {
        var generator = LaneGenerator(state)
        let slope = every(deviation * 1.442_695_04 * 1.414_213_56 * 0.703_952_25)
        let start = every(shift * 1.442_695_04)
        var index = 0
        while index < count {
            let radius = slope * scaledRoot(negativeLogarithm(fineUniform(generator.next())))
            let bits = generator.next()
            // The upper bits give an angle of the right half of the circle, in half turns; the lowest bit may turn it
            // over to the left.
            let angle = floats((bits &>> 9) | 0x3F80_0000) - every(1.5)
            let square = angle * angle
            var sine = fused(square, every(-0.554_636_2), plus: every(2.541_899))
            sine = fused(sine, square, plus: every(-5.167_142_8))
            sine = fused(sine, square, plus: every(3.141_582)) * angle
            var cosine = fused(square, every(0.219_696_8), plus: every(-1.331_880_2))
            cosine = fused(cosine, square, plus: every(4.058_411_9))
            cosine = fused(cosine, square, plus: every(-4.934_792_9))
            cosine = fused(cosine, square, plus: every(1))
            let turned = floats(unsafeBitCast(cosine, to: SIMD16<UInt32>.self) ^ (bits &<< 31))
            numbers[index] = powerOfTwo(fused(radius, sine, plus: start))
            numbers[index + 1] = powerOfTwo(fused(radius, turned, plus: start))
            index += 2
        }
        generator.store(state)
    }
}

/// Sixteen generators.
private struct LaneGenerator {
    private var s0: SIMD16<UInt32>
    private var s1: SIMD16<UInt32>
    private var s2: SIMD16<UInt32>
    private var s3: SIMD16<UInt32>

    @inline(__always)
    init(_ state: UnsafeMutablePointer<SIMD16<UInt32>>) {
        (s0, s1, s2, s3) = (state[0], state[1], state[2], state[3])
    }

    @inline(__always)
    func store(_ state: UnsafeMutablePointer<SIMD16<UInt32>>) {
        (state[0], state[1], state[2], state[3]) = (s0, s1, s2, s3)
    }

    @inline(__always)
    mutating func next() -> SIMD16<UInt32> {
        let result = s0 &+ s3
        let shifted = s1 &<< 9
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 &<< 11) | (s3 &>> 21)
        return result
    }
}

/// A uniform number above 0 and below 1 with a resolution of 2⁻³² near 0.
@inline(__always)
private func fineUniform(_ bits: SIMD16<UInt32>) -> Lanes16 {
    let high = floats((bits &>> 9) | 0x3F80_0000)
    let low = floats(((bits &<< 14) & 0x7F_FFFF) | 0x3400_0001)
    return (high - every(1.000_000_1)) + low
}

/// −ln of a number of (0, 1): the exponent, and a polynomial of the significand between √½ and √2.
@inline(__always)
private func negativeLogarithm(_ value: Lanes16) -> Lanes16 {
    let shifted = integers(value) &- 0x3F35_04F3
    // A small whole number becomes a float by way of the last bits of 1.5 × 2²³.
    let exponent = floats((shifted &>> 23) &+ 0x4B40_0000) - every(12_582_912)
    let part = floats((shifted & 0x7F_FFFF) &+ 0x3F35_04F3) - every(1)
    var sum = fused(part, every(0.141_064_36), plus: every(-0.220_707_4))
    sum = fused(sum, part, plus: every(0.254_588_35))
    sum = fused(sum, part, plus: every(-0.332_623_61))
    sum = fused(sum, part, plus: every(0.499_875_08))
    return fused(part * part, sum, plus: fused(exponent, every(-0.693_147_18), plus: -part))
}

/// The square root over 0.70395225, with a relative error of 1e-6: a guess from the bits, a tuned step (Moroz,
/// Walczyk, Hrynchyshyn, Holimath and Cieśliński 2018) and one of Newton's.
@inline(__always)
private func scaledRoot(_ value: Lanes16) -> Lanes16 {
    let guess = floats(0x5F1F_FFF9 &- (integers(value) &>> 1))
    let inverse = guess * fused(value * guess, -guess, plus: every(2.389_244_56))
    let root = value * inverse
    let half = inverse * every(0.5 * 0.703_952_25 * 0.703_952_25)
    return root * fused(-root, half, plus: every(1.5))
}

/// 2 to the power of a number between −126 and 126.
@inline(__always)
private func powerOfTwo(_ value: Lanes16) -> Lanes16 {
    let rounded = value + every(12_582_912)
    let part = value - (rounded - every(12_582_912))
    var sum = fused(part, every(0.009_570_101_4), plus: every(0.055_917_860_3))
    sum = fused(sum, part, plus: every(0.240_247_448))
    sum = fused(sum, part, plus: every(0.693_121_815))
    sum = fused(sum, part, plus: every(1))
    return floats(integers(sum) &+ (integers(rounded) &<< 23))
}
