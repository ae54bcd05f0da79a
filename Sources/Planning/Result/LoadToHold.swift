import Units

/// The load that a tier has to hold in its worst step, and how it was found.
public struct LoadToHold: Sendable, Equatable {
    /// In seconds of work a second (servers kept busy).
    public var servers: Double
    /// The start of that step.
    public var start: Timestamp
    /// How it was found among the paths.
    public var method: Requirement.Method
    /// Paths that were drawn.
    public var pathCount: Int
    /// The share of paths that may pass it in some step.
    public var probabilityAllowed: Double
    /// Whether it is the same in every step, so that no step is its peak.
    public var isConstant = false

    /// A load from its figures.
    public init(
        servers: Double, start: Timestamp, method: Requirement.Method, pathCount: Int,
        probabilityAllowed: Double
    ) {
        self.servers = servers
        self.start = start
        self.method = method
        self.pathCount = pathCount
        self.probabilityAllowed = probabilityAllowed
    }
}
