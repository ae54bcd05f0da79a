/// Where the fields of one column of a table of K columns lie in a run of rows, in bytes from the start of the text.
///
/// `separators[rK + c]` is the byte behind field c of row r: a comma, or the newline behind the last field. The entry
/// before the first one is the byte before the first row.
private struct ColumnPlace {
    let text: UnsafeRawPointer
    let separators: UnsafePointer<UInt32>
    let columns: Int

    init(_ text: UnsafeRawPointer, _ separators: UnsafePointer<UInt32>, _ columns: Int, _ column: Int) {
        self.text = text
        self.separators = separators + column
        self.columns = columns
    }

    @inline(__always)
    func low(_ row: Int) -> Int {
        Int(Int32(bitPattern: separators[row &* columns &- 1])) &+ 1
    }

    /// The end of a field; of the last one of a row, before a carriage return.
    @inline(__always)
    func high(_ row: Int, isLast: Bool) -> Int {
        let end = Int(separators[row &* columns])
        guard isLast else { return end }
        return end &- (text.load(fromByteOffset: end &- 1, as: UInt8.self) == 0x0D ? 1 : 0)
    }

    @inline(__always)
    func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

private let zeros: UInt64 = 0x3030_3030_3030_3030
private let highBits: UInt64 = 0x8080_8080_8080_8080
private let ones: UInt64 = 0x0101_0101_0101_0101

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
/// the text and behind it must be readable. `first`, `second` and `lengths` are scratch, one word a row: fields are
/// gathered there, so that the arithmetic runs over many rows in vectors.
@inline(never)
public func readDecimals(
    text: UnsafeRawPointer, separators: UnsafePointer<UInt32>, columns: Int, column: Int, rows: Int,
    first: UnsafeMutablePointer<UInt64>, second: UnsafeMutablePointer<UInt64>,
    lengths: UnsafeMutablePointer<UInt64>, numbers: UnsafeMutablePointer<Int64>,
    bad: UnsafeMutablePointer<UInt64>
) {
    let place = ColumnPlace(text, separators, columns, column)
    let isLast = column == columns &- 1
    for row in 0..<rows {
        let low = place.low(row)
        first[row] = place.word(low)
        second[row] = place.word(low &+ 8)
        lengths[row] = UInt64(truncatingIfNeeded: place.high(row, isLast: isLast) &- low)
    }
    for row in 0..<rows {
        let head = first[row]
        let length = min(lengths[row], 32)
        let point = head ^ 0x2E2E_2E2E_2E2E_2E2E
        let marks = (point &- ones) & ~point & highBits
        // All bits of the bytes before the first point, or of all eight; then of no more bytes than the field has.
        let before = ((marks & (0 &- marks)) &>> 7) &- 1
        let inside =
            (1 &<< (min(length, 7) &* 8)) &- 1 | (0 &- (length &>> 3 & 1 | length &>> 4 & 1 | length &>> 5))
        let digits = ((before & inside & ones) &* ones) &>> 56
        let behind = max(length, digits &+ 1) &- digits &- 1
        // The whole part at the upper end of its word, the decimals at the lower end of theirs, zeros around them.
        let whole = (head ^ zeros) &<< ((64 &- digits &* 8) & 63)
        let tail = ((head &>> 8) &>> ((digits &* 8) & 63)) | second[row] &<< ((56 &- digits &* 8) & 63)
        // Two shifts, because one by 64 would be none.
        let half = (behind &* 4) & 63
        let decimals = (tail ^ zeros) & ~((~0 &<< half) &<< half)
        let isOdd = (digits &- 1) | (7 &- digits) | (8 &- behind)
        bad[row] |= isOdd & (1 &<< 63) | oddDigits(whole) | oddDigits(decimals)
        numbers[row] = Int64(
            truncatingIfNeeded: eightDigits(whole) &* 100_000_000 &+ eightDigits(decimals))
    }
}

/// Reads a column of whole numbers of 1 to 16 digits; see `readDecimals`.
@inline(never)
public func readIntegers(
    text: UnsafeRawPointer, separators: UnsafePointer<UInt32>, columns: Int, column: Int, rows: Int,
    first: UnsafeMutablePointer<UInt64>, second: UnsafeMutablePointer<UInt64>,
    lengths: UnsafeMutablePointer<UInt64>, numbers: UnsafeMutablePointer<Int64>,
    bad: UnsafeMutablePointer<UInt64>
) {
    let place = ColumnPlace(text, separators, columns, column)
    let isLast = column == columns &- 1
    for row in 0..<rows {
        let end = place.high(row, isLast: isLast)
        first[row] = place.word(end &- 16)
        second[row] = place.word(end &- 8)
        lengths[row] = UInt64(truncatingIfNeeded: end &- place.low(row))
    }
    for row in 0..<rows {
        let length = min(lengths[row], 32)
        let dropLower = (8 &- min(length, 8)) &* 4
        let dropUpper = (16 &- max(min(length, 16), 8)) &* 4
        let lower = ((((second[row] ^ zeros) &>> dropLower) &>> dropLower) &<< dropLower) &<< dropLower
        let upper = ((((first[row] ^ zeros) &>> dropUpper) &>> dropUpper) &<< dropUpper) &<< dropUpper
        let isOdd = (length &- 1) | (16 &- length)
        bad[row] |= isOdd & (1 &<< 63) | oddDigits(lower) | oddDigits(upper)
        numbers[row] = Int64(truncatingIfNeeded: eightDigits(upper) &* 100_000_000 &+ eightDigits(lower))
    }
}

/// Reads a column of `true` and `false`, also with capitals, as 1 and 0; see `readDecimals`.
@inline(never)
public func readFlags(
    text: UnsafeRawPointer, separators: UnsafePointer<UInt32>, columns: Int, column: Int, rows: Int,
    flags: UnsafeMutablePointer<UInt8>,
    bad: UnsafeMutablePointer<UInt64>
) {
    let place = ColumnPlace(text, separators, columns, column)
    if column == columns &- 1 {
        for row in 0..<rows { readFlag(place, row, isLast: true, flags, bad) }
    } else {
        for row in 0..<rows { readFlag(place, row, isLast: false, flags, bad) }
    }
}

/// Without a branch: which of the two it is cannot be foreseen.
@inline(__always)
private func readFlag(
    _ place: ColumnPlace, _ row: Int, isLast: Bool, _ flags: UnsafeMutablePointer<UInt8>,
    _ bad: UnsafeMutablePointer<UInt64>
) {
    let low = place.low(row)
    let length = UInt64(truncatingIfNeeded: place.high(row, isLast: isLast) &- low)
    let word = place.word(low) | 0x2020_2020_2020_2020
    // Zero where the word and the length are those of `true`, or of `false`.
    let isNotTrue = ((word & 0xFFFF_FFFF) ^ 0x6575_7274) | ((length ^ 4) &<< 40)
    let isNotFalse = ((word & 0xFF_FFFF_FFFF) ^ 0x65_736C_6166) | ((length ^ 5) &<< 40)
    // The upper bit is set where the number is not zero.
    let marks = (isNotTrue | (0 &- isNotTrue)) &>> 63
    flags[row] = UInt8(truncatingIfNeeded: marks ^ 1)
    bad[row] |= marks & ((isNotFalse | (0 &- isNotFalse)) &>> 63)
}

/// Nonzero where any of eight bytes is above 9.
@inline(__always)
private func oddDigits(_ word: UInt64) -> UInt64 {
    ((word &+ 0x7676_7676_7676_7676) | word) & highBits
}

/// Adds up eight digits in three steps, pairs first (Langdale and Lemire 2019).
@inline(__always)
private func eightDigits(_ word: UInt64) -> UInt64 {
    let pairs = (word & 0x00FF_00FF_00FF_00FF) &* 10 &+ (word &>> 8 & 0x00FF_00FF_00FF_00FF)
    let fours = (pairs & 0x0000_FFFF_0000_FFFF) &* 100 &+ (pairs &>> 16 & 0x0000_FFFF_0000_FFFF)
    return (fours & 0xFFFF_FFFF) &* 10_000 &+ fours &>> 32
}
