import Replay

/// Bursts below half a second, drawn once: the rate over its mean in cells of equal length.
struct BurstSample: Sendable {
    let cellSeconds: Double
    let factors: [Double]
    /// The scale of the fastest factor; infinite where the rate is constant.
    let fastestSeconds: Double

    private static let cellsMax = 1_000_000
    private static let secondsMax = 600.0
    /// The least length of a cell, and the cells of the fastest burst. Chosen, not measured.
    private static let cellSecondsMin = 2e-5
    private static let cellsPerBurst = 16.0

    init(_ bursts: [SIMD2<Double>], seed: UInt64) {
        guard let fastest = bursts.map(\.x).min() else {
            (cellSeconds, factors, fastestSeconds) = (1, [1], .infinity)
            return
        }
        // Short beside the fastest factor, whose peaks a cell would smooth away.
        let cell = max(BurstSample.cellSecondsMin, fastest / BurstSample.cellsPerBurst)
        fastestSeconds = fastest
        cellSeconds = cell
        // A cascade's averages over a second are those of one `cell` times as fast over a cell.
        let model = BurstModel(
            components: bursts.map { BurstModel.Component(timeScaleSeconds: $0.x / cell, variance: $0.y) })
        let count = min(BurstSample.cellsMax, Int(saturating: BurstSample.secondsMax / cell))
        let drawn = model.perSecondRates(seconds: count, ratePerSecond: 1, seed: seed)
        // The sample's mean is made exact, so that a load is what it says.
        let mean = max(drawn.reduce(0, +) / Double(max(1, count)), .leastNormalMagnitude)
        factors = drawn.map { $0 / mean }
    }
}
