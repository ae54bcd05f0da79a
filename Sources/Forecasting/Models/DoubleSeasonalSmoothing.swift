import Numerics

/// Additive exponential smoothing with two seasons and a first-order autoregression of the errors, on the log
/// scale (after Taylor 2003), without a trend.
///
/// With one season, the second part stays at zero. The constants minimise the mean absolute error one step
/// ahead.
public struct DoubleSeasonalSmoothing: SingleSeriesModel {
    public let name = "double_seasonal"

    public init() {}

    /// Needs two of the longest season in use, and half a short one.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason else {
            throw ModelFailure("the history covers less than two seasons")
        }
        let long = window.longSeason ?? short
        let span = min(window.count, HistorySpan.adaptive(long))
        guard span >= 2 * long + short / 2 else { throw .tooShort(window, needs: 2 * long + short / 2) }
        let kernel = SmoothingKernel(short: short, long: long)
        // Eight seasons teach the constants enough.
        let constants = kernel.search(SmoothingInput(window, last: min(span, 8 * long), long: long))
        return Fitted(kernel: kernel, constants: constants, span: span)
    }

    private struct Fitted: FittedModel {
        let kernel: SmoothingKernel
        let constants: SmoothingKernel.Constants
        let span: Int

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let input = SmoothingInput(window, last: min(span, window.count), long: kernel.long)
            return kernel.run(input, [constants], horizon: horizon).forecast
                .map { window.logScale.invert(input.mean + Double($0)) }
        }
    }
}

/// The last values of a window on the log scale, less the mean of their first season: in single precision,
/// which has digits enough for what is left.
struct SmoothingInput: Sendable {
    let mean: Double
    let values: [Float]
    let observed: [Bool]
    /// The least usual size of an error.
    let least: Float

    /// That over the mean step. Chosen, not measured.
    private static let leastErrorShare: Float = 0.05

    init(_ window: HistoryWindow, last count: Int, long: Int) {
        let first = window.count - count
        let logs = window.logs.suffix(count)
        let mean = logs.prefix(long).reduce(0, +) / Double(long)
        self.mean = mean
        var steps: Float = 0
        values = [Float](unsafeUninitializedCapacity: count) { values, filled in
            logs.withUnsafeBufferPointer { logs in
                guard let source = logs.baseAddress, let target = values.baseAddress else { return }
                steps = Kernels.best.smoothingInput(source, count: count, mean: mean, to: target)
            }
            filled = count
        }
        observed =
            window.isComplete
            ? [Bool](repeating: true, count: count) : (0..<count).map { window.isObserved(first + $0) }
        least = SmoothingInput.leastErrorShare * steps / Float(count) + 1e-12
    }
}

/// The recursion, and the search for its constants.
struct SmoothingKernel: Sendable {
    /// Smoothing constants of the level, the short and the long season, and the errors' autoregression; the search begins
    /// at the defaults. Starts and bounds were chosen, not measured.
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

    /// Sets of constants side by side.
    typealias Lanes = SIMD8<Float>

    /// Pattern search: in each of ten rounds every constant is tried upwards and downwards at once, each with
    /// a step of its own, and the best trial is taken where it is better at all.
    func search(_ input: SmoothingInput) -> Constants {
        var best = Constants()
        if short == long { best.long = 0 }
        var error = Float.infinity
        var steps = Constants.paths.map { Constants.bounds[keyPath: $0] / 4 }
        for _ in 0..<SmoothingKernel.rounds {
            var trials = [Constants](repeating: best, count: Lanes.scalarCount)
            for (index, path) in Constants.paths.enumerated() where short != long || index != 2 {
                for (trial, sign) in [(2 * index, 1.0), (2 * index + 1, -1.0)] {
                    let moved = best[keyPath: path] + sign * steps[index]
                    trials[trial][keyPath: path] = min(max(moved, 0), Constants.bounds[keyPath: path])
                }
            }
            let found = run(input, trials, horizon: 0).errors
            let lowest = (0..<Lanes.scalarCount).min { found[$0] < found[$1] } ?? 0
            for index in steps.indices {
                let isBetter = min(found[2 * index], found[2 * index + 1]) < error
                steps[index] *=
                    !isBetter
                    ? SmoothingKernel.stepFall : lowest / 2 == index ? SmoothingKernel.stepRise : 1
            }
            guard found[lowest] < error else { continue }
            error = found[lowest]
            best = trials[lowest]
        }
        return best
    }

    /// Rounds of the search.
    private static let rounds = 10
    /// What a step is multiplied by where it gained nothing, and where it gained the most. Chosen, not measured.
    private static let stepFall = 0.5
    private static let stepRise = 1.3

    /// Runs through the values with sets of constants side by side; an unobserved one leaves the states as
    /// they are.
    ///
    /// Returns the mean absolute errors after the start, and the forecast of the first set.
    func run(_ input: SmoothingInput, _ sets: [Constants], horizon: Int) -> (
        errors: Lanes, forecast: [Float]
    ) {
        let (values, observed, least) = (input.values, input.observed, input.least)
        func lanes(_ path: KeyPath<Constants, Double>) -> Lanes {
            var lanes = Lanes(repeating: Float(sets[0][keyPath: path]))
            for (lane, set) in sets.enumerated() { lanes[lane] = Float(set[keyPath: path]) }
            return lanes
        }
        let constants = [lanes(\.level), lanes(\.short), lanes(\.long), lanes(\.errors)]
        var daily = [Lanes](repeating: .zero, count: short)
        var weekly = [Lanes](repeating: .zero, count: long)
        let visits = Float(long / short)
        for time in 0..<long { daily[time % short] += Lanes(repeating: values[time] / visits) }
        if short != long {
            for time in 0..<long { weekly[time] = values[time] - daily[time % short] }
        }
        var level = Lanes.zero
        for time in (long - short)..<long {
            level += (values[time] - daily[time % short] - weekly[time]) / Float(short)
        }
        var states = [level, .zero, .zero, .zero]
        let counted = Kernels.best.smooth(
            values, observed, from: long, count: values.count, warmUp: long + short, least: least,
            short: short, long: long, constants: constants, states: &states, daily: &daily, weekly: &weekly)
        level = states[0]
        var rest = states[1][0]
        let forecast = (0..<horizon).map { step in
            rest *= constants[3][0]
            let time = values.count + step
            return level[0] + daily[time % short][0] + weekly[time % long][0] + rest
        }
        return (states[3] / max(Float(counted), 1), forecast)
    }
}
