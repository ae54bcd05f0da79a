import Exchange
import Units

/// Tells how much a group of servers can carry: planning sizes tiers by it, and saturation is where it ends.
///
/// The figures hold for one queue with `servers` servers: a shard, a link, or all nodes of a pool together. Rates are
/// messages a second in mean over a step of the demand.
public protocol CapacityModel: Sendable {
    /// At what rates hours break the tier's objective, which is to hold in every rolling five minutes.
    ///
    /// - Parameters:
    ///   - tier: The tier, for its service times, imbalance, rules and objective.
    ///   - servers: How many messages are served at the same time.
    ///   - mix: Messages by class; only the proportions matter.
    ///   - bursts: How arrivals bunch below the step.
    /// - Returns: No levels where even an idle tier breaks the objective, or without servers. What is held never falls as
    ///   `servers` grows.
    func breakLevels(of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile) -> BreakLevels
}

extension CapacityModel {
    /// What is held: the median over hours of the rate at which they break, with the central 95 % of hours.
    public func held(by tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile) -> Estimate {
        breakLevels(of: tier, servers: servers, mix: mix, bursts: bursts).held
    }

    /// The same for all nodes that share a tier's load: one queue of all their servers, or, where each node is a queue of
    /// its own, the levels of one times their number, since all of them meet the same bursts.
    public func breakLevels(
        of tier: Tier, nodes: Int, shape: Shape, mix: ClassRates, bursts: BurstProfile
    ) -> BreakLevels {
        guard nodes > 0 else { return .none }
        let servers = tier.servers(perNodeOf: shape)
        guard tier.kind.sharing == .pooled else {
            return breakLevels(of: tier, servers: servers, mix: mix, bursts: bursts).scaled(by: Double(nodes))
        }
        return breakLevels(of: tier, servers: nodes * servers, mix: mix, bursts: bursts)
    }
}
