import Units

/// Markets whose sessions show in trading, by their own clocks.
enum Market: Sendable, CaseIterable {
    /// 09:30 to 16:00.
    case newYork
    /// 08:00 to 16:30.
    case london
    /// 09:00 to 15:30; Japan has no daylight saving.
    case tokyo

    /// The session on weekdays, in seconds of the local day.
    var session: Range<Double> {
        switch self {
        case .newYork: 9.5 * 3600..<16 * 3600
        case .london: 8 * 3600..<16.5 * 3600
        case .tokyo: 9 * 3600..<15.5 * 3600
        }
    }

    /// Seconds since the epoch as the market's clock shows them.
    func localSeconds(_ instant: Timestamp) -> Int64 {
        switch self {
        case .newYork: instant.seconds + (DaylightSaving.holdsInNewYork(instant) ? -4 : -5) * 3600
        case .london: instant.seconds + (DaylightSaving.holdsInLondon(instant) ? 3600 : 0)
        case .tokyo: instant.seconds + 9 * 3600
        }
    }
}

/// When clocks are put forward: the rules of the United States since 1987 and of Europe since 1996.
enum DaylightSaving {
    /// Whether British Summer Time holds: from the last Sunday of March to the last of October, at 01:00 UTC.
    static func holdsInLondon(_ instant: Timestamp) -> Bool {
        let year = instant.date.year
        guard let starts = sunday(year, 3, onOrAfter: 25), let ends = sunday(year, 10, onOrAfter: 25) else {
            return false
        }
        return instant.seconds >= starts * 86_400 + 3600 && instant.seconds < ends * 86_400 + 3600
    }

    /// Whether New York's daylight saving time holds: from 2007 the second Sunday of March to the first of November,
    /// before that the first of April to the last of October; always from two o'clock local time.
    static func holdsInNewYork(_ instant: Timestamp) -> Bool {
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

    /// The changes of a market's clock within a span: when, and by how many seconds it is put forward.
    static func changes(of market: Market, after start: Timestamp, before end: Timestamp)
        -> [(instant: Timestamp, seconds: Int64)]
    {
        guard market != .tokyo, start < end else { return [] }
        var result: [(instant: Timestamp, seconds: Int64)] = []
        for year in start.date.year...end.date.year {
            // A change lies within these days; its hour is found by halving.
            for (month, day, span) in [(3, 1, Int64(45)), (10, 20, 21)] {
                guard let date = CivilDate(year: year, month: month, day: day) else { continue }
                var low = date.daysSinceEpoch * 24
                var high = low + span * 24
                func offset(_ hour: Int64) -> Int64 {
                    market.localSeconds(Timestamp(seconds: hour * 3600)) - hour * 3600
                }
                guard offset(low) != offset(high) else { continue }
                let before = offset(low)
                while high - low > 1 {
                    let middle = (low + high) / 2
                    if offset(middle) == before { low = middle } else { high = middle }
                }
                let instant = Timestamp(seconds: high * 3600)
                if instant > start, instant < end { result.append((instant, offset(high) - before)) }
            }
        }
        return result.sorted { $0.instant < $1.instant }
    }

    /// The day, since the epoch, of the first Sunday on or after a day of a month.
    private static func sunday(_ year: Int, _ month: Int, onOrAfter day: Int) -> Int64? {
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        return date.daysSinceEpoch + Int64((6 - date.weekday) % 7)
    }
}
