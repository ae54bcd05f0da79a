import Foundation

/// How far a key may go before a scenario breaks the exchange.
public struct Limit: Sendable, Equatable {
    public let scenario: String
    public let key: VariedKey
    /// The value nearest to the limit with which the scenario held; nil where none did.
    public let holds: String?
    /// The value beyond it with which it did not; nil where it held to the end of the key's range.
    public let breaks: String?
    /// The largest distance that is left between the two: a share of the value, or 1 of what is counted.
    public let tolerance: Double
    /// Messages that enter in a second at the height, at the value that holds.
    public let messagesPerSecond: Double?
    /// The tier that breaks first at the value that does not hold.
    public let firstTier: String?
    /// Simulations of a value.
    public let trials: Int
    /// The same histories without the events.
    public let baseline: Verdict.Baseline
    /// The event that the scenario lacked and that was added, as `flood:x=…,ramp=30s`; nil where none was.
    public let added: String?
}

/// Searches the value of a key up to which, or from which on, a scenario holds, by bisection on the same histories.
///
/// From the scenario's own value it doubles, or halves, until one value holds and another does not, and then halves the
/// distance between them: in proportion, or evenly where counted. More of an event never does less harm on the same
/// histories, so there is one such limit (`simulate`).
///
/// - Parameters:
///   - text: The key, as `flood.x`; with bounds as `flood.x=1:500`.
///   - scenario: The disturbances.
///   - input: The exchange and its demand.
///   - options: How to simulate.
/// - Returns: The limit.
/// - Throws: `ScenarioError` or `WhatIfError`.
public func findLimit(
    _ text: String, of scenario: Scenario, on input: WhatIfInput,
    options: WhatIfOptions = WhatIfOptions()
) throws -> Limit {
    var search = try LimitSearch(text, Variation(scenario: scenario, input: input), options)
    return try search.limit()
}

/// The search for one limit.
private struct LimitSearch {
    private let key: VariedKey
    private let bounds: ClosedRange<Double>
    private let base: Variation
    private let start: Double
    private let added: String?
    private var shared: SharedHistories
    private var known: [String: Bool] = [:]

    /// Values closer than this share of each other are told as one limit. Chosen, not measured: far below what intervals
    /// of histories leave open.
    static let relativeTolerance = 0.01

    init(_ text: String, _ base: Variation, _ options: WhatIfOptions) throws {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let key = try VariedKey(text: parts.first ?? "")
        guard let range = key.range else {
            throw ScenarioError(message: "'\(key)' takes names; a limit needs a key that takes numbers")
        }
        bounds = try LimitSearch.bounds(parts.count > 1 ? parts[1] : nil, of: key, within: range)
        self.key = key
        let own = base.text(of: key).flatMap { key.number($0) } ?? 1
        start = min(max(own, bounds.lowerBound), bounds.upperBound)
        added = base.addedEvent(for: key)
        self.base = try base.with(key, key.text(start))
        shared = try SharedHistories(self.base, options, endSeconds: self.base.scenario.endSeconds)
    }

    private static func bounds(
        _ text: String?, of key: VariedKey, within range: ClosedRange<Double>
    ) throws(ScenarioError) -> ClosedRange<Double> {
        guard let text else { return range }
        let numbers = text.split(separator: ":").compactMap { key.number(String($0)) }
        guard numbers.count == 2, numbers[0] < numbers[1], range.contains(numbers[0]),
            range.contains(numbers[1])
        else {
            throw ScenarioError(message: "'\(text)' is not in the form FROM:TO, within the range of '\(key)'")
        }
        return numbers[0]...numbers[1]
    }

    private var isCounted: Bool {
        if case .count = key.type { true } else { false }
    }

    mutating func limit() throws -> Limit {
        let holdsAtStart = try holds(start)
        guard let bracket = try bracket(holdsAtStart) else {
            return try told(
                holds: holdsAtStart ? bounds.upperBound : nil, breaks: holdsAtStart ? nil : bounds.lowerBound)
        }
        var (good, bad) = bracket
        while let middle = middle(good, bad) {
            if try holds(middle) { good = middle } else { bad = middle }
        }
        return try told(holds: good, breaks: bad)
    }

    /// A value that holds and one that does not; nil where there is no such pair in the bounds.
    private mutating func bracket(_ holdsAtStart: Bool) throws -> (good: Double, bad: Double)? {
        // Most keys do more harm the larger they are, so that side comes first.
        for isUp in holdsAtStart ? [true, false] : [false, true] {
            var last = start
            while let next = step(from: last, isUp: isUp) {
                let isHeld = try holds(next)
                if isHeld != holdsAtStart { return isHeld ? (next, last) : (last, next) }
                last = next
            }
        }
        return nil
    }

    /// The next value on the way to an end of the bounds; nil at the end.
    private func step(from value: Double, isUp: Bool) -> Double? {
        if isUp {
            guard value < bounds.upperBound else { return nil }
            return min(max(value * 2, isCounted ? 1 : value > 0 ? 0 : 1), bounds.upperBound)
        }
        guard value > bounds.lowerBound else { return nil }
        let least = isCounted ? 1 : LimitSearch.relativeTolerance
        return value / 2 < least ? bounds.lowerBound : max(value / 2, bounds.lowerBound)
    }

    /// The value between two; nil where they are close enough.
    private func middle(_ one: Double, _ other: Double) -> Double? {
        let (low, high) = (min(one, other), max(one, other))
        if isCounted { return high - low > 1 ? ((low + high) / 2).rounded(.down) : nil }
        guard high - low > LimitSearch.relativeTolerance * high else { return nil }
        return low > 0 ? (low * high).squareRoot() : high / 2
    }

    private mutating func holds(_ value: Double) throws -> Bool {
        let text = key.text(value)
        if let answer = known[text] { return answer }
        let variation = try base.with(key, text)
        try cover(variation)
        let answer = try shared.isHeld(variation)
        known[text] = answer
        return answer
    }

    /// Sees to it that the histories are long enough; longer ones begin as the shorter ones do.
    private mutating func cover(_ variation: Variation) throws {
        if !shared.covers(variation.scenario) {
            shared = try SharedHistories(base, shared.options, endSeconds: 2 * variation.scenario.endSeconds)
        }
        try shared.know(variation.input, of: variation.scenario)
    }

    private mutating func told(holds: Double?, breaks: Double?) throws -> Limit {
        var tier: String?
        if let breaks {
            let variation = try base.with(key, key.text(breaks))
            try cover(variation)
            tier = try shared.verdict(variation, threads: shared.options.threads).firstTier
        }
        try shared.know(base.input, of: base.scenario)
        var messages: Double?
        if let holds {
            let variation = try base.with(key, key.text(holds))
            messages = try Conditions(variation.scenario, variation.input, shared.options)
                .peakMessagesPerSecond
        }
        return Limit(
            scenario: base.scenario.name, key: key, holds: holds.map { key.text($0) },
            breaks: breaks.map { key.text($0) },
            tolerance: isCounted ? 1 : LimitSearch.relativeTolerance, messagesPerSecond: messages,
            firstTier: tier, trials: known.count, baseline: try shared.baseline(base),
            added: added)
    }
}

extension Conditions {
    /// The most messages that enter in a second, without bursts.
    var peakMessagesPerSecond: Double {
        (0..<count).reduce(0) { most, index in
            max(most, (0..<flow.groupCount).reduce(0) { $0 + demand.messages(index: index, group: $1).sum() })
        }
    }
}
