import Foundation
import Numerics

/// How far off the combination has been, as a scale for each step and quantiles of the scaled errors.
///
/// Errors at the origins of the plan are taken on two scales, as they are and as a log ratio. Each is divided
/// by a scale for its step: of the step itself, of its hour, and of leads nearly as far (mean absolute
/// errors, smoothed over two hours on each side). Quantiles of what is left, about the median of each band of leads,
/// serve all steps. Conformal in
/// spirit (Vovk et al. 2005): nothing is assumed of the model, only that its errors go on as they were.
struct Calibration: Sendable {
    /// Errors on one scale.
    struct Part: Sendable {
        /// The scale of each step.
        let scales: [Double]
        /// Quantiles of the scaled errors at the levels, about their location.
        var quantiles: [Double]
        /// The location of the scaled errors of each step.
        var locations: [Double]

        /// The error at a level, an index of the quantiles.
        func error(_ level: Int, step: Int) -> Double { (quantiles[level] + locations[step]) * scales[step] }

        /// A normal distribution of a mean size, the same at every step.
        static func normal(meanSize: Double, horizon: Int, levels: [Double]) -> Part {
            Part(
                scales: [Double](repeating: meanSize, count: horizon),
                quantiles: levels.map {
                    1.2533 * SpecialFunctions.normalQuantile(min(max($0, 1e-9), 1 - 1e-9))
                }, locations: [Double](repeating: 0, count: horizon))
        }
    }

    var raw: Part
    /// How much the expectation lies above the median: per squared log ratio's scale as a share of it, or per error's
    /// scale where the history is negative somewhere.
    let skew: Double
    /// nil where the history is negative somewhere.
    var logRatio: Part?
    /// What is added before a logarithm is taken.
    let offset: Double
    /// How errors were come by, for the notes.
    let note: String?

    /// The weight of the log ratio below the median, where a plain error soon passes zero; above it is a
    /// half.
    static let lowerRatioShare = 0.75

    /// Errors are widened by this factor: the candidates' weights were chosen on the same origins.
    static let inflation = 1.1

    /// Errors of one past forecast.
    struct Errors {
        /// Actual values; NaN is missing.
        let actual: [Double]
        let forecast: [Double]
        /// Steps from the origin of the forecast back to this one.
        let offset: Int
    }

    init(_ errors: [Errors], context: OriginContext, horizon: Int, levels: [Double]) {
        let size = context.meanAbsolute
        let offset = 0.01 * size + 1e-9
        self.offset = offset
        func logRatio(_ actual: Double, _ forecast: Double) -> Double {
            log(max(actual, 0) + offset) - log(max(forecast, 0) + offset)
        }
        let least = context.leastError
        guard Calibration.meanSize(errors) >= least, !errors.isEmpty else {
            // No past forecast, or fewer than can be believed: as wide as the history is short.
            let found = errors.isEmpty ? context.guessedError : least
            raw = .normal(meanSize: found, horizon: horizon, levels: levels)
            self.logRatio =
                context.isNegative
                ? nil : .normal(meanSize: log1p(found / (size + 1e-300)), horizon: horizon, levels: levels)
            skew = 0
            note =
                found > 0
                ? "quantiles are a guess, as wide as the history is short: it holds no season twice"
                : "quantiles are a guess: the history is zero and too short"
            return
        }
        note = least > 0 ? "the history holds no season twice: quantiles from what is there" : nil
        let season = context.shortSeason
        raw = Calibration.part(errors, season: season, horizon: horizon, levels: levels) { $0 - $1 }
        self.logRatio =
            context.isNegative
            ? nil
            : Calibration.part(errors, season: season, horizon: horizon, levels: levels, difference: logRatio)
        skew = Calibration.skew(
            errors, context: context, raw: raw, logRatio: self.logRatio, offset: offset)
    }

    /// A share of the level up to which an expectation apart from the median is taken for chance.
    private static let chance = 0.01

