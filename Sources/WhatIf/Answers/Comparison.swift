import Numerics
import Units

/// Two scenarios on the same histories, side by side.
public struct Comparison: Sendable {
    public let first: Verdict
    public let second: Verdict
    /// Histories in which the first breaks some objective and the second none.
    public let onlyFirstBreaks: Int
    /// Histories in which the second breaks some objective and the first none.
    public let onlySecondBreaks: Int
    public let histories: Int
    /// Minutes over some objective of the second less those of the first, history by history: the mean, with its 95 %
    /// interval by the central limit.
    public let minutesMore: Estimate
}

/// Simulates two scenarios on the same histories, so that the difference is theirs alone.
///
/// - Parameters:
///   - first: The disturbances of one.
///   - second: Those of the other.
///   - input: The exchange and its demand.
///   - options: How to simulate; no change is searched for.
/// - Returns: Both verdicts, without latencies, and how histories differ.
/// - Throws: `WhatIfError`.
public func compare(
    _ first: Scenario, _ second: Scenario, on input: WhatIfInput, options: WhatIfOptions = WhatIfOptions()
) throws(WhatIfError) -> Comparison {
    let pair = [first, second].map { Variation(scenario: $0, input: input) }
    let end = max(first.endSeconds, second.endSeconds)
    var shared = try SharedHistories(pair[0], options, endSeconds: end)
    try shared.know(input, of: first)
    let calm = shared.calm(input)
    let one = try shared.builder(pair[0], threads: options.threads)
    let other = try shared.builder(pair[1], threads: options.threads)
    let pairs = Array(zip(one.runs, other.runs))
    return Comparison(
        first: one.verdict(besides: calm), second: other.verdict(besides: calm),
        onlyFirstBreaks: pairs.count { $0.firstBreak != nil && $1.firstBreak == nil },
        onlySecondBreaks: pairs.count { $0.firstBreak == nil && $1.firstBreak != nil },
        histories: pairs.count,
        minutesMore: meanOfPairs(pairs.map { $1.minutesOverObjective - $0.minutesOverObjective }))
}

/// The mean of differences with its 95 % interval: that of a normal mean with 1.96 standard errors.
private func meanOfPairs(_ differences: [Double]) -> Estimate {
    let count = Double(max(1, differences.count))
    let mean = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = differences.count > 1 ? (squares / (count - 1) / count).squareRoot() : 0
    let normal = 1.959964
    return Estimate(mean, lo: mean - normal * error, hi: mean + normal * error)
}
