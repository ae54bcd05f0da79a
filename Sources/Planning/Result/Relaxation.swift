import Exchange
import Glibc

/// Less that could be asked of a plan, so that a tier would hold which cannot be held.
public enum Relaxation: Sendable, Equatable {
    /// A longer latency limit of its objective, in seconds.
    case latency(seconds: Double, instead: Double)
    /// A larger chance of a break, over all tiers and the planned span.
    case probability(allowed: Double, instead: Double)
    /// A share of the demand that is not let in.
    case load(shed: Double)
    /// Fewer losses to survive.
    case survival(Survival, instead: Survival)

    /// How much is given up, to compare by: the logarithm of how many times longer, likelier or smaller it is; of losses, of
    /// how many times more nodes are left of many.
    public var size: Double {
        switch self {
        case .latency(let seconds, let before): log(seconds / before)
        case .probability(let allowed, let before): log(allowed / before)
        case .load(let shed): -log1p(-shed)
        case .survival(let survival, let before):
            log(Relaxation.left(survival) / Relaxation.left(before))
        }
    }

    /// Nodes of which losses are taken, to compare by. Chosen, not measured.
    private static let manyNodes = 120

    private static func left(_ survival: Survival) -> Double {
        max(1, Double(survival.left(of: manyNodes)))
    }
}
