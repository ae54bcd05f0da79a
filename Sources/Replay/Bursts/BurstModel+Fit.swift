import Exchange
import Glibc

extension BurstModel {
    /// The model with its variances to six digits, so that sums that differ by rounding alone share their paths.
    var rounded: BurstModel {
        BurstModel(
            components: components.map {
                let unit = pow(10, (log10($0.variance) - 5).rounded(.down))
                return Component(
                    timeScaleSeconds: $0.timeScaleSeconds, variance: ($0.variance / unit).rounded() * unit)
            })
    }

    /// The windows that a model is fitted to, in seconds; longer ones belong to the forecast.
    static let fittedWindowSeconds = 1e-5...120.0
    /// More factors than this are not fitted: a set of them is summed over.
    static let componentCountMax = 8
    /// A factor's variance stays below this, whatever was measured.
    static let varianceMax = 1e5
    /// The time scale of a component over the window that it answers for. Chosen, not measured.
    private static let scaleOfWindow = 0.5
    /// Bounds of the variances that the fit begins with.
    private static let startVariances = 0.01...10.0
    /// The relative change of the variances in a round at which the fit ends.
    private static let changeMin = 1e-10

    /// The cascade whose rate has the profile's variance over each of the profile's windows.
    ///
    /// One factor for each point, at half its window. Given the others, the rate's variance over a window is linear in
    /// one factor's variance, so the system is solved one factor at a time, from the slowest, until it stands still.
    /// Where no such cascade exists (a variance that rises with the window, or falls faster than six times a decade
    /// from one point to the next), factors are held at 0: the finest points are then met and the coarser ones
    /// overstated, which is the safe side. Points closer than a factor of 2 to the one before are passed over.
    public init(fitting profile: BurstProfile) {
        let targets = BurstModel.targets(of: profile)
        guard !targets.isEmpty else {
            self.init(components: [])
            return
        }
        var components = targets.map {
            Component(
                timeScaleSeconds: BurstModel.scaleOfWindow * $0.window,
                variance: max(
                    BurstModel.startVariances.lowerBound,
                    min($0.variance, BurstModel.startVariances.upperBound)))
        }
        for _ in 0..<200 {
            var change = 0.0
            for index in components.indices.reversed() {
                let before = components[index].variance
                components[index].variance = BurstModel.solve(index, of: components, for: targets[index])
                change = max(change, abs(components[index].variance - before) / (1 + before))
            }
            if change < BurstModel.changeMin { break }
        }
        self.init(components: components)
    }

    private typealias Target = (window: Double, variance: Double)

    private static func targets(of profile: BurstProfile) -> [Target] {
        guard profile.measuredRatePerSecond.isFinite else { return [] }
        var result: [Target] = []
        for (index, point) in profile.points.enumerated()
        where fittedWindowSeconds.contains(point.windowSeconds) && point.indexOfDispersion.isFinite {
            if let last = result.last, point.windowSeconds < 2 * last.window { continue }
            let variance = profile.rateVariance(ofPoint: index)
            guard variance.isFinite else { continue }
            result.append((point.windowSeconds, min(variance, varianceMax)))
        }
        guard result.count > componentCountMax else { return result }
        // Keep the two ends and an even choice between them.
        return (0..<componentCountMax).map { result[$0 * (result.count - 1) / (componentCountMax - 1)] }
    }

    /// The variance of one factor at which the window's variance is met.
    private static func solve(_ index: Int, of components: [Component], for target: Target) -> Double {
        func variance(_ value: Double) -> Double {
            var changed = BurstModel.poisson
            changed.components = components
            changed.components[index].variance = value
            return changed.rateVariance(windowSeconds: target.window)
        }
        let without = variance(0)
        let slope = variance(1) - without
        guard slope > 0 else { return 0 }
        return min(max(0, (target.variance - without) / slope), varianceMax)
    }
}

