/// Abbreviations of time zones, as texts have them behind a time.
///
/// An abbreviation of one meaning in the time zone database is read as that offset. Of one that several clocks are called by, as
/// EST is in New York and was in Sydney, the clock of the file decides: where it is at one of the offsets meant, that one.
struct ZoneName: Sendable, Equatable {
    /// The offsets that the abbreviation may mean, in quarters of an hour east of UTC.
    private let offsets: [Int8]

    /// The abbreviation of a text, where it has several meanings.
    init?(_ field: Bytes) {
        guard (3...4).contains(field.count), let first = field.first, first &- 0x41 < 26,
            let found = ZoneName.several[String(decoding: field, as: UTF8.self)]
        else { return nil }
        offsets = found
    }

    /// Seconds east of UTC of an abbreviation that has one meaning.
    static func offset(_ field: Bytes) -> Int64? {
        guard (2...4).contains(field.count), let first = field.first, first &- 0x41 < 26 else { return nil }
        return single[String(decoding: field, as: UTF8.self)].map { Int64($0) * quarter }
    }

    /// Seconds since the epoch of a local time of this name, where a clock is at one of its offsets then; nil where it is not,
    /// or at several.
    func utc(_ local: Int64, in zone: LocalZone) -> Int64? {
        let found = offsets.map { local - Int64($0) * Self.quarter }.filter { zone.local($0) == local }
        return found.count == 1 ? found[0] : nil
    }

    private static let quarter: Int64 = 900

    /// One meaning each (tz database, files europe, asia, australasia and northamerica, without those of past clocks).
    private static let single: [String: Int] = [
        "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 4, "CET": 4, "CEST": 8, "EET": 8, "EEST": 12,
        "MSK": 12, "PKT": 20, "WIB": 28, "WITA": 32, "HKT": 32, "SGT": 32, "JST": 36, "KST": 36, "WIT": 36,
        "AEST": 40, "AEDT": 44, "NZST": 48, "NZDT": 52, "HST": -40, "AKST": -36, "AKDT": -32, "PDT": -28,
        "MDT": -24, "BRT": -12,
    ]

    /// Several meanings each, among them the half hours of Australia and the summer times of the Americas.
    private static let several: [String: [Int8]] = [
        "EST": [-20, 40, 44], "EDT": [-16, 44], "CST": [-24, 32, -20, 38], "CDT": [-20, -16, 36],
        "MST": [-28, 32, 26], "PST": [-32, 32], "IST": [22, 8, 4], "BST": [4, 24, 44], "AST": [-16, 12],
        "ADT": [-12, 16], "SST": [-44, 32], "GST": [16, -8], "NST": [-14, 46], "NDT": [-10],
        "ECT": [-20, 16],
        "ART": [-12, 8], "WST": [32, 52], "ACT": [-20, 38], "AMT": [-16, 16], "COT": [-20],
    ]
}
