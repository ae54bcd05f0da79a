#if WIDE_ROWS
    import _Builtin_intrinsics.intel

    /// How the marks of a row cut it into numbers, for rows that all have the same marks.
    ///
    /// A row has at most 15 marks (see `listMarks`), the last of them the newline; mark 0 is the newline before the row.
    /// Up to six numbers are read, each in a lane of 16 bytes.
    public struct RowLayout: Sendable {
        /// Marks of a row.
        public let marks: Int
        fileprivate var startsAndAnchors = SIMD16<UInt32>.zero
        fileprivate var ends = SIMD16<UInt32>.zero
        fileprivate var kinds = SIMD16<UInt32>.zero
        fileprivate var kindMask = SIMD16<UInt32>.zero
        fileprivate var gap = SIMD8<UInt32>.zero
        fileprivate var bias = SIMD8<UInt32>.zero
        fileprivate var beforeMin = SIMD8<UInt32>.zero
        fileprivate var beforeSpan = SIMD8<UInt32>.zero
        fileprivate var afterMax = SIMD8<UInt32>.zero
        fileprivate var width = SIMD8<UInt32>.zero
        fileprivate var edges = SIMD8<UInt32>(repeating: .max)
        fileprivate var scales = SIMD8<UInt64>.zero
        fileprivate var low = SIMD8<Int64>.zero
        fileprivate var high = SIMD8<Int64>(repeating: .max)
        fileprivate let flagEnd: Int

        /// The place in a row of numbers of what a lane reads.
        public static func slot(_ lane: Int) -> Int { lane < 4 ? 2 * lane : 2 * (lane - 4) + 1 }

        /// A layout of rows with these marks, the newline before them included, whose flag ends at a mark; of
        /// no numbers yet.
        public init(kinds bytes: [UInt8], flagEnd: Int) {
            marks = bytes.count - 1
            self.flagEnd = flagEnd
            for (index, byte) in bytes.enumerated() {
                kinds[index] = UInt32(byte)
                kindMask[index] = 0xFF
            }
        }

        /// Reads a decimal in units of 1e-8 of at most seven digits before and eight behind the point, which is the mark
        /// between the other two, or nil.
        public mutating func addDecimal(
            lane: Int, start: Int, point: Int?, end: Int, atLeast: Int64 = 0
        ) {
            set(lane, start, point ?? end, end, width: 7, least: 1, most: 7)
            bias[lane] = point == nil ? 0 : 1
            afterMax[lane] = point == nil ? 0 : 8
            // A digit's place is taken by the point.
            scales[RowLayout.slot(lane)] = 10_000_000
            low[RowLayout.slot(lane)] = atLeast
        }

        /// Reads a whole number of 1 to 16 digits.
        public mutating func addInteger(lane: Int, start: Int, end: Int, in range: Range<Int64>) {
            set(lane, start, end, end, width: 16, least: 1, most: 16)
            scales[RowLayout.slot(lane)] = 100_000_000
            low[RowLayout.slot(lane)] = range.lowerBound
            high[RowLayout.slot(lane)] = range.upperBound - 1
        }

        /// Demands that one mark stands right behind another.
        public mutating func addNeighbours(_ first: Int, _ second: Int) {
            set(7, first, second, second, width: 16, least: 0, most: 0)
        }

        private mutating func set(
            _ lane: Int, _ start: Int, _ anchor: Int, _ end: Int, width bytes: UInt32, least: UInt32,
            most: UInt32
        ) {
            startsAndAnchors[lane] = UInt32(start)
            startsAndAnchors[8 + lane] = UInt32(anchor)
            ends[lane] = UInt32(end)
            gap[lane] = 1
            beforeMin[lane] = least
            beforeSpan[lane] = most - least
            width[lane] = bytes
            edges[lane] = (1 << bytes) &- (1 << (bytes + 1))
        }
    }

    /// Reads rows of one layout, six numbers and a flag each.
    ///
    /// Each number is loaded with its point, or its end, at one place of a lane, so that the same multiplications serve
    /// all lanes: pairs of digits, fours, eights, then both halves (Muła's method, with the lengths as a mask).
    ///
    /// - Parameters:
    ///   - text: The text; 64 bytes before and behind it must be readable.
    ///   - marks: The marks of the rows; the entry before the first is the newline before the first row.
    ///   - rows: How many rows to read; there must be 16 entries that can be read behind their marks.
    ///   - numbers: Room for eight numbers a row; see `RowLayout.slot`.
    ///   - flags: Room for one flag a row: 1 for `true`, 0 for `false`, capitals or not.
    /// - Returns: Whether every row is of the layout; if not, no number means anything.
    @inline(never)
    public func readRows(
        text: UnsafeRawPointer, marks: UnsafePointer<UInt32>, rows: Int, layout: borrowing RowLayout,
        numbers: UnsafeMutablePointer<Int64>, flags: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let starts = wide(layout.startsAndAnchors)
        let ends = wide(layout.ends)
        let (kinds, kindMask) = (layout.kinds, layout.kindMask)
        let (gap, bias, width, edges) = (layout.gap, layout.bias, layout.width, layout.edges)
        let (beforeMin, beforeSpan, afterMax) = (layout.beforeMin, layout.beforeSpan, layout.afterMax)
        let (low, high, scales) = (layout.low, layout.high, wide(layout.scales))
        let (stride, flagEnd) = (layout.marks, layout.flagEnd)
        let zeros = SIMD8<Int64>(repeating: 0x3030_3030_3030_3030)
        // Added to a digit it leaves the upper bit alone, and sets it in anything above nine.
        let overNine = SIMD8<Int64>(repeating: 0x7676_7676_7676_7676)
        let tens = SIMD8<Int64>(repeating: 0x010A_010A_010A_010A)
        let hundreds = SIMD8<Int64>(repeating: 0x0001_0064_0001_0064)
        let thousands = SIMD8<Int64>(repeating: 0x0001_2710_0001_2710)
        let one = SIMD8<UInt32>(repeating: 1)
        let widthAndOne = width &+ one
        // What is odd anywhere: a mark of another kind, a number of the wrong length or out of range, a digit that is none.
        var oddKinds = SIMD16<UInt32>.zero
        var oddLengths = SIMD8<UInt32>.zero
        var oddNumbers = SIMD8<Int64>.zero
        var oddDigits = SIMD8<Int64>.zero
        var moreOddDigits = SIMD4<Int64>.zero
        var oddFlags: UInt8 = 0
        for row in 0..<rows {
            let own = marks + (row &* stride &- 1)
            let entries = UnsafeRawPointer(own).loadUnaligned(as: SIMD16<UInt32>.self)
            oddKinds |= (entries & kindMask) ^ kinds
            let places = wide(unsafeBitCast(entries, to: SIMD16<Int32>.self) &>> 8)
            let both = unsafeBitCast(_mm512_permutexvar_epi32(starts, places), to: SIMD16<UInt32>.self)
            let end = unsafeBitCast(_mm512_permutexvar_epi32(ends, places), to: SIMD16<UInt32>.self).lowHalf
            let anchor = both.highHalf
            let before = anchor &- both.lowHalf &- gap
            let after = end &- anchor &- bias
            let spare = before &- beforeMin
            oddLengths |= spare | (beforeSpan &- spare) | (afterMax &- after)
            // Of a lane's bytes, those of the number: `before` of them in front of its anchor, `after` behind.
            let front = shifted(one, width &- before)
            let back = shifted(one, widthAndOne &+ after)
            let inside = _mm256_cvtepi32_epi16(unsafeBitCast(edges &- front &+ back, to: SIMD4<Int64>.self))
            let at = unsafeBitCast(anchor &- width, to: SIMD8<Int32>.self)
            let first = SIMD4(lowHalf: lane(text, at[0]), highHalf: lane(text, at[1]))
            let second = SIMD4(lowHalf: lane(text, at[2]), highHalf: lane(text, at[3]))
            let third = SIMD4(lowHalf: lane(text, at[4]), highHalf: lane(text, at[5]))
            let digits = _mm512_maskz_sub_epi8(
                UInt64(bitPattern: inside[0]), SIMD8(lowHalf: first, highHalf: second), zeros)
            let moreDigits = _mm256_maskz_sub_epi8(
                UInt32(truncatingIfNeeded: inside[1]), third, zeros.lowHalf)
            oddDigits |= digits | _mm512_add_epi8(digits, overNine)
            moreOddDigits |= moreDigits | _mm256_add_epi8(moreDigits, overNine.lowHalf)
            let fours = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, tens), hundreds)
            let moreFours = _mm256_madd_epi16(
                _mm256_maddubs_epi16(moreDigits, tens.lowHalf), hundreds.lowHalf)
            let packed = _mm512_packus_epi32(fours, SIMD8(lowHalf: moreFours, highHalf: .zero))
            let eights = _mm512_madd_epi16(packed, thousands)
            let lower = unsafeBitCast(unsafeBitCast(eights, to: SIMD8<UInt64>.self) &>> 32, to: SIMD8<Int64>.self)
            let values = _mm512_mul_epu32(eights, scales) &+ lower
            oddNumbers |= (values &- low) | (high &- values)
            UnsafeMutableRawPointer(numbers + row &* 8).storeBytes(of: values, as: SIMD8<Int64>.self)
            // `,true` or `,false`: the comma is a mark, so that the flag begins there.
            let flag = Int(own[flagEnd] &>> 8)
            let tail = text.loadUnaligned(fromByteOffset: flag &- 8, as: UInt64.self)
            let letters = UInt64(littleEndian: tail) &>> 16 | 0x2020_2020_2020
            let isTrue = letters &>> 8 == 0x65_7572_742C
            flags[row] = isTrue ? 1 : 0
            oddFlags |= isTrue == (letters == 0x6573_6C61_662C) ? 1 : 0
        }
        let isOdd =
            _mm512_movepi8_mask(oddDigits) != 0 || _mm256_movepi8_mask(moreOddDigits) != 0
            || _mm512_movepi64_mask(oddNumbers) != 0
            || _mm256_movepi32_mask(unsafeBitCast(oddLengths, to: SIMD4<Int64>.self)) != 0
            || _mm512_test_epi32_mask(wide(oddKinds), wide(oddKinds)) != 0 || oddFlags != 0
        return !isOdd
    }

    @inline(__always)
    private func lane(_ text: UnsafeRawPointer, _ offset: Int32) -> SIMD2<Int64> {
        text.loadUnaligned(fromByteOffset: Int(offset), as: SIMD2<Int64>.self)
    }

    @inline(__always)
    private func shifted(_ values: SIMD8<UInt32>, _ counts: SIMD8<UInt32>) -> SIMD8<UInt32> {
        unsafeBitCast(
            _mm256_sllv_epi32(
                unsafeBitCast(values, to: SIMD4<Int64>.self), unsafeBitCast(counts, to: SIMD4<Int64>.self)),
            to: SIMD8<UInt32>.self)
    }

    @inline(__always)
    private func wide(_ words: SIMD16<UInt32>) -> SIMD8<Int64> { unsafeBitCast(words, to: SIMD8<Int64>.self) }

    @inline(__always)
    private func wide(_ words: SIMD16<Int32>) -> SIMD8<Int64> { unsafeBitCast(words, to: SIMD8<Int64>.self) }

    @inline(__always)
    private func wide(_ words: SIMD8<UInt64>) -> SIMD8<Int64> { unsafeBitCast(words, to: SIMD8<Int64>.self) }
#endif
