import Numerics

/// Service times of a matching engine from the work of its messages: mean and variation by class, with intervals.
///
/// Intervals are those of twenty batch means in the order of the messages, since work comes in runs (Schmeiser 1982).
public struct WorkFit: Sendable {
    /// Seconds of matching of each order, in the order of their coming.
    public var orderSeconds: [Double]
    /// The same of cancels and reductions.
    public var cancelSeconds: [Double]
    /// What every message takes beside matching: journal, risk and the wire.
    public var overheadSeconds: Double
    /// The coefficient of variation of the same.
    public var overheadVariation: Double

    private static let batchCount = 20

    public init(
        orderSeconds: [Double], cancelSeconds: [Double], overheadSeconds: Double = 0,
        overheadVariation: Double = 1
    ) {
        self.orderSeconds = orderSeconds
        self.cancelSeconds = cancelSeconds
        self.overheadSeconds = overheadSeconds
        self.overheadVariation = overheadVariation
    }

    /// `service_order_us`, `service_order_cv` and the same of cancels, of the classes that have messages.
    public var parameters: [CalibratedParameter] {
        parameters("order", orderSeconds) + parameters("cancel", cancelSeconds)
    }

    private func parameters(_ name: String, _ seconds: [Double]) -> [CalibratedParameter] {
        guard !seconds.isEmpty else { return [] }
        func mean(_ part: ArraySlice<Double>) -> Double {
            part.reduce(0, +) / Double(part.count) + overheadSeconds
        }
        func variation(_ part: ArraySlice<Double>) -> Double {
            let middle = mean(part)
            guard middle > 0 else { return 0 }
            let matching = middle - overheadSeconds
            let square = part.reduce(0) { $0 + ($1 - matching) * ($1 - matching) } / Double(part.count)
            let overhead = overheadVariation * overheadSeconds
            return (square + overhead * overhead).squareRoot() / middle
        }
        return [
            parameter("service_\(name)_us", seconds) { mean($0) * 1e6 },
            parameter("service_\(name)_cv", seconds, variation),
        ]
    }

    private func parameter(
        _ name: String, _ seconds: [Double], _ figure: (ArraySlice<Double>) -> Double
    ) -> CalibratedParameter {
        let all = figure(seconds[...])
        let size = seconds.count / WorkFit.batchCount
        guard size >= 10 else { return CalibratedParameter(name, all) }
        let batches = (0..<WorkFit.batchCount).map { figure(seconds[$0 * size..<($0 + 1) * size]) }
        let found = Summary.interval(ofReplications: batches)
        let error = (Summary.variance(batches) / Double(batches.count)).squareRoot()
        // A batch's variation is a little too low; its interval is put around the whole's.
        return CalibratedParameter(
            name, all, lo: max(0, all + found.lo - found.value), hi: all + found.hi - found.value,
            standardError: error)
    }
}
