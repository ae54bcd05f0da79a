#if WIDE_ROWS
    import _Builtin_intrinsics.intel

    /// Lists the bytes of a text below `0`, in ascending order: commas, points, newlines, and whatever else
    /// is no digit and no letter.
    ///
    /// - Parameters:
    ///   - text: The text; up to 64 bytes behind it are read as well.
    ///   - count: Its bytes, fewer than 2²³.
    ///   - marks: Room for one entry a byte, and for 64 more. An entry is eight bits of the byte itself and,
    ///     above them, its offset.
    /// - Returns: How many there are.
    @inline(never)
    public func listMarks(text: UnsafeRawPointer, count: Int, marks: UnsafeMutablePointer<UInt32>) -> Int {
        let zero = SIMD64<UInt8>(repeating: 0x30)
        let offsets = SIMD8<Int64>(
            0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, 0x1716_1514_1312_1110, 0x1F1E_1D1C_1B1A_1918,
            0x2726_2524_2322_2120, 0x2F2E_2D2C_2B2A_2928, 0x3736_3534_3332_3130, 0x3F3E_3D3C_3B3A_3938)
        var base: UInt32 = 0
        var next = marks
        var start = 0
        while start < count {
            let bytes = text.loadUnaligned(fromByteOffset: start, as: SIMD64<UInt8>.self)
            var mask = _mm512_movepi8_mask(unsafeBitCast(bytes .< zero, to: SIMD8<Int64>.self))
            if count &- start < 64 { mask &= (1 &<< UInt64(count &- start)) &- 1 }
            let kinds = _mm512_maskz_compress_epi8(mask, unsafeBitCast(bytes, to: SIMD8<Int64>.self))
            let places = _mm512_maskz_compress_epi8(mask, offsets)
            store(kinds.lowHalf.lowHalf, places.lowHalf.lowHalf, base, next)
            let here = mask.nonzeroBitCount
            if here > 16 {
                store(kinds.lowHalf.highHalf, places.lowHalf.highHalf, base, next + 16)
                store(kinds.highHalf.lowHalf, places.highHalf.lowHalf, base, next + 32)
                store(kinds.highHalf.highHalf, places.highHalf.highHalf, base, next + 48)
            }
            next += here
            base = base &+ 64 &<< 8
            start = start &+ 64
        }
        return next - marks
    }

    @inline(__always)
    private func store(
        _ kinds: SIMD2<Int64>, _ places: SIMD2<Int64>, _ base: UInt32, _ marks: UnsafeMutablePointer<UInt32>
    ) {
        let kind = unsafeBitCast(_mm512_cvtepu8_epi32(kinds), to: SIMD16<UInt32>.self)
        let place = unsafeBitCast(_mm512_cvtepu8_epi32(places), to: SIMD16<UInt32>.self)
        let entries = kind | (place &<< 8 &+ SIMD16(repeating: base))
        UnsafeMutableRawPointer(marks).storeBytes(of: entries, as: SIMD16<UInt32>.self)
    }
#endif
