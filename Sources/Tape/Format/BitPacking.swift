/// Packs whole numbers in blocks of 32: a byte that says how many bits the largest takes, then so many bits
/// of each.
///
/// Where that is more than 56 bits, numbers are written whole. The bytes follow from the numbers alone.
enum BitPacking {
    static let blockLength = 32
    private static let packedBitsMax = 56

    /// The most bytes that `count` numbers can take, with room for stores past the end.
    static func room(_ count: Int) -> Int { count * 8 + count / blockLength + 24 }

    /// Writes numbers and returns where the next byte goes. `output` has `room(count)` bytes.
    static func pack(
        _ values: UnsafePointer<UInt64>, count: Int, into output: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var output = output
        var start = 0
        while start < count {
            let end = min(start &+ blockLength, count)
            var all: UInt64 = 0
            for index in start..<end { all |= values[index] }
            let width = bits(all)
            output.storeBytes(of: UInt8(truncatingIfNeeded: width), as: UInt8.self)
            output += 1
            if width > packedBitsMax {
                for index in start..<end {
                    output.storeBytes(of: values[index].littleEndian, as: UInt64.self)
                    output += 8
                }
            } else if width > 0 {
                output = packBlock(values + start, end &- start, UInt64(width), output)
            }
            start = end
        }
        return output
    }

    /// Eight numbers take as many bytes as each takes bits, so that eights do not wait for one another.
    @inline(__always)
    private static func packBlock(
        _ values: UnsafePointer<UInt64>, _ count: Int, _ width: UInt64, _ output: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        guard count == blockLength, width <= 32 else { return packOneByOne(values, count, width, output) }
        var output = output
        var start = 0
        while start < blockLength {
            if width <= 16 {
                packNarrowEight(values + start, width, output)
            } else {
                packWideEight(values + start, width, output)
            }
            start &+= 8
            output += Int(truncatingIfNeeded: width)
        }
        return output
    }

    @inline(__always)
    private static func pair(_ values: UnsafePointer<UInt64>, _ index: Int, _ width: UInt64) -> UInt64 {
        values[index] | values[index &+ 1] &<< width
    }

    /// Eight numbers of at most 16 bits.
    @inline(__always)
    private static func packNarrowEight(
        _ values: UnsafePointer<UInt64>, _ width: UInt64, _ output: UnsafeMutableRawPointer
    ) {
        let first = pair(values, 0, width) | pair(values, 2, width) &<< (2 &* width)
        let second = pair(values, 4, width) | pair(values, 6, width) &<< (2 &* width)
        let all = UInt128(first) | UInt128(second) &<< UInt128(4 &* width)
        output.storeBytes(of: all.littleEndian, as: UInt128.self)
    }

    /// Eight numbers of at most 32 bits: the second four may begin in the middle of a byte.
    @inline(__always)
    private static func packWideEight(
        _ values: UnsafePointer<UInt64>, _ width: UInt64, _ output: UnsafeMutableRawPointer
    ) {
        let first = UInt128(pair(values, 0, width)) | UInt128(pair(values, 2, width)) &<< UInt128(2 &* width)
        let second = UInt128(pair(values, 4, width)) | UInt128(pair(values, 6, width)) &<< UInt128(2 &* width)
        let bits = 4 &* width
        let spare = UInt128(bits & 7)
        let spilt = (first &>> (UInt128(bits) &- spare)) & ((1 &<< spare) &- 1)
        output.storeBytes(of: first.littleEndian, as: UInt128.self)
        (output + Int(truncatingIfNeeded: bits &>> 3)).storeBytes(
            of: (second &<< spare | spilt).littleEndian, as: UInt128.self)
    }

    private static func packOneByOne(
        _ values: UnsafePointer<UInt64>, _ count: Int, _ width: UInt64, _ output: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var output = output
        var pending: UInt64 = 0
        var filled: UInt64 = 0
        for index in 0..<count {
            pending |= values[index] &<< filled
            filled &+= width
            output.storeBytes(of: pending.littleEndian, as: UInt64.self)
            let whole = filled &>> 3
            output += Int(truncatingIfNeeded: whole)
            // Two shifts, because one by 64 would be none.
            pending = (pending &>> (whole &* 4)) &>> (whole &* 4)
            filled &= 7
        }
        return filled > 0 ? output + 1 : output
    }

    /// Reads `count` numbers that `pack` wrote.
    static func unpack(
        _ count: Int, from reader: inout ByteReader, into values: UnsafeMutablePointer<UInt64>
    ) throws {
        var start = 0
        while start < count {
            let end = min(start + blockLength, count)
            let width = Int(try reader.readByte())
            if width > packedBitsMax {
                guard width <= 64 else { throw ByteReader.Malformed() }
                let bytes = try reader.readRaw(count: (end - start) * 8)
                for index in start..<end {
                    values[index] = UInt64(
                        littleEndian: bytes.loadUnaligned(
                            fromByteOffset: (index - start) * 8, as: UInt64.self))
                }
            } else {
                let bytes = try reader.readRaw(count: ((end - start) * width + 7) / 8)
                unpackBlock(bytes, end - start, width, values + start)
            }
            start = end
        }
    }

