/// Where the fields of one column of a table of K columns lie in a run of rows, in bytes from the start of the text.
///
/// `separators[rK + c]` is the byte behind field c of row r: a comma, or the newline behind the last field. The entry
/// before the first one is the byte before the first row.
private struct ColumnPlace {
    let text: UnsafeRawPointer
    let separators: UnsafePointer<UInt32>
    let columns: Int
    let isLast: Bool

    init(_ text: UnsafeRawPointer, _ separators: UnsafePointer<UInt32>, _ columns: Int, _ column: Int) {
        self.text = text
        self.separators = separators + column
        self.columns = columns
        isLast = column == columns &- 1
    }

    @inline(__always)
    func low(_ row: Int) -> Int {
        Int(Int32(bitPattern: separators[row &* columns &- 1])) &+ 1
    }

    @inline(__always)
    func high(_ row: Int) -> Int {
        let end = Int(separators[row &* columns])
        // A carriage return before the newline is no part of the field.
        return isLast && text.load(fromByteOffset: end &- 1, as: UInt8.self) == 0x0D ? end &- 1 : end
    }

    @inline(__always)
    func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

private let zeros: UInt64 = 0x3030_3030_3030_3030
private let highBits: UInt64 = 0x8080_8080_8080_8080

/// How many rows, from the first on, have as many commas as they should, none fewer and none more.
///
/// `isEven` says that there are just as many newlines as rows, so that it suffices to find one at the end of each.
@inline(never)
public func wholeRows(
    text: UnsafeRawPointer, separators: UnsafePointer<UInt32>, columns: Int, rows: Int, isEven: Bool
) -> Int {
    for row in 0..<rows {
        let own = separators + row &* columns
        guard text.load(fromByteOffset: Int(own[columns &- 1]), as: UInt8.self) == 0x0A else { return row }
        if isEven { continue }
        for column in 0..<columns &- 1 {
            if text.load(fromByteOffset: Int(own[column]), as: UInt8.self) == 0x0A { return row }
        }
    }
    return rows
}

/// Reads a column of decimal numbers of at most seven digits before and eight behind the point, in units of 1e-8.
///
/// `bad` gets a nonzero word for each row whose field is of any other shape; its number means nothing. 24 bytes before
/// the text and behind it must be readable. `upper` and `lower` are scratch, one word a row.
@inline(never)
public func readDecimals(
    text: UnsafeRawPointer, separators: UnsafePointer<UInt32>, columns: Int, column: Int, rows: Int,
    upper: UnsafeMutablePointer<UInt64>,
    lower: UnsafeMutablePointer<UInt64>, numbers: UnsafeMutablePointer<Int64>,
    bad: UnsafeMutablePointer<UInt64>
) {
    let place = ColumnPlace(text, separators, columns, column)
    for row in 0..<rows {
        let low = place.low(row)
        let length = place.high(row) &- low
        let head = place.word(low)
        let point = head ^ 0x2E2E_2E2E_2E2E_2E2E
        let marks = (point &- 0x0101_0101_0101_0101) & ~point & highBits
        // Eight where there is no point among the first eight bytes.
        let digits = min(marks.trailingZeroBitCount &>> 3, length)
        let behind = max(length &- digits &- 1, 0)
        // The whole part at the upper end of its word, the decimals at the lower end of theirs, zeros around them.
        upper[row] = (head ^ zeros) &<< UInt64(truncatingIfNeeded: (64 &- digits &* 8) & 63)
        // Two shifts, because one by 64 would be none.
        let half = UInt64(truncatingIfNeeded: (behind &* 4) & 63)
        let kept = ~((~0 &<< half) &<< half)
        lower[row] = (place.word(low &+ digits &+ 1) ^ zeros) & kept
        let isOdd = (digits &- 1) | (7 &- digits) | (8 &- behind)
        bad[row] |= UInt64(bitPattern: Int64(isOdd &>> 63))
    }
    joinDigits(rows, upper, lower, numbers, bad)
}

/// Reads a column of whole numbers of 1 to 16 digits; see `readDecimals`.
@inline(never)
public func readIntegers(
    text: UnsafeRawPointer, separators: UnsafePointer<UInt32>, columns: Int, column: Int, rows: Int,
    upper: UnsafeMutablePointer<UInt64>,
    lower: UnsafeMutablePointer<UInt64>, numbers: UnsafeMutablePointer<Int64>,
    bad: UnsafeMutablePointer<UInt64>
) {
    let place = ColumnPlace(text, separators, columns, column)
    for row in 0..<rows {
        let end = place.high(row)
        let length = end &- place.low(row)
        let inLower = min(max(length, 0), 8)
        let inUpper = max(min(length &- 8, 8), 0)
        let near = place.word(end &- 8) ^ zeros
        let far = place.word(end &- 16) ^ zeros
        let dropLower = UInt64(truncatingIfNeeded: (8 &- inLower) &* 4)
        let dropUpper = UInt64(truncatingIfNeeded: (8 &- inUpper) &* 4)
        lower[row] = (((near &>> dropLower) &>> dropLower) &<< dropLower) &<< dropLower
        upper[row] = (((far &>> dropUpper) &>> dropUpper) &<< dropUpper) &<< dropUpper
        let isOdd = (length &- 1) | (16 &- length)
        bad[row] |= UInt64(bitPattern: Int64(isOdd &>> 63))
    }
    joinDigits(rows, upper, lower, numbers, bad)
}

/// Reads a column of `true` and `false`, also with capitals, as 1 and 0; see `readDecimals`.
@inline(never)
public func readFlags(
    text: UnsafeRawPointer, separators: UnsafePointer<UInt32>, columns: Int, column: Int, rows: Int,
    flags: UnsafeMutablePointer<UInt8>,
    bad: UnsafeMutablePointer<UInt64>
) {
    let place = ColumnPlace(text, separators, columns, column)
    for row in 0..<rows {
        let low = place.low(row)
        let length = place.high(row) &- low
        let word = place.word(low) | 0x2020_2020_2020_2020
        let isTrue = word & 0xFFFF_FFFF == 0x6575_7274 && length == 4
        let isFalse = word & 0xFF_FFFF_FFFF == 0x65_736C_6166 && length == 5
        flags[row] = isTrue ? 1 : 0
        bad[row] |= isTrue || isFalse ? 0 : 1
    }
}

/// Makes numbers of words of eight decimal digits, the first digit in the lowest byte: `upper * 10⁸ + lower`. Bytes hold
/// 0 to 9; any other marks the row.
@inline(__always)
private func joinDigits(
    _ rows: Int, _ upper: UnsafePointer<UInt64>, _ lower: UnsafePointer<UInt64>,
    _ numbers: UnsafeMutablePointer<Int64>, _ bad: UnsafeMutablePointer<UInt64>
) {
    let over: UInt64 = 0x7676_7676_7676_7676
    for row in 0..<rows {
        let one = upper[row]
        let two = lower[row]
        bad[row] |= ((one &+ over) | one | (two &+ over) | two) & highBits
        numbers[row] = Int64(truncatingIfNeeded: eightDigits(one) &* 100_000_000 &+ eightDigits(two))
    }
}

/// Adds up eight digits in three steps, pairs first (Langdale and Lemire 2019).
@inline(__always)
private func eightDigits(_ word: UInt64) -> UInt64 {
    let pairs = (word & 0x00FF_00FF_00FF_00FF) &* 10 &+ (word &>> 8 & 0x00FF_00FF_00FF_00FF)
    let fours = (pairs & 0x0000_FFFF_0000_FFFF) &* 100 &+ (pairs &>> 16 & 0x0000_FFFF_0000_FFFF)
    return (fours & 0xFFFF_FFFF) &* 10_000 &+ fours &>> 32
}
