extension Arithmetic {
    /// A step of first-order autoregressions: values × memory + (shock − ½) × scale, where a shock is a number in
    /// [0, 1) made of sixteen random bits; every 64 bits make four of them, the lowest first.
    static func noiseStep(
        _ values: UnsafeMutablePointer<Float>, count: Int, bits: UnsafePointer<UInt64>, memory: Float,
        scale: Float
    ) {
        typealias Lanes = SIMD16<Float>
        var place = 0
        while place &+ 16 <= count {
            let four = UnsafeRawPointer(bits + place / 4).loadUnaligned(as: SIMD4<UInt64>.self)
            // The bytes of a number begin with its lowest ones.
            #if _endian(little)
                let quarters = unsafeBitCast(four, to: SIMD16<UInt16>.self)
            #else
                #error("the order of bytes is taken to be little-endian")
            #endif
            let shocks = Lanes(SIMD16<Int32>(truncatingIfNeeded: quarters)) * 0x1p-16
            let target = UnsafeMutableRawPointer(values + place)
            let old = UnsafeRawPointer(target).loadUnaligned(as: Lanes.self)
            target.storeBytes(of: memory * old + (shocks - 0.5) * scale, as: Lanes.self)
            place &+= 16
        }
        while place < count {
            let quarter = bits[place / 4] >> UInt64(16 &* (place % 4)) & 0xFFFF
            let shock = Float(quarter) * 0x1p-16
            values[place] = memory * values[place] + (shock - 0.5) * scale
            place &+= 1
        }
    }

    /// Scores of paths: sizes × (common + own), and the error of the stretch that is assigned to each, if any is.
    static func pathScores(
        _ sizes: UnsafePointer<Float>, _ common: UnsafePointer<Float>, _ own: UnsafePointer<Float>,
        count: Int,
        errors: UnsafePointer<Float>, assignment: UnsafePointer<Int>?, to results: UnsafeMutablePointer<Float>
    ) {
        typealias Lanes = SIMD16<Float>
        var place = 0
        while place &+ 16 <= count {
            let size = UnsafeRawPointer(sizes + place).loadUnaligned(as: Lanes.self)
            let one = UnsafeRawPointer(common + place).loadUnaligned(as: Lanes.self)
            let two = UnsafeRawPointer(own + place).loadUnaligned(as: Lanes.self)
            UnsafeMutableRawPointer(results + place).storeBytes(of: size * (one + two), as: Lanes.self)
            place &+= 16
        }
        while place < count {
            results[place] = sizes[place] * (common[place] + own[place])
            place &+= 1
        }
        guard let assignment else { return }
        for path in 0..<count { results[path] += errors[assignment[path]] }
    }

    /// below + share × width for each share, held between two limits, in single precision.
    static func between(
        _ shares: UnsafePointer<Double>, count: Int, below: Double, width: Double, lowest: Double,
        highest: Double,
        to results: UnsafeMutablePointer<Float>
    ) {
        let (low, high) = (SIMD8(repeating: lowest), SIMD8(repeating: highest))
        var place = 0
        while place &+ 8 <= count {
            var value = below + lanes(shares + place) * width
            value.replace(with: high, where: value .> high)
            value.replace(with: low, where: value .< low)
            UnsafeMutableRawPointer(results + place).storeBytes(
                of: SIMD8<Float>(value), as: SIMD8<Float>.self)
            place &+= 8
        }
        while place < count {
            let value = below + shares[place] * width
            results[place] = Float(value < lowest ? lowest : value > highest ? highest : value)
            place &+= 1
        }
    }
}