    /// How much higher the mean of what came lies than its median, about the forecasts.
    ///
    /// Less than a hundredth of the level is taken for chance. Only the shape of the errors counts and not where they
    /// lie: a month that grew says little of the next. One burst does not make an expectation: errors count up to
    /// eight scales.
    private static func skew(
        _ errors: [Errors], context: OriginContext, raw: Part, logRatio: Part?, offset: Double
    ) -> Double {
        var rests: [Double] = []
        var sizes: [Double] = []
        var unit = 0.0
        for past in errors {
            for (step, actual) in past.actual.enumerated() where !actual.isNaN {
                let place = min(step, raw.scales.count - 1)
                let forecast = max(past.forecast[step], context.isNegative ? -.infinity : 0)
                let bound = 8 * raw.scales[place]
                let error = min(max(actual - forecast, -bound), bound)
                if let logRatio {
                    let scale = min(logRatio.scales[place], 1)
                    rests.append((forecast + error + offset) / (forecast + offset))
                    sizes.append(forecast + offset)
                    unit += (forecast + offset) * scale * scale
                } else {
                    rests.append(error / raw.scales[place])
                    sizes.append(raw.scales[place])
                    unit += raw.scales[place]
                }
            }
        }
        // What holds no season twice has errors enough for a width, not for a shape.
        guard unit > 0, context.leastError == 0 else { return 0 }
        let median = Selection.median(rests)
        var more = 0.0
        for (rest, size) in zip(rests, sizes) { more += (rest - median) * size }
        guard logRatio != nil else { return more / unit }
        let size = max(median, 1e-3) * sizes.reduce(0, +)
        let share = more / size
        let believed = abs(share) > chance ? share - (share < 0 ? -chance : chance) : 0
        return believed * size / (max(median, 1e-3) * unit)
    }

    /// The expectation at each step around medians.
    func expectation(around medians: [Double], limits: ForecastLimits) -> [Double] {
        medians.indices.map { step in
            guard let logRatio else { return limits.clip(medians[step] + skew * raw.scales[step]) }
            let scale = min(logRatio.scales[step], 1)
            return limits.clip(medians[step] * min(max(1 + skew * scale * scale, 0.7), 2))
        }
    }

    /// The quantiles around a forecast, `[level][step]`: a mean of both scales, in order, and within the
    /// limits.
    func quantiles(around forecast: [Double], levels: [Double], limits: ForecastLimits) -> [[Double]] {
        var result = levels.indices.map { level in
            forecast.indices.map { step -> Double in
                let plain = forecast[step] + raw.error(level, step: step)
                guard let logRatio else { return plain }
                let exponent = min(logRatio.error(level, step: step), 50)
                let ratio = (max(forecast[step], 0) + offset) * exp(exponent) - offset
                let share = levels[level] < 0.5 ? Calibration.lowerRatioShare : 0.5
                return (1 - share) * plain + share * ratio
            }
        }
        for step in forecast.indices {
            var last = -Double.infinity
            for level in levels.indices {
                let value = min(result[level][step], limits.highestQuantile)
                last = max(last, limits.low >= 0 ? max(value, 0) : value)
                result[level][step] = last
            }
        }
        return result
    }

    /// The mean size of the errors; 0 where there are none.
    private static func meanSize(_ errors: [Errors]) -> Double {
        var sum = 0.0
        var count = 0.0
        for past in errors {
            for (step, actual) in past.actual.enumerated() where !actual.isNaN {
                sum += abs(actual - past.forecast[step])
                count += 1
            }
        }
        return count > 0 ? sum / count : 0
    }

    /// How far the signs of the errors are believed: by 0.3 from ten origins, less from fewer; nine tenths
    /// from 28 seasons of them.
    private static func ownShare(_ errors: [Errors], season: Int) -> Double {
        let offsets = errors.map(\.offset)
        guard let near = offsets.min(), let far = offsets.max() else { return 0.3 }
        let seasons = Double(far - near) / Double(max(season, 1)) + 1
        let few = 0.3 * Double(min(errors.count, 10) - 1) / 9
        return min(max(0.3 + (seasons - 10) / 30, few), 0.9)
    }

    private static func part(
        _ errors: [Errors], season: Int, horizon: Int, levels: [Double],
        difference: (Double, Double) -> Double
    ) -> Part {
        var residuals: [(step: Int, phase: Int, value: Double)] = []
        var ends: [Int] = []
        for past in errors {
            for (step, actual) in past.actual.enumerated() where !actual.isNaN {
                let phase = ((step - past.offset) % season + season) % season
                residuals.append((min(step, horizon - 1), phase, difference(actual, past.forecast[step])))
            }
            ends.append(residuals.count)
        }
        let scales = ErrorScale(residuals, season: season, horizon: horizon)
        let scaled = residuals.map { $0.value / scales.value(step: $0.step, phase: $0.phase) }
        let offsets = errors.map(\.offset)
        let span = Double((offsets.max() ?? 0) - (offsets.min() ?? 0)) / Double(max(horizon, 1)) + 1
        let widening = TailWidening(scaled, ends: ends, independentOrigins: span)
        let share = ownShare(errors, season: season)
        let locations = locations(scaled, steps: residuals.map(\.step), ends: ends, horizon: horizon)
        let rests = zip(scaled, residuals).map { $0 - locations[$1.step] }
        return Part(
            scales: (0..<horizon).map { scales.value(step: $0, phase: $0 % season) },
            quantiles: zip(levels, ErrorQuantiles(rests, sizesOf: scaled, ownShare: share).at(levels)).map {
                inflation * widening.factor($0) * $1
            },
            locations: locations.map { share * $0 })
    }

