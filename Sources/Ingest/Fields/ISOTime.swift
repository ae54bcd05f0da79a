import Units

/// ISO 8601 on bytes: `2026-03-01`, `2026-03-01T12:00:00.123456Z`, `2026-03-01 12:00:00+01:00`, and as
/// exchanges write it: `2026/03/01`, `2026.03.01`, `2026-03-01D12:00:00.123456000`, ` UTC` at the end.
enum ISOTime {
    /// Days since the epoch from the first ten bytes; nil for years outside 1970 to 2199.
    static func days(_ field: Bytes) -> Int64? {
        guard field.count >= 10, field[4] == 0x2D || field[4] == 0x2F || field[4] == 0x2E,
            field[7] == field[4],
            let year = digits(field, 0, 4), let month = digits(field, 5, 2), let day = digits(field, 8, 2),
            (1970..<2200).contains(year), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        return date.daysSinceEpoch
    }

    /// The time of a text; nil for anything else.
    static func read(_ field: Bytes) -> WrittenTime? {
        guard let days = days(field) else { return nil }
        return read(field, dateSeconds: days * 86_400)
    }

    /// The same, with the date read already.
    static func read(_ field: Bytes, dateSeconds: Int64) -> WrittenTime? {
        if field.count == 10 { return WrittenTime(seconds: dateSeconds) }
        return readPadded(field, dateSeconds: dateSeconds)
            ?? readClock(field, from: 10, dateSeconds: dateSeconds)
    }

    /// A date that leaves zeros out, as `2026-1-5` and `2026/1/5 9:00`.
    static func readUnpadded(_ field: Bytes) -> WrittenTime? {
        guard field.count >= 8, let year = digits(field, 0, 4), (1970..<2200).contains(year),
            field[4] == 0x2D || field[4] == 0x2F || field[4] == 0x2E
        else { return nil }
        var parts = DateParts(field)
        parts.position = 5
        guard let month = parts.number(2), parts.mark([field[4]]) != nil, let day = parts.number(2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400
        if parts.position == field.count { return WrittenTime(seconds: seconds) }
        return readClock(field, from: parts.position, dateSeconds: seconds)
    }

    /// The time of day behind a date in any writing: `9:30`, `01:00:00 PM`, `24:00:00`.
    private static func readClock(_ field: Bytes, from start: Int, dateSeconds: Int64) -> WrittenTime? {
        guard start + 1 < field.count, isSeparator(field[start]) else { return nil }
        var position = start + 1
        while position < field.count, field[position] == 0x20 { position += 1 }
        guard field[position...].prefix(3).contains(0x3A), var time = TimeOfDay.read(field, &position) else {
            return nil
        }
        time.seconds += dateSeconds
        return TimeOfDay.finish(field, position, &time) ? time : nil
    }

    /// The usual writing, `2026-03-01T12:00:00.123456Z`.
    private static func readPadded(_ field: Bytes, dateSeconds: Int64) -> WrittenTime? {
        guard field.count >= 16, isSeparator(field[10]), field[13] == 0x3A,
            let hour = digits(field, 11, 2), hour < 24, let minute = digits(field, 14, 2), minute < 60
        else { return nil }
        var time = WrittenTime(seconds: dateSeconds + Int64(hour * 3600 + minute * 60))
        var position = 16
        if field.count >= 19, field[16] == 0x3A {
            guard let second = digits(field, 17, 2), second <= 60 else { return nil }
            time.seconds += Int64(second)
            position = 19
            if field.count > 19, field[19] == 0x2E || field[19] == 0x2C {
                position = 20
                while position < field.count, field[position] &- 0x30 < 10 { position += 1 }
                guard let read = ISOTime.fraction(Bytes(rebasing: field[20..<position])) else { return nil }
                time.nanoseconds = read
            }
        }
        return TimeOfDay.finish(field, position, &time) ? time : nil
    }

    /// `T`, a blank, or the `D` of kdb+, which BitMEX writes.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == 0x54 || byte == 0x20 || byte == 0x74 || byte == 0x44
    }

    /// Nanoseconds from the digits behind a decimal point; those after the ninth are dropped.
    static func fraction(_ field: Bytes) -> Int64? {
        guard field.count > 0, let value = NumberParsing.unsigned(Bytes(rebasing: field.prefix(9))),
            field.allSatisfy({ $0 &- 0x30 < 10 })
        else { return nil }
        return (field.count..<max(9, field.count)).reduce(value) { value, _ in value * 10 }
    }

    /// Seconds east of UTC of `Z`, `+HH:MM`, `+HHMM`, `-HH` or nothing.
    static func zone(_ field: Bytes) -> Int64? {
        if field.count == 0 || (field.count == 1 && field[0] | 0x20 == 0x7A) { return 0 }
        guard field[0] == 0x2B || field[0] == 0x2D, let hours = digits(field, 1, 2), hours <= 18 else {
            return nil
        }
        var minutes = 0
        switch field.count {
        case 3: break
        case 5: minutes = digits(field, 3, 2) ?? 99
        case 6 where field[3] == 0x3A: minutes = digits(field, 4, 2) ?? 99
        default: return nil
        }
        guard minutes < 60 else { return nil }
        let offset = Int64(hours * 3600 + minutes * 60)
        return field[0] == 0x2D ? -offset : offset
    }

    /// A number of fixed width, or nil.
    @inline(__always)
    static func digits(_ field: Bytes, _ start: Int, _ count: Int) -> Int? {
        guard start + count <= field.count else { return nil }
        var value = 0
        for index in start..<start + count {
            let digit = field[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}
