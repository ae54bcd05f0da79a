import Units

/// The clock by which a series' day goes: that of a market with daylight saving, seen from one instant.
///
/// A session at ten in New York is at 15:00 UTC in winter and at 14:00 in summer. What lies behind a change of the clock
/// is moved to where it would lie by the clock of the origin, and steps of a forecast behind a coming change likewise, so
/// that seasons go on by local time. Series follow a clock where their mean days before and after past changes agree
/// better by it than by UTC; without a change to tell it by, none.
struct SessionClock: Sendable, Equatable {
    let market: Market
    let origin: Timestamp
    let stepSeconds: Int64

    /// The sum of squares that is left by the clock, over that by UTC, from which it is believed.
    static let believedRatio = 0.7
    /// Weeks that are compared before and after a change.
    private static let weeks = 3

    /// The clock that values up to an origin follow; nil for UTC, and where steps do not fit into an hour.
    init?(_ values: ArraySlice<Double>, end origin: Timestamp, stepSeconds: Int64) {
        guard stepSeconds <= 3600, 3600 % stepSeconds == 0 else { return nil }
        let day = Int(86_400 / stepSeconds)
        guard values.count >= 28 * day else { return nil }
        let start = origin.advanced(bySeconds: -Int64(values.count) * stepSeconds)
        var best: (market: Market, ratio: Double)?
        for market in [Market.newYork, .london] {
            var plain = 0.0
            var moved = 0.0
            for change in DaylightSaving.changes(of: market, after: start, before: origin) {
                let place = Int((change.instant.seconds - start.seconds) / stepSeconds)
                guard
                    let found = SessionClock.distances(
                        values, at: place, day: day, move: Int(change.seconds / stepSeconds))
                else { continue }
                plain += found.plain
                moved += found.moved
            }
            guard plain > 0, moved / plain < best?.ratio ?? SessionClock.believedRatio else { continue }
            best = (market, moved / plain)
        }
        guard let best else { return nil }
        market = best.market
        self.origin = origin
        self.stepSeconds = stepSeconds
    }

    /// How far the mean day after a change is from that before it, and from that moved with the clock; nil with less than
    /// a week after it or two before.
    private static func distances(
        _ values: ArraySlice<Double>, at place: Int, day: Int, move: Int
    ) -> (plain: Double, moved: Double)? {
        let week = 7 * day
        let after = min(weeks, (values.count - place) / week)
        let before = min(weeks, place / week)
        guard after >= 1, before >= 2,
            let old = meanDay(values, from: place - before * week, days: 7 * before, day: day),
            let new = meanDay(values, from: place, days: 7 * after, day: day)
        else { return nil }
        // Both begin at the hour of the change. With the clock put forward the same local hour comes earlier.
        var plain = 0.0
        var moved = 0.0
        for phase in 0..<day {
            let (one, other) = (new[phase] - old[phase], new[phase] - old[(phase + move + day) % day])
            plain += one * one
            moved += other * other
        }
        return (plain, moved)
    }

    /// The mean of each phase of the day, over the mean of all; nil where a phase was not observed.
    private static func meanDay(_ values: ArraySlice<Double>, from first: Int, days: Int, day: Int)
        -> [Double]?
    {
        var sums = [Double](repeating: 0, count: day)
        var counts = sums
        for index in 0..<days * day {
            let value = values[values.startIndex + first + index]
            guard value.isFinite else { continue }
            sums[index % day] += value
            counts[index % day] += 1
        }
        guard counts.allSatisfy({ $0 > 0 }) else { return nil }
        let means = zip(sums, counts).map { $0 / $1 }
        let mean = means.reduce(0, +) / Double(day)
        return mean > 0 ? means.map { $0 / mean } : nil
    }

    /// Values that end at the origin, each at its place by the clock of the origin.
    func apply(to values: inout [Double]) {
        let count = values.count
        let moves = moves(from: -count, count: count)
        guard let first = moves.first(where: { $0.steps != 0 }) else { return }
        var result = [Double](repeating: .nan, count: count)
        var isSet = [Bool](repeating: false, count: count)
        for index in 0..<count {
            let move = moves.last { $0.from <= index - count }?.steps ?? first.steps
            let place = index + move
            guard (0..<count).contains(place) else { continue }
            // An hour that comes twice counts as its second time.
            result[place] = values[index]
            isSet[place] = true
        }
        // An hour that is left out lies between the two beside it.
        for place in 0..<count where !isSet[place] {
            let before = place > 0 ? result[place - 1] : .nan
            let after = result[place...].indices.first { isSet[$0] }.map { result[$0] } ?? .nan
            result[place] = before.isNaN ? after : after.isNaN ? before : (before + after) / 2
        }
        values = result
    }

    /// A forecast by the clock of the origin, each step at its place by the clock that then holds.
    func applied(toForecast values: [Double]) -> [Double] {
        let moves = moves(from: 0, count: values.count)
        guard moves.contains(where: { $0.steps != 0 }) else { return values }
        let day = Int(86_400 / stepSeconds)
        return values.indices.map { step in
            var place = step + (moves.last { $0.from <= step }?.steps ?? 0)
            if place >= values.count { place -= day }
            return values[min(max(place, 0), values.count - 1)]
        }
    }

    /// By how many steps the local clock is ahead of that of the origin, from each step on where that changes.
    private func moves(from first: Int, count: Int) -> [(from: Int, steps: Int)] {
        func instant(_ step: Int) -> Timestamp { origin.advanced(bySeconds: Int64(step) * stepSeconds) }
        func offset(_ instant: Timestamp) -> Int64 { market.localSeconds(instant) - instant.seconds }
        let own = offset(origin)
        let (start, end) = (instant(first), instant(first + count))
        var result = [(from: first, steps: Int((offset(start) - own) / stepSeconds))]
        for change in DaylightSaving.changes(of: market, after: start, before: end) {
            let seconds = change.instant.seconds - origin.seconds
            let step = Int(saturating: (Double(seconds) / Double(stepSeconds)).rounded(.up))
            result.append((step, Int((offset(change.instant) - own) / stepSeconds)))
        }
        return result
    }
}
