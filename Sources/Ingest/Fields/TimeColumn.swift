import Units

/// The unit of a column of times, decided once for the whole column.
enum TimeUnit: Sendable, Equatable {
    case seconds
    case milliseconds
    case microseconds
    case nanoseconds
    /// Text: ISO 8601, or one that names its month.
    case text

    var nanoseconds: Int64 {
        switch self {
        case .seconds, .text: 1_000_000_000
        case .milliseconds: 1_000_000
        case .microseconds: 1000
        case .nanoseconds: 1
        }
    }

    /// The unit of which a count since the epoch makes a date from 1973 to 2199, as `Timestamp.init(epoch:)`
    /// has it.
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
    /// An instant of a sample row: a number of another unit is taken where it lands near it, as in a file
    /// whose stamps change from milliseconds to microseconds.
    let reference: Timestamp?
    /// Seconds east of UTC of texts that name no zone.
    let zone: LocalZone

    /// No log of an exchange is older; a time that was cut short ends up before it.
    static let earliestLog = Timestamp(seconds: 631_152_000)

    /// What comes first in dates of numbers alone; nil where there are none.
    let dateOrder: DateOrder?

    /// Tells the passes of an hour that comes twice apart.
    private var clock: LocalClock
    /// Whether rows are events in the order of time, rather than intervals.
    var areEvents: Bool {
        get { clock.isOrdered }
        set { clock.isOrdered = newValue }
    }

    /// Whether a row can be read without those before it.
    var isRowByRow: Bool { steps == nil && (unit != .text || zone.isFixed) }

    /// Where times are row numbers: the time of the first, the distance, and the number that comes next.
    private var steps: (start: Int64, step: Int64, first: Int64, next: Int64?)?
    private var dateBytes: (UInt64, UInt16) = (0, 0)
    private var dateSeconds: Int64 = 0

    init(
        unit: TimeUnit, isResolved: Bool, earliest: Timestamp = TimeColumn.earliestLog,
        reference: Timestamp? = nil, zone: LocalZone = .utc, dateOrder: DateOrder? = nil
    ) {
        self.unit = unit
        self.isResolved = isResolved
        self.earliest = earliest
        self.reference = reference
        self.zone = zone
        self.dateOrder = dateOrder
        clock = LocalClock(zone)
    }

    /// A column of row numbers, or, where no field is to be read, the count of the rows that are read.
    init(counting start: Timestamp, stepSeconds: Int64, first: Int64, readsField: Bool) {
        self.init(unit: .text, isResolved: false, earliest: Timestamp.plausible.lowerBound)
        steps = (start.seconds, stepSeconds, first, readsField ? nil : first)
    }

    /// Counts a row whose time is not read because it is bad, where rows are counted: those after it keep their times.
    mutating func pass() {
        if let next = steps?.next { steps?.next = next + 1 }
    }

    /// Decides the unit from sample fields; nil where fewer than half of them are times that a log can hold.
    init?(
        samples: [Bytes], earliest: Timestamp = TimeColumn.earliestLog, zone: LocalZone = .utc,
        dateOrder: DateOrder? = nil
    ) {
        var votes: [TimeUnit: Int] = [:]
        var hasFraction = false
        for raw in samples {
            let field = NumberParsing.trimmed(raw)
            if let count = NumberParsing.signed(field) {
                votes[WrittenTime.isCompact(field) ? .text : .natural(count), default: 0] += 1
            } else if let written = TimeColumn.written(field, dateOrder) {
                votes[.text, default: 0] += 1
                hasFraction = hasFraction || written.nanoseconds != 0
            } else if let (count, fraction) = TimeColumn.decimal(field) {
                votes[fraction == 0 ? .natural(count) : .seconds, default: 0] += 1
                hasFraction = hasFraction || fraction != 0
            }
        }
        if samples.count > 1, samples.allSatisfy({ SerialDate.isOne($0) }) { return nil }
        let order: [TimeUnit] = [.milliseconds, .microseconds, .seconds, .nanoseconds, .text]
        guard let best = order.max(by: { (votes[$0] ?? 0) < (votes[$1] ?? 0) }), let count = votes[best],
            2 * count >= samples.count
        else { return nil }
        let resolved = best == .seconds || best == .text ? hasFraction : true
        var column = TimeColumn(
            unit: best, isResolved: resolved, earliest: earliest, zone: zone, dateOrder: dateOrder)
        var stamps: [Timestamp] = []
        // Times that a clock leaves open are times all the same: their rows say why they are not read.
        var openCount = 0
        for sample in samples {
            switch column.read(sample) {
            case .success(let stamp): stamps.append(stamp)
            case .failure(.ambiguous), .failure(.skipped), .failure(.zoneName): openCount += 1
            case .failure: break
            }
        }
        stamps.sort()
        guard 2 * (stamps.count + openCount) >= samples.count else { return nil }
        self.init(
            unit: best, isResolved: resolved, earliest: earliest,
            reference: stamps.isEmpty ? nil : stamps[stamps.count / 2], zone: zone, dateOrder: dateOrder)
    }

