import Units

/// How much may go wrong, in place of the chance that anything breaks: an error budget, as the practice of site reliability
/// has it (Beyer et al. 2016, chapter 3).
///
/// A minute is over the objective of a queue where the rolling five minutes that end in it break the objective; a request is
/// late where it takes longer than the objective's time. Tiers add up, so that a minute in which two are over counts twice:
/// the safe side.
public enum ErrorBudget: Sendable, Equatable {
    /// Minutes over the objective in a month of `monthHours`.
    case minutesPerMonth(Double)
    /// The share of requests that are late: the sum of the tiers' shares, of the messages of each.
    case shareOfRequests(Double)
    /// What a minute over costs, in dollars, by tier: one price, or 24 by the hour of the day in UTC. Nodes and misses
    /// together are to cost the least; tiers without a price keep the chance of a break.
    case dollarsPerMinute([String: [Double]])

    /// Hours of a month, a twelfth of 8,760.
    public static let monthHours = 730.0

    /// What is allowed in a span of so many hours, as `PlanMisses.counted` counts; nil where the cheapest sum is sought.
    public func allowed(inHours hours: Double) -> Double? {
        switch self {
        case .minutesPerMonth(let minutes): minutes * hours / ErrorBudget.monthHours
        case .shareOfRequests(let share): share
        case .dollarsPerMinute: nil
        }
    }

    /// Whether a tier's misses count.
    public func counts(_ tier: String) -> Bool {
        switch self {
        case .minutesPerMonth, .shareOfRequests: true
        case .dollarsPerMinute(let prices): prices[tier] != nil
        }
    }

    /// The price of a minute over, in dollars, in the step that begins at an instant; 0 where none is asked.
    func dollars(_ tier: String, at start: Timestamp) -> Double {
        guard case .dollarsPerMinute(let prices) = self, let own = prices[tier], !own.isEmpty else {
            return 0
        }
        guard own.count > 1 else { return own[0] }
        let seconds = start.seconds % 86_400
        let hour = Int((seconds < 0 ? seconds + 86_400 : seconds) / 3600)
        return own[hour % own.count]
    }
}
