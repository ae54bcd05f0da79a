/// When a disturbance begins, rises, stays and fades; times in seconds, from the start of the scenario.
public struct Course: Sendable, Equatable {
    /// When it begins.
    public var startSeconds: Double
    /// From there until it is at its height.
    public var rampSeconds: Double
    /// At its height.
    public var holdSeconds: Double
    /// From there until it is over.
    public var decaySeconds: Double

    /// A course; without a ramp and a decay it is at its height from its start to its end.
    public init(
        startSeconds: Double = 0, rampSeconds: Double = 0, holdSeconds: Double, decaySeconds: Double = 0
    ) {
        self.startSeconds = startSeconds
        self.rampSeconds = rampSeconds
        self.holdSeconds = holdSeconds
        self.decaySeconds = decaySeconds
    }

    /// When it is over.
    public var endSeconds: Double { startSeconds + rampSeconds + holdSeconds + decaySeconds }

    /// From its start to its end.
    public var lengthSeconds: Double { rampSeconds + holdSeconds + decaySeconds }

    /// What an act sees at an instant.
    func moment(at second: Double) -> Moment {
        let since = second - startSeconds
        return Moment(strength: Strength(share: share(since: since)), seconds: since)
    }

    private func share(since: Double) -> Double {
        if since < 0 { return 0 }
        if since < rampSeconds { return since / rampSeconds }
        let after = since - rampSeconds - holdSeconds
        if after < 0 { return 1 }
        return after < decaySeconds ? 1 - after / decaySeconds : 0
    }
}

/// How much of a disturbance is there.
struct Strength: Equatable {
    /// From 0, nothing, to 1, its height.
    let share: Double

    /// What a factor at its height comes to: 1 without the disturbance.
    func of(_ full: Double) -> Double { 1 + (full - 1) * share }
}

/// An instant, as a disturbance sees it.
struct Moment: Equatable {
    let strength: Strength
    /// Seconds since it began; negative before.
    let seconds: Double

    /// Whether anything is there of it.
    var isPresent: Bool { strength.share > 0 }
}
