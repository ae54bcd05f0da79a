import Units

/// How a column writes the time of day that belongs to the date of another column.
enum ClockStyle: Sendable, Equatable {
    /// With colons, perhaps with AM or PM and a zone: `9:30`, `09:30:01.5`, `9:30 PM`.
    case text
    /// Digits alone of this width: 2 for `09`, 4 for `0930`, 6 for `093001`, 9 for `093001250` and 12 for `093001250000`; a
    /// point may follow the seconds. Zeros in front may be left out where someone has said the width: of a file alone it cannot
    /// be told, since 930 is 09:30 in one and 00:09:30 in another.
    case digits(Int, isPadded: Bool)
    /// A count since midnight: nanoseconds in one.
    case count(nanoseconds: Int64)

    /// The style of some fields; nil where they are no times of day, or leave open which. Digits all have one width then, and any
    /// other width is a bad row. `isOfHours` says that the column is named as one of hours is.
    init?(of fields: [[UInt8]], isOfHours: Bool = false) {
        guard let bare = ClockStyle.bareDigits(fields) else {
            self = .text
            return
        }
        let widths = Set(bare.compactMap(ClockStyle.wholeDigits))
        if isOfHours, widths.isSubset(of: [1, 2]) {
            self = .digits(2, isPadded: false)
            return
        }
        let hasZero = bare.contains { $0.first == 0x30 }
        guard widths.count == 1, let width = widths.first,
            [6, 9, 12].contains(width) || ([2, 4].contains(width) && hasZero)
        else { return nil }
        self = .digits(width, isPadded: true)
    }

    /// The width of digits that fields may have: the narrowest that the widest of them fits; nil where they are no digits.
    static func likelyWidth(_ fields: [[UInt8]]) -> Int? {
        guard let bare = bareDigits(fields) else { return nil }
        let widest = bare.compactMap(wholeDigits).max() ?? 0
        return (bare.contains { $0.contains(0x2E) } ? [6] : [2, 4, 6, 9, 12]).first { $0 >= widest }
    }

    /// The fields that are digits alone, perhaps with a point; nil where fewer than half of those that are not empty are.
    private static func bareDigits(_ fields: [[UInt8]]) -> [[UInt8]]? {
        let plain = fields.map { $0.withUnsafeBytes { Array(WrittenTime.unwrapped($0)) } }.filter {
            !$0.isEmpty
        }
        let bare = plain.filter {
            $0.first.map { $0 &- 0x30 < 10 } == true && ClockStyle.wholeDigits($0) != nil
        }
        return 2 * bare.count > plain.count ? bare : nil
    }

    /// Whether a field is digits of another width than those of the first rows.
    func isOtherWidth(_ raw: Bytes) -> Bool {
        guard case .digits(let width, true) = self else { return false }
        return ClockStyle.wholeDigits(Array(WrittenTime.unwrapped(raw))).map { $0 != width } ?? false
    }

    /// How many digits stand before the point of a number; nil where it is none.
    private static func wholeDigits(_ field: [UInt8]) -> Int? {
        let parts = field.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.allSatisfy({ $0.allSatisfy { $0 &- 0x30 < 10 } })
        else { return nil }
        return whole.count
    }

    /// Reads a time of day, 24:00:00 included, the end of the day; nil for anything else.
    func read(_ raw: Bytes) -> WrittenTime? {
        let field = WrittenTime.unwrapped(raw)
        switch self {
        case .text:
            var position = 0
            guard field.contains(0x3A) || field.contains(where: { $0 | 0x20 == 0x6D }),
                var time = ClockStyle.hourAlone(field) ?? TimeOfDay.read(field, &position)
            else { return nil }
            if position == 0 { position = field.count }
            return TimeOfDay.finish(field, position, &time) ? time : nil
        case .digits(let width, let isPadded):
            return isOtherWidth(raw) ? nil : ClockStyle.readDigits(field, width, isPadded: isPadded)
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
            .filter { $0 != " " && $0 != "." && $0 != "\u{A0}" && $0 != "\u{202F}" }
        guard (1...2).contains(digits.count), let hour = ISOTime.digits(field, 0, digits.count),
            (1...12).contains(hour), half == "am" || half == "pm"
        else { return nil }
        return WrittenTime(seconds: Int64((hour % 12 + (half == "pm" ? 12 : 0)) * 3600))
    }

    private static func readDigits(_ field: Bytes, _ width: Int, isPadded: Bool) -> WrittenTime? {
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
            let endsDay = hour == 24 && text.dropFirst(2).allSatisfy { $0 == 0x30 }
            guard hour < 24 || endsDay, minute < 60, second <= 60 else { return nil }
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
        guard let days = days(date), let time = style.read(clock), time.zoneName == nil else { return nil }
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

    /// Why two texts cannot be joined.
    func fault(date: Bytes, clock: Bytes) -> BadRow {
        if days(date) == nil { return .time }
        if style.isOtherWidth(clock) { return .clockDigits }
        return style.read(clock)?.zoneName == nil ? .time : .zoneName
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
