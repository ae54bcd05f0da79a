import Exchange
import Foundation
import Replay
import Testing
import Units

@Suite("How far over the objective hours are")
struct BreakExtentTests {
    private static let tier = Tier(
        name: "pool", kind: .pool,
        service: [.order: ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 1)],
        objective: Objective(quantile: 0.99, latencySeconds: 20e-3), nodes: 2, shape: "one")
    private static let mix = ClassRates(perSecond: [1, 0, 0, 0])

    private static func levels(tellsExtent: Bool, servers: Int = 2) -> BreakLevels {
        SimulatedCapacity(seed: 3, tellsExtent: tellsExtent).breakLevels(
            of: tier, servers: servers, mix: mix, bursts: .standard)
    }

    @Test("hours say how far they are over only where that is asked, and break at the same rates")
    func sameLevels() {
        let plain = Self.levels(tellsExtent: false)
        let told = Self.levels(tellsExtent: true)
        #expect(plain.extent == nil && told.extent != nil)
        #expect(told.with(nil) == plain)
    }

    @Test(
        "the busier, the longer and the more; from nothing to all of the hour, and never all where few break",
        arguments: [2, 5])
    func rising(servers: Int) throws {
        let levels = Self.levels(tellsExtent: true, servers: servers)
        let held = levels.held.value
        var last = (seconds: 0.0, late: 0.0)
        for factor in [0.05, 0.2, 0.4, 0.7, 0.9, 1, 1.2, 1.6, 2, 3] {
            let rate = held * factor
            let seconds = levels.secondsOver(ratePerSecond: rate, stepSeconds: 3600)
            let late = levels.shareLate(ratePerSecond: rate)
            #expect(seconds >= last.seconds - 1e-9 && late >= last.late - 1e-9, "\(factor)")
            #expect(seconds <= 3600 * levels.chance(ratePerSecond: rate) + 1e-9)
            #expect(late >= 0 && late <= 1)
            last = (seconds, late)
        }
        // Half of the hours break at what is held, and none of them for all of its time.
        let half = levels.secondsOver(ratePerSecond: held, stepSeconds: 3600)
        #expect(half > 0 && half < 1800)
        #expect(levels.secondsOver(ratePerSecond: held * 0.01, stepSeconds: 3600) < 1)
    }

    @Test("a step is over by the chance of a break times the share of an hour that breaks")
    func tableOfFigures() {
        let count = BreakExtent.logRatios.count
        let extent = BreakExtent(
            stepSeconds: 3600, shareOver: [Double](repeating: 0.25, count: count),
            lateBroken: [Double](repeating: 0.5, count: count),
            lateHeld: [Double](repeating: 0.01, count: count))
        #expect(extent.hoursPerStep == 1 && extent.hourSeconds == 3600)
        let levels = BreakLevels(perSecond: [90, 100, 110]).with(extent)
        let chance = levels.chance(ratePerSecond: 95)
        #expect(abs(levels.secondsOver(ratePerSecond: 95, stepSeconds: 3600) - 900 * chance) < 1e-9)
        #expect(abs(levels.shareLate(ratePerSecond: 95) - (0.5 * chance + 0.01 * (1 - chance))) < 1e-12)
        // Without, a step that breaks is over as a whole.
        let whole = levels.with(nil)
        #expect(abs(whole.secondsOver(ratePerSecond: 95, stepSeconds: 3600) - 3600 * chance) < 1e-9)
        #expect(whole.secondsOver(ratePerSecond: 0, stepSeconds: 3600) == 0)
        // Both at once are the same as one after the other.
        for levels in [levels, whole] {
            for rate in [0.0, 1, 89, 95, 104, 140] {
                let both = levels.goneWrong(logRate: log(rate), stepSeconds: 3600)
                #expect(both.secondsOver == levels.secondsOver(ratePerSecond: rate, stepSeconds: 3600))
                #expect(both.shareLate == levels.shareLate(ratePerSecond: rate))
            }
        }
    }

    @Test("they scale with the load")
    func scaled() {
        let levels = Self.levels(tellsExtent: true)
        let twice = levels.scaled(by: 2)
        let rate = levels.held.value
        let (one, two) = (
            levels.secondsOver(ratePerSecond: rate, stepSeconds: 3600),
            twice.secondsOver(ratePerSecond: 2 * rate, stepSeconds: 3600)
        )
        #expect(abs(one - two) < 1e-6 * one)
    }
}
