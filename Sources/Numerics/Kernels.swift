import VectorKernels

#if KERNEL_LEVELS
    import VectorKernelsV3
    import VectorKernelsV4
#endif

/// Kernels over vectors in the build for one instruction set; all builds give the same results.
///
/// What each takes and does is told where it is defined, in the module `VectorKernels`.
public struct Kernels: Sendable {
    /// Where floats begin.
    public typealias Floats = UnsafePointer<Float>
    /// Where places begin.
    public typealias Places = UnsafePointer<Int>
    /// Where values begin.
    public typealias Values = UnsafePointer<Double>
    /// Where results go.
    public typealias Results = UnsafeMutablePointer<Double>
    /// Eight floats side by side.
    public typealias Lanes = SIMD8<Float>
    /// Where states of eight lanes begin.
    public typealias States = UnsafeMutablePointer<Lanes>

    /// Sums of vectors of floats that lie one after another, with weights.
    public let weightedSums:
        @Sendable (Floats, Int, Places, Places, Floats, Int, UnsafeMutablePointer<Float>) -> Void
    /// Sums by phase of two seasons, with weights that fade.
    public let phaseSums:
        @Sendable (Values, Values, Int, Int, Int, Double, Double, Results, Results, Results, Results) -> Void
    /// Values less the profile of their phase.
    public let lessProfile: @Sendable (Values, Int, Values, Int, Int, Results) -> Void
    /// The sizes of values less the profile of their phase.
    public let distances: @Sendable (Values, Int, Values, Int, Int, Results) -> Void
    /// The sizes of values.
    public let sizes: @Sendable (Values, Int, Results) -> Void
    /// Huber's weights of sizes, in place.
    public let huberWeights: @Sendable (Results, Int, Double) -> Void
    /// The smallest and the largest value.
    public let rangeOf: @Sendable (Values, Int) -> (lowest: Double, highest: Double)
    /// How many values lie below a bound.
    public let countBelow: @Sendable (Values, Int, Double) -> Int
    /// The values between two bounds, and how many they are.
    public let valuesWithin: @Sendable (Values, Int, Double, Double, Results) -> Int
    /// The places of values that differ much from earlier ones, and how many they are.
    public let jumps: @Sendable (Values, Int, Int, Int, Double, UnsafeMutablePointer<Int>) -> Int
    /// Whether one or two values stand out of those next to them.
    public let hasLoneValues: @Sendable (Values, Int, Double) -> Bool
    /// The sum of values.
    public let sumOf: @Sendable (Values, Int) -> Double
    /// The sum of squared distances from a point.
    public let squaresAbout: @Sendable (Double, Values, Int) -> Double
    /// Values less a centre, over a scale.
    public let standardise: @Sendable (Values, Int, Double, Double, Results) -> Void
    /// The products of two vectors' elements.
    public let multiply: @Sendable (Values, Values, Int, Results) -> Void
    /// Other values where values equal those they are compared with, and how many do.
    public let chooseWhereEqual: @Sendable (Values, Values, Int, Values, Results) -> Int
    /// A row of products that follows from an earlier one.
    public let nextRow: @Sendable (Values, Int, Double, Values, Double, Values, Results) -> Void
    /// Adds weighted sums of shifted rows.
    public let addShifted: @Sendable (Values, Int, Values, Int, Int, Results) -> Void
    /// Adds multiples of values.
    public let addScaled: @Sendable (Double, Values, Int, Results) -> Void
    /// Values less others, scaled, in single precision.
    public let centred: @Sendable (Values, Int, Double, Values, Double, UnsafeMutablePointer<Float>) -> Void
    /// The weighted interquartile mean of forecasts.
    public let combine: @Sendable (Values, Int, Int, Values, Results) -> Void
    /// Exponential smoothing with two seasons, for eight sets of constants; how many errors were counted.
    public let smooth:
        @Sendable (
            Floats, UnsafePointer<Bool>, Int, Int, Int, Float, Int, Int, UnsafePointer<Lanes>, States, States,
            States
        ) -> Int
    /// Values less their mean in single precision, and the sum of the sizes of their steps.
    public let smoothingInput: @Sendable (Values, Int, Double, UnsafeMutablePointer<Float>) -> Float
    /// Weighted products of columns with each other.
    public let gram: @Sendable (UnsafePointer<Values>, Int, Values?, Int, Results) -> Void
    /// Errors of exponential smoothing, for eight constants.
    public let levelErrors:
        @Sendable (Values, UnsafePointer<Bool>, Int, UnsafePointer<SIMD8<Double>>, Bool) -> SIMD8<Double>
    /// Errors of smoothing with a damped trend, for eight pairs of constants.
    public let trendErrors:
        @Sendable (Values, UnsafePointer<Bool>, Int, Double, UnsafePointer<SIMD8<Double>>) -> SIMD8<Double>
    /// A step of first-order autoregressions.
    public let noiseStep:
        @Sendable (UnsafeMutablePointer<Float>, Int, UnsafePointer<UInt64>, Float, Float) -> Void
    /// Scores of paths from noise and errors.
    public let pathScores:
        @Sendable (Floats, Floats, Floats, Int, Floats, Places?, UnsafeMutablePointer<Float>) -> Void
    /// Values between a lower and an upper one, within limits.
    public let between:
        @Sendable (Values, Int, Double, Double, Double, Double, UnsafeMutablePointer<Float>) -> Void

