import Exchange
import Replay
import Units

/// What nodes of one shape hold in one tier, in seconds of work a second.
///
/// Loads are counted in work, not in messages, so that paths and steps with other mixes compare; the mix only
/// sets the shape of service times.
final class NodeCapacity {
    /// What a number of nodes is worth.
    enum Scaling {
        /// All nodes are one group of servers behind a balancer.
        case pooled(serversPerNode: Int)
        /// Every node is a queue of its own with so many servers, and the load is split evenly.
        case separate(serversPerNode: Int)
    }

    private let scaling: Scaling
    private let largestNodeCount: Int
    private let figure: PlanOptions.CapacityFigure
    private let rate: (Int) -> Estimate
    /// Mean seconds of work of a message.
    let meanSeconds: Double
    private var known: [Int: Estimate] = [:]

    init(
        model: some CapacityModel, tier: Tier, mix: ClassRates, bursts: BurstProfile, scaling: Scaling,
        options: PlanOptions
    ) {
        self.scaling = scaling
        largestNodeCount = options.largestNodeCount
        figure = options.capacityFigure
        meanSeconds = tier.mixedService(of: mix)?.meanSeconds ?? 0
        rate = { model.largestRate(of: tier, servers: $0, mix: mix, bursts: bursts) }
    }

    /// What nodes hold, with its interval.
    func estimate(nodes: Int) -> Estimate {
        guard nodes > 0, meanSeconds > 0 else { return Estimate(exactly: 0) }
        switch scaling {
        case .pooled(let servers): return known(servers: nodes * servers)
        case .separate(let servers): return known(servers: servers).scaled(by: Double(nodes))
        }
    }

    /// What is planned with.
    func held(nodes: Int) -> Double { figure(estimate(nodes: nodes)) }

    /// The fewest nodes that hold a load, at least 1; nil where the most that are allowed do not.
    func nodes(holding load: Double) -> Int? {
        if holds(1, load) { return 1 }
        var high = 1
        repeat {
            guard high < largestNodeCount else { return nil }
            high = min(2 * high, largestNodeCount)
        } while !holds(high, load)
        var low = high / 2
        while high - low > 1 {
            let middle = (low + high) / 2
            if holds(middle, load) { high = middle } else { low = middle }
        }
        return high
    }

    private func holds(_ nodes: Int, _ load: Double) -> Bool {
        load <= 0 || held(nodes: nodes) >= load
    }

    private func known(servers: Int) -> Estimate {
        if let found = known[servers] { return found }
        let found = rate(servers).scaled(by: meanSeconds)
        let usable = found.value.isFinite && found.lo.isFinite && found.value >= 0 && found.lo >= 0
        known[servers] = usable ? found : Estimate(exactly: 0)
        return known[servers] ?? found
    }
}
