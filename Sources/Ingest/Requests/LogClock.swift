import Units

/// Reads `[17/May/2015:10:05:03 +0000]`, converting a date only when it changes.
struct LogClock {
    /// Characters from bracket to bracket.
    static let length = 28

    private var dateBytes: (UInt64, UInt32) = (0, 0)
    private var days: Int64 = 0

    /// The time at a bracket: nil where none stands there, a nil inside where it is implausible.
    mutating func read(_ line: Bytes, at bracket: Int) -> Timestamp?? {
        guard bracket + LogClock.length <= line.count, line[bracket + 12] == 0x3A, line[bracket + 15] == 0x3A,
            line[bracket + 18] == 0x3A, line[bracket + 21] == 0x20, line[bracket + 27] == 0x5D
        else { return nil }
        let head = line.loadUnaligned(fromByteOffset: bracket + 1, as: UInt64.self)
        let tail = line.loadUnaligned(fromByteOffset: bracket + 8, as: UInt32.self)
        if (head, tail) != dateBytes {
            guard let date = LogClock.days(line, bracket + 1) else { return nil }
            guard let date else { return .some(nil) }
            days = date
            dateBytes = (head, tail)
        }
        guard let hour = ISOTime.digits(line, bracket + 13, 2), hour < 24,
            let minute = ISOTime.digits(line, bracket + 16, 2), minute < 60,
            let second = ISOTime.digits(line, bracket + 19, 2), second <= 60,
            let offset = ISOTime.zone(Bytes(rebasing: line[bracket + 22..<bracket + 27]))
        else { return nil }
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
        let stamp = Timestamp(seconds: seconds)
        guard stamp >= TimeColumn.earliestLog, stamp < Timestamp.plausible.upperBound else {
            return .some(nil)
        }
        return .some(stamp)
    }

    /// The first bracket that something like a time follows; nil where there is none.
    static func bracket(in line: Bytes) -> Int? {
        line.indices.first { index in
            line[index] == 0x5B && index + 21 < line.count && line[index + 3] == 0x2F
                && line[index + 12] == 0x3A
        }
    }

    /// Seconds of a local time `17/May/2015:10:05:03` that begins at a position, as if it were UTC; nil for
    /// anything else.
    static func localSeconds(_ line: Bytes, at start: Int) -> Int64? {
        guard start + 20 <= line.count, line[start + 11] == 0x3A, line[start + 14] == 0x3A,
            line[start + 17] == 0x3A, let days = days(line, start), let days,
            let hour = ISOTime.digits(line, start + 12, 2), hour < 24,
            let minute = ISOTime.digits(line, start + 15, 2), minute < 60,
            let second = ISOTime.digits(line, start + 18, 2), second <= 60
        else { return nil }
        return days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Days since the epoch of `17/May/2015`: nil where it is no date, a nil inside where the year is
    /// implausible.
    private static func days(_ line: Bytes, _ start: Int) -> Int64?? {
        guard line[start + 2] == 0x2F, line[start + 6] == 0x2F, let day = ISOTime.digits(line, start, 2),
            let year = ISOTime.digits(line, start + 7, 4)
        else { return nil }
        let name = line[(start + 3)..<(start + 6)]
        let month = months.firstIndex { month in
            month.withUTF8Buffer { letters in name.elementsEqual(letters) { $0 | 0x20 == $1 | 0x20 } }
        }
        guard let month, let date = CivilDate(year: year, month: month + 1, day: day) else { return nil }
        guard (1970..<2200).contains(year) else { return .some(nil) }
        return .some(date.daysSinceEpoch)
    }
}
