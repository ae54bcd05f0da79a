/// Constants that robust estimates of a scale have in common.
public enum RobustScale {
    /// The standard deviation of a normal distribution over its median absolute deviation, 1 / Φ⁻¹(¾).
    public static let madToSigma = 1.4826
    /// The standard deviation of a normal distribution over its mean absolute deviation, √(π / 2).
    public static let meanToSigma = 1.2533
    /// Robust deviations from which Huber's weights fall (Huber 1964 leaves one to two to choose). Chosen, not measured.
    public static let huberDeviations = 1.5
}
