import Glibc
import Numerics

/// How far over their objective hours of one queue are, by the load: for how long an hour that breaks is over it, and which
/// share of an hour's messages takes longer than the objective's time.
///
/// Loads are told by the logarithm of what they are over the load that is held, the median of the levels at which hours
/// break (`BreakLevels`). The chance of a break is that of the levels, whose tail goes on where no drawn hour breaks; there
/// the rest of it stays as in the calmest hours that break.
public struct BreakExtent: Sendable, Equatable {
    /// The logarithms of loads over what is held at which the figures are told.
    public static let logRatios = stride(from: 0, through: 45, by: 1).map { -3 + 0.1 * Double($0) }
    private static let first = -3.0
    private static let step = 0.1

    /// Hours in a step of the demand; below 1 where a step is shorter.
    public let hoursPerStep: Double
    /// Seconds of such an hour.
    public let hourSeconds: Double
    /// Of an hour that breaks, the share of the time whose rolling five minutes break the objective; rising.
    public let shareOver: [Double]
    /// The share of messages that is late in hours that break; rising.
    public let lateBroken: [Double]
    /// The same in hours that do not.
    public let lateHeld: [Double]

    /// Figures for each of `logRatios`.
    public init(
        hoursPerStep: Double, hourSeconds: Double, shareOver: [Double], lateBroken: [Double],
        lateHeld: [Double]
    ) {
        let count = BreakExtent.logRatios.count
        precondition(
            shareOver.count == count && lateBroken.count == count && lateHeld.count == count,
            "a figure for each load")
        (self.hoursPerStep, self.hourSeconds) = (hoursPerStep, hourSeconds)
        (self.shareOver, self.lateBroken, self.lateHeld) = (shareOver, lateBroken, lateHeld)
    }

    /// Figures as a table keeps them, of a demand with steps of some length.
    public init(stepSeconds: Double, shareOver: [Double], lateBroken: [Double], lateHeld: [Double]) {
        let perStep = DrawnHours.perStep(stepSeconds: stepSeconds)
        self.init(
            hoursPerStep: perStep, hourSeconds: stepSeconds / perStep, shareOver: shareOver,
            lateBroken: lateBroken, lateHeld: lateHeld)
    }

    /// Between those of two numbers of servers, so far from one to the other.
    func mixed(with other: BreakExtent, part: Double) -> BreakExtent {
        func between(_ one: [Double], _ other: [Double]) -> [Double] {
            zip(one, other).map { $0 + part * ($1 - $0) }
        }
        return BreakExtent(
            hoursPerStep: hoursPerStep, hourSeconds: hourSeconds,
            shareOver: between(shareOver, other.shareOver),
            lateBroken: between(lateBroken, other.lateBroken), lateHeld: between(lateHeld, other.lateHeld))
    }

    /// A figure between those that are told; past the ends it stays.
    @inline(__always)
    private func figure(_ figures: [Double], _ logRatio: Double) -> Double {
        let place = (logRatio - BreakExtent.first) / BreakExtent.step
        guard place > 0 else { return figures[0] }
        let last = figures.count - 1
        guard place < Double(last) else { return figures[last] }
        let index = Int(saturating: place)
        return figures[index] + (place - Double(index)) * (figures[index + 1] - figures[index])
    }

    /// Seconds of a step that are expected to be over, by the hazard of the step.
    func secondsOver(hazard: Double, logRatio: Double) -> Double {
        hoursPerStep * -expm1(-hazard / hoursPerStep) * figure(shareOver, logRatio) * hourSeconds
    }

    /// The share of messages that is expected to be late, by the hazard of the step.
    func shareLate(hazard: Double, logRatio: Double) -> Double {
        let broken = -expm1(-hazard / hoursPerStep)
        return broken * figure(lateBroken, logRatio) + (1 - broken) * figure(lateHeld, logRatio)
    }
}

extension BreakExtent {
    /// What drawn hours tell at each load.
    struct Tally {
        /// Hours that break, and the sum of their shares over and of their late shares.
        var broken = (hours: 0.0, over: 0.0, late: 0.0)
        /// Hours that hold, and the sum of their late shares.
        var held = (hours: 0.0, late: 0.0)
    }

    /// The means of tallies, one for each of `logRatios`.
    init(_ tallies: [Tally], hoursPerStep: Double, hourSeconds: Double) {
        self.init(
            hoursPerStep: hoursPerStep, hourSeconds: hourSeconds,
            shareOver: BreakExtent.rising(tallies.map { ($0.broken.over, $0.broken.hours) }),
            lateBroken: BreakExtent.rising(tallies.map { ($0.broken.late, $0.broken.hours) }),
            lateHeld: BreakExtent.rising(tallies.map { ($0.held.late, $0.held.hours) }))
    }

    /// Means that rise with the load, those that fall pooled with their neighbours (Ayer et al. 1955, pool adjacent
    /// violators); where nothing is told, the nearest that is. All 1 where nothing is told at all.
    static func rising(_ sums: [(sum: Double, weight: Double)]) -> [Double] {
        var blocks: [(sum: Double, weight: Double, places: Int)] = []
        for (sum, weight) in sums {
            // What tells nothing stands with what is before it.
            if weight <= 0, !blocks.isEmpty {
                blocks[blocks.count - 1].places += 1
                continue
            }
            blocks.append((sum, weight, 1))
            while blocks.count > 1 {
                let (last, before) = (blocks[blocks.count - 1], blocks[blocks.count - 2])
                let falls = last.sum * before.weight < before.sum * last.weight
                guard before.weight <= 0 || falls else { break }
                blocks.removeLast(2)
                blocks.append(
                    (before.sum + last.sum, before.weight + last.weight, before.places + last.places))
            }
        }
        return blocks.flatMap { block in
            [Double](repeating: block.weight > 0 ? block.sum / block.weight : 1, count: block.places)
        }
    }
}

extension BreakSearch {
    /// How far over the objective the drawn hours are, by the load over the median of those at which they break.
    func extent(stepSeconds: Double) -> BreakExtent {
        let middle = Summary.quantile(logLevels, 0.5)
        let tallies = BreakExtent.logRatios.map { ratio -> BreakExtent.Tally in
            var tally = BreakExtent.Tally()
            for hour in hours.factors.indices {
                let found = over(hour: hour, logRate: middle + ratio)
                if found.shareOver > 0 {
                    tally.broken.hours += 1
                    tally.broken.over += found.shareOver
                    tally.broken.late += found.shareLate
                } else {
                    tally.held.hours += 1
                    tally.held.late += found.shareLate
                }
            }
            return tally
        }
        return BreakExtent(
            tallies, hoursPerStep: DrawnHours.perStep(stepSeconds: stepSeconds),
            hourSeconds: Double(hours.ticks) * DrawnHours.tickSeconds)
    }
}
