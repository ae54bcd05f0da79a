import Foundation

/// The weights of the candidates of one series at one origin, from their errors at the origins before it.
///
/// The loss is √(mean absolute error × sMAPE), each relative to the best candidate, and the weight its power
/// −6: robust to single outliers and to scale. The forecast is the mean of the weighted mean and the weighted
/// median.
struct Combination: Sendable {
    /// One a candidate; 0 for those that have no answer or no score.
    let weights: [Double]
    /// The loss relative to the best; NaN where there is no score.
    let losses: [Double]

    /// The power of the loss.
    static let sharpness = 6.0

    /// Weighs the candidates for a forecast made `offset` steps before the end of the window.
    init(_ forecasts: CandidateForecasts, at offset: Int, plan: OriginPlan, modelCount: Int) {
        var absolute = [Double](repeating: 0, count: modelCount)
        var relative = absolute
        var covered = absolute
        // Errors of the first candidate that always answers, where each other candidate answers too.
        var yardstick = absolute
        var yardstickRelative = absolute
        var whole = 0.0
        if let window = forecasts.window {
            for origin in plan.origins(count: window.count - offset) {
                guard let results = forecasts.byOffset[offset + origin.offset],
                    let errors = Combination.errors(
                        results, window: window, offset: offset + origin.offset, scored: origin.scored),
                    let base = errors.lazy.compactMap({ $0 }).first
                else { continue }
                whole += origin.weight
                for (model, error) in errors.enumerated() {
                    guard let error else { continue }
                    absolute[model] += origin.weight * error.absolute
                    relative[model] += origin.weight * error.relative
                    covered[model] += origin.weight
                    yardstick[model] += origin.weight * base.absolute
                    yardstickRelative[model] += origin.weight * base.relative
                }
            }
        }
        let answers = forecasts.byOffset[offset] ?? []
        guard whole > 0 else {
            losses = [Double](repeating: .nan, count: modelCount)
            weights = Combination.withoutScores(answers, count: modelCount)
            return
        }
        let one = Combination.comparable(absolute, covered, yardstick)
        let two = Combination.comparable(relative, covered, yardstickRelative)
        let found = zip(one, two).map { ($0 * $1).squareRoot() }
        losses = found
        let raw = found.enumerated().map { index, loss in
            guard loss.isFinite, index < answers.count, case .success = answers[index] else { return 0.0 }
            return pow(loss, -Combination.sharpness)
        }
        let total = raw.reduce(0, +)
        weights =
            total > 0
            ? raw.map { $0 / total } : Combination.withoutScores(answers, count: modelCount)
    }

    /// The combined forecast, or nil where no weighted candidate answers.
    func forecast(_ results: [Result<[Double], ModelFailure>], horizon: Int) -> [Double]? {
        var members: [(weight: Double, values: [Double])] = []
        for (weight, result) in zip(weights, results) where weight > 0 {
            if case .success(let values) = result { members.append((weight, values)) }
        }
        let total = members.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        return (0..<horizon).map { step in
            let sorted = members.map { (weight: $0.weight / total, value: $0.values[step]) }
                .sorted { $0.value < $1.value }
            let mean = sorted.reduce(0) { $0 + $1.weight * $1.value }
            var sum = 0.0
            var median = mean
            for member in sorted {
                sum += member.weight
                if sum >= 0.5 {
                    median = member.value
                    break
                }
            }
            return (mean + median) / 2
        }
    }

    /// Mean absolute and mean relative error of each candidate over the observed steps; nil where nothing is
    /// observed.
    private static func errors(
        _ results: [Result<[Double], ModelFailure>], window: HistoryWindow, offset: Int, scored: Int
    ) -> [(absolute: Double, relative: Double)?]? {
        let first = window.count - offset
        guard first > 0 else { return nil }
        let steps = (0..<min(scored, offset)).filter { window.isObserved(first + $0) }
        guard !steps.isEmpty else { return nil }
        return results.map { result in
            guard case .success(let forecast) = result else { return nil }
            var absolute = 0.0
            var relative = 0.0
            for step in steps {
                let actual = window.observed[first + step]
                let error = abs(actual - forecast[step])
                absolute += error
                relative += error / max(abs(actual) + abs(forecast[step]), 1e-9)
            }
            return (absolute / Double(steps.count), relative / Double(steps.count))
        }
    }

    /// Losses relative to the best, as if every candidate had been scored at every origin; NaN for those
    /// never scored.
    private static func comparable(_ sums: [Double], _ covered: [Double], _ yardstick: [Double]) -> [Double] {
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

    /// Before any score: the first candidate that answers.
    private static func withoutScores(_ answers: [Result<[Double], ModelFailure>], count: Int) -> [Double] {
        var weights = [Double](repeating: 0, count: count)
        let answering = answers.indices.filter { index in
            if case .success = answers[index] { return true }
            return false
        }
        if let first = answering.first { weights[first] = 1 }
        return weights
    }
}
