/// What is planned for a tier that no allowed shape, number of nodes or placement holds: what comes closest.
public struct BestEffort: Sendable, Equatable {
    /// The shape of its nodes.
    public var shape: String
    /// Nodes that run, all zones together.
    public var nodes: Int
    /// The hours of the planned span that are expected to break the objective while what is to be survived is lost.
    public var hoursBroken: Double
    /// The hours of the planned span.
    public var hours: Double
    /// The chance that some step breaks it.
    public var probabilityBroken: Double

    /// An effort from its figures.
    public init(
        shape: String, nodes: Int, hoursBroken: Double, hours: Double, probabilityBroken: Double
    ) {
        self.shape = shape
        self.nodes = nodes
        self.hoursBroken = hoursBroken
        self.hours = hours
        self.probabilityBroken = probabilityBroken
    }
}
