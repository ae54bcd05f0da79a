import Exchange
import Glibc
import Numerics

/// The arrivals of one queue without their level: what is faster than some seconds as gaps in operational time, what is
/// slower as factors on the level in the wall's time.
///
/// At k times the level the clock of the gaps runs k times as fast (Clark 1973, Ané and Geman 2000; `ArrivalProfile` has
/// the law and what it was held against), so that one sequence serves all levels. What moves over five seconds and more is
/// the market's, not the clock's, and keeps its time.
struct ArrivalSequence: Sendable {
    /// Gaps of mean 1.
    let gaps: [Float]
    /// The level at which they came; 0 where they are the same at any.
    let ratePerSecond: Double
    /// Gaps much shorter than this keep their length at another level, in seconds.
    let reactionSeconds: Double
    private let lengths: GapLengths?

    /// Arrivals of a sequence, at most; of the queues of many servers, which tell more from fewer, a part is used.
    static let count = 1 << 20
    /// Factors of at least this time scale move in the wall's time.
    static let slowSeconds = 5.0
    /// Seconds of a tick of `GapLengths`.
    private static let lengthTick = 1e-7

    /// Arrivals that bunch as a profile has it: those of its sample, otherwise those of a cascade at its own rate.
    init(_ bursts: BurstProfile, seed: UInt64) {
        let drawn: [Float]
        if let sample = bursts.sample, !sample.gaps.isEmpty {
            drawn = (0..<ArrivalSequence.count).map { sample.gaps[$0 % sample.gaps.count] }
            (ratePerSecond, reactionSeconds) = (sample.ratePerSecond, sample.reactionSeconds)
        } else {
            let model = BurstModel(fitting: bursts).rounded
            let fast = BurstModel(
                components: model.components.filter { $0.timeScaleSeconds < ArrivalSequence.slowSeconds })
            let rate = bursts.measuredRatePerSecond
            drawn = fast.gaps(
                count: ArrivalSequence.count, ratePerSecond: rate > 0 && rate.isFinite ? rate : 1,
                seed: mixed(seed &+ 41)
            ).map { Float($0 * (rate > 0 && rate.isFinite ? rate : 1)) }
            (ratePerSecond, reactionSeconds) = (0, 0)
        }
        let sum = drawn.reduce(0.0) { $0 + Double($1) }
        let scale = Float(Double(drawn.count) / max(sum, .leastNormalMagnitude))
        gaps = drawn.map { $0 * scale }
        guard reactionSeconds > 0, ratePerSecond > 0 else {
            lengths = nil
            return
        }
        let unit = 1 / (ratePerSecond * ArrivalSequence.lengthTick)
        lengths = GapLengths(gaps.lazy.map { UInt64(min(Double($0) * unit, 4e9)) })
    }

    /// How the gaps, in seconds at their own level, are played at another; nil where all are multiplied alike.
    func pace(ratePerSecond rate: Double) -> GapPace? {
        guard let lengths else { return nil }
        return GapPace(
            lengths, blockSeconds: ArrivalSequence.lengthTick * ArrivalProfile.ticksPerBlock,
            seconds: Double(gaps.count) / rate, reactionSeconds: reactionSeconds)
    }
}

/// What moves the level over seconds to minutes.
enum SlowCourse: Equatable, Sendable {
    /// A product of random factors.
    case cascade(BurstModel)
    /// The course that it took in a log.
    case sample(ArrivalSample)

    /// That of a profile.
    init(_ bursts: BurstProfile) {
        if let sample = bursts.sample {
            self = .sample(sample)
        } else {
            let model = BurstModel(fitting: bursts).rounded
            self = .cascade(
                BurstModel(
                    components: model.components.filter {
                        $0.timeScaleSeconds >= ArrivalSequence.slowSeconds
                    }))
        }
    }

    /// How the level moves from five minutes to five minutes of an hour, and within them, where no log tells.
    ///
    /// Fitted to the trades of BitMEX XBTUSD by the minute, 2017, hours of ten trades a minute and more (6,738): the
    /// squared coefficient of variation within an hour is 0.26, 0.68, 1.58 by the minute at the 10, 50, 90 % quantiles and
    /// 0.10, 0.28, 0.68 by five minutes, the busiest five minutes have 1.71, 2.32, 3.41 times the hour's mean; these
    /// factors give 0.30, 0.57, 1.16 and 0.11, 0.27, 0.66 and 1.73, 2.25, 3.33.
    static let standard = BurstModel(components: [
        BurstModel.Component(timeScaleSeconds: 600, variance: 0.45),
        BurstModel.Component(timeScaleSeconds: 30, variance: 0.5),
    ])

    /// The slower part of the standard, for logs that do not span an hour.
    fileprivate static let standardMinutes = BurstModel(components: [
        BurstModel.Component(timeScaleSeconds: 600, variance: 0.45)
    ])
}

/// Hours that were drawn: how the level moves in them, and where in a sequence of arrivals their stretches lie.
///
/// An hour is a string of stretches of the sequence at random places (the block bootstrap of Künsch, 1989), under a level
/// that moves by the sequence's slow factors. These are scaled to a mean of 1 over the hour, whose level is the
/// forecast's.
struct DrawnHours: Sendable {
    /// Seconds over which the level stands still.
    static let tickSeconds = 5.0
    /// Ticks of the five minutes in which an objective is judged.
    static let windowTicks = 60
    /// Ticks of a stretch.
    static let stretchTicks = 6
    /// How many hours are drawn.
    static let count = 128
    /// A level that holds for longer than this is not one level.
    static let longestSeconds = 21_600.0

    /// Ticks of an hour.
    let ticks: Int
    /// The logarithm of the level's factor, `[hour][tick]`.
    let logFactors: [[Double]]
    /// Where each stretch begins, as a share of the sequence, `[hour][stretch]`.
    let starts: [[Double]]
    /// Pauses of the servers that begin in each tick, in seconds, `[hour]`, by tick; empty where there are none.
    let pauses: [[(tick: Int, seconds: Double)]]
    /// Hours of this length in a step of the demand; below 1 where a step is shorter.
    let perStep: Double

    /// Hours for steps of some length.
    init(slow: SlowCourse, pause: QueueRules.Pause?, stepSeconds: Double, seed: UInt64) {
        let least = DrawnHours.tickSeconds * Double(DrawnHours.windowTicks)
        let seconds = min(max(stepSeconds, least), DrawnHours.longestSeconds)
        let ticks = Int((seconds / DrawnHours.tickSeconds).rounded())
        self.ticks = ticks
        perStep = stepSeconds / (Double(ticks) * DrawnHours.tickSeconds)
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
                    .map { (min(ticks - 1, Int($0.start / DrawnHours.tickSeconds)), $0.seconds) })
        }
        (self.logFactors, self.starts, self.pauses) = (logFactors, starts, pauses)
    }

    /// The level's mean in the busiest five minutes of an hour over its mean in the hour.
    func windowFactor(_ hour: Int) -> Double {
        let factors = logFactors[hour].map { exp($0) }
        var sum = factors.prefix(DrawnHours.windowTicks).reduce(0, +)
        var most = sum
        for tick in DrawnHours.windowTicks..<max(DrawnHours.windowTicks, ticks) {
            sum += factors[tick] - factors[tick - DrawnHours.windowTicks]
            most = max(most, sum)
        }
        return most / Double(DrawnHours.windowTicks)
    }

    /// A level's factors by tick, of mean 1.
    private static func course(_ slow: SlowCourse, ticks: Int, seed: UInt64) -> [Double] {
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
