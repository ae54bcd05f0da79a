import Glibc
import Numerics
import Units

/// At what rates hours break the objective of one queue: the distribution of the level at which an hour of it does.
///
/// Below the level of an hour every rolling five minutes of it keep the objective, above it some do not. So the chance
/// that an hour at a rate breaks is the share of levels below the rate, and what the queue *holds* is the median level: an
/// hour at it breaks as often as not. Past the levels that were drawn the distribution of their logarithms goes on as a
/// normal one.
public struct BreakLevels: Sendable, Equatable {
    /// The logarithms of the levels in messages a second, ascending; none where even an idle queue breaks it.
    private(set) var logLevels: [Double]
    /// −log(1 − chance) by the logarithm of the rate, in equal steps from `first` on; empty for a single level.
    private let hazards: [Double]
    private var first: Double
    private let step: Double
    /// Hours in a step of the demand.
    private let perStep: Double
    /// How far over the objective hours are; nil where that was not asked for.
    public private(set) var extent: BreakExtent?
    /// The logarithm of what is held.
    private var logHeld = 0.0

    private static let gridSteps = 768
    /// As far as the distribution is carried on, in standard deviations.
    private static let reach = 7.0
    /// A hazard of certainty.
    public static let certain = 50.0

    /// No rate keeps the objective.
    public static let none = BreakLevels(logLevels: [], perStep: 1)

    /// All hours break at one rate.
    public init(exactly ratePerSecond: Double) {
        self.init(
            logLevels: ratePerSecond > 0 && ratePerSecond.isFinite ? [log(ratePerSecond)] : [], perStep: 1)
    }

    /// Levels of some hours, each as likely, in messages a second.
    public init(perSecond levels: [Double]) {
        self.init(logLevels: levels.map { log($0) }, perStep: 1)
    }

    /// Levels of some hours as a table keeps them, each as likely.
    ///
    /// - Parameters:
    ///   - levels: `perSecond` of what was found, in messages a second or any other unit of load; none where nothing is held.
    ///   - stepSeconds: The demand's step, for whose chance of a break hours are asked.
    public init(perSecond levels: [Double], stepSeconds: Double) {
        self.init(
            logLevels: levels.map { log($0) }, perStep: DrawnHours.perStep(stepSeconds: stepSeconds))
    }

    /// The levels, ascending, in messages a second (or the unit that they were scaled to); none where nothing is held.
    public var perSecond: [Double] { logLevels.map { exp($0) } }

    /// Levels of drawn hours, in logarithms, with the number of such hours in a step of the demand.
    init(logLevels: [Double], perStep: Double) {
        let sorted = logLevels.contains { !$0.isFinite } ? [] : logLevels.sorted()
        self.logLevels = sorted
        self.perStep = perStep
        logHeld = sorted.isEmpty ? -.infinity : Summary.quantile(sorted: sorted, 0.5)
        guard sorted.count > 1, let low = sorted.first, let high = sorted.last else {
            (hazards, first, step) = ([], 0, 1)
            return
        }
        let curve = NormalScores(sorted)
        let from = low - curve.lowSlope * BreakLevels.reach
        let to = high + curve.highSlope * BreakLevels.reach
        let step = (to - from) / Double(BreakLevels.gridSteps)
        first = from
        self.step = step
        hazards = (0...BreakLevels.gridSteps).map { place in
            let above = SpecialFunctions.normalCDF(-curve.score(of: from + Double(place) * step))
            return above > 0 ? min(BreakLevels.certain, -perStep * log(above)) : BreakLevels.certain
        }
    }

    /// What is held: the median level, with the central 95 % of hours; messages a second.
    public var held: Estimate {
        guard !logLevels.isEmpty else { return Estimate(exactly: 0) }
        return Estimate(
            exp(Summary.quantile(sorted: logLevels, 0.5)),
            lo: exp(Summary.quantile(sorted: logLevels, Summary.levels95.low)),
            hi: exp(Summary.quantile(sorted: logLevels, Summary.levels95.high)))
    }

    /// The chance that a step at a rate breaks, 0 to 1.
    public func chance(ratePerSecond: Double) -> Double { -expm1(-hazard(ratePerSecond: ratePerSecond)) }

    /// −log(1 − chance): over steps and queues that break apart from each other, hazards add up.
    public func hazard(ratePerSecond rate: Double) -> Double { rate > 0 ? hazard(logRate: log(rate)) : 0 }

    /// The same at the logarithm of a rate; minus infinity is none.
    @inline(__always)
    public func hazard(logRate: Double) -> Double {
        guard logRate > -.infinity else { return 0 }
        guard !hazards.isEmpty else {
            guard let low = logLevels.first else { return BreakLevels.certain }
            // A hair of rounding breaks nothing.
            return logRate > low + 1e-9 ? BreakLevels.certain : 0
        }
        let place = (logRate - first) / step
        guard place > 0 else { return 0 }
        guard place < Double(BreakLevels.gridSteps) else { return BreakLevels.certain }
        let index = Int(saturating: place)
        return hazards[index] + (place - Double(index)) * (hazards[index + 1] - hazards[index])
    }

