import Units

/// What comes first in a date of numbers alone, as `05/01/2026`.
public enum DateOrder: String, Sendable, CaseIterable {
    /// As in most of the world.
    case dayFirst = "day-first"
    /// As in the United States.
    case monthFirst = "month-first"
}

/// Times with a date of numbers alone that begins with the day or the month, as `05/01/2026 9:00:00 PM` or
/// `5.1.2026 09:00`: which it is, only a person can say.
enum NumericDate {
    /// Reads one by the order of day and month; nil for anything else.
    static func read(_ raw: Bytes, _ order: DateOrder) -> WrittenTime? {
        let field = WrittenTime.unwrapped(raw)
        var parts = DateParts(field)
        func mark() -> UInt8? { parts.mark([0x2F, 0x2E, 0x2D]) }
        guard let first = parts.number(2), let one = mark(), let second = parts.number(2), mark() == one
        else {
            return nil
        }
        let start = parts.position
        guard var year = parts.number(4), [2, 4].contains(parts.position - start) else { return nil }
        if parts.position - start == 2 { year += 2000 }
        let (day, month) = order == .dayFirst ? (first, second) : (second, first)
        guard (1970..<2200).contains(year), let date = CivilDate(year: year, month: month, day: day) else {
            return nil
        }
        var position = parts.position
        while position < field.count, [0x20, 0x2C, 0x54].contains(field[position]) { position += 1 }
        var time = WrittenTime(seconds: 0)
        if position < field.count {
            guard let read = TimeOfDay.read(field, &position) else { return nil }
            time = read
        }
        time.seconds += date.daysSinceEpoch * 86_400
        return TimeOfDay.finish(field, position, &time) ? time : nil
    }
}
