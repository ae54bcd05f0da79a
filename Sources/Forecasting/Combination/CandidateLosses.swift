import Foundation
import Numerics

/// How the candidates of one series did at the origins before a place.
///
/// The loss is √(mean absolute error × sMAPE), each relative to the best candidate: robust to scale. Over origins
/// it is a mean of square roots, squared, so that one odd day does not decide. It is taken over all steps, over each
/// eighth of the short season and over each band of leads: what is good at night may be bad at noon, and what is
/// good for the next minute may be bad for tomorrow.
struct CandidateLosses: Sendable {
    /// Over all steps, relative to the best, at least 1; NaN for a candidate without a score.
    let relative: [Double]
    /// By eighth of the season and within it by band of leads: the logarithm of the loss over all steps, half of what
    /// it is more over the eighth and what is believed of what it is more over the band than the band's eighths tell, each
    /// less their median over the candidates; NaN for a candidate without a score.
    let logs: [[Double]]
    /// Number of bands.
    let bandCount: Int

    /// The last lead of each band but the last, in steps.
    private static let bandEnds = [1, 3, 8, 24, 72, 216, 648]
    /// How far a part's own loss is believed.
    static let partShare = 0.5
    /// The logarithm of a loss in a band, over what its eighths tell, of which half is believed.
    static let bandChance = 0.5

    static func bandCount(horizon: Int) -> Int { band(horizon - 1) + 1 }

    /// The band of a step, 0 being the first after the origin.
    static func band(_ step: Int) -> Int { bandEnds.firstIndex { step < $0 } ?? bandEnds.count }

    /// The parts of a season of so many steps that have weights of their own.
    static func partCount(season: Int) -> Int { season >= 16 ? 8 : 1 }

    /// The part of a step that lies `steps` after the place; negative before it.
    static func part(_ steps: Int, season: Int) -> Int {
        let phase = steps % season
        return (phase < 0 ? phase + season : phase) * partCount(season: season) / season
    }

    /// Scores the candidates for a forecast made `place` steps before the end of the window.
    init(_ forecasts: CandidateForecasts, at place: Int, plan: OriginPlan, handicaps: [Double]) {
        let tallies = PlaceTallies(forecasts, at: place, plan: plan, modelCount: handicaps.count)
        bandCount = tallies.byBand.count
        guard let all = tallies.whole.losses() else {
            relative = [Double](repeating: .nan, count: handicaps.count)
            logs = [[Double]](repeating: relative, count: tallies.byPart.count * tallies.byBand.count)
            return
        }
        relative = all
        let common = tallies.whole.centred(all, handicaps: handicaps)
        let ofParts = tallies.byPart.map { tally -> [Double] in
            guard let losses = tally.losses() else { return common.map { _ in 0 } }
            return zip(common, tally.centred(losses, handicaps: handicaps)).map { $1.isNaN ? 0 : $1 - $0 }
        }
        let ofBands = zip(tallies.byBand, tallies.mixture).map { tally, weights -> [Double] in
            guard let losses = tally.losses() else { return common.map { _ in 0 } }
            // Origins mostly lie at one time of the day, so that a band holds some of its eighths only.
            let expected = CandidateLosses.mixed(common, ofParts, weights)
            return zip(expected, tally.centred(losses, handicaps: handicaps)).map { $1.isNaN ? 0 : $1 - $0 }
        }
        logs = ofParts.flatMap { part in
            ofBands.map { band in
                common.indices.map {
                    common[$0] + CandidateLosses.partShare * part[$0] + CandidateLosses.believed(band[$0])
                }
            }
        }
    }

    /// What is believed of how much worse a candidate is in a band: little of what is near chance, most of what is not.
    private static func believed(_ more: Double) -> Double {
        let square = more * more
        return more * square / (square + bandChance * bandChance)
    }

    /// What the losses by part make of a band that holds so much of each, less its median over the candidates.
    private static func mixed(_ common: [Double], _ ofParts: [[Double]], _ weights: [Double]) -> [Double] {
        let total = weights.reduce(0, +)
        let logs = common.indices.map { model -> Double in
            guard total > 0, !common[model].isNaN else { return .nan }
            var sum = 0.0
            for (part, weight) in zip(ofParts, weights) { sum += weight * exp(common[model] + part[model]) }
            return log(sum / total)
        }
        let middle = Selection.median(logs.filter { !$0.isNaN })
        return logs.map { $0 - middle }
    }
}

/// The errors of the candidates at the origins before a place: over all steps, by part of the season, and by band.
private struct PlaceTallies {
    private(set) var whole: LossTally
    private(set) var byPart: [LossTally]
    private(set) var byBand: [LossTally]
    /// The weight of the steps that were scored, by band and within it by part.
    private(set) var mixture: [[Double]]

    init(_ forecasts: CandidateForecasts, at place: Int, plan: OriginPlan, modelCount: Int) {
        let outliers = forecasts.contexts[place]?.outliers ?? []
        let season = forecasts.contexts[place]?.shortSeason ?? 1
        let parts = CandidateLosses.partCount(season: season)
        let bands = CandidateLosses.bandCount(horizon: plan.horizon)
        let empty = LossTally(modelCount: modelCount)
        whole = empty
        byPart = [LossTally](repeating: empty, count: parts)
        byBand = [LossTally](repeating: empty, count: bands)
        mixture = [[Double]](repeating: [Double](repeating: 0, count: parts), count: bands)
        for origin in plan.origins(count: forecasts.span.count(at: place)) {
            let offset = place + origin.offset
            guard offset < forecasts.values.count, let results = forecasts.results(at: offset, for: place),
                let actual = forecasts.actual(from: offset, count: origin.scored, knownAt: place)
            else { continue }
            let steps = cells(of: actual, origin, season: season, without: outliers)
            let shift = forecasts.shift(since: offset, knownAt: place)
            let sums = results.map { result -> [StepErrors]? in
                guard case .success(let forecast) = result else { return nil }
                return steps.map { StepErrors(actual, forecast, steps: $0, shift: shift) }
            }
            add(sums, weight: origin.weight)
        }
    }

