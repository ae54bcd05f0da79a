import Exchange
import Glibc
import Numerics

/// Finds for each of the drawn hours the rate at which it breaks the objective of one queue in some rolling five minutes.
///
/// The queue serves the sequence at sixteen rates over the whole range, and again at sixteen around those where hours
/// break; in between, what is late in any stretch of an hour is read off sums. Then each hour is put together, window by
/// window, at the rates of a bisection: the same hours at all rates, so that more never breaks less.
struct BreakSearch {
    let queue: SequencedQueue
    let hours: DrawnHours
    /// Late messages at all rates.
    private let wide: LateCounts
    /// The same around those where hours break.
    private let fine: LateCounts
    /// The logarithms of the rates at which the hours break, in messages a second, in their order.
    let logLevels: [Double]

    /// The rates that are looked at first, over the stable one.
    private static let utilisations = (lowest: 1e-5, highest: 1.3)
    /// Steps of a bisection.
    private static let steps = 16

    /// nil where even an idle queue breaks the objective.
    init?(_ queue: SequencedQueue, hours: DrawnHours) {
        let stable = queue.chain.stableRatePerSecond
        guard stable.isFinite, stable > 0, queue.chain.quietShareOver() <= queue.chain.shareAllowed else {
            return nil
        }
        self.queue = queue
        self.hours = hours
        let (lowest, highest) = BreakSearch.utilisations
        wide = queue.lateCounts(from: lowest * stable, to: highest * stable)
        let coarse = BreakSearch.levels(queue, hours, counts: [wide])
        guard let low = coarse.min(), let high = coarse.max(), low > wide.logFirst else { return nil }
        fine = queue.lateCounts(
            from: max(0.6 * exp(low), lowest * stable), to: min(1.8 * exp(high), highest * stable))
        logLevels = BreakSearch.levels(queue, hours, counts: [fine, wide])
    }

    private static func levels(
        _ queue: SequencedQueue, _ hours: DrawnHours, counts: [LateCounts]
    ) -> [Double] {
        let stable = log(queue.chain.stableRatePerSecond)
        return hours.logFactors.indices.map { hour in
            var sums = WindowSums(queue: queue, hours: hours, hour: hour, counts: counts)
            var low = stable + log(utilisations.lowest)
            // An hour with more work than can be done breaks.
            var high = stable
            if !sums.breaks(logRate: high) { return high }
            for _ in 0..<steps {
                let middle = 0.5 * (low + high)
                if sums.breaks(logRate: middle) { high = middle } else { low = middle }
            }
            return 0.5 * (low + high)
        }
    }

    /// The share of messages over the objective in the worst five minutes of an hour at a rate.
    func worstShare(hour: Int, logRate: Double) -> Double {
        var sums = WindowSums(queue: queue, hours: hours, hour: hour, counts: [fine, wide])
        return sums.worstShare(logRate: logRate)
    }
}

/// Late messages and all messages of one hour's rolling windows.
struct WindowSums {
    private let queue: SequencedQueue
    private let hours: DrawnHours
    private let hour: Int
    private let counts: [LateCounts]
    private var late: [Double]
    private var all: [Double]

    /// Counts are taken from the first whose rates include the one at hand, otherwise from the last.
    init(queue: SequencedQueue, hours: DrawnHours, hour: Int, counts: [LateCounts]) {
        self.queue = queue
        self.hours = hours
        self.hour = hour
        self.counts = counts
        late = [Double](repeating: 0, count: hours.ticks)
        all = late
    }

    /// Whether some window has more late messages than the objective allows.
    mutating func breaks(logRate: Double) -> Bool { worstShare(logRate: logRate) > queue.chain.shareAllowed }

    /// The share of late messages in the worst window.
    mutating func worstShare(logRate: Double) -> Double {
        fill(logRate: logRate)
        var worst = 0.0
        var (lateSum, sum) = (0.0, 0.0)
        for tick in 0..<hours.ticks {
            lateSum += late[tick]
            sum += all[tick]
            if tick >= DrawnHours.windowTicks {
                lateSum -= late[tick - DrawnHours.windowTicks]
                sum -= all[tick - DrawnHours.windowTicks]
            }
            if tick >= DrawnHours.windowTicks - 1, lateSum > worst * sum { worst = lateSum / sum }
        }
        return min(1, worst)
    }

    private mutating func fill(logRate: Double) {
        let factors = hours.logFactors[hour]
        let starts = hours.starts[hour]
        let rate = exp(logRate)
        var place = 0.0
        for tick in 0..<hours.ticks {
            if tick % DrawnHours.stretchTicks == 0 {
                place = starts[tick / DrawnHours.stretchTicks] * counts[0].arrivals
            }
            let logLevel = logRate + factors[tick]
            let count = (factors[tick] == 0 ? rate : exp(logLevel)) * DrawnHours.tickSeconds
            let table =
                counts.first { $0.logFirst <= logLevel && logLevel <= $0.logLast } ?? counts[counts.count - 1]
            late[tick] = table.late(logRate: logLevel, from: place, count: count)
            all[tick] = count
            place += count
            if place > counts[0].arrivals {
                place = place.truncatingRemainder(dividingBy: counts[0].arrivals)
            }
        }
        addPauses(rate: rate)
    }

    /// Whoever comes in a pause, or before what has piled up in it is done, and waits for longer than the objective leaves
    /// besides the service: of a pause of length L at utilisation ρ those of (L − left) / (1 − ρ) seconds.
    private mutating func addPauses(rate: Double) {
        guard !hours.pauses[hour].isEmpty else { return }
        let stage = queue.chain.stages[0]
        let left = max(0, queue.chain.latencySeconds - stage.service.meanSeconds)
        for pause in hours.pauses[hour] where pause.seconds > left {
            let level = all[pause.tick] / DrawnHours.tickSeconds
            let utilisation = min(0.98, level * stage.service.meanSeconds / stage.capacityBetweenPauses)
            var messages = level * (pause.seconds - left) / (1 - utilisation)
            // What piles up in a long pause is late in the ticks after it.
            var tick = pause.tick
            while messages > 0, tick < hours.ticks {
                let room = max(0, all[tick] - late[tick])
                late[tick] += min(room, messages)
                messages -= room
                tick += 1
            }
        }
    }
}
