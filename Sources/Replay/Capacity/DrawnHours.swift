import Exchange
import Glibc
import Numerics

/// Hours that were drawn: how the level moves in them, and where in a sequence of arrivals their stretches lie.
///
/// An hour is a string of stretches of the sequence at random places (the block bootstrap of Künsch, 1989), under a level
/// that moves by the sequence's slow factors. These are scaled to a mean of 1 over the hour, whose level is the
/// forecast's.
struct DrawnHours: Sendable {
    /// Seconds over which the level stands still.
    static let tickSeconds = ArrivalSample.tickSeconds
    /// Ticks of the five minutes in which an objective is judged.
    static let windowTicks = 60
    static let stretchTicks = 6
    /// How many hours are drawn.
    static let count = 128
    /// A level that holds for longer than this is not one level.
    static let longestSeconds = 21_600.0

    /// Ticks of an hour.
    let ticks: Int
    /// The logarithm of the level's factor, `[hour][tick]`.
    let logFactors: [[Double]]
    /// The level's factor, `[hour][tick]`.
    let factors: [[Double]]
    /// Where each stretch begins, as a share of the sequence, `[hour][stretch]`.
    let starts: [[Double]]
    /// Pauses of the servers that begin in each tick, in seconds, `[hour]`, by tick; empty where there are none.
    let pauses: [[(tick: Int, seconds: Double)]]

    /// Hours for steps of some length.
    init(slow: SlowCourse, pause: QueueRules.Pause?, stepSeconds: Double, seed: UInt64) {
        let ticks = DrawnHours.ticks(stepSeconds: stepSeconds)
        self.ticks = ticks
        var logFactors: [[Double]] = []
        var starts: [[Double]] = []
        var pauses: [[(tick: Int, seconds: Double)]] = []
        for hour in 0..<DrawnHours.count {
            let seed = replicationSeed(seed, hour)
            logFactors.append(
                DrawnHours.course(slow, ticks: ticks, seed: seed).map { $0 == 1 ? 0 : log(max($0, 1e-12)) })
            var random = stream(seed, 42)
            starts.append(
                (0..<(ticks + DrawnHours.stretchTicks - 1) / DrawnHours.stretchTicks).map { _ in
                    random.uniform()
                })
            pauses.append(
                PauseClock.draw(pause, seconds: Double(ticks) * DrawnHours.tickSeconds, seed: seed, stage: 0)
                    .map { (min(ticks - 1, Int(saturating: $0.start / DrawnHours.tickSeconds)), $0.seconds) })
        }
        (self.logFactors, self.starts, self.pauses) = (logFactors, starts, pauses)
        factors = logFactors.map { $0.map { $0 == 0 ? 1 : exp($0) } }
    }

    /// Ticks of an hour for steps of some length.
    private static func ticks(stepSeconds: Double) -> Int {
        let seconds = min(max(stepSeconds, tickSeconds * Double(windowTicks)), longestSeconds)
        return Int(saturating: (seconds / tickSeconds).rounded())
    }

    /// Hours in a step of the demand; below 1 where a step is shorter.
    static func perStep(stepSeconds: Double) -> Double {
        stepSeconds / (Double(ticks(stepSeconds: stepSeconds)) * tickSeconds)
    }

    /// The level's mean in the busiest five minutes of an hour over its mean in the hour.
    func windowFactor(_ hour: Int) -> Double {
        let factors = factors[hour]
        var sum = factors.prefix(DrawnHours.windowTicks).reduce(0, +)
        var most = sum
        for tick in DrawnHours.windowTicks..<max(DrawnHours.windowTicks, ticks) {
            sum += factors[tick] - factors[tick - DrawnHours.windowTicks]
            most = max(most, sum)
        }
        return most / Double(DrawnHours.windowTicks)
    }

    /// A level's factors by tick, of mean 1.
    static func course(_ slow: SlowCourse, ticks: Int, seed: UInt64) -> [Double] {
        var drawn: [Double]
        switch slow {
        case .cascade(let model): drawn = course(model, ticks: ticks, seed: seed)
        case .sample(let sample): drawn = course(sample, ticks: ticks, seed: seed)
        }
        let mean = max(Summary.mean(drawn), 1e-12)
        if mean != 1 { for tick in drawn.indices { drawn[tick] /= mean } }
        return drawn
    }

    private static func course(_ model: BurstModel, ticks: Int, seed: UInt64) -> [Double] {
        guard !model.components.isEmpty else { return [Double](repeating: 1, count: ticks) }
        // A cascade's averages over a tick are those of one that is as many times as fast over a second.
        let model = BurstModel(
            components: model.components.map {
                BurstModel.Component(
                    timeScaleSeconds: $0.timeScaleSeconds / tickSeconds, variance: $0.variance)
            })
        return model.perSecondRates(seconds: ticks, ratePerSecond: 1, seed: seed)
    }

    /// An hour of the log, wherever it has one; where it does not, five minutes of it at random, and from one to the next
    /// as is usual.
    private static func course(_ sample: ArrivalSample, ticks: Int, seed: UInt64) -> [Double] {
        guard !sample.courses.isEmpty else { return course(SlowCourse.standard, ticks: ticks, seed: seed) }
        var random = stream(seed, 46)
        let needed = (ticks + windowTicks - 1) / windowTicks
        var run = 0
        var starts: [Int] = []
        for (block, level) in sample.levels.enumerated() {
            run = level > 0 ? run + 1 : 0
            if run >= needed { starts.append(block - needed + 1) }
        }
        var result: [Double] = []
        if !starts.isEmpty {
            let start = starts[random.index(below: starts.count)]
            for block in start..<start + needed {
                result += sample.courses[block].map { Double($0 * sample.levels[block]) }
            }
            return Array(result.prefix(ticks))
        }
        let usual = course(SlowCourse.standardMinutes, ticks: ticks, seed: seed)
        let blocks = sample.levels.indices.filter { sample.levels[$0] > 0 && !sample.courses[$0].isEmpty }
        guard !blocks.isEmpty else { return usual }
        while result.count < ticks {
            result += sample.courses[blocks[random.index(below: blocks.count)]].map(Double.init)
        }
        return zip(result, usual).map { $0 * $1 }
    }
}
