import Foundation
import Numerics

/// The forecast of a series of few events, as a distribution of whole numbers.
///
/// The mean is the recency-weighted profile of the season times a level, whose memory is chosen by the Poisson deviance
/// of past forecasts at the same lead. Counts about it are negative binomial, as wide as they were about those forecasts;
/// a series of zeros and ones is one of chances (Snyder, Ord and Beaumont 2012 compare such forecasts of intermittent
/// demand).
struct CountForecast: Sendable {
    /// The expected count of each step.
    let means: [Double]
    /// Quantiles `[level][step]`, whole numbers.
    let quantiles: [[Double]]

    /// The largest median of positive counts that are few.
    static let mostMedian = 12.0
    /// The least share of zeros.
    static let leastZeros = 0.15
    /// The fewest counts that tell a distribution.
    static let fewest = 48
    /// Steps in which a level forgets, at most so many of them; the last is never.
    private static let memories = [10.0, 40, 160, 640, 2560, .infinity]
    /// The longest history that is looked at, in steps.
    private static let longest = 20_000
    /// The dispersion below which counts are Poisson's.
    private static let leastDispersion = 1e-6

    /// nil where the history is not one of few events.
    init?(_ window: HistoryWindow, horizon: Int, levels: [Double]) {
        guard window.minimum >= 0, window.splice == nil, window.observedCount >= CountForecast.fewest,
            CountForecast.isFew(window)
        else { return nil }
        let values = Array(window.scored.suffix(CountForecast.longest))
        let profile = CountProfile(values, season: window.shortSeason ?? 1)
        var leads = [1, max(1, horizon / 4), horizon]
        leads = leads.filter { 2 * $0 < values.count }
        let fits = Set(leads).sorted().map {
            CountLevel(values, profile, lead: $0, memories: CountForecast.memories)
        }
        guard let first = fits.first else { return nil }
        let isChance = window.maximum <= 1
        var means: [Double] = []
        var quantiles = [[Double]](repeating: [], count: levels.count)
        for step in 0..<horizon {
            let after = fits.firstIndex { $0.lead > step } ?? fits.count - 1
            let (one, other) = (after > 0 ? fits[after - 1] : first, fits[after])
            let width = log(Double(other.lead)) - log(Double(one.lead))
            let share =
                width > 0 ? min(max((log(Double(step + 1)) - log(Double(one.lead))) / width, 0), 1) : 1
            func between(_ path: KeyPath<CountLevel, Double>) -> Double {
                (1 - share) * one[keyPath: path] + share * other[keyPath: path]
            }
            var mean = between(\.level) * profile.value(atStep: step)
            if isChance { mean = min(mean, 1) }
            means.append(mean)
            let dispersion = between(\.dispersion)
            let counts =
                isChance
                ? levels.map { $0 > 1 - mean ? 1.0 : 0 }
                : CountForecast.quantiles(levels, mean: mean, dispersion: dispersion)
            for index in levels.indices { quantiles[index].append(counts[index]) }
        }
        self.means = means
        self.quantiles = quantiles
    }

    /// Whether all values are whole, many of them zero and the others small.
    private static func isFew(_ window: HistoryWindow) -> Bool {
        var zeros = 0
        var positive: [Double] = []
        for value in window.scored where !value.isNaN {
            guard value == value.rounded() else { return false }
            if value == 0 { zeros += 1 } else { positive.append(value) }
        }
        return !positive.isEmpty && Double(zeros) >= leastZeros * Double(zeros + positive.count)
            && Selection.median(positive) <= mostMedian
    }

    /// The smallest counts whose probability up to them reaches rising levels: of the negative binomial with the variance
    /// μ + dispersion μ², of Poisson's law without dispersion.
    static func quantiles(_ levels: [Double], mean: Double, dispersion: Double) -> [Double] {
        guard mean > 0 else { return levels.map { _ in 0 } }
        let isPoisson = dispersion < leastDispersion
        let ratio = isPoisson ? mean : mean * dispersion / (1 + mean * dispersion)
        var chance = isPoisson ? exp(-mean) : exp(-log1p(mean * dispersion) / dispersion)
        var sum = chance
        var count = 0.0
        let most = 1000 + 1000 * mean
        return levels.map { level in
            while sum < level, count < most {
                chance *= isPoisson ? ratio / (count + 1) : ratio * (count + 1 / dispersion) / (count + 1)
                count += 1
                sum += chance
            }
            return count
        }
    }
}

/// The mean count by part of the short season, recent seasons counting more: as much more as served best, by the Poisson
/// deviance of each season from those before it.
private struct CountProfile {
    private let means: [Double]
    private let season: Int