    /// Origins by which the median of a band of leads is drawn to that of all.
    private static let locationPrior = 4.0

    /// The median of scaled errors about each step: where the level of next week has been missed all along, the next
    /// step has not.
    private static func locations(_ scaled: [Double], steps: [Int], ends: [Int], horizon: Int) -> [Double] {
        guard !scaled.isEmpty else { return [Double](repeating: 0, count: horizon) }
        let all = Summary.median(scaled)
        var byBand = [[Double]](repeating: [], count: CandidateLosses.bandCount(horizon: horizon))
        var origins = [Double](repeating: 0, count: byBand.count)
        var start = 0
        for end in ends {
            // Steps of an origin rise, and with them the bands.
            var last = -1
            for place in start..<end {
                let band = CandidateLosses.band(steps[place])
                byBand[band].append(scaled[place])
                if band != last { origins[band] += 1 }
                last = band
            }
            start = end
        }
        let medians = zip(byBand, origins).map { errors, origins in
            errors.isEmpty
                ? all : (origins * Summary.median(errors) + locationPrior * all) / (origins + locationPrior)
        }
        return (0..<horizon).map { medians[CandidateLosses.band($0)] }
    }
}

/// The size of errors by step, by lead and by phase of the short season.
struct ErrorScale {
    private let byStep: [Double]
    private let byLead: [Double]
    /// By phase, a factor about 1.
    private let byPhase: [Double]
    private let season: Int

    init(_ residuals: [(step: Int, phase: Int, value: Double)], season: Int, horizon: Int) {
        self.season = season
        let bound = ErrorScale.bound(residuals.map { abs($0.value) })
        var steps = MeanSizes(count: horizon)
        var phaseSizes = MeanSizes(count: season)
        var total = 0.0
        for residual in residuals {
            let size = min(abs(residual.value), bound)
            steps.add(size, at: residual.step)
            phaseSizes.add(size, at: residual.phase)
            total += size
        }
        let mean = residuals.isEmpty ? 0 : total / Double(residuals.count)
        let phases = phaseSizes.means(otherwise: mean).map { mean > 0 ? $0 / mean : 1 }
        let smooth =
            season >= 5
            ? ErrorScale.smoothed(phases, wraps: true) : [Double](repeating: 1, count: season)
        let byPhase = smooth.map { (0.4 * $0 + 0.3) / 0.7 }
        self.byPhase = byPhase
        byStep = ErrorScale.smoothed(steps.means(otherwise: mean), wraps: false)
        var usual = MeanSizes(count: horizon)
        for residual in residuals { usual.add(byPhase[residual.phase], at: residual.step) }
        byLead = ErrorScale.nearby(steps, over: usual, otherwise: mean)
    }

    /// Leads up to so many times as far off have nearly the same errors.
    private static let leadWidth = 1.5

    /// The mean size about each lead over what its phases have usually.
    private static func nearby(
        _ sizes: MeanSizes, over usual: MeanSizes, otherwise mean: Double
    ) -> [Double] {
        var sums = [(0.0, 0.0)]
        for (one, other) in zip(sizes.sums, usual.sums) {
            let last = sums[sums.count - 1]
            sums.append((last.0 + one, last.1 + other))
        }
        let count = sizes.sums.count
        return (0..<count).map { step in
            let first = min(Int(saturating: Double(step + 1) / leadWidth), step)
            let end = max(min(Int(saturating: (Double(step + 1) * leadWidth).rounded(.up)), count), step + 1)
            let (one, other) = (sums[end].0 - sums[first].0, sums[end].1 - sums[first].1)
            return other > 0 ? one / other : mean
        }
    }

    /// Three times the 98 % quantile: a lone outlier does not widen every interval.
    private static func bound(_ sizes: [Double]) -> Double {
        sizes.count >= 60 ? 3 * Summary.quantile(sizes, 0.98) : .infinity
    }

    /// The scale of a step, positive.
    func value(step: Int, phase: Int) -> Double {
        let place = min(step, byStep.count - 1)
        return 0.3 * byStep[place] + 0.7 * byLead[place] * byPhase[phase] + 1e-12
    }

