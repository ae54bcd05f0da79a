import Exchange
import Glibc
import Numerics

/// The probability of a break that each tier may have, so that all of them together have no more than is allowed.
///
/// Tiers break on the same paths, in the same surges, so that each may have nearly all of it: shared out evenly it would
/// be paid for several times. The largest share is looked for at which the chance of any break, counted over paths and
/// bursts, is as allowed; where no share passes, or paths are too few to count breaks, it is shared out evenly, which
/// holds whatever the tiers have in common (Boole's inequality).
struct JointShare {
    /// The tiers planned with one share.
    struct Trial {
        var allowed: Double
        var contexts: [TierContext]
        var outcomes: [TierOutcome]
        /// By what each tier was planned.
        var recipes: [TierOption.Recipe] = []
        /// The tiers without surges to hold, where some are to be held.
        var without: [TierOutcome] = []
        /// What other budgets cost, where one was asked.
        var frontier: [BudgetFrontierRow] = []
        /// That a budget cannot be kept.
        var findings: [PlanFinding] = []

        /// The chance that any tier breaks in some step when what is to be survived has happened, of those that can be
        /// held at all.
        var probabilityBroken: Double {
            guard let demand = contexts.first?.demand else { return 0 }
            let held = outcomes.filter { !$0.isShort }
            let (paths, steps) = (demand.pathCount, demand.stepCount)
            return BreakHazards(
                any: held.map { BreakHazards($0, loss: .planned, pathCount: paths, stepCount: steps) },
                pathCount: paths, stepCount: steps
            ).anyStep.value
        }
    }

    let allowed: Double
    let tiers: Int
    let paths: Int

    /// Shares that are tried between all and the even one.
    private static let steps = 2
    /// So many paths at least are to break by what is allowed, for their number to tell.
    private static let pathsMin = 2.0

    /// The trial with the largest share that was found to be as allowed.
    func best(_ plan: (Double) -> Trial) -> Trial {
        let even = allowed / Double(tiers)
        guard tiers > 1, allowed * Double(paths + 1) >= JointShare.pathsMin || paths == 1 else {
            return plan(even)
        }
        let whole = plan(allowed)
        let broken = whole.probabilityBroken
        if broken <= allowed { return whole }
        // What is allowed and what breaks are nearly proportional.
        var (low, high) = (log(even), log(allowed))
        var share = max(low, high - log(broken / allowed))
        var best: Trial?
        for _ in 0..<JointShare.steps where share > low {
            let tried = plan(exp(share))
            if tried.probabilityBroken <= allowed {
                (best, low) = (tried, share)
            } else {
                high = share
            }
            share = 0.5 * (low + high)
        }
        return best ?? plan(even)
    }
}
