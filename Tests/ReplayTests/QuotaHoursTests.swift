import Exchange
import Foundation
import Replay
import Testing
import Units

/// A supplier's quota, against closed forms.
@Suite("Quotas") struct QuotaHoursTests {
    private static let poisson = BurstProfile(measuredRatePerSecond: 1, points: [], origin: "test")

    private static func tier(_ requests: Double, _ window: Quota.Window, quantile: Double = 0.9) -> Tier {
        var tier = Tier(
            name: "screening", kind: .external,
            service: [.order: ServiceTime(meanSeconds: 0.05, coefficientOfVariation: 0)],
            objective: Objective(quantile: quantile, latencySeconds: 1), nodes: 1, shape: "basic")
        tier.quota = Quota(
            prices: [Quota.Price(name: "basic", requests: requests, window: window, perMonth: .zero)])
        return tier
    }

    @Test(
        "a level that never moves holds what lets through all but the allowed share",
        arguments: [Quota.Window.second, .minute])
    func level(window: Quota.Window) throws {
        // So many that a count hardly differs from its mean: 1 - q / (λ w) is the share refused.
        let tier = Self.tier(1e12, window)
        let shape = try #require(tier.ownShapes.first)
        let held = SimulatedCapacity(seed: 1).breakLevels(
            of: tier, nodes: 1, shape: shape, mix: ClassRates(perSecond: [1, 0, 0, 0]), bursts: Self.poisson
        ).held.value
        #expect(abs(held * Double(window.seconds) / (1e12 / 0.9) - 1) < 1e-3)
    }

    @Test("at a rate that is the quota, the excess of a Poisson count is refused: √q φ(0) / q")
    func excess() {
        let hours = QuotaHours(
            Quota.Price(name: "basic", requests: 100, perMonth: .zero), bursts: Self.poisson)
        #expect(abs(hours.shareRefused(perSecond: 100) - 10 * 0.39894 / 100) < 1e-3)
        #expect(hours.shareRefused(perSecond: 10) < 1e-12 && hours.shareRefused(perSecond: 0) == 0)
        let shares = [50.0, 80, 100, 150, 1000].map { hours.shareRefused(perSecond: $0) }
        #expect(shares == shares.sorted() && abs(shares[4] - 0.9) < 1e-3)
    }

    @Test("a minute's window forgives what a second's refuses, and bursts take from both")
    func windows() {
        func held(_ window: Quota.Window, _ bursts: BurstProfile) -> Double {
            let requests = window == .second ? 100.0 : 6000
            let tier = Self.tier(requests, window, quantile: 0.99)
            return SimulatedCapacity(seed: 1).breakLevels(
                of: tier, nodes: 1, shape: tier.ownShapes[0], mix: ClassRates(perSecond: [1, 0, 0, 0]),
                bursts: bursts
            ).held.value
        }
        let strong = BurstProfile(
            measuredRatePerSecond: 100,
            points: [(1, 40), (10, 200)].map {
                BurstProfile.Point(windowSeconds: $0.0, indexOfDispersion: $0.1)
            }, origin: "test")
        #expect(held(.minute, Self.poisson) > held(.second, Self.poisson))
        #expect(held(.second, Self.poisson) > held(.second, strong))
        #expect(held(.minute, Self.poisson) > held(.minute, strong))
        #expect(held(.minute, Self.poisson) < 6000 / 60 / 0.99)
    }

    @Test("a supplier that is slower than the objective holds nothing")
    func slow() {
        var tier = Self.tier(100, .second)
        tier.objective.latencySeconds = 0.01
        let levels = SimulatedCapacity(seed: 1).breakLevels(
            of: tier, nodes: 1, shape: tier.ownShapes[0], mix: ClassRates(perSecond: [1, 0, 0, 0]),
            bursts: Self.poisson)
        #expect(levels == .none)
    }
}
