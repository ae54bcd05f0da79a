import Exchange
import Units

/// Simulates a scenario second by second: work through every queue, with what waits carried on, in many histories of the
/// arrivals' bursts.
///
/// What leaves a tier is what arrives at the next, so that a halt upstream starves what follows, and floods it
/// afterwards. Bursts of half a second and longer move the load from second to second, in part for all symbols and in
/// part for those of one shard (`BurstPaths`); shorter ones are in the waits of each second (`LatencyTable`).
///
/// Histories are the same whatever happens in them, so that an event that is added, or that grows, never does less harm in
/// any of them. The same histories are also simulated without the events: what breaks there is not blamed on them.
///
/// - Parameters:
///   - scenario: The disturbances.
///   - input: The exchange and its demand.
///   - options: How to simulate.
/// - Returns: The timeline and the verdict.
/// - Throws: `WhatIfError` where the scenario names what there is not, or the exchange cannot be.
public func simulate(
    _ scenario: Scenario, on input: WhatIfInput, options: WhatIfOptions = WhatIfOptions()
) throws(WhatIfError) -> WhatIfResult {
    let trial = try Trial(scenario, input, options, bursts: nil)
    let (runs, timeline) = trial.runWithTimeline()
    let builder = VerdictBuilder(scenario: scenario, conditions: trial.conditions, runs: runs)
    var verdict = builder.verdict(besides: try trial.undisturbed().run())
    verdict.tried = input.tried
    if !verdict.recovers, options.seeksChange {
        verdict.shedTo = try ShedSearch(scenario, input, options, bursts: trial.bursts).shareThatClears()
    }
    if !verdict.held, options.seeksChange {
        var search = CheapestChange(scenario: scenario, input: input, options: options, bursts: trial.bursts)
        let change = try search.search()
        verdict.cheapestChange = change.text
        verdict.cheapestChangeCost = change.cost
    }
    let end = scenario.endSeconds + (verdict.drainSeconds?.hi ?? .infinity) + Double(RollingWindow.seconds)
    return WhatIfResult(
        scenario: scenario,
        timeline: timeline.rows(trial.conditions, replications: runs.count, until: end),
        minutes: timeline.minutes.rows(replications: runs.count, until: end), verdict: verdict)
}
