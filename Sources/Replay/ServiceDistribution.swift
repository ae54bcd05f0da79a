import Exchange
import Glibc

/// The shape of service times around their mean.
public enum ServiceShape: String, Sendable, Equatable, Hashable {
    /// Lognormal with the tier's mean and coefficient of variation; deterministic where that is 0.
    case lognormal
    /// Exponential with the tier's mean; its coefficient of variation is taken as 1. For checks against closed forms.
    case exponential
}

/// Service times on one server.
struct ServiceDistribution: Sendable, Equatable {
    let meanSeconds: Double
    /// The variance over the squared mean.
    let squaredVariation: Double
    private let shape: ServiceShape
    private let logMean: Double
    private let logDeviation: Double

    init(_ time: ServiceTime, shape: ServiceShape) {
        meanSeconds = max(0, time.meanSeconds)
        self.shape = shape
        let variation = max(0, time.coefficientOfVariation)
        squaredVariation = shape == .exponential ? 1 : variation * variation
        let logVariance = log1p(variation * variation)
        logDeviation = logVariance.squareRoot()
        logMean = meanSeconds > 0 ? log(meanSeconds) - 0.5 * logVariance : -.infinity
    }

    @inline(__always)
    func draw(_ random: inout ReplayRandom) -> Double {
        switch shape {
        case .exponential: meanSeconds * random.exponential()
        case .lognormal: logDeviation == 0 ? meanSeconds : exp(logMean + logDeviation * random.normal())
        }
    }

    /// The chance that a service takes longer.
    func survival(_ seconds: Double) -> Double {
        guard seconds > 0, meanSeconds > 0 else { return meanSeconds > seconds ? 1 : 0 }
        switch shape {
        case .exponential: return exp(-seconds / meanSeconds)
        case .lognormal:
            guard logDeviation > 0 else { return meanSeconds > seconds ? 1 : 0 }
            return 0.5 * erfc((log(seconds) - logMean) / (logDeviation * 2.0.squareRoot()))
        }
    }

    /// The time that a share of services does not exceed.
    func quantile(_ share: Double) -> Double {
        guard meanSeconds > 0 else { return 0 }
        switch shape {
        case .exponential: return -meanSeconds * log1p(-share)
        case .lognormal: return logDeviation == 0 ? meanSeconds : exp(logMean + logDeviation * normalQuantile(share))
        }
    }

    /// As many values, each as likely, as stand for the distribution.
    func table(count: Int) -> [Double] {
        (0..<count).map { quantile((Double($0) + 0.5) / Double(count)) }
    }
}

/// The standard normal quantile: Acklam's rational approximation (2003), mended by one step of Halley's method.
func normalQuantile(_ share: Double) -> Double {
    guard share > 0 else { return -.infinity }
    guard share < 1 else { return .infinity }
    let tail = min(share, 1 - share)
    var x: Double
    if tail < 0.02425 {
        let q = (-2 * log(tail)).squareRoot()
        let top = horner(q, [-7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
            4.374664141464968, 2.938163982698783])
        x = top / horner(q, [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1])
    } else {
        let q = tail - 0.5
        let r = q * q
        let top = horner(r, [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690,
            -30.66479806614716, 2.506628277459239])
        x = q * top
            / horner(r, [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972,
                -13.28068155288572, 1])
    }
    let error = 0.5 * erfc(-x / 2.0.squareRoot()) - tail
    let step = error * (2 * Double.pi).squareRoot() * exp(0.5 * x * x)
    x -= step / (1 + 0.5 * x * step)
    return share <= 0.5 ? x : -x
}

private func horner(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
}
