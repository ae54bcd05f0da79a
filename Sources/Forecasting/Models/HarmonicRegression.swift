import Foundation
import Numerics
import Units

/// Dynamic harmonic regression on the log scale: Fourier terms of the seasons, the calendar, and a ridge
/// autoregression of what they leave.
///
/// All series of one length and end share one factorisation; missing values are taken from the first fit and
/// outliers drawn in to three robust deviations before the second, which costs no second factorisation.
/// Weights fall to a half every eight long seasons. There is no trend: the autoregression carries the level,
/// which decays to the fit.
public struct HarmonicRegression: SharedModel {
    public let name = "harmonic"

    public init() {}

    /// The share of a window that has to be there; where more is missing, the series gets a factorisation of its own.
    /// Chosen, not measured.
    private static let sharedShare = 0.9

    /// Needs two of the shortest season.
    public func fit(_ pool: SeriesPool, horizon: Int) -> [Result<any FittedModel, ModelFailure>] {
        let windows = pool.windows
        var results: [Result<any FittedModel, ModelFailure>] = windows.map { window in
            .failure(
                window.shortSeason == nil
                    ? ModelFailure("the history covers less than two seasons")
                    : ModelFailure("the normal equations have no solution"))
        }
        var groups: [HarmonicDesign.Key: [Int]] = [:]
        for (index, window) in windows.enumerated() {
            guard let short = window.shortSeason else { continue }
            let own = Double(window.observedCount) < HarmonicRegression.sharedShare * Double(window.count)
            let key = HarmonicDesign.Key(
                short: short, long: window.longSeason, count: window.count, stepSeconds: window.stepSeconds,
                calendarEnd: window.hasCalendar && window.clock == nil ? window.origin : nil,
                own: own ? index : nil)
            groups[key, default: []].append(index)
        }
        for (key, members) in groups {
            let design = HarmonicDesign(key, ahead: 2 * horizon + 12 * key.short)
            let fitted = design.fit(members.map { windows[$0] }, threads: pool.threads)
            for (member, model) in zip(members, fitted) {
                if let model { results[member] = .success(model) }
            }
        }
        return results
    }
}

/// The regressors that series of one length and end have in common.
struct HarmonicDesign {
    struct Key: Hashable {
        let short: Int
        let long: Int?
        let count: Int
        let stepSeconds: Int64
        let calendarEnd: Timestamp?
        let own: Int?
    }

    let key: Key
    /// The season after which the Fourier terms repeat.
    let period: Int
    /// Fourier terms at each phase, phase 0 being the first forecast step: `[phase][term]`, flat.
    private let fourier: [Double]
    private let orders: [Double]
    let calendar: CalendarTable?
    private let columns: Int

    /// The design, with the calendar of `ahead` steps after the end.
    init(_ key: Key, ahead: Int) {
        self.key = key
        period = key.long ?? key.short
        var frequencies: [Double] = []
        let ratio = period / key.short
        for order in 1...max(1, min(key.short / 2, 11)) { frequencies.append(Double(order * ratio)) }
        if let long = key.long {
            for order in 1...min(long / 2, 27) where order % ratio != 0 {
                frequencies.append(Double(order))
            }
        }
        orders = frequencies
        var table: [Double] = []
        for phase in 0..<period {
            for frequency in frequencies {
                let angle = 2 * .pi * frequency * Double(phase) / Double(period)
                table += [sin(angle), cos(angle)]
            }
        }
        fourier = table
        calendar = key.calendarEnd.map {
            CalendarTable(end: $0, stepSeconds: key.stepSeconds, count: key.count, ahead: ahead)
        }
        columns = 1 + 2 * frequencies.count + (calendar?.columnCount ?? 0)
    }

    /// Windows that are solved for at once.
    private static let chunk = 32
    /// Robust deviations to which errors are drawn in before the second fit. Chosen, not measured.
    private static let errorDeviations = 3.0
    /// Penalties of the intercept, of harmonics of the lowest order and of the calendar, over the sum of the
    /// weights. Chosen, not measured.
    private static let interceptPenalty = 1e-6
    private static let harmonicPenalty = 1e-4
    private static let calendarPenalty = 1e-3

    /// Fits all windows of this design, in fixed parts.
    func fit(_ windows: [HistoryWindow], threads: Int) -> [(any FittedModel)?] {
        let count = key.count
        let design = matrix()
        var weights = (0..<count).map { exp2(-Double(count - 1 - $0) / Double(8 * period)) }
        if key.own != nil, let window = windows.first {
            for index in 0..<count where !window.isObserved(index) { weights[index] = 0 }
        }
        let total = weights.reduce(0, +)
        guard
            let ridge = RidgeRegression(
                design: design, rows: count, weights: weights, penalties: penalties(total))
        else { return windows.map { _ in nil } }
        let parts = (windows.count + HarmonicDesign.chunk - 1) / HarmonicDesign.chunk
        return Parallel.map(parts, threads: threads) { part in
            let first = part * HarmonicDesign.chunk
            let members = windows[first..<min(first + HarmonicDesign.chunk, windows.count)]
            return fit(Array(members), design: design, ridge: ridge)
        }.flatMap { $0 }
    }

