#if WIDE_ROWS
    import _Builtin_intrinsics.intel

    /// How the marks of a row cut it into numbers, for rows that all have the same marks.
    ///
    /// A row has at most 15 marks (see `listMarks`), the last of them the newline; mark 0 is the newline
    /// before the row. Up to six numbers are read, each in a lane of 16 bytes.
    public struct RowLayout: Sendable {
        /// Marks of a row.
        public let marks: Int
        fileprivate var startsAndAnchors = SIMD16<UInt32>.zero
        fileprivate var ends = SIMD16<UInt32>.zero
        fileprivate var kinds = SIMD16<UInt32>.zero
        fileprivate var kindMask = SIMD16<UInt32>.zero
        fileprivate var gap = SIMD8<UInt32>.zero
        fileprivate var bias = SIMD8<UInt32>.zero
        fileprivate var beforeMin = SIMD8<Int32>.zero
        fileprivate var beforeMax = SIMD8<Int32>.zero
        fileprivate var afterMax = SIMD8<Int32>.zero
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

        /// Reads a decimal in units of 1e-8 of at most seven digits before and eight behind the point, which
        /// is the mark between the other two, or nil.
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
            _ lane: Int, _ start: Int, _ anchor: Int, _ end: Int, width bytes: UInt32, least: Int32,
            most: Int32
        ) {
            startsAndAnchors[lane] = UInt32(start)
            startsAndAnchors[8 + lane] = UInt32(anchor)
            ends[lane] = UInt32(end)
            gap[lane] = 1
            beforeMin[lane] = least
            beforeMax[lane] = most
            width[lane] = bytes
            edges[lane] = (1 << bytes) &- (1 << (bytes + 1))
        }
    }

    /// Where the lanes of some rows are to be loaded from, and which of their bytes belong to the numbers.
    public struct RowScratch: @unchecked Sendable {
        // Unchecked: it is used by one reader at a time.
        fileprivate let offsets: UnsafeMutablePointer<SIMD8<Int32>>
        fileprivate let masks: UnsafeMutablePointer<SIMD2<UInt64>>

        /// Room for so many rows.
        public init(rows: Int) {
            offsets = .allocate(capacity: rows)
            masks = .allocate(capacity: rows)
        }

        /// Gives the room back.
        public func deallocate() {
            offsets.deallocate()
            masks.deallocate()
        }
    }

    /// Reads rows of one layout, six numbers and a flag each.
    ///
    /// Each number is loaded with its point, or its end, at one place of a lane, so that the same
    /// multiplications serve all lanes: pairs of digits, fours, eights, then both halves.
    ///
    /// - Parameters:
    ///   - text: The text; 64 bytes before and behind it must be readable.
    ///   - marks: The marks of the rows; the entry before the first is the newline before the first row.
    ///   - rows: How many rows to read; there must be 16 entries that can be read behind their marks.
    ///   - layout: Their layout.
    ///   - scratch: Room for as many rows.
    ///   - numbers: Room for eight numbers a row; see `RowLayout.slot`.
    ///   - flags: Room for one flag a row: 1 for `true`, 0 for `false`, capitals or not.
    /// - Returns: Whether every row is of the layout; if not, no number means anything.
    @inline(never)
    public func readRows(
        text: UnsafeRawPointer, marks: UnsafePointer<UInt32>, rows: Int, layout: borrowing RowLayout,
        scratch: RowScratch, numbers: UnsafeMutablePointer<Int64>, flags: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        guard placeLanes(marks, rows, layout, scratch) else { return false }
        guard readLanes(text, rows, layout, scratch, numbers) else { return false }
        return readFlags(text, marks, rows, layout, flags)
    }

    @inline(__always)
    private func placeLanes(
        _ marks: UnsafePointer<UInt32>, _ rows: Int, _ layout: borrowing RowLayout, _ scratch: RowScratch
    ) -> Bool {
        let starts = wide(layout.startsAndAnchors)
        let ends = wide(layout.ends)
        let (kinds, kindMask, stride) = (layout.kinds, layout.kindMask, layout.marks)
        let (gap, bias, width, edges) = (layout.gap, layout.bias, layout.width, layout.edges)
        let one = SIMD8<UInt32>(repeating: 1)
        let widthAndOne = width &+ one
        var oddKinds = SIMD16<UInt32>.zero
        var leastBefore = narrow(SIMD8<Int32>(repeating: .max))
        var mostBefore = SIMD4<Int64>.zero
        var mostAfter = SIMD4<Int64>.zero
        for row in 0..<rows {
            let entries = UnsafeRawPointer(marks + (row &* stride &- 1)).loadUnaligned(
                as: SIMD16<UInt32>.self)
            oddKinds |= (entries & kindMask) ^ kinds
            let places = wide(unsafeBitCast(entries, to: SIMD16<Int32>.self) &>> 8)
            let both = unsafeBitCast(_mm512_permutexvar_epi32(starts, places), to: SIMD16<UInt32>.self)
            let end = unsafeBitCast(_mm512_permutexvar_epi32(ends, places), to: SIMD16<UInt32>.self).lowHalf
            let anchor = both.highHalf
            let before = anchor &- both.lowHalf &- gap
            let after = end &- anchor &- bias
            leastBefore = _mm256_min_epi32(leastBefore, narrow(before))
            mostBefore = _mm256_max_epi32(mostBefore, narrow(before))
            mostAfter = _mm256_max_epi32(mostAfter, narrow(after))
            // Of a lane's bytes, those of the number: `before` of them in front of its anchor, `after`
            // behind.
            let front = shifted(one, width &- before)
            let back = shifted(one, widthAndOne &+ after)
            let inside = _mm256_cvtepi32_epi16(narrow(edges &- front &+ back))
            scratch.masks[row] = unsafeBitCast(inside, to: SIMD2<UInt64>.self)
            scratch.offsets[row] = unsafeBitCast(anchor &- width, to: SIMD8<Int32>.self)
        }
        let isShort = unsafeBitCast(leastBefore, to: SIMD8<Int32>.self) .< layout.beforeMin
        let isLong =
            (unsafeBitCast(mostBefore, to: SIMD8<Int32>.self) .> layout.beforeMax)
            .| (unsafeBitCast(mostAfter, to: SIMD8<Int32>.self) .> layout.afterMax)
        return _mm512_test_epi32_mask(wide(oddKinds), wide(oddKinds)) == 0
            && _mm256_movepi32_mask(unsafeBitCast(isShort .| isLong, to: SIMD4<Int64>.self)) == 0
    }

    @inline(__always)
    private func readLanes(
        _ text: UnsafeRawPointer, _ rows: Int, _ layout: borrowing RowLayout, _ scratch: RowScratch,
        _ numbers: UnsafeMutablePointer<Int64>
    ) -> Bool {
        let scales = wide(layout.scales)
        let zeros = SIMD8<Int64>(repeating: 0x3030_3030_3030_3030)
        let tens = SIMD8<Int64>(repeating: 0x010A_010A_010A_010A)
        let hundreds = SIMD8<Int64>(repeating: 0x0001_0064_0001_0064)
        let thousands = SIMD8<Int64>(repeating: 0x0001_2710_0001_2710)
        var largest = SIMD8<Int64>.zero
        var largestMore = SIMD4<Int64>.zero
        var low = SIMD8<Int64>(repeating: .max)
        var high = SIMD8<Int64>.zero
        for row in 0..<rows {
            let at = UnsafeRawPointer(scratch.offsets + row).assumingMemoryBound(to: Int32.self)
            let first = SIMD4(lowHalf: lane(text, at[0]), highHalf: lane(text, at[1]))
            let second = SIMD4(lowHalf: lane(text, at[2]), highHalf: lane(text, at[3]))
            let third = SIMD4(lowHalf: lane(text, at[4]), highHalf: lane(text, at[5]))
            let masks = UnsafeRawPointer(scratch.masks + row).assumingMemoryBound(to: UInt64.self)
            let digits = _mm512_maskz_sub_epi8(masks[0], SIMD8(lowHalf: first, highHalf: second), zeros)
            let more = _mm256_maskz_sub_epi8(UInt32(truncatingIfNeeded: masks[1]), third, zeros.lowHalf)
            largest = _mm512_max_epu8(largest, digits)
            largestMore = _mm256_max_epu8(largestMore, more)
            let fours = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, tens), hundreds)
            let moreFours = _mm256_madd_epi16(_mm256_maddubs_epi16(more, tens.lowHalf), hundreds.lowHalf)
            let packed = _mm512_packus_epi32(fours, SIMD8(lowHalf: moreFours, highHalf: .zero))
            let eights = _mm512_madd_epi16(packed, thousands)
            let lower = unsafeBitCast(
                unsafeBitCast(eights, to: SIMD8<UInt64>.self) &>> 32, to: SIMD8<Int64>.self)
            let values = _mm512_mul_epu32(eights, scales) &+ lower
            low = _mm512_min_epi64(low, values)
            high = _mm512_max_epi64(high, values)
            UnsafeMutableRawPointer(numbers + row &* 8).storeBytes(of: values, as: SIMD8<Int64>.self)
        }
        let nine = SIMD64<UInt8>(repeating: 9)
        let isDigits =
            _mm512_movepi8_mask(
                unsafeBitCast(unsafeBitCast(largest, to: SIMD64<UInt8>.self) .> nine, to: SIMD8<Int64>.self))
            == 0
            && _mm256_movepi8_mask(
                unsafeBitCast(
                    unsafeBitCast(largestMore, to: SIMD32<UInt8>.self) .> nine.lowHalf, to: SIMD4<Int64>.self)
            ) == 0
        let isOutside = (low .< layout.low) .| (high .> layout.high)
        return isDigits && _mm512_movepi64_mask(unsafeBitCast(isOutside, to: SIMD8<Int64>.self)) == 0
    }

    @inline(__always)
    private func readFlags(
        _ text: UnsafeRawPointer, _ marks: UnsafePointer<UInt32>, _ rows: Int, _ layout: borrowing RowLayout,
        _ flags: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let stride = layout.marks
        var next = marks + (layout.flagEnd &- 1)
        var odd: UInt8 = 0
        for row in 0..<rows {
            // `,true` or `,false`: the comma is a mark, so that the flag begins there.
            let tail = text.loadUnaligned(fromByteOffset: Int(next.pointee &>> 8) &- 8, as: UInt64.self)
            let letters = UInt64(littleEndian: tail) &>> 16 | 0x2020_2020_2020
            let isTrue = letters &>> 8 == 0x65_7572_742C
            flags[row] = isTrue ? 1 : 0
            odd |= isTrue == (letters == 0x6573_6C61_662C) ? 1 : 0
            next += stride
        }
        return odd == 0
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
    private func narrow(_ words: SIMD8<UInt32>) -> SIMD4<Int64> {
        unsafeBitCast(words, to: SIMD4<Int64>.self)
    }

    @inline(__always)
    private func narrow(_ words: SIMD8<Int32>) -> SIMD4<Int64> { unsafeBitCast(words, to: SIMD4<Int64>.self) }

    @inline(__always)
    private func wide(_ words: SIMD16<UInt32>) -> SIMD8<Int64> { unsafeBitCast(words, to: SIMD8<Int64>.self) }

    @inline(__always)
    private func wide(_ words: SIMD16<Int32>) -> SIMD8<Int64> { unsafeBitCast(words, to: SIMD8<Int64>.self) }

    @inline(__always)
    private func wide(_ words: SIMD8<UInt64>) -> SIMD8<Int64> { unsafeBitCast(words, to: SIMD8<Int64>.self) }
#endif