    /// Those of the best level that the processor has.
    public static let best = Kernels(ProcessorLevel.best)

    /// The kernels of a level that the processor has.
    public init(_ level: ProcessorLevel) {
        #if KERNEL_LEVELS
            switch level {
            case .v4:
                weightedSums = VectorKernelsV4.weightedSums
                phaseSums = VectorKernelsV4.phaseSums
                lessProfile = VectorKernelsV4.lessProfile
                distances = VectorKernelsV4.distances
                sizes = VectorKernelsV4.sizes
                huberWeights = VectorKernelsV4.huberWeights
                rangeOf = VectorKernelsV4.rangeOf
                countBelow = VectorKernelsV4.countBelow
                valuesWithin = VectorKernelsV4.valuesWithin
                jumps = VectorKernelsV4.jumps
                hasLoneValues = VectorKernelsV4.hasLoneValues
                sumOf = VectorKernelsV4.sumOf
                squaresAbout = VectorKernelsV4.squaresAbout
                standardise = VectorKernelsV4.standardise
                multiply = VectorKernelsV4.multiply
                chooseWhereEqual = VectorKernelsV4.chooseWhereEqual
                nextRow = VectorKernelsV4.nextRow
                addShifted = VectorKernelsV4.addShifted
                addScaled = VectorKernelsV4.addScaled
                centred = VectorKernelsV4.centred
                combine = VectorKernelsV4.combine
                smooth = VectorKernelsV4.smooth
                smoothingInput = VectorKernelsV4.smoothingInput
                gram = VectorKernelsV4.gram
                levelErrors = VectorKernelsV4.levelErrors
                trendErrors = VectorKernelsV4.trendErrors
                noiseStep = VectorKernelsV4.noiseStep
                pathScores = VectorKernelsV4.pathScores
                between = VectorKernelsV4.between
                return
            case .v3:
                weightedSums = VectorKernelsV3.weightedSums
                phaseSums = VectorKernelsV3.phaseSums
                lessProfile = VectorKernelsV3.lessProfile
                distances = VectorKernelsV3.distances
                sizes = VectorKernelsV3.sizes
                huberWeights = VectorKernelsV3.huberWeights
                rangeOf = VectorKernelsV3.rangeOf
                countBelow = VectorKernelsV3.countBelow
                valuesWithin = VectorKernelsV3.valuesWithin
                jumps = VectorKernelsV3.jumps
                hasLoneValues = VectorKernelsV3.hasLoneValues
                sumOf = VectorKernelsV3.sumOf
                squaresAbout = VectorKernelsV3.squaresAbout
                standardise = VectorKernelsV3.standardise
                multiply = VectorKernelsV3.multiply
                chooseWhereEqual = VectorKernelsV3.chooseWhereEqual
                nextRow = VectorKernelsV3.nextRow
                addShifted = VectorKernelsV3.addShifted
                addScaled = VectorKernelsV3.addScaled
                centred = VectorKernelsV3.centred
                combine = VectorKernelsV3.combine
                smooth = VectorKernelsV3.smooth
                smoothingInput = VectorKernelsV3.smoothingInput
                gram = VectorKernelsV3.gram
                levelErrors = VectorKernelsV3.levelErrors
                trendErrors = VectorKernelsV3.trendErrors
                noiseStep = VectorKernelsV3.noiseStep
                pathScores = VectorKernelsV3.pathScores
                between = VectorKernelsV3.between
                return
            case .baseline: break
            }
        #endif
        weightedSums = VectorKernels.weightedSums
        phaseSums = VectorKernels.phaseSums
        lessProfile = VectorKernels.lessProfile
        distances = VectorKernels.distances
        sizes = VectorKernels.sizes
        huberWeights = VectorKernels.huberWeights
        rangeOf = VectorKernels.rangeOf
        countBelow = VectorKernels.countBelow
        valuesWithin = VectorKernels.valuesWithin
        jumps = VectorKernels.jumps
        hasLoneValues = VectorKernels.hasLoneValues
        sumOf = VectorKernels.sumOf
        squaresAbout = VectorKernels.squaresAbout
        standardise = VectorKernels.standardise
        multiply = VectorKernels.multiply
        chooseWhereEqual = VectorKernels.chooseWhereEqual
        nextRow = VectorKernels.nextRow
        addShifted = VectorKernels.addShifted
        addScaled = VectorKernels.addScaled
        centred = VectorKernels.centred
        combine = VectorKernels.combine
        smooth = VectorKernels.smooth
        smoothingInput = VectorKernels.smoothingInput
        gram = VectorKernels.gram
        levelErrors = VectorKernels.levelErrors
        trendErrors = VectorKernels.trendErrors
        noiseStep = VectorKernels.noiseStep
        pathScores = VectorKernels.pathScores
        between = VectorKernels.between
    }
}
