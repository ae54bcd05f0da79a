import Foundation
import Numerics
import Units

/// Return levels from maxima of blocks, as the peaks of weeks or years (Coles 2001, chapter 3).
///
/// The fit is by maximum likelihood, the 95 % interval of a level by its profile likelihood. For a series whose values
/// are maxima already; one with finer steps tells more by its peaks over a threshold (`ReturnLevels`).
public struct BlockMaxima: Sendable {
    /// The fitted distribution.
    public let distribution: GeneralisedExtremeValue
    /// The logarithm of its likelihood.
    public let logLikelihood: Double
    /// Number of blocks.
    public var count: Int { maxima.count }
    private let maxima: [Double]
    /// What parameters are searched in: the mean and the deviation of the maxima.
    private let unit: (centre: Double, deviation: Double)

    /// The fewest maxima that a distribution is fitted to.
    public static let fewestBlocks = 20
    /// The shortest step of a series whose values are taken as maxima of blocks: a week.
    public static let leastStepSeconds: Int64 = 604_800
    /// Below −1 the likelihood has no bound.
    private static let leastShape = -0.99
    /// Where searches for a shape start. Chosen, not measured.
    private static let startShape = 0.05
    /// Euler's constant and √6 / π, for the moments of Gumbel's distribution.
    private static let (gumbelMean, gumbelScale) = (0.577_215_664_9, 0.779_696_801_2)

    /// Fits maxima of blocks of one length; values that are not finite are passed over.
    ///
    /// Throws `ModelFailure` for fewer than twenty, or where all are equal.
    public init(_ values: [Double]) throws(ModelFailure) {
        let maxima = values.filter(\.isFinite)
        guard maxima.count >= BlockMaxima.fewestBlocks else {
            throw ModelFailure("\(maxima.count) maxima, but \(BlockMaxima.fewestBlocks) are needed")
        }
        let deviation = Summary.variance(maxima).squareRoot()
        guard deviation > 0 else { throw ModelFailure("all maxima are equal") }
        self.maxima = maxima
        unit = (Summary.mean(maxima), deviation)
        let scale = BlockMaxima.gumbelScale
        let unit = unit
        let best = SimplexSearch.minimise(
            from: [-BlockMaxima.gumbelMean * scale, log(scale), BlockMaxima.startShape], step: 0.2
        ) {
            -BlockMaxima.logLikelihood(maxima, BlockMaxima.distribution($0[0], $0[1], $0[2], unit))
        }
        guard best.value.isFinite else { throw ModelFailure("the maxima do not determine a tail") }
        distribution = BlockMaxima.distribution(
            best.arguments[0], best.arguments[1], best.arguments[2], unit)
        logLikelihood = -best.value
    }

    /// The level that one block in so many passes, with a 95 % interval; nil for one block or less.
    public func level(blocks: Double) -> Estimate? {
        guard blocks > 1 else { return nil }
        let value = distribution.level(blocks: blocks)
        func isInside(_ level: Double) -> Bool {
            profile(level, blocks: blocks) >= logLikelihood - ReturnLevels.likelihoodDrop
        }
        let reach = ReturnLevels.reach * unit.deviation
        return Estimate(
            value, lo: ReturnLevels.edge(from: value, to: value - reach) { isInside($0) },
            hi: ReturnLevels.edge(from: value, to: value + reach) { isInside($0) })
    }

    /// The largest likelihood over scales and shapes where the level is given.
    private func profile(_ level: Double, blocks: Double) -> Double {
        let start = [log(distribution.scale / unit.deviation), distribution.shape]
        let best = SimplexSearch.minimise(from: start, step: 0.1) { point in
            let scale = unit.deviation * exp(point[0])
            let location = level - scale * GeneralisedExtremeValue.growth(shape: point[1], blocks: blocks)
            return -BlockMaxima.logLikelihood(
                maxima, GeneralisedExtremeValue(location: location, scale: scale, shape: point[1]))
        }
        return -best.value
    }

    private static func distribution(
        _ location: Double, _ logScale: Double, _ shape: Double,
        _ unit: (centre: Double, deviation: Double)
    ) -> GeneralisedExtremeValue {
        GeneralisedExtremeValue(
            location: unit.centre + unit.deviation * location, scale: unit.deviation * exp(logScale),
            shape: shape)
    }

    private static func logLikelihood(_ maxima: [Double], _ law: GeneralisedExtremeValue) -> Double {
        guard law.shape > leastShape else { return -.infinity }
        return maxima.reduce(0) { $0 + law.logDensity($1) }
    }
}
