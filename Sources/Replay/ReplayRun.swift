import Exchange
import Numerics
import Units

/// Replays demand paths through a topology: screen, zoom, saturation.
///
/// Every queue's utilisation is computed for every path and step. At which multiple of its busiest step a queue breaks its
/// objective is asked of the capacity model that sizes the plan too; the journey of an order through several queues saturates
/// with the first of them, and its latency is simulated message by message. From these and from the paths' peaks follow the
/// saturation points. The result follows from the arguments and the seed alone.
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
    if options.share?.holds(journey) ?? true, let queue = assembler.journey(by: capacity) {
        found.append((journey, queue, outcomes(ofJourney: queue, options: options)))
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

/// What hours of a journey come to: the levels of its queues, and the latency of histories that are simulated, which threads
/// share.
private func outcomes(ofJourney queue: ReplayQueue, options: ReplayOptions) -> [QueueSimulation.Outcome] {
    guard let simulation = queue.simulation else { return [] }
    let histories = Parallel.map(options.replications, threads: options.threads) { index in
        let seed = replicationSeed(options.seed, index)
        let path = WindowPath(simulation.source, seed: seed)
        return (windowFactor: path.windowFactor, curve: simulation.curve(path: path, seed: seed))
    }
    let windowFactor = Summary.mean(histories.map(\.windowFactor))
    // Each history stands beside an hour; there are more of one or of the other.
    return (0..<max(queue.breakMultiples.count, histories.count)).map { index in
        QueueSimulation.Outcome(
            windowFactor: windowFactor,
            latencyMultiplier: queue.breakMultiples.isEmpty
                ? 0 : queue.breakMultiples[index % queue.breakMultiples.count],
            curve: index < histories.count ? histories[index].curve : [])
    }
}
