import Exchange
import Replay
import Units

/// What nodes of one shape hold in one tier, in seconds of work a second of a server of today's shape.
///
/// Loads are counted in work, not in messages, so that paths and steps with other mixes compare; the mix only
/// sets the shape of service times.
final class NodeCapacity {
    private let largestNodeCount: Int
    private let ask: (Int) -> BreakLevels
    /// Mean seconds of work of a message on today's shape, as loads are counted.
    let meanSeconds: Double
    private var known: [Int: BreakLevels] = [:]

    init(
        model: some CapacityModel, tier: Tier, shape: Shape, mix: ClassRates, bursts: BurstProfile,
        options: PlanOptions
    ) {
        largestNodeCount = options.largestNodeCount
        meanSeconds = tier.mixedService(of: mix)?.meanSeconds ?? 0
        let placed = tier.on(shape)
        ask = { model.breakLevels(of: placed, nodes: $0, shape: shape, mix: mix, bursts: bursts) }
    }

    /// The loads at which hours break on a number of nodes.
    func levels(nodes: Int) -> BreakLevels {
        guard nodes > 0, meanSeconds > 0 else { return .none }
        if let found = known[nodes] { return found }
        let found = ask(nodes).scaled(by: meanSeconds)
        known[nodes] = found
        return found
    }

    /// What nodes hold: the median of those loads, with the central 95 % of hours.
    func estimate(nodes: Int) -> Estimate { levels(nodes: nodes).held }

    /// The median alone.
    func held(nodes: Int) -> Double { estimate(nodes: nodes).value }

    /// The fewest nodes that hold a load, at least 1; nil where the most that are allowed do not.
    func nodes(holding load: Double) -> Int? {
        fewest { load <= 0 || held(nodes: $0) >= load }
    }

    /// The fewest nodes for which something is true that stays true with more of them, at least 1; nil where it is not
    /// for the most that are allowed.
    func fewest(_ suffice: (Int) -> Bool) -> Int? {
        if suffice(1) { return 1 }
        var high = 1
        repeat {
            guard high < largestNodeCount else { return nil }
            high = min(2 * high, largestNodeCount)
        } while !suffice(high)
        var low = high / 2
        while high - low > 1 {
            let middle = (low + high) / 2
            if suffice(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
