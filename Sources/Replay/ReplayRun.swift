import Exchange
import Glibc
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
    let settled = settledQueues(assembler, options: options)
    let outcomes = simulate(settled.map(\.queue), options: options)
    var result = ReplayResult(
        saturation: [], latencyCurve: [], utilisation: screen.table, worstWindows: [])
    for ((place, queue), outcomes) in zip(settled, outcomes) {
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

/// The queues, each with bursts as they are at the level at which it saturates.
///
/// How arrivals bunch depends on the level, and the level that matters is the one that is sought: a few quick passes
/// find it, until no queue's moves by more than a quarter.
private func settledQueues(
    _ assembler: QueueAssembler, options: ReplayOptions
) -> [(place: Int, queue: ReplayQueue)] {
    var quick = options
    quick.replications = 2
    let rows = assembler.screen.table.rows.indices
    func isMine(_ place: Int) -> Bool { options.share?.holds(place) ?? true }
    var queues: [ReplayQueue?] = rows.map { isMine($0) ? assembler.queue(row: $0) : nil }
    queues.append(isMine(rows.count) ? assembler.journey() : nil)
    for _ in 0..<4 {
        let outcomes = simulate(queues.compactMap { $0 }, curves: false, options: quick)
        var next = 0
        var isSettled = true
        for place in queues.indices {
            guard let queue = queues[place] else { continue }
            let found = outcomes[next].map(\.latencyMultiplier)
            next += 1
            guard !found.isEmpty, found.allSatisfy({ $0 > 0 }) else { continue }
            let level = exp(found.reduce(0) { $0 + log($1) } / Double(found.count))
            guard abs(log(level / queue.burstMultiple)) > 0.22 else { continue }
            isSettled = false
            queues[place] =
                place < rows.count
                ? assembler.queue(row: place, burstsAt: level) : assembler.journey(burstsAt: level)
        }
        if isSettled { break }
    }
    return queues.enumerated().compactMap { place, queue in queue.map { (place, $0) } }
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