    private func fit(_ windows: [HistoryWindow], design: [Double], ridge: RidgeRegression)
        -> [(any FittedModel)?]
    {
        let count = key.count
        let standard = windows.map { LagRegression.standardisation($0.logs, span: period) }
        var responses: [Double] = []
        responses.reserveCapacity(count * windows.count)
        for (window, unit) in zip(windows, standard) {
            for value in window.logs { responses.append((value - unit.centre) / unit.scale) }
        }
        var solution = ridge.coefficients(responses, count: windows.count)
        for (index, window) in windows.enumerated() {
            let fitted = Matrix.product(
                design, Array(solution[index * columns..<(index + 1) * columns]), rows: count,
                inner: columns, columns: 1)
            var errors = (0..<count).map { responses[index * count + $0] - fitted[$0] }
            let bound =
                HarmonicDesign.errorDeviations
                * (RobustScale.madToSigma * Selection.medianAbsolute(errors) + 1e-9)
            for row in 0..<count {
                errors[row] = window.isObserved(row) ? min(max(errors[row], -bound), bound) : 0
                responses[index * count + row] = fitted[row] + errors[row]
            }
        }
        solution = ridge.coefficients(responses, count: windows.count)
        return windows.indices.map { index in
            let own = Array(solution[index * columns..<(index + 1) * columns])
            guard own.allSatisfy(\.isFinite) else { return nil }
            return fittedModel(own, window: windows[index], unit: standard[index])
        }
    }

    private func fittedModel(
        _ coefficients: [Double], window: HistoryWindow, unit: (centre: Double, scale: Double)
    ) -> FittedHarmonic {
        let terms = 2 * orders.count
        let profile = (0..<period).map { phase in
            var value = coefficients[0]
            for term in 0..<terms { value += coefficients[1 + term] * fourier[phase * terms + term] }
            return unit.centre + unit.scale * value
        }
        let effects = coefficients[(1 + terms)...].map { $0 * unit.scale }
        let curve = calendar.map { CalendarCurve($0, effects, span: HistorySpan.adaptive(period)) }
        let draft = FittedHarmonic(profile: profile, curve: curve, origin: window.origin, regression: nil)
        let rest = draft.rest(of: window)
        let first = window.count - rest.count
        let regression = LagRegression(
            rest, isTarget: window.isComplete ? nil : { window.isObserved(first + $0) },
            lags: LagChoice.profile(short: key.short, count: rest.count), penalty: LagChoice.profilePenalty,
            centreSpan: period)
        return FittedHarmonic(
            profile: profile, curve: curve, origin: window.origin, regression: regression)
    }

    /// Row by row: 1, the Fourier terms, the calendar.
    private func matrix() -> [Double] {
        let terms = 2 * orders.count
        var result: [Double] = []
        result.reserveCapacity(key.count * columns)
        for row in 0..<key.count {
            let phase = (period - (key.count - row) % period) % period
            result.append(1)
            result += fourier[phase * terms..<(phase + 1) * terms]
            if let calendar { result += calendar.row(row) }
        }
        return result
    }

    /// Higher orders are drawn to zero more: a smooth profile where the data are few.
    private func penalties(_ total: Double) -> [Double] {
        var result = [HarmonicDesign.interceptPenalty * total]
        for order in orders {
            let relative = order / Double(period / key.short)
            let penalty = total * HarmonicDesign.harmonicPenalty * (1 + relative * relative)
            result += [penalty, penalty]
        }
        result += [Double](
            repeating: HarmonicDesign.calendarPenalty * total, count: columns - result.count)
        return result
    }
}

/// A profile, calendar effects, and the regression of the rest.
private struct FittedHarmonic: FittedModel {
    let profile: [Double]
    /// nil where no calendar applies.
    let curve: CalendarCurve?
    let origin: Timestamp
    let regression: LagRegression?

    /// The last values of a window without profile and calendar.
    func rest(of window: HistoryWindow) -> [Double] {
        let span = min(window.count, HistorySpan.adaptive(profile.count))
        let baseline = baseline(window, from: -span, count: span)
        let first = window.count - span
        return window.logs.withUnsafeBufferPointer { logs in
            baseline.withUnsafeBufferPointer { baseline in
                (0..<span).map { logs[first + $0] - baseline[$0] }
            }
        }
    }

    func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
        let past = rest(of: window)
        let rests = regression?.extend(past, by: horizon) ?? [Double](repeating: 0, count: horizon)
        return zip(rests, baseline(window, from: 0, count: horizon)).map { window.logScale.invert($0 + $1) }
    }

    /// Profile and calendar of `count` steps from `step` on, counted from the window's origin.
    private func baseline(_ window: HistoryWindow, from step: Int, count: Int) -> [Double] {
        let first = step + window.steps(since: origin)
        var phase = first % profile.count
        if phase < 0 { phase += profile.count }
        var result: [Double] = []
        result.reserveCapacity(count + profile.count)
        while result.count < count {
            result += profile[phase...]
            phase = 0
        }
        result.removeLast(result.count - count)
        curve?.add(to: &result, from: first) {
            window.origin.advanced(bySeconds: Int64(step + $0) * window.stepSeconds)
        }
        return result
    }
}