extension BurstProfile {
    /// The share of two symbols' bursts that is common to both, by window: the correlation of their rates.
    ///
    /// Measured on the trades of Binance spot, USD-M and COIN-M BTC and ETH over 339 seconds of 2024-08-08 (mean of
    /// the 15 pairs, Poisson noise taken off): 0.02 at 1 ms, 0.10 at 10 ms, 0.45 at 100 ms, 0.66 at 1 s, 0.68 at 10 s,
    /// 0.91 at 60 s; linear in the window's logarithm between. Less related symbols share less, so sums that use it
    /// are on the safe side.
    public static func commonShare(windowSeconds: Double) -> Double {
        let measured = [
            (0.001, 0.02), (0.01, 0.10), (0.1, 0.45), (1, 0.66), (10, 0.68), (60, 0.91),
        ]
        guard var below = measured.first, windowSeconds > below.0 else { return 0.02 }
        for above in measured.dropFirst() {
            if windowSeconds <= above.0 {
                let part = log(windowSeconds / below.0) / log(above.0 / below.0)
                return below.1 + part * (above.1 - below.1)
            }
            below = above
        }
        return below.1
    }

    /// The profile of several streams together, each with its own rate now.
    ///
    /// Each stream's bursts are first carried to its rate (`carriedVarianceFactor`). With shares a of the total rate and
    /// coefficients of variation C over a window, the sum has the variance (1 − κ) Σ a² C² + κ (Σ a C)², where κ is
    /// `commonShare` of the window; no less than over a longer window, since no stream's is.
    public static func combined(_ streams: [(ratePerSecond: Double, profile: BurstProfile)]) -> BurstProfile {
        combined(
            streams.map { ($0.ratePerSecond, FittedBursts($0.profile)) })
    }

    /// The same for profiles whose models are at hand.
    static func combined(_ streams: [(ratePerSecond: Double, bursts: FittedBursts)]) -> BurstProfile {
        let streams = streams.filter { $0.ratePerSecond > 0 }
        let total = streams.reduce(0) { $0 + $1.ratePerSecond }
        guard let first = streams.first, total > 0 else {
            return BurstProfile(measuredRatePerSecond: 0, points: [], origin: "no arrivals")
        }
        if streams.count == 1, first.ratePerSecond == first.bursts.profile.measuredRatePerSecond {
            return first.bursts.profile
        }
        let windows = Set(streams.flatMap { $0.bursts.profile.points.map(\.windowSeconds) }).sorted()
        var longer = 0.0
        let points = windows.reversed().map { window in
            var independent = 0.0
            var common = 0.0
            for stream in streams {
                let share = stream.ratePerSecond / total
                let carried = stream.bursts.profile.carriedVarianceFactor(
                    toRate: stream.ratePerSecond, windowSeconds: window)
                let variance = carried * stream.bursts.model.rateVariance(windowSeconds: window)
                independent += share * share * variance
                common += share * variance.squareRoot()
            }
            let kappa = commonShare(windowSeconds: window)
            let variance = max(longer, (1 - kappa) * independent + kappa * common * common)
            longer = variance
            return Point(windowSeconds: window, indexOfDispersion: 1 + total * window * variance)
        }
        var sum = BurstProfile(
            measuredRatePerSecond: total, points: points,
            origin: streams.count == 1
                ? first.bursts.profile.origin : "sum of \(streams.count) streams")
        let heaviest = streams.max { $0.ratePerSecond < $1.ratePerSecond } ?? first
        sum.market = heaviest.bursts.profile.market
        let own = heaviest.bursts.profile.sample
        // One stream that is most of the sum bunches as the sum does; else all streams together come nearest.
        sum.sample = heaviest.ratePerSecond > dominance * total ? own : sum.market ?? own
        return sum
    }

    /// A stream with more than this share of a sum stands for it.
    static let dominance = 0.6
}

/// A profile with the model that is fitted to it.
struct FittedBursts {
    let profile: BurstProfile
    let model: BurstModel

    init(_ profile: BurstProfile) {
        self.profile = profile
        model = BurstModel(fitting: profile)
    }

    /// The models of many profiles, fitting equal ones once.
    static func all(_ profiles: [BurstProfile]) -> [FittedBursts] {
        var known: [FittedBursts] = []
        return profiles.map { profile in
            if let old = known.first(where: { $0.profile == profile }) { return old }
            let new = FittedBursts(profile)
            known.append(new)
            return new
        }
    }
}