    private static func unpackBlock(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ width: Int, _ values: UnsafeMutablePointer<UInt64>
    ) {
        let mask: UInt64 = (1 &<< UInt64(width)) &- 1
        for index in 0..<count {
            let bit = index &* width
            let byte = bit >> 3
            var word: UInt64 = 0
            if byte &+ 8 <= bytes.count {
                word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: byte, as: UInt64.self))
            } else {
                for position in stride(from: bytes.count - 1, through: byte, by: -1) {
                    word = word << 8 | UInt64(bytes[position])
                }
            }
            values[index] = word &>> UInt64(bit & 7) & mask
        }
    }

    private static func bits(_ value: UInt64) -> Int {
        let width = 64 &- value.leadingZeroBitCount
        return width > packedBitsMax ? 64 : width
    }
}

/// Division by powers of ten of numbers that they divide, by multiplication (Granlund and Montgomery 1994,
/// section 9).
enum ExactDivision {
    static let powerMax = 18

    /// The inverse of 5^p modulo 2^64 and modulo 2^128, and the largest multiplier of it within as many bits,
    /// by p.
    private static let table: [(inverse: UInt64, limit: UInt64, wideInverse: UInt128, wideLimit: UInt128)] =
        (0...powerMax).map { power in
            let five = (0..<power).reduce(1 as UInt64) { value, _ in value * 5 }
            var inverse = UInt128(five)
            // Newton's iteration doubles the number of right bits; five has three of them to begin with.
            for _ in 0..<7 { inverse = inverse &* (2 &- UInt128(five) &* inverse) }
            return (
                UInt64(truncatingIfNeeded: inverse), UInt64.max / five, inverse, UInt128.max / UInt128(five)
            )
        }

    /// The largest power of ten, at most `powerMax`, that divides all numbers; `union` is all of them or'd.
    static func commonPower(_ values: UnsafePointer<UInt64>, count: Int, union: UInt64) -> Int {
        var power = min(union.trailingZeroBitCount, powerMax)
        guard power > 0 else { return 0 }
        let table = table
        var (inverse, limit) = (table[power].inverse, table[power].limit)
        for index in 0..<count {
            // A multiple, and nothing else, is at most the limit when it is multiplied by the inverse.
            let magnitude = Int64(bitPattern: values[index]).magnitude
            while magnitude &* inverse > limit {
                power &-= 1
                if power == 0 { return 0 }
                (inverse, limit) = (table[power].inverse, table[power].limit)
            }
        }
        return power
    }

    /// The same for numbers of 128 bits that are not negative, given as halves.
    static func commonPower(
        low: UnsafePointer<UInt64>, high: UnsafePointer<UInt64>, count: Int, lowUnion: UInt64
    ) -> Int {
        var power = min(lowUnion.trailingZeroBitCount, powerMax)
        guard power > 0 else { return 0 }
        let table = table
        var (inverse, limit) = (table[power].wideInverse, table[power].wideLimit)
        for index in 0..<count {
            let value = UInt128(high[index]) << 64 | UInt128(low[index])
            while value &* inverse > limit {
                power &-= 1
                if power == 0 { return 0 }
                (inverse, limit) = (table[power].wideInverse, table[power].wideLimit)
            }
        }
        return power
    }

    /// Divides signed numbers by 10^power in place.
    static func divide(_ values: UnsafeMutablePointer<UInt64>, count: Int, power: Int) {
        let inverse = table[power].inverse
        let shift = Int64(power)
        for index in 0..<count {
            values[index] =
                UInt64(bitPattern: Int64(bitPattern: values[index]) &>> shift) &* inverse
        }
    }

    /// Divides numbers of 128 bits that are not negative.
    static func divide(
        low: UnsafeMutablePointer<UInt64>, high: UnsafeMutablePointer<UInt64>, count: Int, power: Int
    ) {
        let inverse = table[power].wideInverse
        for index in 0..<count {
            let value = (UInt128(high[index]) << 64 | UInt128(low[index])) >> UInt128(power)
            let quotient = value &* inverse
            low[index] = UInt64(truncatingIfNeeded: quotient)
            high[index] = UInt64(truncatingIfNeeded: quotient >> 64)
        }
    }

    /// 10^power.
    static func powerOfTen(_ power: Int) -> Int64 {
        (0..<power).reduce(1) { value, _ in value * 10 }
    }
}
