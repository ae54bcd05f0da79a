import Numerics
import Units

/// The size of errors by step, by lead and by phase of the short season.
struct ErrorScale {
    private let byStep: [Double]
    private let byLead: [Double]
    /// By phase, a factor about 1.
    private let byPhase: [Double]
    private let season: Int

    init(_ residuals: [(step: Int, phase: Int, value: Double)], season: Int, horizon: Int) {
        self.season = season
        let bound = ErrorScale.bound(residuals.map { abs($0.value) })
        var steps = MeanSizes(count: horizon)
        var phaseSizes = MeanSizes(count: season)
        var total = 0.0
        for residual in residuals {
            let size = min(abs(residual.value), bound)
            steps.add(size, at: residual.step)
            phaseSizes.add(size, at: residual.phase)
            total += size
        }
        let mean = residuals.isEmpty ? 0 : total / Double(residuals.count)
        let phases = phaseSizes.means(otherwise: mean).map { mean > 0 ? $0 / mean : 1 }
        let smooth =
            season >= 5
            ? ErrorScale.smoothed(phases, wraps: true) : [Double](repeating: 1, count: season)
        let byPhase = smooth.map {
            (ErrorScale.phaseShare * $0 + ErrorScale.phasePrior)
                / (ErrorScale.phaseShare + ErrorScale.phasePrior)
        }
        self.byPhase = byPhase
        byStep = ErrorScale.smoothed(steps.means(otherwise: mean), wraps: false)
        var usual = MeanSizes(count: horizon)
        for residual in residuals { usual.add(byPhase[residual.phase], at: residual.step) }
        byLead = ErrorScale.nearby(steps, over: usual, otherwise: mean)
    }

    /// Leads up to so many times as far off have nearly the same errors. Chosen, not measured.
    private static let leadWidth = 1.5
    /// The weights of a phase's own size and of 1 in its factor. Chosen, not measured.
    private static let phaseShare = 0.4
    private static let phasePrior = 0.3
    /// The parts of the step itself, and of leads nearly as far with the phase, in the scale. Chosen, not measured.
    private static let stepShare = 0.3
    private static let leadShare = 0.7
    /// A lone outlier does not widen every interval: sizes count up to so many times this quantile of them, of which at
    /// least as many are needed. Chosen, not measured.
    private static let boundFactor = 3.0
    private static let boundLevel = 0.98
    private static let boundSizesMin = 60

    /// The mean size about each lead over what its phases have usually.
    private static func nearby(
        _ sizes: MeanSizes, over usual: MeanSizes, otherwise mean: Double
    ) -> [Double] {
        var sums = [(0.0, 0.0)]
        for (one, other) in zip(sizes.sums, usual.sums) {
            let last = sums[sums.count - 1]
            sums.append((last.0 + one, last.1 + other))
        }
        let count = sizes.sums.count
        return (0..<count).map { step in
            let first = min(Int(saturating: Double(step + 1) / leadWidth), step)
            let end = max(min(Int(saturating: (Double(step + 1) * leadWidth).rounded(.up)), count), step + 1)
            let (one, other) = (sums[end].0 - sums[first].0, sums[end].1 - sums[first].1)
            return other > 0 ? one / other : mean
        }
    }

    private static func bound(_ sizes: [Double]) -> Double {
        sizes.count >= boundSizesMin ? boundFactor * Summary.quantile(sizes, boundLevel) : .infinity
    }

    /// The scale of a step, positive.
    func value(step: Int, phase: Int) -> Double {
        let place = min(step, byStep.count - 1)
        return ErrorScale.stepShare * byStep[place]
            + ErrorScale.leadShare * byLead[place] * byPhase[phase] + 1e-12
    }

    /// A running mean with the weights ½ 1 1 1 ½, around the season or mirrored at the ends.
    private static func smoothed(_ values: [Double], wraps: Bool) -> [Double] {
        let count = values.count
        func value(_ index: Int) -> Double {
            if wraps { return values[(index + count) % count] }
            let mirrored = index < 0 ? -index - 1 : index >= count ? 2 * count - 1 - index : index
            return values[min(max(mirrored, 0), count - 1)]
        }
        return values.indices.map { index in
            let near = value(index + 1) + value(index - 1)
            let far = value(index + 2) + value(index - 2)
            return (values[index] + near + far / 2) / 4
        }
    }

    /// Means by place.
    private struct MeanSizes {
        private(set) var sums: [Double]
        private var counts: [Double]

        init(count: Int) {
            sums = [Double](repeating: 0, count: count)
            counts = sums
        }

        mutating func add(_ size: Double, at place: Int) {
            sums[place] += size
            counts[place] += 1
        }

        func means(otherwise mean: Double) -> [Double] {
            zip(sums, counts).map { $1 > 0 ? $0 / $1 : mean }
        }
    }
}
