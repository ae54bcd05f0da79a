import Units

/// On which exchange scenarios are tried.
public struct TriedExchange: Sendable, Equatable {
    /// The plan file's name.
    public var plan: String
    /// Whose nodes run.
    public var nodes: Nodes
    /// The hour of the forecast whose expected demand there is.
    public var hour: Timestamp
    /// Whether it is the busiest of the forecast.
    public var isPeakHour: Bool
    /// Messages that enter in a second, undisturbed.
    public var messagesPerSecond: Double

    /// Whose nodes run.
    public enum Nodes: String, Sendable {
        /// Those of today, as the plan file has them.
        case today
        /// Those of the plan in that hour.
        case planned
    }
}
