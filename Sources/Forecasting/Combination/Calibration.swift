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
                    RobustScale.meanToSigma * SpecialFunctions.normalQuantile(min(max($0, 1e-9), 1 - 1e-9))
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
    /// half. Chosen, not measured.
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
        let offset = ValueScale.ratioOffsetShare * size + 1e-9
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
                ? "quantiles are a rough guess: the history covers less than two seasons"
                : "quantiles are a rough guess: the history is short and all zero"
            return
        }
        note = least > 0 ? "quantiles come from little data: the history covers less than two seasons" : nil
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
    /// Scales up to which an error counts for the skew. Chosen, not measured.
    private static let skewErrorMax = 8.0
    /// The least median of ratios by which the skew is divided.
    private static let leastRatio = 1e-3
    /// Bounds of the expectation over the median. Chosen, not measured.
    private static let expectationRatios = 0.7...2.0

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
                let bound = skewErrorMax * raw.scales[place]
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
        let size = max(median, leastRatio) * sizes.reduce(0, +)
        let share = more / size
        let believed = abs(share) > chance ? share - (share < 0 ? -chance : chance) : 0
        return believed * size / (max(median, leastRatio) * unit)
    }

    /// The expectation at each step around medians.
    func expectation(around medians: [Double], limits: ForecastLimits) -> [Double] {
        medians.indices.map { step in
            guard let logRatio else { return limits.clip(medians[step] + skew * raw.scales[step]) }
            let scale = min(logRatio.scales[step], 1)
            let ratios = Calibration.expectationRatios
            return limits.clip(
                medians[step] * min(max(1 + skew * scale * scale, ratios.lowerBound), ratios.upperBound))
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

    /// How far the signs of the errors are believed: by `signShare` from `signOrigins` on, less from fewer, and by one more
    /// for so many seasons beyond as many, up to a most. Chosen, not measured.
    private static let signShare = 0.3
    private static let signOrigins = 10
    private static let signSeasons = 30.0
    private static let signShareMax = 0.9

    /// How far the signs of the errors are believed: three tenths from ten origins, nine tenths from 28 seasons.
    private static func ownShare(_ errors: [Errors], season: Int) -> Double {
        let offsets = errors.map(\.offset)
        guard let near = offsets.min(), let far = offsets.max() else { return signShare }
        let seasons = Double(far - near) / Double(max(season, 1)) + 1
        let few = signShare * Double(min(errors.count, signOrigins) - 1) / Double(signOrigins - 1)
        return min(max(signShare + (seasons - Double(signOrigins)) / signSeasons, few), signShareMax)
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
