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

    /// Seconds over which a rate is a mean; the demand's step.
    var stepSeconds: Double { get }
}

extension CapacityModel {
    /// An hour.
    public var stepSeconds: Double { 3600 }
}

extension CapacityModel {
    /// What is held: the median over hours of the rate at which they break, with the central 95 % of hours.
    public func held(by tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile) -> Estimate {
        breakLevels(of: tier, servers: servers, mix: mix, bursts: bursts).held
    }

    /// The same for all nodes that share a tier's load: one queue of all their servers, or, where each node is a queue of
    /// its own, the levels of one times their number, since all of them meet the same bursts. Where the tier runs out of
    /// something else first, as connections, no hour holds more than that.
    public func breakLevels(
        of tier: Tier, nodes: Int, shape: Shape, mix: ClassRates, bursts: BurstProfile
    ) -> BreakLevels {
        guard nodes > 0 else { return .none }
        switch tier.kind.law {
        case .staff: return ErlangA.levels(of: tier, people: nodes, mix: mix)
        case .quota:
            return QuotaHours.levels(
                of: tier, shape: shape, mix: mix, bursts: bursts, stepSeconds: stepSeconds)
        case .queue: break
        }
        let servers = tier.servers(perNodeOf: shape)
        let levels =
            tier.kind.sharing == .pooled
            ? breakLevels(of: tier, servers: nodes * servers, mix: mix, bursts: bursts)
            : breakLevels(of: tier, servers: servers, mix: mix, bursts: bursts).scaled(by: Double(nodes))
        guard let limit = tier.tightestLimit(nodes: nodes, on: shape, mix: mix) else { return levels }
        return levels.capped(at: limit.messagesPerSecond)
    }
}
