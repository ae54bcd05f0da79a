/// Disturbances over time.
public struct Scenario: Sendable, Equatable {
    /// A short name.
    public var name: String
    /// What happens, for the reader.
    public var description: String
    /// The disturbances; they compose.
    public var events: [Disturbance]

    public init(name: String, description: String = "", events: [Disturbance]) {
        self.name = name
        self.description = description
        self.events = events
    }

    /// When the first disturbance begins, in seconds.
    public var startSeconds: Double { events.map(\.course.startSeconds).min() ?? 0 }
    /// When the last one is over, in seconds.
    public var endSeconds: Double { events.map(\.course.endSeconds).max() ?? 0 }
}
