import Foundation
import Numerics
import Units

/// A ridge autoregression with a dummy for each phase of the short and of the long season.
///
/// The dummies of the long season are eliminated by Schur's complement, so that a week of them costs little.
public struct DummyAutoregression: SingleSeriesModel {
    /// Which lags are taken, and how freely the phases of the long season move.
    public enum Kind: String, Sendable {
        /// Lags up to the long season, drawn towards the airline form; stiff weekly dummies; values as they
        /// are.
        case weekly
        /// Lags up to two short seasons; free weekly dummies; values on the log scale.
        case daily
    }

    private let kind: Kind
    /// `dummy_ar_weekly` or `dummy_ar_daily`.
    public var name: String { "dummy_ar_\(kind.rawValue)" }

    /// The longest season whose phases get dummies.
    static let longestSeason = 400
    /// How firmly the dummies of the long season are drawn to those of the short one, in visits, by kind. Chosen, not
    /// measured.
    private static let weeklyPenalty = 5.0
    private static let dailyPenalty = 0.3

    /// A model of a kind.
    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// Needs two long seasons of at most `longestSeason` steps.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason, let long = window.longSeason else {
            throw ModelFailure("the history covers less than two long seasons")
        }
        guard long <= DummyAutoregression.longestSeason else {
            throw ModelFailure("dummy variables need a season of at most 400 steps")
        }
        let span = min(window.count, HistorySpan.adaptive(long))
        let lags =
            kind == .weekly
            ? LagChoice.seasonal(short: short, long: long, count: span)
            : LagChoice.short(short: short, count: span)
        let scale: ValueScale = kind == .weekly ? .identity : window.logScale
        let system = DummySystem(window, on: scale, span: span, lags: lags, short: short, long: long)
        guard let system else { throw .tooShort(window, needs: 2 * long) }
        guard
            let fitted = system.solve(
                weeklyPenalty: kind == .weekly
                    ? DummyAutoregression.weeklyPenalty : DummyAutoregression.dailyPenalty)
        else {
            throw ModelFailure("the normal equations have no solution")
        }
        return fitted
    }
}

/// The regression of one window.
private struct DummySystem {
    let columns: LagColumns
    let valueScale: ValueScale
    let short: Int
    let long: Int
    let span: Int
    let origin: Timestamp
    /// Weights by age; 0 where nothing was observed.
    private let ageWeights: [Double]

    /// The weight of a step relative to the one after it.
    private static let decay = 0.999
    /// The ridge of the intercept, which keeps the system solvable.
    private static let interceptPenalty = 1e-3

    init?(
        _ window: HistoryWindow, on valueScale: ValueScale, span: Int, lags: [LagRegression.Lag], short: Int,
        long: Int
    ) {
        let values = window.values(on: valueScale, last: span)
        let (centre, scale) = LagRegression.standardisation(values, span: long)
        guard let columns = LagColumns(LagRegression.standardised(values, (centre, scale)), lags: lags)
        else { return nil }
        let first = window.count - columns.count
        var weights = [Double](repeating: 0, count: columns.count)
        var weight = 1.0
        var targetCount = 0
        for row in (0..<columns.count).reversed() {
            if window.isObserved(first + row) {
                weights[row] = weight
                targetCount += 1
            }
            weight *= DummySystem.decay
        }
        guard targetCount >= long / 2 + 3 * lags.count else { return nil }
        self.columns = columns
        self.valueScale = valueScale
        self.short = short
        self.long = long
        self.span = span
        origin = window.origin
        ageWeights = weights
    }

    func solve(weeklyPenalty: Double) -> FittedDummies? {
        var weights = ageWeights
        var result: FittedDummies?
        for pass in 0..<2 {
            guard let found = solveOnce(weights: weights, weeklyPenalty: weeklyPenalty) else { return result }
            result = found
            guard pass == 0 else { break }
            let plain = zip(found.regressionCoefficients, [0] + columns.lags.map(\.prior)).map { $0 - $1 }
            var errors = columns.residuals(plain)
            var phase = firstPhase
            for row in errors.indices {
                errors[row] -= found.dummies[phase]
                phase = phase + 1 == long ? 0 : phase + 1
            }
            weights = RobustRidge.huberWeights(errors, base: ageWeights)
        }
        return result
    }

