import Foundation

/// A line, first come, first served, that clients give up after a time: the work that came and that was served up to
/// the start of each second, which are straight lines in between.
///
/// A message that came at a is given up at a + T where the work that came up to a is more than what is served until
/// then. So nothing is foretold: what clients do follows from what has been served, even where the capacity comes back
/// in the meantime.
struct DeadlineLine {
    private let timeoutSeconds: Double
    /// When it shows whether a message was given up: after the timeout, but no sooner than a second.
    private let resolvedSeconds: Double
    /// The whole seconds of that, and the rest.
    private let whole: Int
    private let rest: Double
    private let dropsAbandoned: Bool
    /// Work that came, and was served or dropped, up to the start of each of the last seconds: rings.
    private var came: [Double]
    private var done: [Double]
    /// The second that begins.
    private var now = 0

    /// Less work than this share of all that came is rounding.
    private static let tolerance = 1e-12

    init(timeoutSeconds: Double, dropsAbandoned: Bool) {
        self.timeoutSeconds = timeoutSeconds
        self.dropsAbandoned = dropsAbandoned
        resolvedSeconds = DeadlineLine.resolvedSeconds(timeoutSeconds)
        whole = Int(saturating: resolvedSeconds)
        rest = resolvedSeconds - Double(whole)
        came = [Double](repeating: 0, count: whole + 3)
        done = came
    }

    /// When it shows whether a message was given up, for a timeout.
    static func resolvedSeconds(_ timeout: Double) -> Double { max(1, timeout) }

    /// Which of the messages whose time is up in a second are given up.
    struct Overdue {
        /// Of the messages that came `whole` seconds ago, and a second before them: the share whose time is up, and
        /// the share that is given up.
        var newer = (up: 0.0, late: 0.0)
        var older = (up: 0.0, late: 0.0)
        /// How long those waited that are not given up, in seconds.
        var newerWait = 0.0
        var olderWait = 0.0
        /// Work that is dropped with those that are given up.
        var droppedWork = 0.0
    }

    /// What is given up in the second that begins, at so much capacity.
    func overdue(capacity: Double) -> Overdue {
        var overdue = Overdue()
        overdue.older.up = rest
        overdue.newer.up = 1 - rest
        let first = level(now - whole - 1, 1 - rest)
        let middle = level(now - whole, 0)
        let last = level(now - whole, 1 - rest)
        let start = done[now % done.count]
        if dropsAbandoned {
            let due = last - first
            overdue.droppedWork = max(0, last - start - capacity)
            let share = due > 0 ? min(1, overdue.droppedWork / due) : 0
            overdue.older.late = rest * share
            overdue.newer.late = (1 - rest) * share
        } else if timeoutSeconds < 1 {
            overdue.newer.late = lateWithinSecond(first: middle, last: last, capacity)
        } else {
            let noise = DeadlineLine.tolerance * came[now % came.count]
            let served = start + capacity * rest
            overdue.older.late =
                rest * DeadlineLine.shareAbove(first - start - noise, middle - served - noise)
            overdue.newer.late =
                (1 - rest)
                * DeadlineLine.shareAbove(middle - served - noise, last - start - capacity - noise)
        }
        // Where the overdue are dropped, those who are served are served in time.
        if !dropsAbandoned, start < came[now % came.count] {
            overdue.olderWait = wait(of: (first + middle) / 2, since: resolvedSeconds - rest / 2, capacity)
            overdue.newerWait = wait(
                of: (middle + last) / 2, since: resolvedSeconds - (1 + rest) / 2, capacity)
        }
        return overdue
    }

    /// With a timeout below a second: the share of the last second's messages that is given up, whose time is up in that
    /// second or in this one.
    private func lateWithinSecond(first: Double, last: Double, _ capacity: Double) -> Double {
        guard now > 0 else { return 0 }
        let noise = DeadlineLine.tolerance * came[now % came.count]
        let start = done[now % done.count]
        let served = start - done[(now - 1) % done.count]
        let before = 1 - timeoutSeconds
        let turn = first + (last - first) * before
        return before
            * DeadlineLine.shareAbove(
                first - (start - served * before) - noise, turn - start - noise)
            + timeoutSeconds
            * DeadlineLine.shareAbove(
                turn - start - noise, last - start - capacity * timeoutSeconds - noise)
    }

    /// The second is over: so much work came and was let in, and so much waits.
    mutating func advance(came work: Double, waiting: Double) {
        let next = now + 1
        let all = came[now % came.count] + work
        done[next % done.count] = max(done[now % done.count], all - waiting)
        came[next % came.count] = max(all, done[next % done.count])
        now = next
    }

    /// The work that came up to a part of a past second; nothing before the first.
    private func level(_ second: Int, _ part: Double) -> Double {
        guard second >= 0, second < now else { return second < 0 ? 0 : came[now % came.count] }
        let start = came[second % came.count]
        return start + (came[(second + 1) % came.count] - start) * part
    }

    /// The share of a stretch in which a straight line is above 0.
    private static func shareAbove(_ first: Double, _ last: Double) -> Double {
        if first > 0, last > 0 { return 1 }
        if first <= 0, last <= 0 { return 0 }
        return max(first, last) / abs(first - last)
    }

    /// How long the work up to a level waits that came so long before the start of the second, no longer than clients do;
    /// 0 where it was served in the second in which it came.
    private func wait(of level: Double, since before: Double, _ capacity: Double) -> Double {
        let arrival = Double(now) - before
        var second = max(0, Int(saturating: arrival.rounded(.down)))
        if second < now, done[(second + 1) % done.count] >= level { return 0 }
        while second < now, done[(second + 1) % done.count] < level { second += 1 }
        let start = done[second % done.count]
        let speed = second < now ? done[(second + 1) % done.count] - start : capacity
        guard speed > 0 else { return timeoutSeconds }
        return max(0, min(timeoutSeconds, Double(second) + (level - start) / speed - arrival))
    }
}
