import Forecasting
import Foundation
import TestSupport
import Testing
import Units

/// Events from the definition of the process: Ogata's thinning (1981), with the sum over all earlier events
/// kept for an exponential kernel.
private func simulate(
    _ seconds: Double, baseline: (Double) -> Double, highest: Double, ratio: Double, decay: Double,
    seed: UInt64
) -> [Double] {
    var random = SplitMix64(seed: seed)
    var times: [Double] = []
    var time = 0.0
    var excitation = 0.0
    while true {
        let bound = highest + excitation
        let gap = -log(1 - random.uniform()) / bound
        time += gap
        guard time < seconds else { return times }
        excitation *= exp(-gap / decay)
        if random.uniform() * bound < baseline(time) + excitation {
            times.append(time)
            excitation += ratio / decay
        }
    }
}

private func counts(_ times: [Double], step: Double, seconds: Double) -> RegularSeries {
    var values = [Double](repeating: 0, count: Int(seconds / step))
    for time in times where Int(time / step) < values.count { values[Int(time / step)] += 1 }
    return RegularSeries(
        id: SeriesID("hawkes"), start: Timestamp(seconds: 1_704_067_200), stepSeconds: Int64(step),
        values: values)
}

@Suite("Hawkes")
struct HawkesTests {
    @Test("times give back the parameters they were drawn from, and pass their own test")
    func times() throws {
        var ratioHits = 0
        var decayHits = 0
        var passes = 0
        for seed in 1...12 {
            let times = simulate(
                4000, baseline: { _ in 0.4 }, highest: 0.4, ratio: 0.6, decay: 2, seed: UInt64(seed))
            let fit = try HawkesFit(times: times, seconds: 4000, form: .exponential)
            ratioHits += fit.branchingRatio.covers(0.6) ? 1 : 0
            decayHits += fit.decaySeconds.covers(2) ? 1 : 0
            passes += fit.residualP > 0.05 ? 1 : 0
            #expect(abs(fit.baselinePerSecond - 0.4) < 0.12)
        }
        #expect(ratioHits >= 10 && decayHits >= 10 && passes >= 10)
    }

    @Test(
        "counts give back the branching ratio even where a bin is longer than the decay",
        arguments: [
            (1.0, 2.0), (1.0, 0.2), (5.0, 1.0),
        ])
    func counts(step: Double, decay: Double) throws {
        var hits = 0
        for seed in 1...12 {
            let times = simulate(
                40_000, baseline: { _ in 0.5 }, highest: 0.5, ratio: 0.6, decay: decay, seed: UInt64(seed))
            let series = ForecastingTests.counts(times, step: step, seconds: 40_000)
            let fit = try HawkesFit(counts: series, form: .exponential, season: 1)
            hits += fit.branchingRatio.covers(0.6) ? 1 : 0
            #expect(abs(fit.branchingRatio.value - 0.6) < 0.12)
        }
        #expect(hits >= 10)
    }

    @Test("a seasonal baseline is not taken for excitation")
    func season() throws {
        let day = 2000.0
        let wave: (Double) -> Double = { 0.5 * (1 + 0.8 * sin(2 * .pi * $0 / day)) }
        let times = simulate(40_000, baseline: wave, highest: 0.9, ratio: 0.3, decay: 1, seed: 3)
        let shape = (0..<40).map { wave((Double($0) + 0.5) * 50) }
        let fit = try HawkesFit(
            times: times, seconds: 40_000, form: .exponential,
            season: HawkesSeason(seconds: day, shape: shape))
        #expect(fit.branchingRatio.covers(0.3))
        let series = ForecastingTests.counts(times, step: 1, seconds: 40_000)
        let counted = try HawkesFit(counts: series, form: .exponential, season: 2000)
        #expect(abs(counted.branchingRatio.value - 0.3) < 0.1)
        #expect(fit.residualP > 0.01)
    }

    @Test("a power law is told from an exponential")
    func powerLaw() throws {
        // Two delays far apart look like a power law, and one like an exponential.
        var random = SplitMix64(seed: 5)
        func exponential() -> Double { -log(1 - random.uniform()) }
        var found: [Double] = []
        var time = 0.0
        while time < 8000 {
            time += exponential() / 0.4
            if time < 8000 { found.append(time) }
        }
        var index = 0
        while index < found.count {
            var product = random.uniform()
            while product > exp(-0.6) {
                let delay = pow(1 - random.uniform(), -1 / 0.7) - 1
                if found[index] + 0.1 * delay < 8000 { found.append(found[index] + 0.1 * delay) }
                product *= random.uniform()
            }
            index += 1
        }
        found.sort()
        let heavy = try HawkesFit(times: found, seconds: 8000, form: .powerLaw)
        let light = try HawkesFit(times: found, seconds: 8000, form: .exponential)
        #expect(heavy.criterion < light.criterion - 10)
        #expect(heavy.residualDistance < light.residualDistance)
        #expect(abs(heavy.branchingRatio.value - 0.6) < 0.12)
        let exponent = try #require(heavy.exponent)
        #expect(abs(exponent.value - 0.7) < 0.35)
    }

    @Test("a Poisson process brings next to nothing, and too little data is a reason")
    func poisson() throws {
        let times = simulate(8000, baseline: { _ in 1 }, highest: 1, ratio: 0, decay: 1, seed: 9)
        let fit = try HawkesFit(times: times, seconds: 8000, form: .exponential)
        #expect(fit.branchingRatio.value < 0.1)
        #expect(throws: ModelFailure.self) {
            try HawkesFit(times: [1, 2, 3], seconds: 10, form: .exponential)
        }
        #expect(throws: ModelFailure.self) {
            try HawkesFit(times: (0..<200).map { 200 - Double($0) }, seconds: 300, form: .exponential)
        }
    }
}
