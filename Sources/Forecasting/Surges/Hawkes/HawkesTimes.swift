import Foundation
import Numerics
import Units

extension HawkesFit {
    /// Fits the times of events by maximum likelihood.
    ///
    /// - Parameters:
    ///   - times: Seconds from the start of the observation, in order.
    ///   - seconds: The length of the observation.
    ///   - form: The kernel.
    ///   - season: The shape of the baseline.
    /// - Throws: `ModelFailure` for too few events or times out of order.
    public init(
        times: [Double], seconds: Double, form: HawkesKernel.Form, season: HawkesSeason = .none
    ) throws(ModelFailure) {
        guard times.count >= HawkesFit.fewestEvents else {
            throw ModelFailure("\(times.count) events, but \(HawkesFit.fewestEvents) are needed")
        }
        guard zip(times, times.dropFirst()).allSatisfy(<=), let first = times.first, let last = times.last,
            first >= 0, last <= seconds, last > first
        else { throw ModelFailure("times must increase and lie within the observation period") }
        let problem = HawkesTimes(times: times, seconds: seconds, form: form, season: season)
        let gap = (last - first) / Double(times.count)
        let starts = HawkesFit.starts(form, from: gap / 30, to: seconds / 10)
        // Starts are compared on what a short search makes of a part of the events.
        let part = problem.prefix(HawkesTimes.triedEvents)
        let tried = starts.prefix(HawkesTimes.triedStarts).map {
            SimplexSearch.minimise(from: $0, iterations: HawkesTimes.triedIterations) { part.negative($0) }
        }
        let start = tried.min { $0.value < $1.value }?.arguments ?? starts[0]
        let best = SimplexSearch.minimise(
            from: start, step: HawkesTimes.searchStep, iterations: HawkesTimes.searchIterations
        ) { problem.negative($0) }
        let curvature = SimplexSearch.curvature(at: best.arguments, step: HawkesFit.differenceStep) {
            problem.negative($0)
        }
        let kernel = HawkesKernel(form, free: best.arguments)
        let found = HawkesFit.estimates(
            form, best.arguments,
            errors: HawkesFit.errors(curvature: curvature, count: best.arguments.count))
        let residuals = problem.residuals(kernel)
        let test = KolmogorovSmirnov.exponential(residuals)
        self.init(
            method: .times, kernel: kernel, branchingRatio: found.ratio, decaySeconds: found.decay,
            exponent: found.exponent, baselinePerSecond: problem.baseline(kernel), eventCount: times.count,
            logLikelihood: -best.value, residualDistance: test.distance, residualP: test.p)
    }
}

/// The likelihood of times; the baseline is profiled out but for the branching ratio.
private struct HawkesTimes {
    /// Starts, and the events and iterations by which they are compared. Chosen, not measured.
    static let triedStarts = 9
    static let triedEvents = 20_000
    static let triedIterations = 25
    /// The first step of the search from the best of them, in free parameters, and its iterations. Chosen, not measured.
    static let searchStep = 0.3
    static let searchIterations = 120

    let times: [Double]
    let seconds: Double
    let form: HawkesKernel.Form
    let season: HawkesSeason
    private let shape: [Double]
    private let whole: Double

    init(times: [Double], seconds: Double, form: HawkesKernel.Form, season: HawkesSeason) {
        self.times = times
        self.seconds = seconds
        self.form = form
        self.season = season
        shape = times.map { season.value(at: $0) }
        whole = season.integral(to: seconds)
    }

    func prefix(_ count: Int) -> HawkesTimes {
        guard count < times.count else { return self }
        return HawkesTimes(
            times: Array(times[..<count]), seconds: times[count], form: form, season: season)
    }

    /// The baseline that makes the expected number of events the number there was, which the likelihood's
    /// maximum does.
    func baseline(_ kernel: HawkesKernel) -> Double {
        let excited = times.reduce(0.0) { $0 + reach(kernel, seconds - $1) }
        return max((Double(times.count) - excited) / whole, 1e-12)
    }

    /// How many events an event has brought after so long, in mean.
    private func reach(_ kernel: HawkesKernel, _ time: Double) -> Double {
        kernel.branchingRatio
            * kernel.parts.reduce(0.0) { $0 - $1.share * expm1(-time / $1.meanSeconds) }
    }

    /// The negative log likelihood. With the baseline above the compensator is the number of events.
    func negative(_ free: [Double]) -> Double {
        let kernel = HawkesKernel(form, free: free)
        guard kernel.branchingRatio < HawkesFit.branchingRatioMax, kernel.decaySeconds > 1e-9,
            kernel.decaySeconds < 10 * seconds
        else { return .infinity }
        let baseline = self.baseline(kernel)
        var sum = 0.0
        excitations(kernel) { index, excitation in sum += log(baseline * shape[index] + excitation) }
        return Double(times.count) - sum
    }

    /// The excitation just before each event, by the recursion of each exponential.
    private func excitations(_ kernel: HawkesKernel, _ body: (Int, Double) -> Void) {
        let parts = kernel.parts
        let heights = parts.map { kernel.branchingRatio * $0.share / $0.meanSeconds }
        let rates = parts.map { 1 / $0.meanSeconds }
        var states = [Double](repeating: 0, count: parts.count)
        var last = times[0]
        for (index, time) in times.enumerated() {
            let gap = time - last
            var excitation = 0.0
            for part in states.indices {
                states[part] *= exp(-gap * rates[part])
                excitation += states[part]
            }
            body(index, excitation)
            for part in states.indices { states[part] += heights[part] }
            last = time
        }
    }

    /// The compensator between successive events, which is unit exponential where the model holds.
    func residuals(_ kernel: HawkesKernel) -> [Double] {
        let baseline = self.baseline(kernel)
        let parts = kernel.parts
        var states = [Double](repeating: 0, count: parts.count)
        var last = 0.0
        var lastIntegral = 0.0
        return times.map { time in
            let integral = season.integral(to: time)
            var grown = baseline * (integral - lastIntegral)
            for (index, part) in parts.enumerated() {
                let left = states[index] * exp(-(time - last) / part.meanSeconds)
                grown += states[index] - left
                states[index] = left + kernel.branchingRatio * part.share
            }
            last = time
            lastIntegral = integral
            return grown
        }
    }
}
