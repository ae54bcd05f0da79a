import Foundation
import Numerics
import Units

/// How often quantiles were missed in a backtest, in calm and in wild times.
///
/// The regime of an origin is known beforehand: how much the series' logarithm moved from step to step in the
/// week before (seven of the shortest season), as a third of all its origins. Intervals take origins as
/// independent of each other and the steps of one origin as not.
public struct QuantileCalibration: Sendable {
    /// How restless the week before an origin was.
    public enum Regime: String, Sendable, CaseIterable {
        /// Every origin.
        case all
        /// The quietest third.
        case calm
        /// The middle third.
        case middle
        /// The most restless third.
        case wild
    }

    /// One quantile in one regime.
    public struct Row: Sendable {
        public let regime: Regime
        /// The level of the quantile.
        public let level: Double
        /// The share of values above it, with a 95 % interval.
        public let missed: Estimate
        /// Values compared.
        public let count: Int
    }

    /// By regime and level.
    public let rows: [Row]

    /// Counts the values above the quantiles of a backtest.
    ///
    /// - Parameters:
    ///   - report: The backtest.
    ///   - series: What it forecast.
    ///   - season: The shortest season in steps.
    ///   - levels: The levels to count.
    public init(
        _ report: BacktestReport, series: [RegularSeries], season: Int, levels: [Double] = [0.9, 0.99, 0.999]
    ) {
        var tallies: [Regime: [[Tally]]] = [:]
        for one in series {
            let forecasts = report.forecasts.filter { $0.forecast.id == one.id }
            let restless = forecasts.map {
                QuantileCalibration.restlessness(one, before: $0.forecast.start, steps: 7 * max(season, 1))
            }
            let sorted = restless.sorted()
            guard !sorted.isEmpty else { continue }
            let (low, high) = (
                Summary.quantile(sorted: sorted, 1 / 3), Summary.quantile(sorted: sorted, 2 / 3)
            )
            for (forecast, size) in zip(forecasts, restless) {
                let regime: Regime = size <= low ? .calm : size <= high ? .middle : .wild
                let counts = levels.map { Tally(forecast, level: $0) }
                tallies[.all, default: []].append(counts)
                tallies[regime, default: []].append(counts)
            }
        }
        rows = Regime.allCases.flatMap { regime in
            levels.indices.compactMap { level in
                let origins = (tallies[regime] ?? []).map { $0[level] }.filter { $0.count > 0 }
                guard !origins.isEmpty else { return nil }
                return Row(
                    regime: regime, level: levels[level], missed: QuantileCalibration.share(origins),
                    count: origins.reduce(0) { $0 + $1.count })
            }
        }
    }

    /// What one origin missed.
    private struct Tally {
        var missed = 0
        var count = 0

        init(_ forecast: BacktestForecast, level: Double) {
            for (step, value) in forecast.actual.enumerated() where value.isFinite {
                count += 1
                if value > forecast.forecast.quantile(level, step: step) { missed += 1 }
            }
        }
    }

    /// The mean absolute move of the logarithm from step to step before an instant.
    private static func restlessness(_ series: RegularSeries, before: Timestamp, steps: Int) -> Double {
        let end = min(
            series.values.count, Int((before.seconds - series.start.seconds) / series.stepSeconds))
        let known = series.values[max(0, end - steps - 1)..<max(0, end)].filter(\.isFinite)
        let offset = ValueScale.ratioOffsetShare * Summary.mean(known) + 1e-9
        let moves = zip(known.dropFirst(), known).map {
            abs(log((max($0, 0) + offset) / (max($1, 0) + offset)))
        }
        return moves.isEmpty ? 0 : Summary.mean(moves)
    }

    /// The share with Wilson's interval (1927) at the number of independent values that the scatter between
    /// origins says there are.
    private static func share(_ origins: [Tally]) -> Estimate {
        let count = Double(origins.reduce(0) { $0 + $1.count })
        let share = Double(origins.reduce(0) { $0 + $1.missed }) / count
        let scatter = origins.reduce(0.0) {
            let away = Double($1.missed) - share * Double($1.count)
            return $0 + away * away
        }
        let independent = scatter > 0 ? share * (1 - share) * count * count / scatter : 0
        let size = min(max(independent, Double(origins.count)), count)
        let z2 = SpecialFunctions.normal95 * SpecialFunctions.normal95
        let centre = (share + z2 / (2 * size)) / (1 + z2 / size)
        let half = (z2 * (share * (1 - share) / size + z2 / (4 * size * size))).squareRoot() / (1 + z2 / size)
        return Estimate(share, lo: max(0, min(share, centre - half)), hi: max(share, centre + half))
    }
}
