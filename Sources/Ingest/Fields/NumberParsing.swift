/// A run of bytes of a row: a field, or a line.
typealias Bytes = UnsafeRawBufferPointer

/// Reads numbers from bytes, without a `String` and without floating point.
enum NumberParsing {
    /// A whole number of up to 18 digits, or nil.
    @inline(__always)
    static func unsigned(_ field: Bytes) -> Int64? {
        guard field.count > 0, field.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in field {
            let digit = byte &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// A whole number with an optional sign, within 64 bits, or nil.
    static func signed(_ field: Bytes) -> Int64? {
        if let value = unsigned(field) { return value }
        guard field.count > 0, field.count <= 20 else { return nil }
        return Int64(String(decoding: field, as: UTF8.self))
    }

    /// A decimal number in units of 1e-8, rounded half up beyond the eighth decimal, or nil where it is not a number or
    /// does not fit in 96 bits. Digits with an optional point take the fast path; signs, exponents and blanks around the
    /// number the slow one.
    @inline(__always)
    static func fixed(_ field: Bytes) -> Int128? {
        guard field.count > 0, field.count <= 18 else { return slowFixed(field) }
        var value: Int64 = 0
        var index = 0
        while index < field.count {
            let digit = field[index] &- 0x30
            if digit >= 10 { break }
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        if index == field.count { return Int128(value) * 100_000_000 }
        guard field[index] == UInt8(ascii: "."), field.count > 1 else { return slowFixed(field) }
        let decimals = field.count - index - 1
        guard decimals <= 8 else { return slowFixed(field) }
        index += 1
        while index < field.count {
            let digit = field[index] &- 0x30
            if digit >= 10 { return slowFixed(field) }
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        // At most 17 digits, of which the factor adds at most 8: within 128 bits, and mostly within 64.
        return Int128(value) &* Int128(powersOfTen(8 - decimals))
    }

    /// A price: a positive decimal that fits in 64 bits of units of 1e-8.
    @inline(__always)
    static func price(_ field: Bytes) -> Int64? {
        guard let value = fixed(field), value > 0 else { return nil }
        return Int64(exactly: value)
    }

    /// The same, with what is wrong with a price that is none.
    @inline(__always)
    static func checkedPrice(_ field: Bytes) -> Result<Int64, BadRow> {
        if let price = price(field) { return .success(price) }
        return .failure(priceFault(field))
    }

    /// A quantity in units of 1e-8, perhaps negative; a number that would be rounded to zero is none.
    @inline(__always)
    static func checkedQuantity(_ field: Bytes) -> Result<Int128, BadRow> {
        guard let value = fixed(field) else {
            return .failure(isNumber(field) ? .quantityTooLarge : .quantity)
        }
        return value == 0 && hasDigitAboveZero(field) ? .failure(.quantityTooSmall) : .success(value)
    }

    private static func priceFault(_ field: Bytes) -> BadRow {
        guard let value = fixed(field) else {
            return isNumber(field) && trimmed(field).first != 0x2D ? .priceTooLarge : .price
        }
        if value > 0 { return .priceTooLarge }
        return value == 0 && hasDigitAboveZero(field) && trimmed(field).first != 0x2D
            ? .priceTooSmall : .price
    }

    /// Whether the digits before an exponent are not all zeros.
    static func hasDigitAboveZero(_ field: Bytes) -> Bool {
        for byte in field {
            if byte | 0x20 == 0x65 { return false }
            if byte &- 0x31 < 9 { return true }
        }
        return false
    }

    /// Whether a field is digits with a sign, a point and an exponent at most, of whatever size.
    private static func isNumber(_ raw: Bytes) -> Bool {
        let field = trimmed(raw)
        let mark = field.firstIndex { $0 | 0x20 == 0x65 } ?? field.count
        let unsigned = field[..<mark].drop { $0 == 0x2D || $0 == 0x2B }
        let exponent = field[mark...].dropFirst().drop { $0 == 0x2D || $0 == 0x2B }
        return unsigned.contains { $0 &- 0x30 < 10 } && unsigned.count { $0 == 0x2E } <= 1
            && unsigned.allSatisfy { $0 &- 0x30 < 10 || $0 == 0x2E }
            && exponent.allSatisfy { $0 &- 0x30 < 10 }
            && (mark == field.count || !exponent.isEmpty)
    }

    @inline(__always)
    private static func powersOfTen(_ power: Int) -> Int64 {
        switch power {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        default: 100_000_000
        }
    }

    /// Signs, exponents, more than 18 characters: exact all the same.
    private static func slowFixed(_ raw: Bytes) -> Int128? {
        let field = trimmed(raw)
        guard field.count > 0, field.count <= 400 else { return nil }
        var index = 0
        let isNegative = field[0] == UInt8(ascii: "-")
        if isNegative || field[0] == UInt8(ascii: "+") { index = 1 }
        var digits: [UInt8] = []
        var pointAt: Int?
        while index < field.count {
            let byte = field[index]
            if byte &- 0x30 < 10 {
                digits.append(byte &- 0x30)
            } else if byte == UInt8(ascii: "."), pointAt == nil {
                pointAt = digits.count
            } else {
                break
            }
            index += 1
        }
        guard !digits.isEmpty else { return nil }
        var exponent = 0
        if index < field.count {
            guard field[index] | 0x20 == UInt8(ascii: "e") else { return nil }
            let text = Bytes(rebasing: field[(index + 1)...])
            let unsignedPart = text.first == UInt8(ascii: "+") ? Bytes(rebasing: text.dropFirst()) : text
            guard unsignedPart.count <= 5, let read = signed(unsignedPart) else { return nil }
            exponent = Int(read)
        }
        // The number is 0.d₁d₂d₃… × 10^scale; its eighth decimal is digit number scale + 8.
        let scale = (pointAt ?? digits.count) + exponent
        guard let value = units(digits, wholeDigits: scale + 8) else { return nil }
        return isNegative ? -value : value
    }

    /// The first `wholeDigits` digits as a number, zeros supplied, rounded half up by the next one.
    private static func units(_ digits: [UInt8], wholeDigits: Int) -> Int128? {
        guard digits.contains(where: { $0 != 0 }), wholeDigits >= 0 else { return 0 }
        var value: Int128 = 0
        for index in 0..<wholeDigits {
            if index >= digits.count, value == 0 { return 0 }
            value = value * 10 + (index < digits.count ? Int128(digits[index]) : 0)
            if value >> 96 != 0 { return nil }
        }
        if wholeDigits < digits.count, digits[wholeDigits] >= 5 { value += 1 }
        return value
    }

    /// The field without blanks around it.
    static func trimmed(_ field: Bytes) -> Bytes {
        var low = 0
        var high = field.count
        while low < high, field[low] == 0x20 || field[low] == 0x09 { low += 1 }
        while high > low, field[high - 1] == 0x20 || field[high - 1] == 0x09 { high -= 1 }
        return Bytes(rebasing: field[low..<high])
    }

    /// The product of a price and a quantity in units of 1e-8, rounded half up; saturates at `Int128.max`.
    @inline(__always)
    static func notional(price: Int64, quantity: Int128) -> Int128 {
        if let small = UInt64(exactly: quantity), price > 0 {
            let (high, low) = UInt64(price).multipliedFullWidth(by: small)
            if high < 50_000_000 {
                let (quotient, remainder) = (100_000_000 as UInt64).dividingFullWidth((high, low))
                return Int128(quotient) + (remainder >= 50_000_000 ? 1 : 0)
            }
        }
        let (product, overflow) = Int128(price).multipliedReportingOverflow(by: quantity)
        return overflow ? .max : product / 100_000_000 + (product % 100_000_000 >= 50_000_000 ? 1 : 0)
    }
}
