import Units

/// Something that goes wrong, or very well, from a moment on.
public struct Disturbance: Sendable, Equatable {
    /// What it does.
    public enum Effect: Sendable, Equatable {
        /// Demand of the symbols that match is multiplied.
        case surge(factor: Double, symbols: String)
        /// One symbol's demand is multiplied, and that of all others by less; nil: the busiest symbol.
        case listing(factor: Double, symbol: String?, othersFactor: Double)
        /// Requests that change nothing are multiplied: a flood of them, or clients that ask again and again.
        case flood(factor: Double)
        /// So many requests that change nothing come a second: clients that connect again.
        case reconnect(requestsPerSecond: Double)
        /// Nodes of a tier are gone.
        case nodeLoss(tier: String, count: Int)
        /// A zone is gone, with all its nodes; nil: the first.
        case zoneLoss(zone: String?)
        /// Every message of a tier takes longer.
        case slowdown(tier: String, factor: Double)
        /// A link carries a share of what it did.
        case bandwidth(tier: String, share: Double)
        /// A tier does nothing.
        case halt(tier: String)
    }

    /// When it begins, in seconds from the start of the scenario.
    public var startSeconds: Double
    /// Seconds until it is full.
    public var rampSeconds: Double
    /// Seconds at its full strength.
    public var holdSeconds: Double
    /// Seconds until it is over.
    public var decaySeconds: Double
    /// What it does.
    public var effect: Effect

    /// A disturbance.
    public init(
        startSeconds: Double = 0, rampSeconds: Double = 0, holdSeconds: Double, decaySeconds: Double = 0,
        effect: Effect
    ) {
        self.startSeconds = startSeconds
        self.rampSeconds = rampSeconds
        self.holdSeconds = holdSeconds
        self.decaySeconds = decaySeconds
        self.effect = effect
    }

    /// When it is over, in seconds.
    public var endSeconds: Double { startSeconds + rampSeconds + holdSeconds + decaySeconds }

    /// How much of it is there at an instant, 0 to 1.
    func strength(at second: Double) -> Double {
        let since = second - startSeconds
        if since < 0 { return 0 }
        if since < rampSeconds { return since / rampSeconds }
        let after = since - rampSeconds - holdSeconds
        if after < 0 { return 1 }
        return after < decaySeconds ? 1 - after / decaySeconds : 0
    }

    /// A factor that is 1 without the disturbance.
    func factor(_ full: Double, at second: Double) -> Double {
        1 + (full - 1) * strength(at: second)
    }
}

/// Disturbances over time.
public struct Scenario: Sendable, Equatable {
    /// A short name.
    public var name: String
    /// What happens, for the reader.
    public var description: String
    /// The disturbances; they compose.
    public var events: [Disturbance]

    /// A scenario.
    public init(name: String, description: String = "", events: [Disturbance]) {
        self.name = name
        self.description = description
        self.events = events
    }

    /// When the first disturbance begins, in seconds.
    public var startSeconds: Double { events.map(\.startSeconds).min() ?? 0 }
    /// When the last one is over, in seconds.
    public var endSeconds: Double { events.map(\.endSeconds).max() ?? 0 }
}
