import Glibc

/// How often more nodes of a tier are down at once than it can spare.
///
/// Each node fails at a rate and is replaced after a mean time, apart from the others: so many are down as a binomial law
/// says, and the state in which k + 1 are down is entered from that with k at the rate (n − k) λ P(k). The chance that this
/// happens within a span is 1 − exp(−the expected number of entries): exact for rare entries, and too high, never too low,
/// where they come in clusters.
struct NodeFailures {
    /// Nodes that stand in for each other.
    let nodes: Int
    /// Groups of so many nodes, of which none may lose more than its spares.
    var groups = 1
    /// Failures of a node in a year.
    let perYear: Double
    /// Seconds until it is replaced.
    let repairSeconds: Double

    /// Seconds of a year of 365.25 days.
    static let yearSeconds = 365.25 * 86_400

    /// The chance that more than so many are down at once at some time of a span.
    func chance(moreThan spares: Int, spanSeconds: Double) -> Double {
        guard spares < nodes else { return 0 }
        let rate = perYear / NodeFailures.yearSeconds
        let load = rate * repairSeconds
        guard rate > 0 else { return 0 }
        let down = load / (1 + load)
        // log of n choose k, and of the law.
        var logShare = Double(nodes) * log1p(-down)
        for count in 0..<max(0, spares) {
            logShare += log(Double(nodes - count) / Double(count + 1)) + log(down) - log1p(-down)
        }
        let entries = spanSeconds * Double(groups * (nodes - spares)) * rate * exp(logShare)
        return -expm1(-entries)
    }

    /// The fewest spares with which the chance is no more than is allowed; all nodes at the most.
    func smallestSafe(allowed: Double, spanSeconds: Double) -> Int {
        (0..<max(1, nodes)).first { chance(moreThan: $0, spanSeconds: spanSeconds) <= allowed } ?? nodes
    }
}