    /// A running mean with the weights ½ 1 1 1 ½, around the season or mirrored at the ends.
    private static func smoothed(_ values: [Double], wraps: Bool) -> [Double] {
        let count = values.count
        func value(_ index: Int) -> Double {
            if wraps { return values[(index + count) % count] }
            let mirrored = index < 0 ? -index - 1 : index >= count ? 2 * count - 1 - index : index
            return values[min(max(mirrored, 0), count - 1)]
        }
        return values.indices.map { index in
            let near = value(index + 1) + value(index - 1)
            let far = value(index + 2) + value(index - 2)
            return (values[index] + near + far / 2) / 4
        }
    }

    /// Means by place.
    private struct MeanSizes {
        private(set) var sums: [Double]
        private var counts: [Double]

        init(count: Int) {
            sums = [Double](repeating: 0, count: count)
            counts = sums
        }

        mutating func add(_ size: Double, at place: Int) {
            sums[place] += size
            counts[place] += 1
        }

        func means(otherwise mean: Double) -> [Double] {
            zip(sums, counts).map { $1 > 0 ? $0 / $1 : mean }
        }
    }
}

/// Quantiles of scaled errors: in part as they fall, in part from their absolute size, so that a short
/// history does not make a lopsided interval; beyond the 95 % quantile, from a generalised Pareto tail over
/// the 90 % quantile.
struct ErrorQuantiles {
    private let signed: [Double]
    private let absolute: [Double]

    private let ownShare: Double

    /// The fewest errors whose ranks say something.
    static let fewest = 12

    /// Of errors about their location, and the sizes of the same as they are.
    init(_ values: [Double], sizesOf whole: [Double], ownShare: Double) {
        self.ownShare = ownShare
        signed = RadixSort.sorted(values)
        absolute = ErrorQuantiles.absolute(RadixSort.sorted(whole))
    }

    /// The sizes in order: a merge of the negative values, backwards, and the others.
    private static func absolute(_ sorted: [Double]) -> [Double] {
        var below = (sorted.firstIndex { $0 >= 0 } ?? sorted.count) - 1
        var above = below + 1
        return sorted.indices.map { _ in
            if below >= 0, above == sorted.count || -sorted[below] <= sorted[above] {
                below -= 1
                return -sorted[below + 1]
            }
            above += 1
            return sorted[above - 1]
        }
    }

    func at(_ levels: [Double]) -> [Double] {
        guard !signed.isEmpty else { return levels.map { _ in 0 } }
        guard signed.count >= ErrorQuantiles.fewest else {
            // Too few to rank: a normal distribution of their mean size.
            let deviation = 1.2533 * Summary.mean(absolute)
            return levels.map { deviation * SpecialFunctions.normalQuantile(min(max($0, 1e-9), 1 - 1e-9)) }
        }
        let upperTail = Tail(signed)
        let absoluteTail = Tail(absolute)
        return levels.map { level in
            let own = upperTail.quantile(signed, level)
            let size = absoluteTail.quantile(absolute, abs(2 * level - 1))
            return ownShare * own + (1 - ownShare) * (level < 0.5 ? -size : size)
        }
    }

    /// The tail over the 90 % quantile, with a shape between −0.2 and 0.35.
    private struct Tail {
        private let threshold: Double
        private let excess: GeneralisedPareto?

        init(_ sorted: [Double]) {
            let threshold = Summary.quantile(sorted: sorted, 0.9)
            self.threshold = threshold
            let above = sorted.drop { $0 <= threshold }.map { $0 - threshold }
            // Of a tail with the largest shape, one excess in six hundred lies above thirty times the median.
            let bound = above.isEmpty ? 0 : 30 * above[above.count / 2]
            let excesses = above.map { min($0, bound) }
            let mean = excesses.isEmpty ? 0 : Summary.mean(excesses)
            if excesses.count >= 15, let fit = GeneralisedPareto(probabilityWeighted: excesses) {
                // A clipped shape keeps the mean excess σ / (1 − ξ).
                let shape = min(max(fit.shape, -0.2), 0.35)
                excess = GeneralisedPareto(shape: shape, scale: mean * (1 - shape))
            } else {
                excess = mean > 0 ? GeneralisedPareto(shape: 0, scale: mean) : nil
            }
        }

        func quantile(_ sorted: [Double], _ level: Double) -> Double {
            guard level > 0.95, let excess else { return Summary.quantile(sorted: sorted, level) }
            let tail = threshold + excess.quantile(1 - (1 - level) / 0.1)
            return max(tail, Summary.quantile(sorted: sorted, 0.95))
        }
    }
}