    /// The most parts of a season.
    private static let mostParts = 24
    /// A season's weight relative to that of the one after it.
    private static let decays = [0.9, 0.95, 0.98, 0.995]
    /// Events by which a part is drawn to the mean of all.
    private static let prior = 2.0
    /// The least mean of a step by which events are made steps.
    private static let leastMean = 1e-6

    init(_ values: [Double], season: Int) {
        self.season = season
        let parts = values.count >= 3 * season ? min(season, CountProfile.mostParts) : 1
        let decays = season > 1 ? CountProfile.decays : [1]
        var best: (deviance: Double, means: [Double])?
        for decay in decays {
            let found = CountProfile.run(values, season: season, parts: parts, decay: decay)
            if found.deviance < best?.deviance ?? .infinity { best = found }
        }
        means = best?.means ?? [0]
    }

    /// The means at the end, and the deviance of each season from the means before it.
    private static func run(_ values: [Double], season: Int, parts: Int, decay: Double)
        -> (deviance: Double, means: [Double])
    {
        var sums = [Double](repeating: 0, count: parts)
        var weights = sums
        func means() -> [Double] {
            let mean = sums.reduce(0, +) / max(weights.reduce(0, +), 1e-300)
            let steps = CountProfile.prior / max(mean, leastMean)
            return zip(sums, weights).map { ($0 + steps * mean) / ($1 + steps) }
        }
        var deviance = 0.0
        var expected = means()
        for (index, value) in values.enumerated() {
            let back = values.count - 1 - index
            let phase = season - 1 - back % season
            if phase == 0, index > 0 {
                for part in 0..<parts {
                    sums[part] *= decay
                    weights[part] *= decay
                }
                expected = means()
            }
            guard !value.isNaN else { continue }
            let part = phase * parts / season
            if expected[part] > 0 {
                deviance += (value > 0 ? value * log(value / expected[part]) : 0) - (value - expected[part])
            }
            sums[part] += value
            weights[part] += 1
        }
        return (deviance, means())
    }

    /// The mean `steps` after the end; negative before it.
    func value(atStep steps: Int) -> Double {
        let phase = steps % season
        return means[(phase < 0 ? phase + season : phase) * means.count / season]
    }
}

/// The level of counts over their profile at the end of a history, for forecasts at a lead.
private struct CountLevel {
    let lead: Int
    /// The level, about 1.
    let level: Double
    /// How far counts scatter about their mean beyond Poisson's law, as a share of its square.
    let dispersion: Double

    /// Events by which a level is drawn to 1.
    private static let prior = 4.0

    init(_ values: [Double], _ profile: CountProfile, lead: Int, memories: [Double]) {
        self.lead = lead
        let usual = (0..<values.count).map { profile.value(atStep: $0 - values.count) }
        var best: (deviance: Double, level: Double, dispersion: Double)?
        for memory in memories {
            let found = CountLevel.run(values, usual, lead: lead, memory: memory)
            if found.deviance < (best?.deviance ?? .infinity) { best = found }
        }
        level = best?.level ?? 1
        dispersion = best?.dispersion ?? 0
    }

    /// The Poisson deviance of forecasts at the lead, the level at the end, and the dispersion about the forecasts.
    private static func run(
        _ values: [Double], _ usual: [Double], lead: Int, memory: Double
    ) -> (deviance: Double, level: Double, dispersion: Double) {
        let decay = exp(-1 / memory)
        var events = prior
        var expected = prior
        var levels = [Double](repeating: 1, count: values.count)
        var deviance = 0.0
        var count = 0.0
        var excess = 0.0
        var squares = 0.0
        var total = 0.0
        var forecasts = 0.0
        for index in values.indices {
            if !values[index].isNaN {
                // The level before the first is 1.
                let mean = usual[index] * (index >= lead ? levels[index - lead] : 1)
                if 4 * index >= values.count, index >= lead, mean > 0 {
                    let value = values[index]
                    deviance += 2 * ((value > 0 ? value * log(value / mean) : 0) - (value - mean))
                    count += 1
                    excess += (value - mean) * (value - mean) - mean
                    squares += mean * mean
                    total += value
                    forecasts += mean
                }
                events = prior + decay * (events - prior) + values[index]
                expected = prior + decay * (expected - prior) + usual[index]
            }
            levels[index] = events / expected
        }
        guard count > 0, squares > 0 else { return (.infinity, levels.last ?? 1, 0) }
        let bias = (total + 20) / (forecasts + 20)
        return (deviance / count, bias * (levels.last ?? 1), max(0, excess / squares))
    }
}