    /// The phase of the first row, phase 0 being the first step after the end.
    private var firstPhase: Int { (long - columns.count % long) % long }

    /// One weighted solution. Unknowns: c (intercept, lags, short dummies) and W (long dummies), with W
    /// eliminated.
    ///
    /// With s the sums of the columns over the rows of a phase of the long season, w of their weights (s of
    /// the intercept) and r of their responses, the normal equations of c lose Σ s sᵀ / (w + penalty) and Σ s
    /// r / (w + penalty). A short dummy has s = w at its own phases and 0 elsewhere.
    private func solveOnce(weights: [Double], weeklyPenalty: Double) -> FittedDummies? {
        let lagged = columns.order
        let order = lagged + short
        let moments = columns.moments(
            weights: weights, response: columns.response, season: long, firstPhase: firstPhase)
        let (gram, cross, sums) = (moments.gram, moments.cross, moments.sums)
        let responses = zip(weights, columns.response).map(*).withUnsafeBufferPointer {
            SeasonalSums.sums($0, season: long, first: firstPhase)
        }
        let pivots = sums[0].map { 1 / ($0 + weeklyPenalty) }
        let total = gram[0]
        var normal = [Double](repeating: 0, count: order * order)
        var right = [Double](repeating: 0, count: order)
        for row in 0..<lagged {
            let scaled = zip(sums[row], pivots).map(*)
            for column in 0...row {
                normal[row * order + column] =
                    gram[row * lagged + column] - Vector.dot(scaled, sums[column], count: long)
            }
            normal[row * order + row] +=
                row == 0 ? DummySystem.interceptPenalty : LagChoice.seasonalPenalty * total
            right[row] = cross[row] - Vector.dot(scaled, responses, count: long)
        }
        for phase in 0..<long {
            let place = lagged + phase % short
            // What is left of a short dummy where a long one takes its share: 1 − w / (w + penalty).
            let rest = weeklyPenalty * pivots[phase]
            for column in 0..<lagged { normal[place * order + column] += rest * sums[column][phase] }
            normal[place * order + place] += rest * sums[0][phase]
            right[place] += rest * responses[phase]
        }
        for place in lagged..<order { normal[place * order + place] += 1 }
        guard let factor = Cholesky(normal, order: order) else { return nil }
        factor.solve(&right)
        guard right.allSatisfy(\.isFinite) else { return nil }
        let dummies = (0..<long).map { phase in
            let short = right[lagged + phase % short]
            var rest = responses[phase] - short * sums[0][phase]
            for column in 0..<lagged { rest -= right[column] * sums[column][phase] }
            return rest * pivots[phase] + short
        }
        let coefficients = zip(right, [0] + columns.lags.map(\.prior)).map { $0 + $1 }
        return FittedDummies(
            lags: columns.lags.map(\.steps), regressionCoefficients: coefficients, dummies: dummies,
            origin: origin, span: span, valueScale: valueScale)
    }
}

/// Coefficients in standardised units, and the sum of both dummies at each phase of the long season.
private struct FittedDummies: FittedModel {
    let lags: [Int]
    let regressionCoefficients: [Double]
    let dummies: [Double]
    let origin: Timestamp
    let span: Int
    let valueScale: ValueScale

    func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
        let values = window.values(on: valueScale, last: span)
        let (centre, scale) = LagRegression.standardisation(values, span: dummies.count)
        let regression = LagRegression(
            centre: centre, scale: scale, intercept: regressionCoefficients[0], lags: lags,
            coefficients: Array(regressionCoefficients.dropFirst()))
        let shift = window.steps(since: origin)
        let addition = (0..<horizon).map { dummies[($0 + shift) % dummies.count] }
        return regression.extend(values, by: horizon, addition: addition).map(valueScale.invert)
    }
}