    /// Reads one time.
    @inline(__always)
    mutating func read(_ field: Bytes) -> Result<Timestamp, TimeProblem> {
        if unit == .text { return readText(field) }
        guard let count = NumberParsing.unsigned(field) else { return readOddNumber(field) }
        return check(count, fraction: 0)
    }

    enum TimeProblem: Error {
        case unreadable
        case outOfRange
        case ambiguous
        /// A local time that never comes.
        case skipped
        /// A zone of several meanings.
        case zoneName
        /// A row number before the first.
        case rowNumber

        var reason: BadRow {
            switch self {
            case .unreadable: .time
            case .outOfRange: .timeOutOfRange
            case .ambiguous: .ambiguousTime
            case .skipped: .skippedTime
            case .zoneName: .zoneName
            case .rowNumber: .rowNumber
            }
        }
    }

    @inline(__always)
    private func check(_ count: Int64, fraction: Int64) -> Result<Timestamp, TimeProblem> {
        let (whole, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
        let stamp = Timestamp(nanoseconds: whole &+ fraction)
        guard !overflow, stamp >= earliest, stamp < Timestamp.plausible.upperBound else {
            return otherUnit(count, fraction: fraction)
        }
        return .success(stamp)
    }

    /// How far from the sample a stamp of another unit may lie.
    private static let otherUnitSecondsMax: Int64 = 5 * 366 * 86_400

    /// The same number in the unit that makes it a date, where that date is near those of the sample.
    @inline(never)
    private func otherUnit(_ count: Int64, fraction: Int64) -> Result<Timestamp, TimeProblem> {
        let other = TimeUnit.natural(count)
        guard other != unit, let reference, count > 0 else { return .failure(.outOfRange) }
        let (whole, overflow) = count.multipliedReportingOverflow(by: other.nanoseconds)
        let stamp = Timestamp(nanoseconds: whole &+ (other == .seconds ? fraction : 0))
        guard !overflow, stamp >= earliest, stamp < Timestamp.plausible.upperBound,
            abs(stamp.seconds - reference.seconds) <= TimeColumn.otherUnitSecondsMax
        else { return .failure(.outOfRange) }
        return .success(stamp)
    }

    /// 19 digits, blanks, a sign, or seconds with a fraction.
    private func readOddNumber(_ raw: Bytes) -> Result<Timestamp, TimeProblem> {
        let field = NumberParsing.trimmed(raw)
        if let count = NumberParsing.signed(field) { return check(count, fraction: 0) }
        guard let (count, fraction) = TimeColumn.decimal(field) else {
            return .failure(isAllDigits(field) ? .outOfRange : .unreadable)
        }
        if fraction == 0 { return check(count, fraction: 0) }
        guard unit == .seconds else { return otherUnit(count, fraction: fraction) }
        return check(count, fraction: fraction)
    }

    /// The fewest digits of seconds since the epoch, before a comma that stands before decimals: from 1973 on.
    private static let secondsDigits = 9

    /// A count with a fraction in units of 1e-9, as `1767571200.5` and `1.7675712005e9`; `1767571200,5` where the digits before
    /// the comma are those of an instant.
    private static func decimal(_ field: Bytes) -> (count: Int64, fraction: Int64)? {
        if let mark = field.firstIndex(where: { $0 | 0x20 == 0x65 }), mark > 0, field[0] &- 0x30 < 10 {
            // Sixteen digits, as numbers of JSON have, are read in full.
            guard let units = NumberParsing.fixed(field), units >= 0,
                let count = Int64(exactly: units / 100_000_000)
            else { return nil }
            return (count, Int64(truncatingIfNeeded: units % 100_000_000) * 10)
        }
        guard let point = field.firstIndex(where: { $0 == 0x2E || $0 == 0x2C }),
            field[point] == 0x2E || point >= secondsDigits,
            let count = NumberParsing.unsigned(Bytes(rebasing: field[..<point])),
            let fraction = ISOTime.fraction(Bytes(rebasing: field[(point + 1)...]))
        else { return nil }
        return (count, fraction)
    }

    private func isAllDigits(_ field: Bytes) -> Bool {
        field.count > 0 && field.allSatisfy { $0 &- 0x30 < 10 }
    }

    private mutating func readStep(_ field: Bytes) -> Result<Timestamp, TimeProblem> {
        guard let steps else { return .failure(.unreadable) }
        if let next = steps.next { self.steps?.next = next + 1 }
        guard let number = steps.next ?? NumberParsing.signed(NumberParsing.trimmed(field)) else {
            return .failure(.unreadable)
        }
        guard number >= steps.first else { return .failure(.rowNumber) }
        let (distance, isOver) = (number &- steps.first).multipliedReportingOverflow(by: steps.step)
        let (seconds, isOverToo) = steps.start.addingReportingOverflow(distance)
        guard !isOver, !isOverToo, seconds >= 0, seconds < Timestamp.plausible.upperBound.seconds else {
            return .failure(.outOfRange)
        }
        return .success(Timestamp(seconds: seconds))
    }

    private mutating func readText(_ field: Bytes) -> Result<Timestamp, TimeProblem> {
        if steps != nil { return readStep(field) }
        // Neighbouring rows share their date: its ten bytes are compared instead of converted.
        if field.count >= 10 {
            let head = field.loadUnaligned(as: UInt64.self)
            let tail = field.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
            if (head, tail) != dateBytes {
                guard let days = ISOTime.days(field) else {
                    return readWritten(TimeColumn.written(field, dateOrder))
                }
                dateBytes = (head, tail)
                dateSeconds = days * 86_400
            }
        }
        return readWritten(
            field.count < 10
                ? TimeColumn.written(field, dateOrder) : ISOTime.read(field, dateSeconds: dateSeconds))
    }

    private static func written(_ field: Bytes, _ order: DateOrder?) -> WrittenTime? {
        WrittenTime.read(field) ?? order.flatMap { NumericDate.read(field, $0) }
    }

    private mutating func readWritten(_ written: WrittenTime?) -> Result<Timestamp, TimeProblem> {
        guard let written else { return .failure(.unreadable) }
        let seconds: Int64
        if let offset = written.offset {
            seconds = written.seconds - offset
        } else if let name = written.zoneName {
            guard let utc = name.utc(written.seconds, in: zone) else { return .failure(.zoneName) }
            seconds = utc
        } else {
            // Days and other intervals may begin at a midnight that never comes: they begin where the clock goes on.
            if zone.isSkipped(written.seconds), areEvents || written.seconds % 86_400 != 0 {
                return .failure(.skipped)
            }
            guard let utc = clock.utc(written.seconds) else { return .failure(.ambiguous) }
            seconds = utc
        }
        let stamp = Timestamp(nanoseconds: seconds * 1_000_000_000 + written.nanoseconds)
        guard stamp >= earliest, stamp < Timestamp.plausible.upperBound else { return .failure(.outOfRange) }
        return .success(stamp)
    }
}