    /// The steps of an origin that are scored, by part and within it by band; their weight goes to the mixture.
    private mutating func cells(
        of actual: [Double], _ origin: OriginPlan.Origin, season: Int, without outliers: Set<Int>
    ) -> [[Int]] {
        let bands = byBand.count
        var steps = [[Int]](repeating: [], count: byPart.count * bands)
        for step in actual.indices
        where !actual[step].isNaN && !outliers.contains(origin.offset - step) {
            let part = CandidateLosses.part(step - origin.offset, season: season)
            let band = CandidateLosses.band(step)
            steps[part * bands + band].append(step)
            mixture[band][part] += origin.weight
        }
        return steps
    }

    /// Adds an origin: by candidate, the errors of each cell; nil for those that do not answer.
    private mutating func add(_ sums: [[StepErrors]?], weight: Double) {
        let (parts, bands) = (byPart.count, byBand.count)
        func sum(_ places: StrideTo<Int>) -> [StepErrors?] {
            sums.map { cells in
                guard let cells else { return nil }
                var total = StepErrors()
                for place in places { total = total + cells[place] }
                return total
            }
        }
        whole.add(sum(stride(from: 0, to: parts * bands, by: 1)), weight: weight)
        for part in 0..<parts {
            let places = stride(from: part * bands, to: (part + 1) * bands, by: 1)
            byPart[part].add(sum(places), weight: weight)
        }
        for band in 0..<bands {
            byBand[band].add(sum(stride(from: band, to: parts * bands, by: bands)), weight: weight)
        }
    }
}

/// Sums of the absolute and of the relative errors of some steps.
private struct StepErrors {
    var absolute = 0.0
    var relative = 0.0
    var count = 0.0

    init() {}

    /// Errors as large as they would be at the level of today.
    init(_ actual: [Double], _ forecast: [Double], steps: [Int], shift: Double) {
        for step in steps {
            let value = actual[step]
            let error = abs(value - forecast[step])
            absolute += shift * error
            relative += error / max(abs(value) + abs(forecast[step]), 1e-9)
        }
        count = Double(steps.count)
    }

    static func + (one: StepErrors, other: StepErrors) -> StepErrors {
        var sum = one
        sum.absolute += other.absolute
        sum.relative += other.relative
        sum.count += other.count
        return sum
    }
}

/// Weighted sums over origins of the square roots of mean errors, by candidate.
private struct LossTally {
    private var absolute: [Double]
    private var relative: [Double]
    private var covered: [Double]
    /// Errors of the first candidate that always answers, where each other candidate answers too.
    private var yardstick: [Double]
    private var yardstickRelative: [Double]
    private var whole = 0.0

    init(modelCount: Int) {
        absolute = [Double](repeating: 0, count: modelCount)
        relative = absolute
        covered = absolute
        yardstick = absolute
        yardstickRelative = absolute
    }

    /// Adds an origin: the errors of each candidate, nil for those that do not answer.
    mutating func add(_ errors: [StepErrors?], weight: Double) {
        guard let base = errors.lazy.compactMap({ $0 }).first, base.count > 0 else { return }
        whole += weight
        for (model, error) in errors.enumerated() {
            guard let error else { continue }
            absolute[model] += weight * (error.absolute / error.count).squareRoot()
            relative[model] += weight * (error.relative / error.count).squareRoot()
            covered[model] += weight
            yardstick[model] += weight * (base.absolute / base.count).squareRoot()
            yardstickRelative[model] += weight * (base.relative / base.count).squareRoot()
        }
    }

    /// Losses relative to the best; nil where nothing was scored.
    func losses() -> [Double]? {
        guard whole > 0 else { return nil }
        return zip(comparable(absolute, yardstick), comparable(relative, yardstickRelative)).map { $0 * $1 }
    }

    /// Logarithms less their median over the candidates. At origins without its answer a candidate counts as the
    /// median: one that did well at its only origin does not take all the weight.
    func centred(_ losses: [Double], handicaps: [Double]) -> [Double] {
        // Where one candidate is exact, others are infinitely worse: that is worse enough.
        let logs = zip(losses, handicaps).map { min(log($0 * $1), 5) }
        let middle = Selection.median(logs.filter { !$0.isNaN })
        return zip(logs, covered).map { ($0 - middle) * $1 / whole }
    }

    /// Roots of losses relative to the best, as if every candidate had been scored at every origin; NaN for those
    /// never scored.
    private func comparable(_ sums: [Double], _ yardstick: [Double]) -> [Double] {
        let complete = zip(yardstick, covered).max { $0.1 < $1.1 }
        let reference = complete.map { $0.1 > 0 ? $0.0 / $0.1 : 0 } ?? 0
        let values = sums.indices.map { model -> Double in
            guard covered[model] > 0 else { return .nan }
            let own = sums[model] / covered[model]
            let base = yardstick[model] / covered[model]
            return base > 0 && reference > 0 ? own / base * reference : own
        }
        let best = values.filter(\.isFinite).min() ?? 0
        let floor = max(best, 1e-12 * max(reference, 1e-300))
        return values.map { $0.isNaN ? .nan : max($0, floor) / max(floor, 1e-300) }
    }
}
