/// What a scenario did to an exchange.
public struct WhatIfResult: Sendable {
    public var scenario: Scenario
    /// Every second and queue, in mean over replications.
    public var timeline: [TimelineRow]
    /// What became of the messages of every minute and tier.
    public var minutes: [MinuteRow]
    /// What follows from it.
    public var verdict: Verdict
}
