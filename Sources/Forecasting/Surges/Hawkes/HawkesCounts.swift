import Foundation
import Numerics
import Units

extension HawkesFit {
    /// Fits counts at a fixed step by Whittle's likelihood.
    ///
    /// Counts are taken over their baseline, y → (y − b) / √b, which makes the spectrum that of the kernel
    /// alone: Σₖ sinc²(ω/2 + kπ) / |1 − φ̂((ω + 2πk) / Δ)|². So cascades that begin and end within a bin
    /// count too. The baseline is the mean of each phase of the season. Frequencies below three cycles in a
    /// stretch of the observation belong to its slow changes of level and are left out.
    ///
    /// - Parameters:
    ///   - series: The counts; missing values take the baseline.
    ///   - form: The kernel.
    ///   - season: Steps of the season; 1 for none.
    /// - Throws: `ModelFailure` for too little data or counts that are no more than Poisson's.
    public init(
        counts series: RegularSeries, form: HawkesKernel.Form, season: Int
    ) throws(ModelFailure) {
        let values = series.values
        let present = values.filter(\.isFinite)
        guard present.count >= 128 else { throw ModelFailure("\(present.count) counts, but 128 are needed") }
        guard present.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }) else {
            throw ModelFailure("the values are not counts")
        }
        let events = present.reduce(0, +)
        guard events >= Double(HawkesFit.fewestEvents) else {
            throw ModelFailure("\(Int(saturating: events)) events, but \(HawkesFit.fewestEvents) are needed")
        }
        let baseline = HawkesCounts.baseline(values, season: season)
        let scaled = zip(values, baseline).map { $0.isFinite ? ($0 - $1) / $1.squareRoot() : 0 }
        let problem = HawkesCounts(scaled, step: Double(series.stepSeconds), form: form)
        let longest = problem.longestSeconds
        let starts = HawkesFit.starts(form, from: Double(series.stepSeconds) / 100, to: longest)
        let tried = starts.map { SimplexSearch.minimise(from: $0, iterations: 200) { problem.negative($0) } }
        guard let best = tried.min(by: { $0.value < $1.value }) else {
            throw ModelFailure("no starting point for the fit")
        }
        let curvature = SimplexSearch.curvature(at: best.arguments, step: HawkesFit.differenceStep) {
            problem.negative($0)
        }
        let kernel = HawkesKernel(form, free: best.arguments)
        let found = HawkesFit.estimates(
            form, best.arguments, errors: problem.errors(best.arguments, curvature: curvature))
        let test = problem.test(kernel)
        let rate = Summary.mean(present) / Double(series.stepSeconds)
        self.init(
            method: .counts, kernel: kernel, branchingRatio: found.ratio, decaySeconds: found.decay,
            exponent: found.exponent, baselinePerSecond: rate * (1 - kernel.branchingRatio),
            eventCount: Int(saturating: min(events, 9e15)), logLikelihood: -best.value,
            residualDistance: test.distance,
            residualP: test.p)
    }
}

/// Whittle's likelihood of scaled counts.
private struct HawkesCounts {
    /// Neighbouring frequencies whose powers are averaged.
    private struct Band {
        /// How many frequencies.
        var count = 0
        /// By stretch.
        var powers: [Double] = []
        var power = 0.0
        /// The aliases of the middle frequency in radians a second, with what a bin lets through of each.
        var aliases: [(omega: Double, weight: Double)] = []
    }

    let step: Double
    let form: HawkesKernel.Form
    private let bands: [Band]
    private let stretchCount: Int
    let longestSeconds: Double

    /// A series is cut into about so many stretches or more, whose powers are averaged.
    private static let fewestStretches = 16
    private static let longestStretch = 16_384
    private static let aliasCount = 12
    /// The last frequency of a band over its first. Chosen, not measured.
    private static let bandWidth = 1.04
    /// The least branching ratio, and the most decays in a step, that counts can tell.
    private static let branchingRatioMin = 1e-4
    private static let decaysPerStepMax = 1e4

    init(_ values: [Double], step: Double, form: HawkesKernel.Form) {
        self.step = step
        self.form = form
        var length = 32
        while length * 2 <= min(values.count / HawkesCounts.fewestStretches, HawkesCounts.longestStretch) {
            length *= 2
        }
        let found = Periodogram.stretches(values, length: length)
        stretchCount = found.count
        longestSeconds = step * Double(length) / 8
        var bands: [Band] = []
        var first = 3
        while first < length / 2 {
            let last = min(
                max(first, Int(saturating: Double(first) * HawkesCounts.bandWidth)), length / 2 - 1)
            let middle = 2 * Double.pi * Double(first + last) / 2 / Double(length)
            var band = Band()
            band.count = last - first + 1
            band.powers = found.map { Summary.mean($0[first - 1..<last]) }
            band.power = Summary.mean(band.powers)
            for alias in -HawkesCounts.aliasCount...HawkesCounts.aliasCount {
                let half = middle / 2 + Double.pi * Double(alias)
                band.aliases.append((2 * half / step, (sin(half) / half) * (sin(half) / half)))
            }
            bands.append(band)
            first = last + 1
        }
        self.bands = bands
    }

