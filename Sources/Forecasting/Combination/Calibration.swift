import Foundation
import Numerics

/// How far off the combination has been, as a scale for each step and quantiles of the scaled errors.
///
/// Errors at the origins of the plan are taken on two scales, as they are and as a log ratio. Each is divided
/// by a scale for its step: of the step itself, of its hour, and of its day of the horizon (mean absolute
/// errors, smoothed over two hours on each side). Quantiles of what is left serve all steps. Conformal in
/// spirit (Vovk et al. 2005): nothing is assumed of the model, only that its errors go on as they were.
struct Calibration: Sendable {
    /// Errors on one scale.
    struct Part: Sendable {
        /// The scale of each step.
        let scales: [Double]
        /// Quantiles of the scaled errors at the levels.
        var quantiles: [Double]

        /// A normal distribution of a mean size, the same at every step.
        static func normal(meanSize: Double, horizon: Int, levels: [Double]) -> Part {
            Part(
                scales: [Double](repeating: meanSize, count: horizon),
                quantiles: levels.map {
                    1.2533 * SpecialFunctions.normalQuantile(min(max($0, 1e-9), 1 - 1e-9))
                })
        }
    }

    var raw: Part
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
    }

    /// The quantiles around a forecast, `[level][step]`: a mean of both scales, in order, and within the
    /// limits.
    func quantiles(around forecast: [Double], levels: [Double], limits: ForecastLimits) -> [[Double]] {
        var result = levels.indices.map { level in
            forecast.indices.map { step -> Double in
                let plain = forecast[step] + raw.quantiles[level] * raw.scales[step]
                guard let logRatio else { return plain }
                let exponent = min(logRatio.quantiles[level] * logRatio.scales[step], 50)
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
        return Part(
            scales: (0..<horizon).map { scales.value(step: $0, phase: $0 % season) },
            quantiles: zip(
                levels, ErrorQuantiles(scaled, ownShare: ownShare(errors, season: season)).at(levels)
            ).map { inflation * widening.factor($0) * $1 })
    }
}

/// The size of errors by step, by day of the horizon and by phase of the short season.
struct ErrorScale {
    private let byStep: [Double]
    private let byDay: [Double]
    private let byPhase: [Double]
    private let season: Int

    init(_ residuals: [(step: Int, phase: Int, value: Double)], season: Int, horizon: Int) {
        self.season = season
        let bound = ErrorScale.bound(residuals.map { abs($0.value) })
        // Without a season there are no days.
        let dayCount = season > 1 ? max(1, (horizon + season / 2) / season) : 1
        var days = MeanSizes(count: dayCount)
        var steps = MeanSizes(count: horizon)
        var phaseSizes = MeanSizes(count: season)
        var total = 0.0
        for residual in residuals {
            let size = min(abs(residual.value), bound)
            days.add(size, at: min(residual.step / season, dayCount - 1))
            steps.add(size, at: residual.step)
            phaseSizes.add(size, at: residual.phase)
            total += size
        }
        let mean = residuals.isEmpty ? 0 : total / Double(residuals.count)
        byDay = days.means(otherwise: mean)
        let phases = phaseSizes.means(otherwise: mean).map { mean > 0 ? $0 / mean : 1 }
        byPhase =
            season >= 5
            ? ErrorScale.smoothed(phases, wraps: true) : [Double](repeating: 1, count: season)
        byStep = ErrorScale.smoothed(steps.means(otherwise: mean), wraps: false)
    }

    /// Three times the 98 % quantile: a lone outlier does not widen every interval.
    private static func bound(_ sizes: [Double]) -> Double {
        sizes.count >= 60 ? 3 * Summary.quantile(sizes, 0.98) : .infinity
    }

    /// The scale of a step, positive.
    func value(step: Int, phase: Int) -> Double {
        let day = byDay[min(step / season, byDay.count - 1)]
        return 0.3 * byStep[min(step, byStep.count - 1)] + day * (0.4 * byPhase[phase] + 0.3) + 1e-12
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
        private var sums: [Double]
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

    init(_ values: [Double], ownShare: Double) {
        self.ownShare = ownShare
        signed = RadixSort.sorted(values)
        absolute = ErrorQuantiles.absolute(signed)
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
