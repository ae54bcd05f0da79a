import Exchange

/// What is known of the weeks over which reserved nodes are paid for.
public struct CarriedTrend: Sendable, Equatable {
    /// The factor on a tier's load so many weeks ahead of the planned span, from the first week after it on; after the
    /// last of them it stays.
    public var factors: [Double]

    public init(factors: [Double]) { self.factors = factors }

    /// Factors for the spans of so many days of a commitment after the first; none where nothing is known.
    func spans(of shape: Shape, days: Double) -> [Double] {
        guard let last = factors.last, days > 0 else { return [] }
        let spans = Int(saturating: (shape.commitmentDays / days).rounded()) - 1
        return (0..<max(0, min(spans, CarriedTrend.spansMax))).map { span in
            let week = Int(saturating: (Double(span) * days / CarriedTrend.weekDays + 1e-9).rounded(.down))
            return factors.indices.contains(week) ? factors[week] : last
        }
    }

    private static let weekDays = 7.0
    /// Spans that are looked at: ten years of days. A shorter span stands for fewer of them.
    private static let spansMax = 3650
}