    /// The levels times a factor.
    public func scaled(by factor: Double) -> BreakLevels {
        guard factor > 0, factor.isFinite else { return .none }
        guard factor != 1 else { return self }
        var result = self
        result.logLevels = logLevels.map { $0 + log(factor) }
        result.first += log(factor)
        result.logHeld += log(factor)
        return result
    }

    /// The same where every hour breaks at a rate at the latest.
    func capped(at ratePerSecond: Double) -> BreakLevels {
        guard let low = logLevels.first, let high = logLevels.last else { return self }
        guard ratePerSecond > 0 else { return .none }
        let cap = log(ratePerSecond)
        if cap >= high { return self }
        if cap <= low { return BreakLevels(exactly: ratePerSecond) }
        return BreakLevels(logLevels: logLevels.map { min($0, cap) }, perStep: perStep).with(extent)
    }

    /// The same with how far over the objective hours are.
    public func with(_ extent: BreakExtent?) -> BreakLevels {
        var result = self
        result.extent = logLevels.isEmpty ? nil : extent
        return result
    }

    /// Seconds of a step that are expected to be over the objective, at the logarithm of a rate; all of a step that breaks
    /// where nothing tells how far.
    public func secondsOver(logRate: Double, stepSeconds: Double) -> Double {
        let hazard = hazard(logRate: logRate)
        guard hazard > 0 else { return 0 }
        guard let extent else { return -expm1(-hazard) * stepSeconds }
        return min(stepSeconds, extent.secondsOver(hazard: hazard, logRatio: logRate - logHeld))
    }

    /// The same at a rate.
    public func secondsOver(ratePerSecond rate: Double, stepSeconds: Double) -> Double {
        rate > 0 ? secondsOver(logRate: log(rate), stepSeconds: stepSeconds) : 0
    }

    /// Both at once, at the price of one: what is expected of a step that goes wrong.
    public func goneWrong(logRate: Double, stepSeconds: Double) -> (secondsOver: Double, shareLate: Double) {
        guard logRate > -.infinity else { return (0, 0) }
        let hazard = hazard(logRate: logRate)
        guard let extent else {
            let broken = -expm1(-hazard)
            return (hazard > 0 ? broken * stepSeconds : 0, broken)
        }
        let logRatio = logRate - logHeld
        let seconds = hazard > 0 ? extent.secondsOver(hazard: hazard, logRatio: logRatio) : 0
        return (min(stepSeconds, seconds), extent.shareLate(hazard: hazard, logRatio: logRatio))
    }

    /// The share of a step's messages that are expected to be late; all in a step that breaks where nothing tells how far.
    public func shareLate(logRate: Double) -> Double {
        guard logRate > -.infinity else { return 0 }
        let hazard = hazard(logRate: logRate)
        guard let extent else { return -expm1(-hazard) }
        return extent.shareLate(hazard: hazard, logRatio: logRate - logHeld)
    }

    /// The same at a rate.
    public func shareLate(ratePerSecond rate: Double) -> Double {
        rate > 0 ? shareLate(logRate: log(rate)) : 0
    }
}

/// The normal score of a value among sorted ones: linear between them, and past them with the slope of their outer
/// quarters.
private struct NormalScores {
    private let sorted: [Double]
    private let scores: [Double]
    /// What one standard deviation is, below and above.
    let lowSlope: Double
    let highSlope: Double

    /// Levels between which the slope is taken on which a tail goes on. Chosen, not measured.
    private static let lowLevels = (from: 0.02, to: 0.4)
    private static let highLevels = (from: 0.6, to: 0.98)
    private static let leastSlope = 1e-6

    init(_ sorted: [Double]) {
        let count = Double(sorted.count)
        let scores = sorted.indices.map {
            SpecialFunctions.normalQuantile((Double($0) + 0.5) / count)
        }
        self.sorted = sorted
        self.scores = scores
        func slope(_ far: Double, _ near: Double) -> Double {
            let values = (Summary.quantile(sorted: sorted, far), Summary.quantile(sorted: sorted, near))
            let ends = (Summary.quantile(sorted: scores, far), Summary.quantile(sorted: scores, near))
            return max((values.1 - values.0) / (ends.1 - ends.0), NormalScores.leastSlope)
        }
        lowSlope = slope(NormalScores.lowLevels.from, NormalScores.lowLevels.to)
        highSlope = slope(NormalScores.highLevels.from, NormalScores.highLevels.to)
    }

    func score(of value: Double) -> Double {
        if value <= sorted[0] { return scores[0] + (value - sorted[0]) / lowSlope }
        let last = sorted.count - 1
        if value >= sorted[last] { return scores[last] + (value - sorted[last]) / highSlope }
        let above = sorted.partitioningIndex { $0 > value }
        let (low, high) = (sorted[above - 1], sorted[above])
        let part = high > low ? (value - low) / (high - low) : 1
        return scores[above - 1] + part * (scores[above] - scores[above - 1])
    }
}
