import Units
public struct Scenario: Sendable { public var name: String }
public struct TimelineRow: Sendable {}
public struct Verdict: Sendable {
    public var scenario = ""; public var held = true; public var firstTier: String?
}
public struct WhatIfResult: Sendable {
    public var scenario: Scenario; public var timeline: [TimelineRow]; public var verdict: Verdict
}
public struct ScenarioError: Error, CustomStringConvertible { public var description: String { "" } }
