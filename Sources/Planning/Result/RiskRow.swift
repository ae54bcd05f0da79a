import Exchange
import Units

/// A row of `risk.csv`.
public struct RiskRow: Sendable, Equatable {
    /// The tier; `all` for any of them.
    public var tier: String
    /// The step most likely to break; nil where no path breaks in any.
    public var worstStart: Timestamp?
    /// The share of paths that break in that step.
    public var worstProbability: Double
    /// The share of paths that break in some step with what is to be survived lost, with a 95 % interval
    /// (Wilson).
    public var probabilityAnyStep: Estimate
    /// Where no path breaks, the probability by the tail that is fitted to the paths, which resolves less
    /// than one of them; nil where some path breaks and where no tail could be fitted.
    public var tailProbabilityAnyStep: Double?
    /// The same share with all serving nodes up.
    public var probabilityAnyStepAllUp: Estimate
    /// What breaks first.
    public var bindingResource: BindingResource?
}
