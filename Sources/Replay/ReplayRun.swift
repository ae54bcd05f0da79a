import Exchange
import Glibc
import Numerics
import Units

/// Replays demand paths through a topology: screen, zoom, saturation.
///
/// Every queue's utilisation is computed for every path and step. At which multiple of its busiest step a queue breaks its
/// objective is asked of the capacity model that sizes the plan too; the journey of an order through several queues is
/// simulated message by message. From these and from the paths' peaks follow the saturation points. The result follows
/// from the arguments and the seed alone.
///
/// The model may be given, so that what it has found out is shared; otherwise it is one with the options' seed.
/// - Throws: `ReplayError` where the topology is impossible, a shape is unknown or a sharded tier has no placement.
public func replay(
    demand: DemandPaths, topology: Topology, catalogue: Catalogue, placement: [String: Placement],
    options: ReplayOptions = ReplayOptions(), capacity: SimulatedCapacity? = nil
) throws -> ReplayResult {
    let screen = try Screen(
        demand: demand, topology: topology, catalogue: catalogue, placement: placement,
        threads: options.threads)
    let assembler = QueueAssembler(screen: screen, options: options)
    let capacity =
        capacity
        ?? SimulatedCapacity(
            seed: options.seed, stepSeconds: Double(demand.stepSeconds), shape: options.serviceShape)
    let places = screen.table.rows.indices.filter { options.share?.holds($0) ?? true }
    var found = Parallel.map(places.count, threads: options.threads) { index in
        let queue = assembler.queue(row: places[index])
        return (place: places[index], queue: queue, outcomes: assembler.outcomes(of: queue, by: capacity))
    }
    let journey = screen.table.rows.count
    if options.share?.holds(journey) ?? true, let queue = settledJourney(assembler, options: options) {
        found.append((journey, queue, simulate([queue], options: options)[0]))
    }
    var result = ReplayResult(
        saturation: [], latencyCurve: [], utilisation: screen.table, worstWindows: [])
    for (place, queue, outcomes) in found {
        let summary = SaturationSummary(queue: queue, outcomes: outcomes, screen: screen, options: options)
        let (points, curve) = (result.saturation.count, result.latencyCurve.count)
        result.saturation += summary.points()
        result.latencyCurve += summary.curve()
        result.parts.append(
            ReplayPart(
                place: place, saturation: points..<result.saturation.count,
                latencyCurve: curve..<result.latencyCurve.count))
        if let window = summary.worstWindow() { result.worstWindows.append(window) }
    }
    return result
}

/// By how much the level may differ from the one of its bursts, as a logarithm: a quarter. Chosen, not measured.
private let settledLogRatio = 0.22

/// The journey with bursts as they are at the level at which it saturates; nil where orders reach no shard.
///
/// How arrivals bunch depends on the level, and the level that matters is the one that is sought: a few quick passes
/// find it, until it moves by no more than a quarter.
private func settledJourney(_ assembler: QueueAssembler, options: ReplayOptions) -> ReplayQueue? {
    var quick = options
    quick.replications = 2
    guard var queue = assembler.journey() else { return nil }
    for _ in 0..<4 {
        let found = simulate([queue], curves: false, options: quick)[0].map(\.latencyMultiplier)
        guard !found.isEmpty, found.allSatisfy({ $0 > 0 }) else { break }
        let level = exp(found.reduce(0) { $0 + log($1) } / Double(found.count))
        guard abs(log(level / queue.burstMultiple)) > settledLogRatio,
            let next = assembler.journey(burstsAt: level)
        else {
            break
        }
        queue = next
    }
    return queue
}

/// All replications of all queues, shared out among threads; `[queue][replication]`.
private func simulate(
    _ queues: [ReplayQueue], curves: Bool = true, options: ReplayOptions
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
        return group.queues.map { queues[$0].simulation?.run(path: path, seed: seed, curve: curves) }
    }
    var result = [[QueueSimulation.Outcome]](repeating: [], count: queues.count)
    for (index, found) in outcomes.enumerated() {
        for (queue, outcome) in zip(groups[index / options.replications].queues, found) {
            if let outcome { result[queue].append(outcome) }
        }
    }
    return result
}
