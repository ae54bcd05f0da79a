import Exchange
import Glibc
import Numerics

/// Late messages and all messages of one hour's rolling windows.
struct WindowSums {
    private let queue: SequencedQueue
    private let hours: DrawnHours
    private let hour: Int
    private let counts: [LateCounts]
    private let ranges: [ClosedRange<Double>]
    private let arrivals: Double
    private var late: [Double]
    private var all: [Double]
    /// The window that was the worst when all were looked at.
    private var worst = 0..<0

    /// Counts are taken from the first whose rates include the one at hand, otherwise from the last.
    init(queue: SequencedQueue, hours: DrawnHours, hour: Int, counts: [LateCounts]) {
        self.queue = queue
        self.hours = hours
        self.hour = hour
        self.counts = counts
        ranges = counts.map { $0.logFirst...$0.logLast }
        arrivals = counts[0].arrivals
        late = [Double](repeating: 0, count: hours.ticks)
        all = late
    }

    /// Between which parts of an interval the next look is. Chosen, not measured.
    private static let parts = 0.02...0.98
    /// The highest utilisation at which what a pause left is worked off. Chosen, not measured.
    private static let utilisationMax = 0.98

    /// The logarithm of the rate from which on some window has more late messages than the objective allows.
    ///
    /// - Parameters:
    ///   - guess: Where to begin.
    ///   - step: How far to go from there at first, to have the rate between two.
    ///   - ends: The rates that may be found; the highest, where even it does not break.
    ///   - tolerance: How far off the result may be.
    /// - Returns: The logarithm.
    mutating func breakLevel(
        near guess: Double, step: Double, within ends: ClosedRange<Double>, tolerance: Double
    ) -> Double {
        var low: (rate: Double, excess: Double)?
        var high: (rate: Double, excess: Double)?
        var (rate, step) = (min(max(guess, ends.lowerBound), ends.upperBound), step)
        while low == nil || high == nil {
            let excess = excess(logRate: rate)
            if excess > 0 {
                high = (rate, excess)
                guard rate > ends.lowerBound else { return rate }
                if low == nil { rate = max(rate - step, ends.lowerBound) }
            } else {
                low = (rate, excess)
                guard rate < ends.upperBound else { return rate }
                if high == nil { rate = min(rate + step, ends.upperBound) }
            }
            step *= 2
        }
        guard var low, var high else { return rate }
        // The Illinois method: false position, an end that stays twice counting for half.
        var stays = 0
        while high.rate - low.rate > tolerance {
            let part = -low.excess / (high.excess - low.excess)
            let middle =
                low.rate + min(max(part, WindowSums.parts.lowerBound), WindowSums.parts.upperBound)
                * (high.rate - low.rate)
            let found = excess(logRate: middle)
            if abs(found) < tolerance { return middle }
            if found > 0 {
                high = (middle, found)
                if stays > 0 { low.excess *= 0.5 }
                stays = 1
            } else {
                low = (middle, found)
                if stays < 0 { high.excess *= 0.5 }
                stays = -1
            }
        }
        return 0.5 * (low.rate + high.rate)
    }

    /// The logarithm of the worst window's share over the one that is allowed, within a few units; of any window's where
    /// that one's is positive.
    private mutating func excess(logRate: Double) -> Double {
        let allowed = queue.chain.shareAllowed
        let known = shareOfWorst(logRate: logRate)
        let share = known > allowed ? known : worstShare(logRate: logRate)
        return min(4, max(-4, log(max(share, 1e-30) / allowed)))
    }

    /// The share of late messages in the worst window.
    mutating func worstShare(logRate: Double) -> Double {
        fill(0..<hours.ticks, logRate: logRate)
        addPauses(rate: exp(logRate))
        var share = 0.0
        var worst = worst
        eachWindow { ticks, lateSum, sum in
            guard lateSum > share * sum else { return }
            share = lateSum / sum
            worst = ticks
        }
        self.worst = worst
        return min(1, share)
    }

    /// The share of windows with more late messages than the objective allows, and the share of all messages that are late.
    mutating func over(logRate: Double) -> (shareOver: Double, shareLate: Double) {
        fill(0..<hours.ticks, logRate: logRate)
        addPauses(rate: exp(logRate))
        let allowed = queue.chain.shareAllowed
        var (over, windows) = (0, 0)
        eachWindow { _, lateSum, sum in
            windows += 1
            if lateSum > allowed * sum { over += 1 }
        }
        let all = all.reduce(0, +)
        return (
            Double(over) / Double(max(1, windows)), all > 0 ? min(1, late.reduce(0, +) / all) : 0
        )
    }

    /// Every full window's ticks, late messages and all messages.
    private func eachWindow(_ look: (_ ticks: Range<Int>, _ late: Double, _ all: Double) -> Void) {
        var (lateSum, sum) = (0.0, 0.0)
        for tick in 0..<hours.ticks {
            lateSum += late[tick]
            sum += all[tick]
            if tick >= DrawnHours.windowTicks {
                lateSum -= late[tick - DrawnHours.windowTicks]
                sum -= all[tick - DrawnHours.windowTicks]
            }
            if tick >= DrawnHours.windowTicks - 1 {
                look(tick - DrawnHours.windowTicks + 1..<tick + 1, lateSum, sum)
            }
        }
    }

    /// The share of late messages in the window that was the worst before; 0 where none is known, or where pauses carry
    /// over from one window to the next.
    private mutating func shareOfWorst(logRate: Double) -> Double {
        guard !worst.isEmpty, hours.pauses[hour].isEmpty else { return 0 }
        let start = worst.lowerBound - worst.lowerBound % DrawnHours.stretchTicks
        fill(start..<worst.upperBound, logRate: logRate)
        let sum = all[worst].reduce(0, +)
        return sum > 0 ? min(1, late[worst].reduce(0, +) / sum) : 0
    }

    /// Late and all messages of some ticks, from the start of a stretch on.
    private mutating func fill(_ ticks: Range<Int>, logRate: Double) {
        let rate = exp(logRate) * DrawnHours.tickSeconds
        var place = 0.0
        for tick in ticks {
            if tick % DrawnHours.stretchTicks == 0 {
                place = hours.starts[hour][tick / DrawnHours.stretchTicks] * arrivals
            }
            let logLevel = logRate + hours.logFactors[hour][tick]
            let count = rate * hours.factors[hour][tick]
            var table = 0
            while table < counts.count - 1, !ranges[table].contains(logLevel) { table += 1 }
            late[tick] = counts[table].late(logRate: logLevel, from: place, count: count)
            all[tick] = count
            place += count
            if place > arrivals { place = place.truncatingRemainder(dividingBy: arrivals) }
        }
    }

    /// Whoever comes in a pause, or before what has piled up in it is done, and waits for longer than the objective leaves
    /// besides the service: of a pause of length L at utilisation ρ those of (L − left) / (1 − ρ) seconds.
    private mutating func addPauses(rate: Double) {
        guard !hours.pauses[hour].isEmpty else { return }
        let stage = queue.chain.stages[0]
        let left = max(0, queue.chain.latencySeconds - stage.service.meanSeconds)
        for pause in hours.pauses[hour] where pause.seconds > left {
            let level = all[pause.tick] / DrawnHours.tickSeconds
            let utilisation = min(
                WindowSums.utilisationMax, level * stage.service.meanSeconds / stage.capacityBetweenPauses)
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
