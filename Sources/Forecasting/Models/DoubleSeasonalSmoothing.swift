/// Additive exponential smoothing with two seasons and a first-order autoregression of the errors, on the log
/// scale (after Taylor 2003), without a trend.
///
/// With one season, the second part stays at zero. The constants minimise the mean absolute error one step
/// ahead.
public struct DoubleSeasonalSmoothing: SingleSeriesModel {
    /// `double_seasonal`.
    public let name = "double_seasonal"

    /// The model.
    public init() {}

    /// Needs two of the longest season in use, and half a short one.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason else { throw ModelFailure("holds no season twice") }
        let long = window.longSeason ?? short
        let span = min(window.count, HistorySpan.adaptive(long))
        guard span >= 2 * long + short / 2 else { throw .tooShort(window, needs: 2 * long + short / 2) }
        let kernel = SmoothingKernel(short: short, long: long)
        // Eight seasons teach the constants enough.
        let taught = min(span, 8 * long)
        let values = Array(window.logs.suffix(taught))
        let first = window.count - taught
        let observed = (0..<taught).map { window.isObserved(first + $0) }
        let constants = kernel.search(values, observed: observed)
        return Fitted(kernel: kernel, constants: constants, span: span)
    }

    private struct Fitted: FittedModel {
        let kernel: SmoothingKernel
        let constants: SmoothingKernel.Constants
        let span: Int

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let span = min(span, window.count)
            let first = window.count - span
            let values = Array(window.logs.suffix(span))
            let observed = (0..<span).map { window.isObserved(first + $0) }
            return kernel.run(values, observed: observed, constants, constants, horizon: horizon).forecast
                .map(window.logScale.invert)
        }
    }
}

/// The recursion, and the search for its constants.
struct SmoothingKernel: Sendable {
    /// Smoothing constants of the level, the short and the long season, and the errors' autoregression.
    struct Constants: Sendable {
        var level = 0.1
        var short = 0.2
        var long = 0.2
        var errors = 0.7

        static let bounds = Constants(level: 0.9, short: 0.6, long: 0.6, errors: 0.99)
        static let paths: [WritableKeyPath<Constants, Double> & Sendable] = [
            \.level, \.short, \.long, \.errors,
        ]
    }

    let short: Int
    let long: Int

    /// Pattern search: seven sweeps over the constants, each with a step of its own.
    func search(_ values: [Double], observed: [Bool]) -> Constants {
        var best = Constants()
        if short == long { best.long = 0 }
        var error = run(values, observed: observed, best, best, horizon: 0).errors[0]
        var steps = Constants.paths.map { Constants.bounds[keyPath: $0] / 4 }
        for _ in 0..<7 {
            for (index, path) in Constants.paths.enumerated() where short != long || index != 2 {
                // Both directions at once; the upward one counts where it is better at all.
                var trials = [best, best]
                for (trial, sign) in [1.0, -1.0].enumerated() {
                    let moved = best[keyPath: path] + sign * steps[index]
                    trials[trial][keyPath: path] = min(max(moved, 0), Constants.bounds[keyPath: path])
                }
                let found = run(values, observed: observed, trials[0], trials[1], horizon: 0).errors
                if let better = [0, 1].first(where: { found[$0] < error }) {
                    error = found[better]
                    best = trials[better]
                    steps[index] *= 1.3
                } else {
                    steps[index] *= 0.5
                }
            }
        }
        return best
    }

    /// Runs through the values with two sets of constants side by side; an unobserved one leaves the states as
    /// they are.
    ///
    /// Returns the mean absolute errors after the start, and the forecast of the first set.
    func run(
        _ values: [Double], observed: [Bool], _ one: Constants, _ two: Constants, horizon: Int
    ) -> (errors: SIMD2<Double>, forecast: [Double]) {
        typealias Pair = SIMD2<Double>
        let constants = (
            level: Pair(one.level, two.level), short: Pair(one.short, two.short),
            long: Pair(one.long, two.long), errors: Pair(one.errors, two.errors)
        )
        var daily = [Pair](repeating: .zero, count: short)
        var weekly = [Pair](repeating: .zero, count: long)
        let mean = values[..<long].reduce(0, +) / Double(long)
        let visits = Double(long / short)
        for time in 0..<long { daily[time % short] += Pair(repeating: (values[time] - mean) / visits) }
        if short != long {
            for time in 0..<long { weekly[time] = values[time] - mean - daily[time % short] }
        }
        var level = Pair.zero
        for time in (long - short)..<long {
            level += (values[time] - daily[time % short] - weekly[time]) / Double(short)
        }
        var last = Pair.zero
        // The usual size of an error; larger ones move the state by no more than five of it.
        var size = Pair.zero
        var least = 1e-12
        for time in 1..<values.count {
            least += 0.05 / Double(values.count) * abs(values[time] - values[time - 1])
        }
        var total = Pair.zero
        var count = 0.0
        let warmUp = long + short
        daily.withUnsafeMutableBufferPointer { daily in
            weekly.withUnsafeMutableBufferPointer { weekly in
                values.withUnsafeBufferPointer { values in
                    var day = long % short
                    var week = 0
                    for time in long..<values.count {
                        if observed[time] {
                            let base = level + daily[day] + weekly[week]
                            let error = values[time] - base - constants.errors * last
                            let absolute = SmoothingKernel.larger(error, -error)
                            var moved = error
                            if time < warmUp {
                                size += absolute / Double(short)
                            } else {
                                total += absolute
                                count += 1
                                let bound = 5 * SmoothingKernel.larger(size, Pair(repeating: least))
                                moved = SmoothingKernel.larger(
                                    -SmoothingKernel.larger(-error, -bound), -bound)
                                size += 0.02 * (SmoothingKernel.larger(moved, -moved) - size)
                            }
                            last = constants.errors * last + moved
                            level += constants.level * moved
                            daily[day] += constants.short * moved
                            weekly[week] += constants.long * moved
                        } else {
                            last *= constants.errors
                        }
                        day = day + 1 == short ? 0 : day + 1
                        week = week + 1 == long ? 0 : week + 1
                    }
                }
            }
        }
        var rest = last[0]
        let forecast = (0..<horizon).map { step in
            rest *= one.errors
            let time = values.count + step
            return level[0] + daily[time % short][0] + weekly[time % long][0] + rest
        }
        return (total / max(count, 1), forecast)
    }

    /// The larger one in each lane.
    @inline(__always)
    private static func larger(_ one: SIMD2<Double>, _ two: SIMD2<Double>) -> SIMD2<Double> {
        one.replacing(with: two, where: two .> one)
    }
}
