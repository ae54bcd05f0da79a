import Exchange
import Replay
import Testing
import Units

@Suite struct SimulatedCapacityTests {
    private static let poisson = BurstProfile(measuredRatePerSecond: 1, points: [], origin: "Poisson")
    private static let orders = ClassRates(perSecond: [1, 0, 0, 0])

    private static func tier(
        kind: TierKind = .pool, meanSeconds: Double, variation: Double = 1, latencySeconds: Double,
        imbalance: Double = 0
    ) -> Tier {
        Tier(
            name: "tier", kind: kind,
            service: [.order: ServiceTime(meanSeconds: meanSeconds, coefficientOfVariation: variation)],
            objective: Objective(quantile: 0.99, latencySeconds: latencySeconds), nodes: 1, shape: "any",
            imbalance: imbalance)
    }

    @Test(arguments: [1, 2, 4, 12, 20, 64, 128, 256], [10.0, 30, 100])
    func poissonArrivalsAndExponentialServiceAgreeWithErlangC(servers: Int, services: Double) {
        let capacity = SimulatedCapacity(seed: 5, replications: 8, messageBudget: 60_000, shape: .exponential)
        let tier = Self.tier(meanSeconds: 1e-4, latencySeconds: services * 1e-4)
        let truth = ErlangC(servers: servers, meanServiceSeconds: 1e-4)
            .largestRate(latencySeconds: services * 1e-4, shareAllowed: 0.01)
        let found = capacity.largestRate(of: tier, servers: servers, mix: Self.orders, bursts: Self.poisson)
        print(servers, services, truth, found, found.value / truth, found.lo / truth, found.hi / truth)
        #expect(abs(found.value / truth - 1) < 0.02)
    }

    @Test func timing() {
        let capacity = SimulatedCapacity(seed: 5)
        let tier = Self.tier(meanSeconds: 150e-6, latencySeconds: 5e-3)
        let clock = ContinuousClock()
        for c in [1,2,12,64,100,200] {
            var e = Estimate(exactly: 0)
            let d = clock.measure { e = capacity.largestRate(of: tier, servers: c, mix: Self.orders, bursts: .standard) }
            print("standard", c, e, e.value*150e-6/Double(c), e.lo/e.value, e.hi/e.value, d)
        }
    }
}
