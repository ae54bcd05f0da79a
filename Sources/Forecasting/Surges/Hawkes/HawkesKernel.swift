import Foundation

/// How an event excites later ones: a mixture of exponentials whose shares sum to one, times the branching
/// ratio.
public struct HawkesKernel: Sendable, Equatable {
    /// The shape.
    public enum Form: String, Sendable, CaseIterable {
        /// n/τ · exp(−t/τ).
        case exponential
        /// Falls like t^−(1+θ) from a shortest time to a longest: fifteen exponentials a constant ratio apart
        /// (as in Hardiman, Bercot and Bouchaud 2013).
        case powerLaw = "power-law"

        /// Parameters besides the branching ratio.
        var parameterCount: Int { self == .exponential ? 1 : 2 }
    }

    /// The shape.
    public let form: Form
    /// How many events one event brings, in mean; below 1.
    public let branchingRatio: Double
    /// The mean delay τ, or the shortest time of the power law, in seconds.
    public let decaySeconds: Double
    /// θ of a power law; nil otherwise.
    public let exponent: Double?
    /// The delays: exponential with these means, with these shares.
    let parts: [(share: Double, meanSeconds: Double)]

    /// The decades that a power law covers.
    static let decades = 4.0
    private static let partCount = 15

    /// A kernel; `exponent` is read for a power law only.
    public init(
        _ form: Form, branchingRatio: Double, decaySeconds: Double, exponent: Double? = nil
    ) {
        self.form = form
        self.branchingRatio = branchingRatio
        self.decaySeconds = decaySeconds
        switch form {
        case .exponential:
            self.exponent = nil
            parts = [(1, decaySeconds)]
        case .powerLaw:
            let theta = exponent ?? 0.5
            self.exponent = theta
            let means = (0..<HawkesKernel.partCount).map { index in
                decaySeconds
                    * pow(10, HawkesKernel.decades * Double(index) / Double(HawkesKernel.partCount - 1))
            }
            // Equal steps of the logarithm: the share of the delay a goes with a^−θ.
            let raw = means.map { pow($0 / decaySeconds, -theta) }
            let sum = raw.reduce(0, +)
            parts = zip(raw, means).map { ($0 / sum, $1) }
        }
    }

    /// Equal kernels have equal parameters.
    public static func == (one: HawkesKernel, other: HawkesKernel) -> Bool {
        one.form == other.form && one.branchingRatio == other.branchingRatio
            && one.decaySeconds == other.decaySeconds && one.exponent == other.exponent
    }

    /// A kernel from free parameters: logit of the branching ratio, log of the decay, log of the exponent.
    init(_ form: Form, free: [Double]) {
        self.init(
            form, branchingRatio: 1 / (1 + exp(-free[0])), decaySeconds: exp(free[1]),
            exponent: form == .powerLaw ? exp(free[2]) : nil)
    }

    /// 1 / |1 − φ̂(ω)|², the spectrum of the events over their rate.
    func gain(_ omega: Double) -> Double {
        var real = 0.0
        var imaginary = 0.0
        for part in parts {
            let x = omega * part.meanSeconds
            real += part.share / (1 + x * x)
            imaginary -= part.share * x / (1 + x * x)
        }
        let a = 1 - branchingRatio * real
        let b = branchingRatio * imaginary
        return 1 / (a * a + b * b)
    }
}
