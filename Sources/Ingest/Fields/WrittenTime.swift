import Units

/// A time as a text has it, before it is known which clock it is of.
struct WrittenTime: Equatable {
    /// Seconds since the epoch, as if the clock were UTC's.
    var seconds: Int64
    /// Nanoseconds behind the second.
    var nanoseconds: Int64 = 0
    /// Seconds east of UTC, where the text says them.
    var offset: Int64?
    /// The zone where the text abbreviates it to letters that several clocks are called by.
    var zoneName: ZoneName?

    /// Reads a text that is ISO 8601 or like it, that names its month, or that is digits alone, as `20260105` and
    /// `20260105T090000Z`.
    static func read(_ raw: Bytes) -> WrittenTime? {
        let field = unwrapped(raw)
        return ISOTime.read(field) ?? ISOTime.readUnpadded(field) ?? NamedMonthTime.read(field)
            ?? compact(field)
    }

    /// A text without blanks, quotation marks and brackets around it; of brackets one may be missing.
    static func unwrapped(_ raw: Bytes) -> Bytes {
        var field = NumberParsing.trimmed(raw)
        if field.first == 0x22 || field.first == 0x5B { field = Bytes(rebasing: field.dropFirst()) }
        if field.last == 0x22 || field.last == 0x5D { field = Bytes(rebasing: field.dropLast()) }
        return NumberParsing.trimmed(field)
    }

    /// Whether digits alone are a date: eight, or fourteen with the time of day.
    static func isCompact(_ field: Bytes) -> Bool {
        (field.count == 8 || field.count == 14) && compact(field).map { $0.offset == nil } == true
    }

    /// `20260105`, `20260105090000`, `20260105T090000.5Z`, `20260105 09:00:00`.
    private static func compact(_ field: Bytes) -> WrittenTime? {
        guard field.count >= 8, let year = ISOTime.digits(field, 0, 4),
            let month = ISOTime.digits(field, 4, 2),
            let day = ISOTime.digits(field, 6, 2), (1990..<2200).contains(year),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400
        var position = 8
        if position == field.count { return WrittenTime(seconds: seconds) }
        if field[position] | 0x20 == 0x74 || field[position] == 0x20 { position += 1 }
        guard var time = TimeOfDay.read(field, &position) else { return nil }
        time.seconds += seconds
        guard TimeOfDay.finish(field, position, &time) else { return nil }
        return time
    }
}

/// The time of day of a text, and the zone behind it.
enum TimeOfDay {
    /// `09:00`, `09:00:00.25`, `090000`, `9:00:00 PM`, whose position moves behind it.
    static func read(_ field: Bytes, _ position: inout Int) -> WrittenTime? {
        var hourDigits = 0
        while position + hourDigits < field.count, hourDigits < 3, field[position + hourDigits] &- 0x30 < 10 {
            hourDigits += 1
        }
        let isBare = hourDigits == 3
        guard hourDigits >= 1, var hour = ISOTime.digits(field, position, min(2, hourDigits)) else {
            return nil
        }
        position += min(2, hourDigits)
        func part() -> Int? {
            var start = position
            if !isBare {
                guard start < field.count, field[start] == 0x3A else { return nil }
                start += 1
            }
            guard let value = ISOTime.digits(field, start, 2) else { return nil }
            position = start + 2
            return value
        }
        guard let minute = part(), minute < 60 else { return nil }
        let second = part() ?? 0
        var time = WrittenTime(seconds: 0)
        if position < field.count, field[position] == 0x2E || field[position] == 0x2C {
            var end = position + 1
            while end < field.count, field[end] &- 0x30 < 10 { end += 1 }
            guard let read = ISOTime.fraction(Bytes(rebasing: field[(position + 1)..<end])) else {
                return nil
            }
            time.nanoseconds = read
            position = end
        }
        if let isAfternoon = half(field, &position) {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        // ISO 8601 ends a day with 24:00:00, the midnight of the next.
        let endsDay = hour == 24 && minute == 0 && second == 0 && time.nanoseconds == 0
        guard hour < 24 || endsDay, second <= 60 else { return nil }
        time.seconds = Int64(hour * 3600 + minute * 60 + second)
        return time
    }

    /// Whether `AM`, `pm` or `p.m.` stands at a position, which moves behind it; a blank before it may be one that does not
    /// break (U+00A0, U+202F), as in the locale data of newer systems.
    private static func half(_ field: Bytes, _ position: inout Int) -> Bool? {
        var start = position
        while start < field.count {
            let rest = Bytes(rebasing: field[start...])
            if rest[0] == 0x20 {
                start += 1
            } else if rest.starts(with: [0xC2, 0xA0]) {
                start += 2
            } else if rest.starts(with: [0xE2, 0x80, 0xAF]) {
                start += 3
            } else {
                break
            }
        }
        func letter(_ wanted: [UInt8]) -> UInt8? {
            guard start < field.count, wanted.contains(field[start] | 0x20) else { return nil }
            defer { start += 1 }
            return field[start] | 0x20
        }
        func point() { if start < field.count, field[start] == 0x2E { start += 1 } }
        guard let first = letter([0x61, 0x70]) else { return nil }
        point()
        guard letter([0x6D]) != nil else { return nil }
        point()
        guard start == field.count || field[start] == 0x20 else { return nil }
        position = start
        return first == 0x70
    }

    /// Reads the zone that ends a text; false where something else stands there.
    static func finish(_ field: Bytes, _ position: Int, _ time: inout WrittenTime) -> Bool {
        let rest = NumberParsing.trimmed(Bytes(rebasing: field[position...]))
        if rest.isEmpty { return true }
        if let name = ZoneName(rest) {
            time.zoneName = name
            return true
        }
        guard let offset = zone(rest) else { return false }
        time.offset = offset
        return true
    }

    /// Seconds east of UTC of `Z`, `UTC`, `GMT`, `CET`, `+0100`, `+01:00`.
    static func zone(_ field: Bytes) -> Int64? {
        if let offset = ZoneName.offset(field) { return offset }
        return field.isEmpty ? nil : ISOTime.zone(field)
    }
}
