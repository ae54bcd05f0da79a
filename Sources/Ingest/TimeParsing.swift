import Units

/// The unit of a column of times, decided once for the whole column.
enum TimeUnit: Sendable, Equatable {
    case seconds
    case milliseconds
    case microseconds
    case nanoseconds
    /// ISO 8601 text.
    case iso8601

    /// Nanoseconds in one.
    var nanoseconds: Int64 {
        switch self {
        case .seconds, .iso8601: 1_000_000_000
        case .milliseconds: 1_000_000
        case .microseconds: 1000
        case .nanoseconds: 1
        }
    }

    /// The unit of which a count since the epoch makes a date from 1973 to 2199, as `Timestamp.init(epoch:)` has it.
    static func natural(_ count: Int64) -> TimeUnit {
        switch count {
        case ..<100_000_000_000: .seconds
        case ..<100_000_000_000_000: .milliseconds
        case ..<100_000_000_000_000_000: .microseconds
        default: .nanoseconds
        }
    }
}

/// Reads a column of times of one unit.
struct TimeColumn: Sendable {
    let unit: TimeUnit
    /// Whether the clock says more than whole seconds.
    let isResolved: Bool
    /// The earliest instant that the column may hold.
    let earliest: Timestamp

    /// No log of an exchange is older; a time that was cut short ends up before it.
    static let earliestLog = Timestamp(seconds: 631_152_000)

    private var dateBytes: (UInt64, UInt16) = (0, 0)
    private var dateSeconds: Int64 = 0

    init(unit: TimeUnit, isResolved: Bool, earliest: Timestamp = TimeColumn.earliestLog) {
        self.unit = unit
        self.isResolved = isResolved
        self.earliest = earliest
    }

    /// Decides the unit from sample fields; nil where fewer than half of them are times.
    init?(samples: [Bytes], earliest: Timestamp = TimeColumn.earliestLog) {
        var votes: [TimeUnit: Int] = [:]
        var hasFraction = false
        for raw in samples {
            let field = NumberParsing.trimmed(raw)
            if let point = field.firstIndex(of: UInt8(ascii: ".")),
                NumberParsing.unsigned(Bytes(rebasing: field[..<point])) != nil
            {
                votes[.seconds, default: 0] += 1
                hasFraction = hasFraction || field[point...].contains { $0 != 0x30 && $0 != 0x2E }
            } else if let count = NumberParsing.signed(field) {
                votes[.natural(count), default: 0] += 1
            } else if let (_, fraction) = ISOTime.parse(field) {
                votes[.iso8601, default: 0] += 1
                hasFraction = hasFraction || fraction
            }
        }
        let order: [TimeUnit] = [.milliseconds, .microseconds, .seconds, .nanoseconds, .iso8601]
        guard let best = order.max(by: { (votes[$0] ?? 0) < (votes[$1] ?? 0) }), let count = votes[best],
            2 * count >= samples.count
        else { return nil }
        let resolved = best == .seconds || best == .iso8601 ? hasFraction : true
        self.init(unit: best, isResolved: resolved, earliest: earliest)
    }

    /// Reads one time.
    @inline(__always)
    mutating func read(_ field: Bytes) -> Result<Timestamp, TimeProblem> {
        if unit == .iso8601 { return readText(field) }
        guard let count = NumberParsing.unsigned(field) else { return readOddNumber(field) }
        return check(count, fraction: 0)
    }

    enum TimeProblem: Error {
        case unreadable
        case outOfRange

        var reason: BadRow { self == .unreadable ? .time : .timeOutOfRange }
    }

