import Exchange
import Glibc
import Replay

/// Looks for the smallest relaxations with which a tier that cannot be held would be, each by itself: a longer latency
/// limit, a larger chance of a break, demand that is not let in, fewer losses to survive.
///
/// Each is tried as a plan would be made with it, by the same capacity model. The chance of a break is the even share of
/// the tier, the least that a plan may give it, so that a plan that is made anew with the relaxation holds the tier.
struct RelaxationSearch<Model: CapacityModel> {
    /// The tier, with its even share.
    let context: TierContext
    let tierCount: Int
    let model: Model

    /// The most that is tried: how many times the latency limit, its longest in seconds, the largest chance of a break, and
    /// how many times less demand. The plan file's bounds where it has some; else chosen, not measured.
    private static var latencyFactorMax: Double { 1000 }
    private static var latencySecondsMax: Double { 3600 }
    private static var probabilityMax: Double { 0.5 }
    private static var loadFactorMax: Double { 100 }
    /// The search for a factor, on its logarithm: the first step and how near it comes. Chosen, not measured.
    private static var firstLogStep: Double { 0.05 }
    private static var logTolerance: Double { 0.005 }
    /// Figures are told to so many digits, rounded up.
    private static var digits: Double { 3 }

    /// The relaxations that would do, the smallest first.
    func relaxations() -> [Relaxation] {
        ([latency, probability, load].compactMap { $0 } + survivals).sorted { $0.size < $1.size }
    }

    private var latency: Relaxation? {
        let before = context.tier.objective.latencySeconds
        let most = min(Self.latencyFactorMax, Self.latencySecondsMax / before)
        return least(upTo: most) { .latency(seconds: Self.roundedUp(before * $0), instead: before) }
    }

    private var probability: Relaxation? {
        let before = context.options.probabilityBrokenAllowed
        return least(upTo: Self.probabilityMax / before) {
            .probability(allowed: min(Self.probabilityMax, Self.roundedUp(before * $0)), instead: before)
        }
    }

    private var load: Relaxation? {
        least(upTo: Self.loadFactorMax) {
            .load(shed: min(1 - 1 / Self.loadFactorMax, Self.roundedUp(1 - 1 / $0)))
        }
    }

    /// Without the loss of a zone or a region, with fewer spare nodes; without either where neither by itself does.
    private var survivals: [Relaxation] {
        let rule = context.rule
        func without(zone: Bool, spares: Int) -> Relaxation {
            .survival(
                Survival(
                    zoneCount: rule.zoneCount, spareNodes: spares,
                    survivesZoneLoss: rule.survivesZoneLoss && !zone,
                    regionOfZone: zone ? [] : rule.regionOfZone, zoneDifference: rule.zoneDifference),
                instead: rule)
        }
        var found: [Relaxation] = []
        let survivesZones = rule.survivesZoneLoss || rule.survivesRegionLoss
        if survivesZones {
            let noZone = without(zone: true, spares: rule.spareNodes)
            if holds(noZone) { found.append(noZone) }
        }
        if rule.spareNodes > 0, holds(without(zone: false, spares: 0)) {
            var (few, many) = (0, rule.spareNodes)
            while many - few > 1 {
                let between = (few + many) / 2
                if holds(without(zone: false, spares: between)) { few = between } else { many = between }
            }
            found.append(without(zone: false, spares: few))
        }
        if found.isEmpty, survivesZones, rule.spareNodes > 0 {
            let nothing = without(zone: true, spares: 0)
            if holds(nothing) { found.append(nothing) }
        }
        return found
    }

    /// The relaxation by the least factor above 1 that does; nil where that by the most does not.
    private func least(upTo most: Double, _ relaxation: (Double) -> Relaxation) -> Relaxation? {
        guard most > 1, holds(relaxation(most)) else { return nil }
        var (low, high) = (0.0, log(most))
        var step = Self.firstLogStep
        while step < high {
            if holds(relaxation(exp(step))) {
                high = step
            } else {
                low = step
                step *= 2
            }
        }
        while high - low > Self.logTolerance {
            let between = 0.5 * (low + high)
            if holds(relaxation(exp(between))) { high = between } else { low = between }
        }
        return relaxation(exp(high))
    }

    private func holds(_ relaxation: Relaxation) -> Bool {
        context.relaxed(by: relaxation, tierCount: tierCount).canHold(model)
    }

    private static func roundedUp(_ value: Double) -> Double {
        guard value > 0 else { return value }
        let unit = pow(10, log10(value).rounded(.down) + 1 - digits)
        return (value / unit * (1 - 1e-12)).rounded(.up) * unit
    }
}
