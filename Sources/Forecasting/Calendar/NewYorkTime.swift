import Units

/// New York's clock, from the United States' rules for daylight saving since 1987.
enum NewYorkTime {
    /// Seconds since the epoch as New York's clock shows them.
    static func localSeconds(_ instant: Timestamp) -> Int64 {
        instant.seconds + (isDaylightSaving(instant) ? -4 : -5) * 3600
    }

    /// Whether daylight saving time holds: from 2007 the second Sunday of March to the first of November,
    /// before that the first of April to the last of October; always from two o'clock local time.
    static func isDaylightSaving(_ instant: Timestamp) -> Bool {
        let year = instant.date.year
        let starts: Int64?
        let ends: Int64?
        if year >= 2007 {
            starts = sunday(year, 3, onOrAfter: 8)
            ends = sunday(year, 11, onOrAfter: 1)
        } else {
            starts = sunday(year, 4, onOrAfter: 1)
            ends = sunday(year, 10, onOrAfter: 25)
        }
        guard let starts, let ends else { return false }
        // Two o'clock is 07:00 UTC in winter and 06:00 UTC in summer.
        return instant.seconds >= starts * 86_400 + 7 * 3600 && instant.seconds < ends * 86_400 + 6 * 3600
    }

    /// The day, since the epoch, of the first Sunday on or after a day of a month.
    private static func sunday(_ year: Int, _ month: Int, onOrAfter day: Int) -> Int64? {
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        return date.daysSinceEpoch + Int64((6 - date.weekday) % 7)
    }
}