    @inline(__always)
    private func check(_ count: Int64, fraction: Int64) -> Result<Timestamp, TimeProblem> {
        let (whole, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
        let stamp = Timestamp(nanoseconds: whole &+ fraction)
        guard !overflow, stamp >= earliest, stamp < Timestamp.plausible.upperBound else {
            return .failure(.outOfRange)
        }
        return .success(stamp)
    }

    /// 19 digits, blanks, a sign, or seconds with a fraction.
    private func readOddNumber(_ raw: Bytes) -> Result<Timestamp, TimeProblem> {
        let field = NumberParsing.trimmed(raw)
        if let count = NumberParsing.signed(field) { return check(count, fraction: 0) }
        guard unit == .seconds, let point = field.firstIndex(of: UInt8(ascii: ".")),
            let count = NumberParsing.unsigned(Bytes(rebasing: field[..<point])),
            let fraction = ISOTime.fraction(Bytes(rebasing: field[(point + 1)...]))
        else { return .failure(isAllDigits(field) ? .outOfRange : .unreadable) }
        return check(count, fraction: fraction)
    }

    private func isAllDigits(_ field: Bytes) -> Bool {
        field.count > 0 && field.allSatisfy { $0 &- 0x30 < 10 }
    }

    private mutating func readText(_ field: Bytes) -> Result<Timestamp, TimeProblem> {
        // Neighbouring rows share their date: its ten bytes are compared instead of converted.
        if field.count >= 10 {
            let head = field.loadUnaligned(as: UInt64.self)
            let tail = field.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
            if (head, tail) != dateBytes {
                guard let days = ISOTime.days(field) else { return .failure(.unreadable) }
                dateBytes = (head, tail)
                dateSeconds = days * 86_400
            }
        }
        guard let (nanoseconds, _) = ISOTime.parse(field, dateSeconds: dateSeconds) else {
            return .failure(.unreadable)
        }
        let stamp = Timestamp(nanoseconds: nanoseconds)
        guard stamp >= earliest, stamp < Timestamp.plausible.upperBound else { return .failure(.outOfRange) }
        return .success(stamp)
    }
}

/// ISO 8601 on bytes: `2026-03-01`, `2026-03-01T12:00:00.123456Z`, `2026-03-01 12:00:00+01:00`; without a zone, UTC.
enum ISOTime {
    /// Days since the epoch from the first ten bytes; nil for years outside 1970 to 2199.
    static func days(_ field: Bytes) -> Int64? {
        guard field.count >= 10, field[4] == 0x2D, field[7] == 0x2D,
            let year = digits(field, 0, 4), let month = digits(field, 5, 2), let day = digits(field, 8, 2),
            (1970..<2200).contains(year), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        return date.daysSinceEpoch
    }

    /// Nanoseconds since the epoch, and whether there was a fraction other than zero.
    static func parse(_ field: Bytes) -> (nanoseconds: Int64, hasFraction: Bool)? {
        guard let days = days(field) else { return nil }
        return parse(field, dateSeconds: days * 86_400)
    }

    /// The same, with the date read already.
    static func parse(_ field: Bytes, dateSeconds: Int64) -> (nanoseconds: Int64, hasFraction: Bool)? {
        if field.count == 10 { return (dateSeconds * 1_000_000_000, false) }
        guard field.count >= 16, field[10] == 0x54 || field[10] == 0x20 || field[10] == 0x74,
            field[13] == 0x3A,
            let hour = digits(field, 11, 2), hour < 24, let minute = digits(field, 14, 2), minute < 60
        else { return nil }
        var seconds = dateSeconds + Int64(hour * 3600 + minute * 60)
        var position = 16
        var fraction: Int64 = 0
        if field.count >= 19, field[16] == 0x3A {
            guard let second = digits(field, 17, 2), second <= 60 else { return nil }
            seconds += Int64(second)
            position = 19
            if field.count > 19, field[19] == 0x2E || field[19] == 0x2C {
                position = 20
                while position < field.count, field[position] &- 0x30 < 10 { position += 1 }
                guard let read = ISOTime.fraction(Bytes(rebasing: field[20..<position])) else { return nil }
                fraction = read
            }
        }
        guard let offset = zone(Bytes(rebasing: field[position...])) else { return nil }
        return ((seconds - offset) * 1_000_000_000 + fraction, fraction != 0)
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
