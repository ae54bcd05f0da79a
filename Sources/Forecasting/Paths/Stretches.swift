import Foundation
import Numerics

/// Stretches of the history as long as the horizon, and what a plain seasonal forecast got wrong on them.
struct Stretches {
    private let horizon: Int
    private let season: Int
    /// Steps from the start of each stretch to the end of the history.
    private let offsets: [Int]

    var count: Int { offsets.count }

    /// Stretches begin a short season apart, so that hours keep their place; at most 400, the latest.
    init(longest: Int, horizon: Int, seasons: [Int]) {
        self.horizon = horizon
        let season = seasons.last { 2 * $0 + horizon <= longest } ?? 1
        self.season = season
        let spacing = seasons.first ?? max(1, horizon / 4)
        offsets = Array(
            stride(from: horizon, through: longest - 2 * season, by: max(1, min(spacing, horizon))).prefix(
                400))
    }

    /// What the plain forecast of one series got wrong.
    struct Errors {
        /// `[step][stretch]`; 0 where nothing is known.
        let byStep: [Float]
        /// Whether the series reaches back to a stretch.
        let isKnown: [Bool]
        /// The median size of the errors over 0.6745, or 1.
        let typicalSize: Double
    }

    /// Log ratios to the mean of the two last seasons (differences where values are negative).
    func errors(of values: [Double]) -> Errors {
        let present = values.filter(\.isFinite)
        let offset =
            ValueScale.ratioOffsetShare * present.reduce(0) { $0 + abs($1) } / Double(max(present.count, 1))
            + 1e-9
        let isNegative = present.contains { $0 < 0 }
        let scaled = isNegative ? values : values.map { log($0 + offset) }
        // By season of the horizon: what the plain forecast is at each place.
        let plain = (0...(horizon - 1) / season).map { block -> [Double] in
            let behind = (block + 1) * season
            return values.indices.map { index in
                let one = value(values, index - behind)
                let mean = (one + value(values, index - behind - season, otherwise: one)) / 2
                return isNegative ? mean : log(mean + offset)
            }
        }
        var byStep = [Float](repeating: 0, count: horizon * offsets.count)
        var isKnown = [Bool](repeating: false, count: offsets.count)
        var sizes: [Double] = []
        for (stretch, back) in offsets.enumerated() {
            let start = values.count - back
            guard start - 2 * season >= 0 else { continue }
            isKnown[stretch] = true
            for step in 0..<horizon {
                let error = value(scaled, start + step) - plain[step / season][start + step]
                guard error.isFinite else { continue }
                byStep[step * offsets.count + stretch] = Float(error)
                sizes.append(abs(error))
            }
        }
        let typical = sizes.isEmpty ? 0 : Selection.median(sizes)
        return Errors(
            byStep: byStep, isKnown: isKnown, typicalSize: typical > 0 ? RobustScale.madToSigma * typical : 1)
    }

    private func value(_ values: [Double], _ index: Int, otherwise: Double = .nan) -> Double {
        values.indices.contains(index) && values[index].isFinite ? values[index] : otherwise
    }
}
