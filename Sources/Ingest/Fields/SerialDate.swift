/// Dates as spreadsheets count them: days since the end of 1899, the time of day in the fraction.
enum SerialDate {
    /// The years 2000 to 2099.
    private static let days = 36_526.0..<73_051.0

    /// Whether a field may be one. As seconds since the epoch it would be an instant of the first day of 1970.
    static func isOne(_ raw: Bytes) -> Bool {
        let field = NumberParsing.trimmed(raw)
        guard field.count >= 5, field.count <= 20, field[0] &- 0x30 < 10 else { return false }
        return Double(decimal: String(decoding: field, as: UTF8.self)).map(days.contains) ?? false
    }
}
