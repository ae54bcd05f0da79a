/// What a scenario did to an exchange.
public struct WhatIfResult: Sendable {
    public var scenario: Scenario
    /// Every second and queue, in mean over replications.
    public var timeline: [TimelineRow]
    /// What follows from it.
    public var verdict: Verdict
}
