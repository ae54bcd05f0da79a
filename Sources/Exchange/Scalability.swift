/// The Universal Scalability Law of a tier (Gunther 1993): X(N) = γN / (1 + α(N − 1) + βN(N − 1)), N nodes or requests
/// in flight, as `calibrate --model usl` fits it.
public struct Scalability: Sendable, Equatable {
    /// α, the share that cannot be done side by side.
    public var contention: Double
    /// β, the cost of each pair that has to agree.
    public var coherency: Double
    /// γ, messages a second at N = 1.
    public var scalePerSecond: Double

    public init(contention: Double, coherency: Double, scalePerSecond: Double) {
        self.contention = contention
        self.coherency = coherency
        self.scalePerSecond = scalePerSecond
    }

    /// The N with the largest throughput, √((1 − α)/β); nil where throughput rises for ever.
    public var peakLoad: Double? {
        coherency > 0 && contention < 1 ? max(1, ((1 - contention) / coherency).squareRoot()) : nil
    }

    /// The largest throughput that any N gives, messages a second; nil where there is none.
    public var peakPerSecond: Double? {
        peakLoad.map {
            scalePerSecond * $0 / (1 + contention * ($0 - 1) + coherency * $0 * ($0 - 1))
        }
    }
}
