import Exchange
import Units

/// Tells how much a group of servers can carry; planning sizes tiers by it.
///
/// The figures hold for one queue with `servers` servers: a shard, a link, or all nodes of a pool together.
public protocol CapacityModel: Sendable {
    /// The largest rate, in messages a second and in mean over an hour, at which the tier's objective still holds in
    /// every rolling five minutes, with its interval.
    ///
    /// - Parameters:
    ///   - tier: The tier, for its service times, imbalance and objective.
    ///   - servers: How many messages are served at the same time; at least 1.
    ///   - mix: Messages by class; only the proportions matter.
    ///   - bursts: How arrivals bunch below the hour.
    /// - Returns: 0 where even an idle tier breaks the objective. Never falls as `servers` grows.
    func largestRate(of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile) -> Estimate
}
