import Foundation
import Numerics

/// A lognormal service time.
struct ServiceTail {
    let meanSeconds: Double
    let squaredVariation: Double
    /// Service times with their weights, finer towards the tail.
    let points: [(seconds: Double, weight: Double)]
    private let logMean: Double
    private let logDeviation: Double

    /// Levels between which one service time stands for all, finer where they are long. Chosen, not measured.
    private static let edges = [
        0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.997, 0.999, 1,
    ]

    init(meanSeconds: Double, variation: Double) {
        self.meanSeconds = meanSeconds
        squaredVariation = variation * variation
        let logVariance = log1p(variation * variation)
        let deviation = logVariance.squareRoot()
        let middle = log(meanSeconds) - logVariance / 2
        logDeviation = deviation
        logMean = middle
        points = zip(ServiceTail.edges, ServiceTail.edges.dropFirst()).map { low, high in
            let normal = SpecialFunctions.normalQuantile((low + high) / 2)
            return (exp(middle + deviation * normal), high - low)
        }
    }

    /// The chance that a service takes longer.
    func over(_ seconds: Double) -> Double {
        guard seconds > 0 else { return 1 }
        guard logDeviation > 0 else { return meanSeconds > seconds ? 1 : 0 }
        return SpecialFunctions.normalCDF((logMean - log(seconds)) / logDeviation)
    }
}
