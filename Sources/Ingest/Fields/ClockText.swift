import Units

/// How a column writes the time of day that belongs to the date of another column.
enum ClockStyle: Sendable, Equatable {
    /// With colons, perhaps with AM or PM and a zone: `9:30`, `09:30:01.5`, `9:30 PM`.
    case text
    /// Digits alone of this width, zeros in front perhaps left out: 2 for `09`, 4 for `0930`, 6 for `093001`, 9 for
    /// `093001250` and 12 for `093001250000`; a point may follow the seconds.
    case digits(Int)
    /// A count since midnight: nanoseconds in one.
    case count(nanoseconds: Int64)

    /// The style of some fields: the narrowest that the widest of them fits; nil where they are no times of day.
    init?(of fields: [[UInt8]]) {
        let plain = fields.map { $0.withUnsafeBytes { Array(WrittenTime.unwrapped($0)) } }.filter {
            !$0.isEmpty
        }
        let bare = plain.filter {
            $0.first.map { $0 &- 0x30 < 10 } == true && ClockStyle.wholeDigits($0) != nil
        }
        guard 2 * bare.count > plain.count else {
            self = .text
            return
        }
        let widest = bare.compactMap(ClockStyle.wholeDigits).max() ?? 0
        let widths = bare.contains { $0.contains(0x2E) } ? [6] : [2, 4, 6, 9, 12]
        guard let width = widths.first(where: { $0 >= widest }) else { return nil }
        self = .digits(width)
    }

    /// How many digits stand before the point of a number; nil where it is none.
    private static func wholeDigits(_ field: [UInt8]) -> Int? {
        let parts = field.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.allSatisfy({ $0.allSatisfy { $0 &- 0x30 < 10 } })
        else { return nil }
        return whole.count
    }

    /// Reads a time of day; nil for anything else, 24:00 included: it may be of this day or of the next.
    func read(_ raw: Bytes) -> WrittenTime? {
        let field = WrittenTime.unwrapped(raw)
        switch self {
        case .text:
            var position = 0
            guard field.contains(0x3A) || field.last.map({ $0 | 0x20 == 0x6D }) == true,
                var time = ClockStyle.hourAlone(field) ?? TimeOfDay.read(field, &position)
            else { return nil }
            if position == 0 { position = field.count }
            return TimeOfDay.finish(field, position, &time) ? time : nil
        case .digits(let width): return ClockStyle.readDigits(field, width)
        case .count(let nanoseconds):
            guard let units = NumberParsing.fixed(field), units >= 0 else { return nil }
            let (product, isOver) = units.multipliedReportingOverflow(by: Int128(nanoseconds))
            let total = product / 100_000_000
            guard !isOver, total < 86_400_000_000_000 else { return nil }
            return WrittenTime(
                seconds: Int64(total / 1_000_000_000), nanoseconds: Int64(total % 1_000_000_000))
        }
    }

    /// `9 PM`.
    private static func hourAlone(_ field: Bytes) -> WrittenTime? {
        guard !field.contains(0x3A) else { return nil }
        let digits = field.prefix { $0 &- 0x30 < 10 }
        let half = String(decoding: field.dropFirst(digits.count), as: UTF8.self).lowercased()
            .filter { $0 != " " && $0 != "." }
        guard (1...2).contains(digits.count), let hour = ISOTime.digits(field, 0, digits.count),
            (1...12).contains(hour), half == "am" || half == "pm"
        else { return nil }
        return WrittenTime(seconds: Int64((hour % 12 + (half == "pm" ? 12 : 0)) * 3600))
    }

    private static func readDigits(_ field: Bytes, _ width: Int) -> WrittenTime? {
        let whole = Array(field.prefix { $0 &- 0x30 < 10 })
        guard !whole.isEmpty, whole.count <= width else { return nil }
        var digits = Array(repeating: UInt8(ascii: "0"), count: width - whole.count) + whole
        if whole.count < field.count {
            guard width == 6, field[whole.count] == 0x2E,
                case let fraction = field[(whole.count + 1)...], fraction.allSatisfy({ $0 &- 0x30 < 10 })
            else { return nil }
            digits += fraction
        }
        return digits.withUnsafeBytes { text in
            func part(_ start: Int) -> Int {
                start + 2 <= text.count ? ISOTime.digits(text, start, 2) ?? 99 : 0
            }
            let (hour, minute, second) = (part(0), part(2), part(4))
            guard hour < 24, minute < 60, second <= 60 else { return nil }
            var time = WrittenTime(seconds: Int64(hour * 3600 + minute * 60 + second))
            if text.count > 6 {
                guard let fraction = ISOTime.fraction(Bytes(rebasing: text[6...])) else { return nil }
                time.nanoseconds = fraction
            }
            return time
        }
    }
}

/// Joins a date and a time of day that stand in two places.
struct ClockText: Sendable, Equatable {
    let style: ClockStyle
    /// What comes first in dates of numbers alone; nil where there are none.
    let dateOrder: DateOrder?

    /// Days since the epoch of a date, which may be written with a time of day of zero; nil for anything else.
    func days(_ field: Bytes) -> Int64? {
        guard
            let date = WrittenTime.read(field) ?? dateOrder.flatMap({ NumericDate.read(field, $0) })
                ?? ClockText.monthNamed(field),
            date.nanoseconds == 0, date.seconds % 86_400 == 0, (date.offset ?? 0) == 0
        else { return nil }
        return date.seconds / 86_400
    }

    /// `3-Feb-2026`: the shortest dates that name their month.
    private static func monthNamed(_ raw: Bytes) -> WrittenTime? {
        let field = WrittenTime.unwrapped(raw)
        guard field.count == 9 || field.count == 8 else { return nil }
        let text = Array(field) + Array(" 00:00".utf8)
        return text.withUnsafeBytes { NamedMonthTime.read($0) }
    }

    /// The two as one text of ISO 8601, with the zone that the time of day says; nil where one of them cannot be read.
    func joined(date: Bytes, clock: Bytes) -> [UInt8]? {
        guard let days = days(date), let time = style.read(clock) else { return nil }
        let seconds = days * 86_400 + time.seconds
        let date = CivilDate(daysSinceEpoch: seconds / 86_400)
        let second = seconds % 86_400
        var text = "\(date)T\(Self.two(second / 3600)):\(Self.two(second / 60 % 60)):\(Self.two(second % 60))"
        if time.nanoseconds > 0 { text += "." + String(String(1_000_000_000 + time.nanoseconds).dropFirst()) }
        if let offset = time.offset {
            text +=
                "\(offset < 0 ? "-" : "+")\(Self.two(abs(offset) / 3600)):\(Self.two(abs(offset) / 60 % 60))"
        }
        return Array(text.utf8)
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
