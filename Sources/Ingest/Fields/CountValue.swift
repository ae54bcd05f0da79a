/// A value of a series of counts, as a text has it.
enum CountValue: Equatable {
    /// In units of 1e-8.
    case units(Int128)
    /// Nothing was measured: empty, NaN, null, or the infinity that a division by zero leaves.
    case missing
    /// Not a number, or negative, or too large.
    case unreadable

    /// Reads `12`, `1.5e3`, nothing, `NaN`, `null`, `+Inf`; and `1 270,5` where that is the style.
    static func read(_ raw: Bytes, _ style: NumberStyle = .plain) -> CountValue {
        let field = NumberParsing.trimmed(raw)
        if isMissing(field) { return .missing }
        let units: Int128?
        if style == .plain {
            units = NumberParsing.fixed(field)
        } else if let plain = style.plainText(field) {
            units = plain.withUnsafeBytes { NumberParsing.fixed($0) }
        } else {
            units = nil
        }
        guard let units, units >= 0, units < Int128(Int64.max) * 100_000_000 else { return .unreadable }
        return .units(units)
    }

    /// Whether a text is a value, or says that there is none.
    static func isReadable(_ text: [UInt8], _ style: NumberStyle = .plain) -> Bool {
        text.withUnsafeBytes { read($0, style) } != .unreadable
    }

    private static let words: Set<String> = [
        "nan", "null", "na", "n/a", "none", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity",
        "undefined", "-",
    ]

    private static func isMissing(_ field: Bytes) -> Bool {
        if field.isEmpty { return true }
        guard field.count <= 9, field[0] &- 0x30 >= 10 else { return false }
        return words.contains(String(decoding: field, as: UTF8.self).lowercased())
    }
}
