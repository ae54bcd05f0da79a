/// What a replay found out about an exchange under its forecast demand.
public struct ReplayResult: Sendable, Equatable {
    /// Where each queue saturates, in the order of the topology's tiers, shards in order, the journey last.
    public var saturation: [SaturationPoint]
    /// What clients see at each multiple of the forecast in the worst window, in the same order of queues.
    public var latencyCurve: [LatencyCurvePoint]
    /// Work over capacity of each queue, by path and step.
    public var utilisation: UtilisationTable
    /// The window through which each queue was simulated message by message.
    public var worstWindows: [WorstWindow]
    /// Which rows belong to which queue, in order.
    public var parts: [ReplayPart] = []

    /// A result from its parts.
    public init(
        saturation: [SaturationPoint], latencyCurve: [LatencyCurvePoint], utilisation: UtilisationTable,
        worstWindows: [WorstWindow]
    ) {
        self.saturation = saturation
        self.latencyCurve = latencyCurve
        self.utilisation = utilisation
        self.worstWindows = worstWindows
    }
}

/// The rows of one queue in a result.
public struct ReplayPart: Sendable, Equatable {
    /// The queue's place among all: rows of the utilisation table first, the journey last.
    public var place: Int
    /// Its rows of `saturation`.
    public var saturation: Range<Int>
    /// Its rows of `latencyCurve`.
    public var latencyCurve: Range<Int>
}
