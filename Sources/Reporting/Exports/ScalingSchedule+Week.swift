import Units

extension ScalingSchedule {
    /// A stretch of a week that comes again every week.
    public struct WeeklyStretch: Sendable, Equatable {
        /// Minutes since Monday, 00:00 UTC, below `minutesPerWeek`.
        public var startMinute: Int
        /// The same; at or before `startMinute` where the stretch goes on into the next week.
        public var endMinute: Int
        public var nodes: Int
    }

    public static let minutesPerWeek = 10_080
    /// Seconds from the epoch, a Thursday, to the first Monday.
    private static let firstMonday: Int64 = 345_600

    /// The schedule by minute of the week: the most nodes at that minute of any of its weeks, and the fewest of all where
    /// it has none.
    ///
    /// Of a schedule of one week, this is the schedule itself. Minutes that a stretch only touches count as its own.
    public var nodesByMinuteOfWeek: [Int] {
        var week = [Int](repeating: least, count: ScalingSchedule.minutesPerWeek)
        for stretch in stretches {
            let first = ScalingSchedule.minute(stretch.start.seconds)
            let last = ScalingSchedule.minute(stretch.end.seconds + 59)
            for minute in first..<min(last, first + Int64(ScalingSchedule.minutesPerWeek)) {
                let place = ScalingSchedule.placeInWeek(minute)
                week[place] = max(week[place], stretch.nodes)
            }
        }
        return week
    }

    /// The week as stretches of equal numbers, by their start; neighbours differ. One stretch that begins on Monday where
    /// the number never changes.
    public var weeklyStretches: [WeeklyStretch] {
        let week = nodesByMinuteOfWeek
        let changes = week.indices.filter { week[$0] != week[$0 == 0 ? week.count - 1 : $0 - 1] }
        guard !changes.isEmpty else {
            return [WeeklyStretch(startMinute: 0, endMinute: 0, nodes: least)]
        }
        return changes.indices.map { index in
            WeeklyStretch(
                startMinute: changes[index],
                endMinute: index + 1 < changes.count ? changes[index + 1] : changes[0],
                nodes: week[changes[index]])
        }
    }

    /// Whole minutes since the first Monday, rounded down.
    private static func minute(_ seconds: Int64) -> Int64 {
        let since = seconds - firstMonday
        return (since - (since % 60 + 60) % 60) / 60
    }

    private static func placeInWeek(_ minute: Int64) -> Int {
        let length = Int64(minutesPerWeek)
        return Int((minute % length + length) % length)
    }
}
