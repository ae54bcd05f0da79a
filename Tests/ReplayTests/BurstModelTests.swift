import Exchange
import Glibc
import Replay
import Testing

@Suite("Bursts") struct BurstModelTests {
    @Test("a fitted model has the profile's index of dispersion at every window")
    func fitMeetsEveryPoint() {
        for profile in [BurstProfile.standard, Scenarios.bursts(strength: 1), Scenarios.bursts(strength: 30)]
        {
            let model = BurstModel(fitting: profile)
            for point in profile.points {
                let fitted = model.indexOfDispersion(
                    windowSeconds: point.windowSeconds, ratePerSecond: profile.measuredRatePerSecond)
                #expect(abs(fitted / point.indexOfDispersion - 1) < 1e-6)
            }
        }
    }

    @Test("generated arrivals have the index of dispersion that was asked for", arguments: [50.0, 400])
    func arrivalsBunchAsAsked(rate: Double) {
        let profile = Scenarios.bursts(strength: 1)
        let model = BurstModel(fitting: profile)
        let runs = (0..<16).map {
            model.gaps(windowSeconds: 250, ratePerSecond: rate, seed: UInt64($0))
        }
        for point in profile.points {
            let found = runs.map { indexOfDispersion($0, window: point.windowSeconds, length: 250) }
            // The variance of the rate is what carries over from the measured level to this one.
            let variance = (point.indexOfDispersion - 1) / (100 * point.windowSeconds)
            let expected = 1 + rate * point.windowSeconds * variance
            #expect(abs(mean(found) - expected) < 4 * standardError(found))
            #expect(standardError(found) < 0.2 * expected)
        }
        let counts = runs.map { Double($0.count) / 250 }
        #expect(abs(mean(counts) - rate) < 4 * standardError(counts))
    }

    @Test("without bursts arrivals are Poisson")
    func noBurstsIsPoisson() {
        let model = BurstModel(fitting: Scenarios.poisson)
        #expect(model == .poisson)
        let gaps = model.gaps(count: 200_000, ratePerSecond: 20, seed: 3)
        #expect(abs(mean(gaps) * 20 - 1) < 4 / 200_000.0.squareRoot())
        // Kolmogorov and Smirnov's distance from the exponential distribution; 1.63/√n is its 1 % point.
        var distance = 0.0
        for (index, gap) in gaps.sorted().enumerated() {
            distance = max(distance, abs(1 - exp(-20 * gap) - Double(index) / 200_000))
        }
        #expect(distance < 1.63 / 200_000.0.squareRoot())
    }

    @Test("rates by the second have the level's mean and the profile's variance over a second")
    func perSecondRates() {
        let profile = Scenarios.bursts(strength: 1)
        let runs = (0..<20).map {
            BurstModel(fitting: profile).perSecondRates(seconds: 400, ratePerSecond: 7, seed: UInt64($0))
        }
        let means = runs.map(mean)
        #expect(abs(mean(means) - 7) < 4 * standardError(means))
        let variances = runs.map { run in mean(run.map { ($0 / 7 - 1) * ($0 / 7 - 1) }) }
        #expect(abs(mean(variances) - 0.15) < 4 * standardError(variances))
    }

    @Test("the same seed gives the same arrivals and another seed others")
    func seeded() {
        let model = BurstModel(fitting: .standard)
        let one = model.gaps(count: 100, ratePerSecond: 10, seed: 1)
        #expect(one == model.gaps(count: 100, ratePerSecond: 10, seed: 1))
        #expect(one != model.gaps(count: 100, ratePerSecond: 10, seed: 2))
    }

    @Test("impossible profiles give finite models")
    func impossibleProfiles() {
        let points = [
            (0.001, 1.0), (0.01, Double.nan), (0.1, 1e300), (1, -5), (0, 3), (-1, 2), (.infinity, 2),
            (10, 1e9),
        ]
        for rate in [0, -1, 1e-300, 100, 1e300, Double.nan, .infinity] {
            let profile = BurstProfile(
                measuredRatePerSecond: rate,
                points: points.map { BurstProfile.Point(windowSeconds: $0.0, indexOfDispersion: $0.1) },
                origin: "test")
            let model = BurstModel(fitting: profile)
            #expect(model.components.allSatisfy { $0.variance.isFinite && $0.variance > 0 })
            #expect(model.gaps(count: 10, ratePerSecond: 5, seed: 1).allSatisfy { $0 >= 0 })
        }
        #expect(BurstModel.poisson.gaps(count: 10, ratePerSecond: -1, seed: 1).isEmpty)
    }

    @Test("a sum of streams bunches less than one of them, and no less than their common part")
    func sumsBunchLess() {
        let profile = BurstProfile.standard
        let model = BurstModel(fitting: profile)
        let sum = BurstModel(
            fitting: .combined((0..<10).map { _ in (ratePerSecond: 119, profile: profile) }))
        for window in [0.001, 0.01, 0.1, 1] {
            let share = BurstProfile.commonShare(windowSeconds: window)
            let expected = model.rateVariance(windowSeconds: window) * (share + (1 - share) / 10)
            // A sum's curve may be flatter than a cascade's can be, which then errs on the safe side.
            let ratio = sum.rateVariance(windowSeconds: window) / expected
            #expect(ratio > 1 - 1e-6 && ratio < 1.2)
            #expect(sum.rateVariance(windowSeconds: window) < model.rateVariance(windowSeconds: window))
        }
        #expect(BurstProfile.combined([(ratePerSecond: 119, profile: profile)]) == profile)
        #expect(BurstModel(fitting: .combined([])) == .poisson)
    }

    @Test(
        "at another level short bursts keep their size and long ones grow with it", arguments: [0.01, 1, 30])
    func carriesToALevel(times: Double) {
        let profile = BurstProfile(
            measuredRatePerSecond: 119,
            points: [(0.001, 7.9), (0.01, 24), (0.1, 64), (1, 158), (10, 400)].map {
                BurstProfile.Point(windowSeconds: $0.0, indexOfDispersion: $0.1)
            }, origin: "test")
        let carried = BurstProfile.combined([(ratePerSecond: 119 * times, profile: profile)])
        for (index, exponent) in [0.3, 0.4, 0.5, 0.6, 1].enumerated() {
            let expected = (profile.points[index].indexOfDispersion - 1) * pow(times, exponent)
            // The cascade that is fitted between meets the points within a few percent.
            #expect(abs((carried.points[index].indexOfDispersion - 1) / expected - 1) < 0.1)
        }
    }

    private func indexOfDispersion(_ gaps: [Double], window: Double, length: Double) -> Double {
        var counts = [Double](repeating: 0, count: Int((length / window).rounded()))
        var time = 0.0
        for gap in gaps {
            time += gap
            counts[min(Int(time / window), counts.count - 1)] += 1
        }
        let average = mean(counts)
        return mean(counts.map { ($0 - average) * ($0 - average) }) / average
    }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func standardError(_ values: [Double]) -> Double {
    let middle = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
}
