import Exchange
import Numerics
import Units

/// Replays demand paths through a topology: screen, zoom, saturation.
///
/// Every queue's utilisation is computed for every path and step. Each queue's busiest step is then simulated message by
/// message over a few histories of its bursts; from these and from the paths' peaks follow the saturation points. The
/// result follows from the arguments and the seed alone.
///
/// - Throws: `ReplayError` where the topology is impossible, a shape is unknown or a sharded tier has no placement.
public func replay(
    demand: DemandPaths, topology: Topology, catalogue: Catalogue, placement: [String: Placement],
    options: ReplayOptions = ReplayOptions()
) throws -> ReplayResult {
    let screen = try Screen(
        demand: demand, topology: topology, catalogue: catalogue, placement: placement,
        threads: options.threads)
    let assembler = QueueAssembler(screen: screen, options: options)
    var queues = screen.table.rows.indices.map { assembler.queue(row: $0) }
    if let journey = assembler.journey() { queues.append(journey) }
    let outcomes = simulate(queues, options: options)
    var result = ReplayResult(
        saturation: [], latencyCurve: [], utilisation: screen.table, worstWindows: [])
    for (queue, outcomes) in zip(queues, outcomes) {
        let summary = SaturationSummary(queue: queue, outcomes: outcomes, screen: screen, options: options)
        result.saturation += summary.points()
        result.latencyCurve += summary.curve()
        if let window = summary.worstWindow() { result.worstWindows.append(window) }
    }
    return result
}

/// All replications of all queues, shared out among threads; `[queue][replication]`.
private func simulate(
    _ queues: [ReplayQueue], options: ReplayOptions
) -> [[QueueSimulation.Outcome]] {
    // Queues whose arrivals bunch alike share the paths of their bursts.
    var groups: [(source: WindowPath.Source, queues: [Int])] = []
    for (index, queue) in queues.enumerated() {
        guard let source = queue.simulation?.source else { continue }
        if let known = groups.firstIndex(where: { $0.source == source }) {
            groups[known].queues.append(index)
        } else {
            groups.append((source, [index]))
        }
    }
    let shared = groups
    let outcomes = Parallel.map(groups.count * options.replications, threads: options.threads) { index in
        let group = shared[index / options.replications]
        let seed = replicationSeed(options.seed, index % options.replications)
        let path = WindowPath(group.source, seed: seed)
        return group.queues.map { queues[$0].simulation?.run(path: path, seed: seed) }
    }
    var result = [[QueueSimulation.Outcome]](repeating: [], count: queues.count)
    for (index, found) in outcomes.enumerated() {
        for (queue, outcome) in zip(groups[index / options.replications].queues, found) {
            if let outcome { result[queue].append(outcome) }
        }
    }
    return result
}

/// A queue of the result, or the journey, before it is simulated.
struct ReplayQueue {
    /// The tier's name, or `journey`.
    var tier: String
    /// The shard's name; nil where there is none.
    var shard: String?
    /// The row of the utilisation table that its load is read from.
    var row: Int
    /// The path and the step that are simulated.
    var peak: (path: Int, step: Int)
    /// Messages a second of the judged stream in that step, without imbalance.
    var ratePerSecond: Double
    /// Utilisation in that step, of the busiest queue on the way.
    var utilisation: Double
    /// The 99 % quantile of the time an idle queue takes.
    var idleSeconds: Double
    /// What runs out.
    var bindingResource: String
    /// What is simulated; nil for a queue without work.
    var simulation: QueueSimulation?
}