    /// The mean of each phase, at least a thousandth of the overall mean; of all where a season is seen less
    /// than four times.
    static func baseline(_ values: [Double], season: Int) -> [Double] {
        let count = season > 1 && 4 * season <= values.count ? season : 1
        var sums = [Double](repeating: 0, count: count)
        var numbers = sums
        for (index, value) in values.enumerated() where value.isFinite {
            sums[index % count] += value
            numbers[index % count] += 1
        }
        let mean = sums.reduce(0, +) / numbers.reduce(0, +)
        let phases = zip(sums, numbers).map { $1 > 0 ? max($0 / $1, HawkesSeason.leastShare * mean) : mean }
        return values.indices.map { phases[$0 % count] }
    }

    private func spectrum(_ kernel: HawkesKernel, _ band: Band) -> Double {
        // Aliases further out see no excitation; all weights together sum to one.
        band.aliases.reduce(1) { $0 + $1.weight * (kernel.gain($1.omega) - 1) }
    }

    func negative(_ free: [Double]) -> Double { negative(free, stretch: nil) }

    /// Of one stretch, or of all.
    private func negative(_ free: [Double], stretch: Int?) -> Double {
        let kernel = HawkesKernel(form, free: free)
        guard kernel.branchingRatio < HawkesFit.branchingRatioMax,
            kernel.branchingRatio > HawkesCounts.branchingRatioMin,
            kernel.decaySeconds > step / HawkesCounts.decaysPerStepMax,
            kernel.decaySeconds < 10 * longestSeconds
        else { return .infinity }
        let sum = bands.reduce(0.0) { sum, band in
            let expected = spectrum(kernel, band)
            let power = stretch.map { band.powers[$0] } ?? band.power
            return sum + Double(band.count) * (log(expected) + power / expected)
        }
        return stretch == nil ? Double(stretchCount) * sum : sum
    }

    /// Standard errors from the curvature and from how the gradient varies between stretches, since events
    /// that excite each other are far from normal (White's sandwich, 1982), with Student's t for few of them.
    func errors(_ free: [Double], curvature: [Double]) -> [Double] {
        let count = free.count
        let none = [Double](repeating: .infinity, count: count)
        guard let factor = Cholesky(curvature, order: count), stretchCount > 2 else { return none }
        var sums = [Double](repeating: 0, count: count)
        for stretch in 0..<stretchCount {
            var gradient = free.indices.map { axis -> Double in
                var (up, down) = (free, free)
                up[axis] += HawkesFit.differenceStep
                down[axis] -= HawkesFit.differenceStep
                return (negative(up, stretch: stretch) - negative(down, stretch: stretch))
                    / (2 * HawkesFit.differenceStep)
            }
            factor.solve(&gradient)
            for axis in 0..<count { sums[axis] += gradient[axis] * gradient[axis] }
        }
        let freedom = Double(stretchCount - 1)
        let student =
            SpecialFunctions.studentQuantile(Summary.levels95.high, degreesOfFreedom: freedom)
            / SpecialFunctions.normal95
        return sums.map { ($0 * (freedom + 1) / freedom).squareRoot() * student }
    }

    /// The power of each band over the spectrum is a mean of unit exponentials, so its distribution function
    /// is uniform where the model holds.
    func test(_ kernel: HawkesKernel) -> (distance: Double, p: Double) {
        KolmogorovSmirnov.uniform(
            bands.map { band in
                let stages = band.count * stretchCount
                return erlangCDF(Double(stages) * band.power / spectrum(kernel, band), stages: stages)
            })
    }

    private func erlangCDF(_ x: Double, stages: Int) -> Double {
        guard stages < 100 else {
            // Wilson and Hilferty (1931).
            let k = Double(stages)
            let z = (cbrt(x / k) - 1 + 1 / (9 * k)) * (9 * k).squareRoot()
            return SpecialFunctions.normalCDF(z)
        }
        var term = exp(-x)
        var sum = 0.0
        for stage in 0..<stages {
            sum += term
            term *= x / Double(stage + 1)
        }
        return min(max(1 - sum, 0), 1)
    }
}
