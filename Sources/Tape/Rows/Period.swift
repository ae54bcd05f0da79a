import Units

/// The stretch of time that one segment holds: a UTC day of events, or a UTC month of bars.
///
/// Bars are few: a day of hourly bars would be a file of 24 rows, and six years of them two thousand files.
struct Period: Hashable, Comparable, Sendable {
    /// Whether the segment holds events (true) or bars (false).
    let isEvents: Bool
    /// The first second.
    let start: Int64

    init(isEvents: Bool, holding second: Int64) {
        self.isEvents = isEvents
        let day = Timestamp(seconds: second).floored(toSeconds: 86_400)
        if isEvents {
            start = day.seconds
        } else {
            start = second < 0 ? 0 : day.seconds - Int64(day.date.day - 1) * 86_400
        }
    }

    /// The seconds inside.
    var seconds: Range<Int64> {
        if isEvents { return start..<start + 86_400 }
        let date = Timestamp(seconds: start).date
        return start..<start + Int64(CivilDate.days(inMonth: date.month, of: date.year)) * 86_400
    }

    /// `2024-08-08.events` or `2024-08.bars`.
    var name: String {
        let date = Timestamp(seconds: start).date.description
        return isEvents ? date + ".events" : date.dropLast(3) + ".bars"
    }

    static func < (one: Period, other: Period) -> Bool {
        (one.start, one.isEvents ? 0 : 1) < (other.start, other.isEvents ? 0 : 1)
    }
}

/// A series at one resolution.
struct GroupKey: Hashable, Comparable, Sendable {
    let series: SeriesID
    /// The length of a bar in seconds, or 0 for events by the second.
    let step: Int64

    var isEvents: Bool { step == 0 }
    /// The seconds that one row stands for.
    var rowSeconds: Int64 { max(step, 1) }

    static func < (one: GroupKey, other: GroupKey) -> Bool {
        one.series == other.series ? one.step < other.step : one.series < other.series
    }
}
