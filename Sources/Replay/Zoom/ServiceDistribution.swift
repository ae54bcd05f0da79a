import Exchange
import Glibc
import Numerics

/// The shape of service times around their mean.
public enum ServiceShape: String, Sendable, Equatable, Hashable {
    /// Lognormal with the tier's mean and coefficient of variation; deterministic where that is 0.
    case lognormal
    /// Exponential with the tier's mean; its coefficient of variation is taken as 1. For checks against closed forms.
    case exponential
}

/// Service times on one server.
struct ServiceDistribution: Sendable, Equatable {
    private(set) var meanSeconds: Double
    /// The variance over the squared mean.
    let squaredVariation: Double
    private let shape: ServiceShape
    private var logMean: Double
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

    /// The same with a mean of a second.
    var ofOneSecond: ServiceDistribution {
        var result = self
        (result.meanSeconds, result.logMean) = (1, -0.5 * logDeviation * logDeviation)
        return result
    }

    @inline(__always)
    func draw(_ random: inout Random) -> Double {
        switch shape {
        case .exponential: meanSeconds * random.exponential()
        case .lognormal: logDeviation == 0 ? meanSeconds : exp(logMean + logDeviation * random.normal())
        }
    }

    /// The service that has the same place among these as one has among others of the same shape, given over its mean.
    func value(at ratio: Double, of other: ServiceDistribution) -> Double {
        switch shape {
        case .exponential: return meanSeconds * ratio
        case .lognormal:
            guard logDeviation > 0, other.logDeviation > 0 else { return meanSeconds }
            if logDeviation == other.logDeviation { return meanSeconds * ratio }
            let score = log(ratio) / other.logDeviation + 0.5 * other.logDeviation
            return exp(logMean + logDeviation * score)
        }
    }

    /// The chance that a service takes longer.
    func survival(_ seconds: Double) -> Double {
        guard seconds > 0, meanSeconds > 0 else { return meanSeconds > seconds ? 1 : 0 }
        switch shape {
        case .exponential: return exp(-seconds / meanSeconds)
        case .lognormal:
            guard logDeviation > 0 else { return meanSeconds > seconds ? 1 : 0 }
            return SpecialFunctions.normalCDF((logMean - log(seconds)) / logDeviation)
        }
    }

    /// The time that a share of services does not exceed.
    func quantile(_ share: Double) -> Double {
        guard meanSeconds > 0 else { return 0 }
        switch shape {
        case .exponential: return -meanSeconds * log1p(-share)
        case .lognormal:
            guard logDeviation > 0 else { return meanSeconds }
            return exp(logMean + logDeviation * SpecialFunctions.normalQuantile(share))
        }
    }

    /// As many values, each as likely, as stand for the distribution.
    func table(count: Int) -> [Double] {
        (0..<count).map { quantile((Double($0) + 0.5) / Double(count)) }
    }
}

/// The chance that a service takes longer than a time, at 512 times up to a longest one, linear between them.
struct SurvivalTable {
    private static let steps = 512
    private let shares: [Double]
    private let stepsPerSecond: Double

    init(_ distribution: ServiceDistribution, upTo longest: Double) {
        let step = longest / Double(SurvivalTable.steps)
        shares = (0...SurvivalTable.steps + 1).map { distribution.survival(Double($0) * step) }
        stepsPerSecond = step > 0 ? 1 / step : 0
    }

    /// The chance; 1 for a time that is over already.
    @inline(__always)
    func share(above seconds: Double) -> Double {
        guard seconds > 0 else { return 1 }
        let position = min(seconds * stepsPerSecond, Double(SurvivalTable.steps))
        let below = Int(saturating: position)
        return shares[below] + (position - Double(below)) * (shares[below + 1] - shares[below])
    }
}
