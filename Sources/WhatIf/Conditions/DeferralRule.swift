import Exchange

/// What of a tier's work may wait, as its queue counts it.
struct DeferralRule: Sendable, Equatable {
    /// The share of each class that may wait; 0 for classes that cost no work.
    let shares: SIMD4<Double>
    /// The classes that may wait, the lowest last.
    let classes: [Int]
    /// By how much that work may be done later in normal times, in seconds; 0: it is served like all else.
    let seconds: Double
    /// Seconds of work that a message of each class brings.
    let work: SIMD4<Double>

    /// The rule; nil where nothing that costs work may wait.
    init?(_ criticality: Criticality, work: SIMD4<Double>) {
        var shares = SIMD4<Double>.zero
        for (demandClass, share) in criticality.waiting where work[demandClass.position] > 0 {
            shares[demandClass.position] = min(1, max(0, share))
        }
        guard shares != .zero else { return nil }
        self.shares = shares
        classes = criticality.lowestLast.map(\.position).filter { shares[$0] > 0 }
        seconds = max(0, criticality.deferSeconds)
        self.work = work
    }
}
