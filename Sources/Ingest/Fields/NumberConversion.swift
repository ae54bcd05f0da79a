import Units

/// A factor of the form 10^p · m, exact, by which a column's numbers are multiplied.
struct DecimalFactor: Sendable, Equatable {
    let mantissa: Int64
    let exponent: Int

    init(mantissa: Int64, exponent: Int) {
        self.mantissa = mantissa
        self.exponent = exponent
    }

    /// A positive number, as its shortest text has it; nil for any other.
    init?(_ value: Double) {
        guard value.isFinite, value > 0 else { return nil }
        let parts = "\(value)".lowercased().split(separator: "e")
        let number = parts[0].split(separator: ".")
        let decimals = number.count > 1 ? String(number[1]) : ""
        guard let digits = Int64(number[0] + decimals), parts.count == 1 || Int(parts[1]) != nil else {
            return nil
        }
        var (mantissa, exponent) = (digits, (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - decimals.count)
        while mantissa % 10 == 0, mantissa > 0 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        self.mantissa = mantissa
        self.exponent = exponent
    }

    /// A number of units times the factor, rounded half up; nil where it does not fit.
    func times(_ units: Int128) -> Int128? {
        var (value, isOver) = units.multipliedReportingOverflow(by: Int128(mantissa))
        for _ in 0..<max(0, exponent) where !isOver {
            (value, isOver) = value.multipliedReportingOverflow(by: 10)
        }
        if isOver { return nil }
        guard exponent < 0 else { return value }
        guard exponent >= -37 else { return 0 }
        let divisor = (0..<(-exponent)).reduce(Int128(1)) { power, _ in power * 10 }
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return quotient + (abs(rest) >= divisor - abs(rest) ? rest.signum() : 0)
    }
}

/// How the numbers of a column become plain ones.
struct NumberConversion: Sendable, Equatable {
    /// How they are written; nil for plainly.
    var style: NumberStyle?
    /// What they are multiplied by; nil for nothing.
    var factor: DecimalFactor?

    /// Marks a number that the conversion cannot read, so that nothing else reads it either.
    private static let unreadable = UInt8(ascii: "?")

    /// Appends the plain number of a field. What holds no digit stays as it is: nothing, or a word for it.
    func append(_ field: Bytes, to row: inout [UInt8]) {
        guard field.contains(where: { $0 &- 0x30 < 10 }) else { return row.append(contentsOf: field) }
        guard let text = plain(field) else { return row += [Self.unreadable] + field }
        row += text
    }

    /// A number of digits, perhaps with a sign, a point and an exponent, times a power of ten; nil for any other text.
    private static func shifted(_ text: [UInt8], by power: Int) -> [UInt8]? {
        let mark = text.lastIndex { $0 | 0x20 == 0x65 } ?? text.count
        guard text.count - mark <= 6,
            let exponent = mark == text.count
                ? 0 : Int(String(decoding: text[mark...].dropFirst(), as: UTF8.self))
        else { return nil }
        return text[..<mark] + Array("e\(exponent + power)".utf8)
    }

    private func plain(_ raw: Bytes) -> [UInt8]? {
        var text = Array(NumberParsing.trimmed(raw))
        if let style {
            // An exponent is written alike everywhere.
            let mark = text.lastIndex { $0 | 0x20 == 0x65 } ?? text.count
            guard let mantissa = text[..<mark].withUnsafeBytes({ style.plainText($0) }) else { return nil }
            text = mantissa + text[mark...]
        }
        guard let factor else { return text.withUnsafeBytes { NumberParsing.fixed($0) } == nil ? nil : text }
        // Powers of ten go first where they make the number larger, so that no decimal is lost before.
        if factor.exponent > 0 {
            guard let shifted = Self.shifted(text, by: factor.exponent) else { return nil }
            text = shifted
        }
        guard let units = text.withUnsafeBytes({ NumberParsing.fixed($0) }),
            let scaled = factor.exponent > 0
                ? DecimalFactor(mantissa: factor.mantissa, exponent: 0).times(units) : factor.times(units)
        else { return nil }
        // What is above zero and would be rounded to it must not become zero.
        if scaled == 0, text.withUnsafeBytes({ NumberParsing.hasDigitAboveZero($0) }) {
            return Array("\(text.first == 0x2D ? "-" : "")0.000000001".utf8)
        }
        let (whole, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: 100_000_000)
        let decimals = String(String(rest + 100_000_000).dropFirst())
        return Array("\(scaled < 0 ? "-" : "")\(whole)\(rest > 0 ? "." + decimals : "")".utf8)
    }
}
