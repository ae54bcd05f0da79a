import Numerics

/// A scenario at many values of one key, or of two: the survival map.
public struct Sweep: Sendable {
    public let scenario: String
    /// One or two.
    public let axes: [SweepAxis]
    /// By the first axis' values, within these by the second's.
    public let cells: [Cell]
    /// The same histories without the events, at the exchange's own nodes.
    public let baseline: Verdict.Baseline
    /// Events that the scenario lacked and that were added, as `surge:x=…,ramp=4m`.
    public let added: [String]

    /// The scenario at one value of each axis.
    public struct Cell: Sendable, Equatable {
        /// The values, as texts.
        public let values: [String]
        public let verdict: Verdict
    }

    /// A sweep has no more cells than this.
    public static let cellsMax = 20_000
}

/// Simulates a scenario at every combination of the axes' values, all on the same histories.
///
/// A history ends when nothing has waited for five minutes after the events; from there it is the one without the events.
///
/// - Parameters:
///   - scenario: The disturbances. A kind of event that it lacks is added, where the swept key is all that it needs.
///   - axes: One or two.
///   - input: The exchange and its demand.
///   - options: How to simulate; no change is searched for.
/// - Returns: Every cell's verdict, without latencies.
/// - Throws: `ScenarioError` or `WhatIfError`.
public func sweep(
    _ scenario: Scenario, over axes: [SweepAxis], on input: WhatIfInput,
    options: WhatIfOptions = WhatIfOptions()
) throws -> Sweep {
    let base = Variation(scenario: scenario, input: input)
    let points = try grid(axes)
    let variations = try points.map { try vary(base, axes, $0) }
    let end = variations.map(\.scenario.endSeconds).max() ?? 0
    var shared = try SharedHistories(base, options, endSeconds: end)
    try shared.know(input, of: scenario)
    for variation in variations { try shared.know(variation.input, of: variation.scenario) }
    let settled = shared
    let verdicts = try Parallel.map(variations.count, threads: options.threads) {
        try settled.verdict(variations[$0], threads: 1)
    }
    return Sweep(
        scenario: scenario.name, axes: axes,
        cells: zip(points, verdicts).map { Sweep.Cell(values: $0, verdict: $1) },
        baseline: try settled.baseline(
            variations.first.map { Variation(scenario: $0.scenario, input: input) } ?? base),
        added: axes.compactMap { base.addedEvent(for: $0.key) })
}

/// The scenario at the values of one cell.
private func vary(_ base: Variation, _ axes: [SweepAxis], _ values: [String]) throws -> Variation {
    var changed = base
    for (axis, value) in zip(axes, values) { changed = try changed.with(axis.key, value) }
    return changed
}

/// All combinations of the axes' values.
private func grid(_ axes: [SweepAxis]) throws(ScenarioError) -> [[String]] {
    guard (1...2).contains(axes.count), axes.count < 2 || axes[0].key != axes[1].key else {
        throw ScenarioError(message: "a sweep has one or two keys, which differ")
    }
    let count = axes.reduce(1) { $0 * $1.values.count }
    guard count <= Sweep.cellsMax else {
        throw ScenarioError(message: "the sweep has \(count) cells; at most \(Sweep.cellsMax) are simulated")
    }
    return axes.reduce([[]]) { rows, axis in rows.flatMap { row in axis.values.map { row + [$0] } } }
}
