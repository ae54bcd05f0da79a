/// Fits the figures that no count gives: how readily new orders close the spread, how large aggressors are against what
/// rests, and how many orders a change of a level stands for.
///
/// The mean spread falls with the first, the share of aggressors with more than one trade rises with the second, their
/// trades in the mean rise with the third; they are found in turn by bisection over simulations on common random numbers.
public struct FlowCalibration: Sendable {
    /// Events of one simulation.
    public var eventsPerTrial: Int
    /// Everything random follows from it.
    public var seed: UInt64

    public init(eventsPerTrial: Int = 60_000, seed: UInt64 = 1) {
        self.eventsPerTrial = eventsPerTrial
        self.seed = seed
    }

    /// The model of an observed flow.
    public func parameters(of flow: ObservedFlow) -> FlowParameters {
        let wanted = FlowFacts(flow)
        var parameters = FlowParameters(counting: flow)
        for _ in 0..<2 {
            fit(&parameters, \.betterScale, in: FlowCalibration.betterScales) {
                $0.spreadTicks > wanted.spreadTicks
            }
            fit(&parameters, \.takeScale, in: FlowCalibration.takeScales) {
                $0.shareOverOneFill < wanted.shareOverOneFill
            }
            fit(&parameters, \.ordersPerAdd, in: FlowCalibration.ordersPerAdd) {
                $0.fillsPerAggressor < wanted.fillsPerAggressor
            }
        }
        return parameters
    }

    /// Between which each figure is looked for. Chosen, not measured.
    private static let betterScales = 0.05...100.0
    private static let takeScales = 0.001...100.0
    private static let ordersPerAdd = 1.0...64.0

    /// Finds a figure by bisection on the log scale, to a few per cent.
    private func fit(
        _ parameters: inout FlowParameters, _ figure: WritableKeyPath<FlowParameters, Double>,
        in range: ClosedRange<Double>, isTooLow: (FlowFacts) -> Bool
    ) {
        var (low, high) = (range.lowerBound, range.upperBound)
        for _ in 0..<8 {
            let middle = (low * high).squareRoot()
            parameters[keyPath: figure] = middle
            let trial = ObservedFlow(generating: parameters, events: eventsPerTrial, seed: seed)
            if isTooLow(FlowFacts(trial)) { low = middle } else { high = middle }
        }
        parameters[keyPath: figure] = (low * high).squareRoot()
    }
}
