/// Kernels over vectors, as the build for one instruction set has them; all builds give the same results.
///
/// What each takes and does is told where it is written, in the module `VectorKernels`.
public protocol VectorKernelSet: SendableMetatype {
    /// Sums of vectors of floats that lie one after another, with weights.
    static func weightedSums(
        _ vectors: UnsafePointer<Float>, count: Int, starts: UnsafePointer<Int>, indices: UnsafePointer<Int>,
        weights: UnsafePointer<Float>, rows: Int, targets: UnsafeMutablePointer<Float>)
    /// Sums by phase of two seasons, with weights that fade.
    static func phaseSums(
        _ values: UnsafePointer<Double>, _ factors: UnsafePointer<Double>, count: Int, short: Int, long: Int,
        shortDecay: Double, longDecay: Double, shortWeights: UnsafeMutablePointer<Double>,
        shortSums: UnsafeMutablePointer<Double>, longWeights: UnsafeMutablePointer<Double>,
        longSums: UnsafeMutablePointer<Double>)
    /// Values less the profile of their phase.
    static func lessProfile(
        _ values: UnsafePointer<Double>, count: Int, _ profile: UnsafePointer<Double>, season: Int,
        firstPhase: Int, to results: UnsafeMutablePointer<Double>)
    /// The sizes of values less the profile of their phase.
    static func distances(
        _ values: UnsafePointer<Double>, count: Int, _ profile: UnsafePointer<Double>, season: Int,
        firstPhase: Int, to results: UnsafeMutablePointer<Double>)
    static func sizes(_ values: UnsafePointer<Double>, count: Int, to results: UnsafeMutablePointer<Double>)
    /// Huber's weights of sizes, in place.
    static func huberWeights(_ sizes: UnsafeMutablePointer<Double>, count: Int, bound: Double)
    /// The smallest and the largest value.
    static func rangeOf(_ values: UnsafePointer<Double>, count: Int) -> (lowest: Double, highest: Double)
    /// How many values lie below a bound.
    static func countBelow(_ values: UnsafePointer<Double>, count: Int, bound: Double) -> Int
    /// The values between two bounds, and how many they are.
    static func valuesWithin(
        _ values: UnsafePointer<Double>, count: Int, from lowest: Double, below bound: Double,
        to results: UnsafeMutablePointer<Double>
    ) -> Int
    /// The places of values that differ much from earlier ones, and how many they are.
    static func jumps(
        _ values: UnsafePointer<Double>, from first: Int, to last: Int, lag: Int, bound: Double,
        places: UnsafeMutablePointer<Int>
    ) -> Int
    /// Whether one or two values stand out of those next to them.
    static func hasLoneValues(_ values: UnsafePointer<Double>, count: Int, factor: Double) -> Bool
    static func sumOf(_ values: UnsafePointer<Double>, count: Int) -> Double
    /// The sum of squared distances from a point.
    static func squaresAbout(_ point: Double, _ values: UnsafePointer<Double>, count: Int) -> Double
    /// Values less a centre, over a scale.
    static func standardise(
        _ values: UnsafePointer<Double>, count: Int, centre: Double, scale: Double,
        to results: UnsafeMutablePointer<Double>)
    /// The products of two vectors' elements.
    static func multiply(
        _ one: UnsafePointer<Double>, _ other: UnsafePointer<Double>, count: Int,
        to results: UnsafeMutablePointer<Double>)
    /// Other values where values equal those they are compared with, and how many do.
    static func chooseWhereEqual(
        _ values: UnsafePointer<Double>, _ others: UnsafePointer<Double>, count: Int,
        sources: UnsafePointer<Double>, to results: UnsafeMutablePointer<Double>
    ) -> Int
    /// A row of products that follows from an earlier one.
    static func nextRow(
        _ earlier: UnsafePointer<Double>, count: Int, right: Double, after: UnsafePointer<Double>,
        left: Double, before: UnsafePointer<Double>, to results: UnsafeMutablePointer<Double>)
    /// Adds weighted sums of shifted rows.
    static func addShifted(
        _ values: UnsafePointer<Double>, stride: Int, weights: UnsafePointer<Double>, shifts: Int, count: Int,
        to results: UnsafeMutablePointer<Double>)
    /// Adds multiples of values.
    static func addScaled(
        _ scale: Double, _ values: UnsafePointer<Double>, count: Int, to results: UnsafeMutablePointer<Double>
    )
    /// Values less others, scaled, in single precision.
    static func centred(
        _ values: UnsafePointer<Double>, count: Int, shift: Double, others: UnsafePointer<Double>,
        share: Double, to results: UnsafeMutablePointer<Float>)
    /// The weighted interquartile mean of forecasts.
    static func combine(
        _ forecasts: UnsafePointer<Double>, members: Int, steps: Int, shares: UnsafePointer<Double>,
        to results: UnsafeMutablePointer<Double>)
    /// Exponential smoothing with two seasons, for eight sets of constants; how many errors were counted.
    static func smooth(
        _ values: UnsafePointer<Float>, _ observed: UnsafePointer<Bool>, from first: Int, count: Int,
        warmUp: Int, least: Float, short: Int, long: Int, constants: UnsafePointer<SIMD8<Float>>,
        states: UnsafeMutablePointer<SIMD8<Float>>, daily: UnsafeMutablePointer<SIMD8<Float>>,
        weekly: UnsafeMutablePointer<SIMD8<Float>>
    ) -> Int
    /// Values less their mean in single precision, and the sum of the sizes of their steps.
    static func smoothingInput(
        _ values: UnsafePointer<Double>, count: Int, mean: Double, to results: UnsafeMutablePointer<Float>
    ) -> Float
    /// Weighted products of columns with each other.
    static func gram(
        _ columns: UnsafePointer<UnsafePointer<Double>>, columnCount: Int, weights: UnsafePointer<Double>?,
        count: Int, to results: UnsafeMutablePointer<Double>)
    /// Errors of exponential smoothing, for eight constants.
    static func levelErrors(
        _ values: UnsafePointer<Double>, _ observed: UnsafePointer<Bool>, count: Int,
        constants: UnsafePointer<SIMD8<Double>>, averages: Bool
    ) -> SIMD8<Double>
    /// Errors of smoothing with a damped trend, for eight pairs of constants.
    static func trendErrors(
        _ values: UnsafePointer<Double>, _ observed: UnsafePointer<Bool>, count: Int, damping: Double,
        constants: UnsafePointer<SIMD8<Double>>
    ) -> SIMD8<Double>
    /// A step of first-order autoregressions.
    static func noiseStep(
        _ values: UnsafeMutablePointer<Float>, count: Int, bits: UnsafePointer<UInt64>, memory: Float,
        scale: Float)
    /// Scores of paths from noise and errors.
    static func pathScores(
        _ sizes: UnsafePointer<Float>, _ common: UnsafePointer<Float>, _ own: UnsafePointer<Float>,
        count: Int, errors: UnsafePointer<Float>, assignment: UnsafePointer<Int>?,
        to results: UnsafeMutablePointer<Float>)
    /// Values between a lower and an upper one, within limits.
    static func between(
        _ shares: UnsafePointer<Double>, count: Int, below: Double, width: Double, lowest: Double,
        highest: Double, to results: UnsafeMutablePointer<Float>)
}
