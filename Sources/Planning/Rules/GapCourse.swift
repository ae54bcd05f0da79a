import Exchange
import Glibc
import Replay

/// One queue from second to second while it stands still and drains: the fluid of a what-if, without the waits within a
/// second.
struct GapCourse {
    /// A queue, as the gap finds it.
    struct Queue {
        /// The work that comes in a second, over what is done in one.
        var load: Double
        /// Seconds of work that are done in a second.
        var capacity: Double
        /// Mean seconds of work of a message.
        var meanSeconds: Double
        var objective: Objective
        /// Messages that find room; infinite without a bound.
        var room: Double

        /// Messages that come in a second.
        var perSecond: Double { meanSeconds > 0 ? load * capacity / meanSeconds : 0 }
    }

    /// The window in which objectives are judged, and as long before the gap as a queue is watched; seconds.
    static let windowSeconds = 300
    /// The longest time that is watched after the gap, in seconds. Chosen, not measured.
    static let drainSecondsMax = 3600

    /// The largest share of late messages in a rolling window.
    private(set) var shareLate = 0.0
    /// Messages that were given up.
    private(set) var refused = 0.0
    /// Messages that leave in each second, over those that come in one in the mean.
    private(set) var leaving: [Double] = []

    /// Lets messages come to a queue that stands still from `windowSeconds` on.
    ///
    /// - Parameters:
    ///   - queue: The queue.
    ///   - arriving: Messages that come in each second, over their mean.
    ///   - gap: Whole seconds in which nothing is served.
    ///   - patience: Seconds after which clients give up.
    init(_ queue: Queue, arriving: [Double], gap: Int, patience: Int) {
        let stop = GapCourse.windowSeconds..<(GapCourse.windowSeconds + gap)
        let limit = queue.objective.latencySeconds
        var late: [Double] = []
        var waiting = 0.0
        leaving.reserveCapacity(arriving.count)
        for (second, came) in arriving.enumerated() {
            let before = waiting
            let works = !stop.contains(second)
            // Work and messages go together: both are counted in mean seconds of arrivals.
            let all = before + came
            let most = works ? 1 / max(queue.load, .leastNormalMagnitude) : 0
            let left = min(all, most)
            waiting = all - left
            let lost = max(0, waiting - GapCourse.room(queue, arriving, second: second, patience: patience))
            waiting -= lost
            refused += lost * queue.perSecond
            leaving.append(left)
            let ramp = WaitRamp(
                ahead: before * queue.load, adding: came * queue.load, left: waiting * queue.load,
                standstill: works ? 0 : Double(stop.upperBound - second))
            // What arrives while nothing waits is late by the bursts within a second alone: not the gap's.
            late.append(max(came * ramp.parts(limit: limit).over, min(came, lost)))
        }
        shareLate = GapCourse.worst(late: late, of: arriving)
    }

    /// Messages that may wait, in mean seconds of arrivals: no more than came while the first would wait for it.
    private static func room(
        _ queue: Queue, _ arriving: [Double], second: Int, patience: Int
    ) -> Double {
        let patient = arriving[max(0, second + 1 - max(1, patience))...second].reduce(0, +)
        return min(patient, queue.perSecond > 0 ? queue.room / queue.perSecond : .infinity)
    }

    /// The largest share over all rolling windows.
    private static func worst(late: [Double], of arriving: [Double]) -> Double {
        var (sum, all, most) = (0.0, 0.0, 0.0)
        for second in late.indices {
            sum += late[second]
            all += arriving[second]
            if second >= windowSeconds {
                sum -= late[second - windowSeconds]
                all -= arriving[second - windowSeconds]
            }
            if all > 0 { most = max(most, min(1, sum / all)) }
        }
        return most
    }
}
