import Numerics

/// How much each key of a scenario matters: its outcome with one key at half and at twice its value, the others as they
/// are.
public struct Tornado: Sendable {
    public let scenario: String
    /// The scenario as it is.
    public let verdict: Verdict
    /// The keys, the one that moves most minutes over the objective first.
    public let bars: [Bar]

    /// One key.
    public struct Bar: Sendable, Equatable {
        /// As `surge.x`, or `surge.2.x` of several surges.
        public let key: String
        /// The value that it has.
        public let value: String
        /// Half of it, or the least that the key takes, with what that does.
        public let low: Sweep.Cell
        /// Twice it, or the most that the key takes, with what that does.
        public let high: Sweep.Cell

        /// By how many expected minutes over the objective the two differ.
        public var swingMinutes: Double {
            abs(high.verdict.expectedMinutesOverObjective - low.verdict.expectedMinutesOverObjective)
        }
    }
}

/// Simulates a scenario with every numeric key of its events at half and at twice its value, on the same histories.
///
/// - Parameters:
///   - scenario: The disturbances.
///   - input: The exchange and its demand.
///   - options: How to simulate; no change is searched for.
/// - Returns: The keys by what they matter.
/// - Throws: `ScenarioError` or `WhatIfError`.
public func tornado(
    of scenario: Scenario, on input: WhatIfInput, options: WhatIfOptions = WhatIfOptions()
) throws -> Tornado {
    let base = Variation(scenario: scenario, input: input)
    let turns = try turns(of: scenario)
    var variations = [base]
    for turn in turns {
        variations.append(try base.with(turn.key, turn.low))
        variations.append(try base.with(turn.key, turn.high))
    }
    let end = variations.map(\.scenario.endSeconds).max() ?? 0
    var shared = try SharedHistories(base, options, endSeconds: end)
    try shared.know(input, of: scenario)
    let (settled, all) = (shared, variations)
    let verdicts = try Parallel.map(all.count, threads: options.threads) {
        try settled.verdict(all[$0], threads: 1)
    }
    let bars = turns.enumerated().map { place, turn in
        Tornado.Bar(
            key: turn.key.description, value: turn.value,
            low: Sweep.Cell(values: [turn.low], verdict: verdicts[1 + 2 * place]),
            high: Sweep.Cell(values: [turn.high], verdict: verdicts[2 + 2 * place]))
    }
    return Tornado(
        scenario: scenario.name, verdict: verdicts[0],
        bars: bars.sorted { ($1.swingMinutes, $0.key) < ($0.swingMinutes, $1.key) })
}

/// A key with what it is turned to.
private struct Turn {
    var key: VariedKey
    var value: String
    var low: String
    var high: String
}

/// The numeric keys of a scenario's events that have another value at half or at twice theirs.
private func turns(of scenario: Scenario) throws(ScenarioError) -> [Turn] {
    var turns: [Turn] = []
    var seen: [String: Int] = [:]
    for event in scenario.events {
        let name = event.type.name
        seen[name, default: 0] += 1
        let isOnly = scenario.events.count { $0.type.name == name } == 1
        for key in event.type.keys {
            let path = isOnly ? "\(name).\(key.name)" : "\(name).\(seen[name, default: 1]).\(key.name)"
            let varied = try VariedKey(text: path)
            guard let range = varied.range, let text = event.text(of: key.name),
                let value = varied.number(text), value != 0
            else { continue }
            let ends = [value / 2, value * 2].sorted().map {
                varied.text(min(max($0, range.lowerBound), range.upperBound))
            }
            guard ends[0] != ends[1] else { continue }
            turns.append(Turn(key: varied, value: text, low: ends[0], high: ends[1]))
        }
    }
    return turns
}
