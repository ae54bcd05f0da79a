/// An instant in UTC, in whole nanoseconds since 1970-01-01T00:00:00Z.
///
/// Instants are limited to `Timestamp.plausible`, the years 1970 to 2199, so that arithmetic on two of them cannot
/// overflow and a stray `253402300800000` in a log cannot make a table of eight thousand years.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Nanoseconds since the epoch.
    public let nanoseconds: Int64

    /// An instant from nanoseconds since the epoch.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// An instant from whole seconds since the epoch. Beyond the years 1678 to 2261, which 64 bits of nanoseconds hold,
    /// the first or the last of their instants: no number from a file or a command line ends the program.
    public init(seconds: Int64) {
        self.init(seconds: seconds, nanoseconds: 0)
    }

    /// The same with nanoseconds added.
    private init(seconds: Int64, nanoseconds fraction: Int64) {
        let (whole, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, passes) = whole.addingReportingOverflow(fraction)
        nanoseconds = isTooLarge ? (seconds < 0 ? .min : .max) : passes ? (fraction < 0 ? .min : .max) : sum
    }

    /// Whole seconds since the epoch, rounded down.
    public var seconds: Int64 {
        nanoseconds / 1_000_000_000 - (nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
    }

    /// The instants that a log may plausibly hold: from 1970-01-01 up to, not including, 2200-01-01.
    public static let plausible = Timestamp(seconds: 0)..<Timestamp(seconds: 7_258_118_400)

    /// Orders instants by time.
    public static func < (one: Timestamp, other: Timestamp) -> Bool {
        one.nanoseconds < other.nanoseconds
    }

    /// The instant `seconds` later, held within what 64 bits of nanoseconds hold as `init(seconds:)` holds it.
    public func advanced(bySeconds seconds: Int64) -> Timestamp {
        let (sum, overflows) = nanoseconds.addingReportingOverflow(Timestamp(seconds: seconds).nanoseconds)
        return Timestamp(nanoseconds: overflows ? (seconds < 0 ? .min : .max) : sum)
    }

    /// The latest multiple of `step` seconds (counted from the epoch) that is not after this instant.
    public func floored(toSeconds step: Int64) -> Timestamp {
        let whole = seconds
        let remainder = whole % step
        return Timestamp(seconds: whole - (remainder < 0 ? remainder + step : remainder))
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC, as `2026-03-01T12:00:00Z`; a fraction of 3, 6 or 9 digits only where there is one.
    public var description: String {
        let whole = seconds
        let fraction = nanoseconds &- whole &* 1_000_000_000
        let date = CivilDate(daysSinceEpoch: floorDivide(whole, 86_400))
        let secondOfDay = Int(whole - floorDivide(whole, 86_400) * 86_400)
        var text = "\(date)T"
        text +=
            "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2)):\(padded(secondOfDay % 60, 2))"
        if fraction != 0 {
            if fraction % 1_000_000 == 0 {
                text += "." + padded(Int(fraction / 1_000_000), 3)
            } else if fraction % 1000 == 0 {
                text += "." + padded(Int(fraction / 1000), 6)
            } else {
                text += "." + padded(Int(fraction), 9)
            }
        }
        return text + "Z"
    }

    /// Reads ISO 8601: a date, or a date and a time parted by `T` or a space, with an optional fraction of up to nine
    /// digits and an optional zone (`Z`, `+HH:MM`, `+HHMM`, `-HH`); without a zone the text is taken as UTC.
    ///
    /// Returns nil for anything else, for a date that is not in the calendar and for an implausible year.
    public init?(iso8601 text: some StringProtocol) {
        var reader = DigitReader(text.utf8)
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var total = date.daysSinceEpoch * 86_400
        var fraction: Int64 = 0
        if reader.skip("T") || reader.skip("t") || reader.skip(" ") {
            guard let hour = reader.number(digits: 2), hour < 24, reader.skip(":"),
                let minute = reader.number(digits: 2), minute < 60
            else { return nil }
            total += Int64(hour * 3600 + minute * 60)
            if reader.skip(":") {
                guard let second = reader.number(digits: 2), second <= 60 else { return nil }
                total += Int64(second)
                if reader.skip(".") || reader.skip(",") {
                    guard let read = reader.fraction() else { return nil }
                    fraction = read
                }
            }
            guard let offset = reader.zoneOffsetSeconds() else { return nil }
            total -= offset
        }
        guard reader.isAtEnd else { return nil }
        let stamp = Timestamp(seconds: total, nanoseconds: fraction)
        guard Timestamp.plausible.contains(stamp) else { return nil }
        self = stamp
    }

    /// Reads a count since the epoch whose unit follows from its size: seconds, milliseconds, microseconds or
    /// nanoseconds (10, 13, 16 and 19 digits today; each bound lies where the units cannot be confused for dates from
    /// 1973 to 2199).
    ///
    /// Returns nil where no unit gives a plausible instant.
    public init?(epoch count: Int64) {
        let unit: Int64
        switch count {
        case 0..<100_000_000_000: unit = 1_000_000_000
        case 100_000_000_000..<100_000_000_000_000: unit = 1_000_000
        case 100_000_000_000_000..<100_000_000_000_000_000: unit = 1000
        default: unit = 1
        }
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit)
        let stamp = Timestamp(nanoseconds: nanoseconds)
        guard !overflow, Timestamp.plausible.contains(stamp) else { return nil }
        self = stamp
    }
}

/// Reads fixed-width fields from the front of a run of UTF-8.
private struct DigitReader<Bytes: Collection> where Bytes.Element == UInt8 {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let digit = nextDigit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Nanoseconds from one to nine or more digits; digits after the ninth are dropped.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let digit = nextDigit() {
            if count < 9 { value = value * 10 + Int64(digit) }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in count..<max(9, count) { value *= 10 }
        return value
    }

    /// Seconds east of UTC; 0 for `Z` and for no zone at all.
    mutating func zoneOffsetSeconds() -> Int64? {
        if isAtEnd || skip("Z") || skip("z") { return 0 }
        let sign: Int64
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), hours <= 18 else { return nil }
        var minutes = 0
        if !isAtEnd {
            _ = skip(":")
            guard let read = number(digits: 2), read < 60 else { return nil }
            minutes = read
        }
        return sign * Int64(hours * 3600 + minutes * 60)
    }

    private mutating func nextDigit() -> Int? {
        guard let first = rest.first, first >= 0x30, first <= 0x39 else { return nil }
        rest = rest.dropFirst()
        return Int(first - 0x30)
    }
}
