/// The connections that clients hold open to a tier, and what they cost.
///
/// By Little's law (1961) there are L = λW of them, with λ the sessions that begin in a second and W how long one lasts. λ goes
/// with the tier's messages; where the number of connections for each message a second is known, it is stated instead.
public struct Sessions: Sendable, Equatable {
    /// Sessions that begin for each message that the tier handles.
    public var perMessage: Double
    /// How long a session lasts, in seconds.
    public var lengthSeconds: Double
    /// Connections for each message a second, where it is stated; nil: by sessions and their length.
    public var statedPerRate: Double?
    /// File descriptors that a node may have open.
    public var descriptorsPerNode: Int
    /// File descriptors that one connection takes.
    public var descriptorsPerConnection: Double
    /// Memory that one connection takes, in KiB.
    public var kibPerConnection: Double
    /// Work of one login on one server, in seconds.
    public var loginSeconds: Double
    /// The time over which clients of a lost node come back, in seconds.
    public var reconnectSeconds: Double

    public init(
        perMessage: Double = 0, lengthSeconds: Double = 0, statedPerRate: Double? = nil,
        descriptorsPerNode: Int = 1_048_576, descriptorsPerConnection: Double = 1,
        kibPerConnection: Double = 0, loginSeconds: Double = 0, reconnectSeconds: Double = 30
    ) {
        self.perMessage = perMessage
        self.lengthSeconds = lengthSeconds
        self.statedPerRate = statedPerRate
        self.descriptorsPerNode = descriptorsPerNode
        self.descriptorsPerConnection = descriptorsPerConnection
        self.kibPerConnection = kibPerConnection
        self.loginSeconds = loginSeconds
        self.reconnectSeconds = reconnectSeconds
    }

    /// Connections for each message a second.
    public var connectionsPerRate: Double { statedPerRate ?? perMessage * lengthSeconds }

    /// Connections that one node of a shape holds by each of its resources; `usedGiB` of its memory is taken already.
    func held(on shape: Shape, usedGiB: Double) -> [(resource: BindingResource, connections: Double)] {
        var held: [(resource: BindingResource, connections: Double)] = []
        if descriptorsPerConnection > 0 {
            held.append(
                (
                    .own("file descriptors"),
                    (Double(descriptorsPerNode) / descriptorsPerConnection).rounded(.down)
                ))
        }
        if kibPerConnection > 0 {
            let kib = max(0, shape.memoryGiB - usedGiB) * Sessions.kibPerGiB
            held.append((.own("connection memory"), (kib / kibPerConnection).rounded(.down)))
        }
        return held
    }

    private static let kibPerGiB = 1_048_576.0
}
