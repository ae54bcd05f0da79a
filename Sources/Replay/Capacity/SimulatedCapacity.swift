import Exchange
import Glibc
import Numerics
import Synchronization
import Units

/// At what rates hours break the objectives of queues, found by putting drawn hours of arrivals through them.
///
/// Up to 64 servers this is done at a geometric grid of server counts, on common random numbers; between them a level is a
/// power of the servers. Past 64 the utilisation goes to its limit for many servers as one over the square root of the
/// servers, as Halfin and Whitt have it (1981), through 64 and 256. The pool is one queue; its imbalance is taken off as
/// if all nodes were as busy as the busiest.
///
/// Found figures are kept, by service, objective, rules, bursts and servers: service moments are rounded to 0.5 % first, so
/// that mixes that hardly differ share them. The result does not depend on the order of questions or on the threads.
public final class SimulatedCapacity: CapacityModel {
    /// Server counts that are simulated.
    static let grid = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 256]
    /// Those of servers with rules, which are simulated event by event.
    private static let eventGrid = grid.filter { $0 <= 64 }

    private let seed: UInt64
    /// Seconds over which a rate is a mean.
    public let stepSeconds: Double
    private let shape: ServiceShape
    private let tellsExtent: Bool
    private let known = Mutex<Known>(Known())

    /// A model whose answers follow from the seed.
    ///
    /// - Parameters:
    ///   - seed: Everything random follows from it.
    ///   - stepSeconds: Seconds over which a rate is a mean; the demand's step.
    ///   - shape: The shape of service times.
    ///   - tellsExtent: Whether levels say how far over the objective hours are, which takes as long again.
    public init(
        seed: UInt64, stepSeconds: Double = 3600, shape: ServiceShape = .lognormal, tellsExtent: Bool = false
    ) {
        self.seed = seed
        self.stepSeconds = stepSeconds
        self.shape = shape
        self.tellsExtent = tellsExtent
    }

    /// At what rates hours break the objective; see `CapacityModel`.
    public func breakLevels(
        of tier: Tier, servers: Int, mix: ClassRates, bursts: BurstProfile
    ) -> BreakLevels {
        guard servers > 0, let profile = QueueProfile(tier, mix: mix) else { return .none }
        let queue = Queue(profile, bursts: bursts)
        let utilisations = logUtilisations(queue, servers: servers)
        guard !utilisations.isEmpty else { return .none }
        let unit =
            Double(servers) * tier.rules.speed / (profile.service.meanSeconds * (1 + tier.balancerImbalance))
        return BreakLevels(
            logLevels: utilisations.map { $0 + log(unit) },
            perStep: DrawnHours.perStep(stepSeconds: stepSeconds)
        ).with(tellsExtent ? extent(queue, servers: servers) : nil)
    }

    /// How far over the objective hours are, between the server counts of the grid; as with the most of them past it.
    private func extent(_ queue: Queue, servers: Int) -> BreakExtent? {
        let grid = grid(queue)
        guard let above = grid.firstIndex(where: { $0 >= servers }) else {
            return grid.last.flatMap { simulatedExtent(queue, servers: $0) }
        }
        guard let high = simulatedExtent(queue, servers: grid[above]) else { return nil }
        guard grid[above] > servers, let low = simulatedExtent(queue, servers: grid[above - 1]) else {
            return high
        }
        let part =
            log(Double(servers) / Double(grid[above - 1]))
            / log(Double(grid[above]) / Double(grid[above - 1]))
        return low.mixed(with: high, part: part)
    }

    /// What hours of one queue are found to be: the levels at which they break, and what clients see at some rates.
    ///
    /// The load is split over `queues` queues of so many servers each; `rates`, ascending, are messages a second of all
    /// of them at which latency is wanted, for the first `count` of the drawn hours. nil where even an idle queue breaks
    /// the objective.
    func outcomes(
        of tier: Tier, queues: Int, servers: Int, mix: ClassRates, bursts: BurstProfile, rates: [Double],
        hours count: Int
    ) -> [QueueSimulation.Outcome]? {
        let levels = breakLevels(of: tier, servers: servers, mix: mix, bursts: bursts)
            .scaled(by: Double(queues))
        guard let profile = QueueProfile(tier, mix: mix), !levels.logLevels.isEmpty else { return nil }
        let queue = Queue(profile, bursts: bursts)
        let simulated = min(servers, grid(queue).last ?? 1)
        guard let search = search(queue, servers: simulated) else { return nil }
        // Rates of the queue at hand as rates of the one that is simulated, imbalance and fewer servers included.
        let scale = Double(simulated) / Double(servers * queues) * (1 + tier.balancerImbalance)
        let hours = hours(queue)
        let shown = min(count, hours.factors.count)
        let curves = rates.first.flatMap { first in
            rates.last.map { LatencyCurves(search, rates: first * scale...$0 * scale) }
        }
        return levels.logLevels.indices.map { hour in
            QueueSimulation.Outcome(
                windowFactor: hours.windowFactor(hour), latencyMultiplier: exp(levels.logLevels[hour]),
                curve: hour < shown
                    ? rates.compactMap { curves?.point(hour: hour, ratePerSecond: $0 * scale) } : [])
        }
    }

    /// The logarithms of the utilisations at which hours break, ascending, between those of the grid.
    private func logUtilisations(_ queue: Queue, servers: Int) -> [Double] {
        let grid = grid(queue)
        guard let above = grid.firstIndex(where: { $0 >= servers }), servers <= 64 else {
            return beyond(queue, servers: servers, grid: grid)
        }
        let high = simulated(queue, servers: grid[above])
        guard grid[above] > servers else { return high }
        let low = simulated(queue, servers: grid[above - 1])
        guard !low.isEmpty, !high.isEmpty else { return [] }
        let part =
            log(Double(servers) / Double(grid[above - 1]))
            / log(Double(grid[above]) / Double(grid[above - 1]))
        return zip(low, high).map { $0 + part * ($1 - $0) }
    }

    private func grid(_ queue: Queue) -> [Int] {
        queue.profile.rules.isPlainButForPauses ? SimulatedCapacity.grid : SimulatedCapacity.eventGrid
    }

    /// Past 64 servers: linear in one over the square root of the servers, through the last two of the grid.
    private func beyond(_ queue: Queue, servers: Int, grid: [Int]) -> [Double] {
        let (near, far) = (grid[grid.count - 2], grid[grid.count - 1])
        let low = simulated(queue, servers: near)
        let high = simulated(queue, servers: far)
        guard !low.isEmpty, !high.isEmpty else { return [] }
        func root(_ servers: Int) -> Double { 1 / Double(servers).squareRoot() }
        let part = (root(near) - root(servers)) / (root(near) - root(far))
        return zip(low, high).map { low, high in
            let found = exp(low) + part * max(0, exp(high) - exp(low))
            return min(log(found), 0)
        }
    }
}

extension SimulatedCapacity {
    /// A queue but for its servers.
    private struct Queue: Equatable {
        let profile: QueueProfile
        let bursts: BurstProfile

        /// What a log's arrivals tell does not depend on the level, so that one table serves all levels.
        init(_ profile: QueueProfile, bursts: BurstProfile) {
            self.profile = profile.rounded
            var law = BurstProfile(measuredRatePerSecond: 0, points: [], origin: "")
            law.sample = bursts.sample
            self.bursts = bursts.sample == nil ? bursts.rounded : law
        }

        /// The same with messages that just wait.
        var withoutRules: Queue {
            var plain = profile
            plain.rules = QueueRules()
            plain.classes = nil
            return Queue(plain, bursts: bursts)
        }
    }

    private struct Known {
        var levels: [(queue: Queue, servers: Int, found: [Double])] = []
        var extents: [(queue: Queue, servers: Int, found: BreakExtent?)] = []
        var sequences: [(bursts: BurstProfile, sequence: ArrivalSequence)] = []
        var hours: [(bursts: BurstProfile, slow: SlowCourse, pause: QueueRules.Pause?, hours: DrawnHours)] =
            []
        var services: [(service: ServiceDistribution, draws: [Float])] = []
    }

    /// Queues whose levels' logarithms are so far apart share no error.
    private static let unrelated = 0.2
    /// Sequences that are kept; one takes eight megabytes.
    private static let sequencesKept = 8

    /// The logarithms of the utilisations at which hours break, ascending; none where an idle queue breaks the objective.
    private func simulated(_ queue: Queue, servers: Int) -> [Double] {
        func found(_ known: borrowing Known) -> [Double]? {
            known.levels.first { $0.servers == servers && $0.queue == queue }?.found
        }
        if let old = known.withLock({ found($0) }) { return old }
        let search = search(queue, servers: servers)
        var levels = sorted(search)
        if let search, search.queue.chain.isSurrounded {
            // What the short sequence says of the queue without rules, against what the whole one says, is the short one's
            // error; the nearer the two queues, the more of it they share (a control variate).
            let plain = queue.withoutRules
            let short = sorted(
                self.search(plain, servers: servers, arrivalsMax: SequencedQueue.eventArrivals))
            let whole = simulated(plain, servers: servers)
            if !levels.isEmpty, !short.isEmpty, !whole.isEmpty {
                let apart = abs(Summary.quantile(sorted: levels, 0.5) - Summary.quantile(sorted: short, 0.5))
                let shared = max(0, 1 - apart / SimulatedCapacity.unrelated)
                levels = zip(levels, zip(whole, short)).map { $0 + shared * ($1.0 - $1.1) }.sorted()
            }
        }
        known.withLock { known in
            if found(known) == nil { known.levels.append((queue, servers, levels)) }
        }
        return levels
    }

    /// How far over the objective hours are; nil where even an idle queue breaks it.
    private func simulatedExtent(_ queue: Queue, servers: Int) -> BreakExtent? {
        func found(_ known: borrowing Known) -> BreakExtent?? {
            known.extents.first { $0.servers == servers && $0.queue == queue }?.found
        }
        if let old = known.withLock({ found($0) }) { return old }
        let extent = search(queue, servers: servers)?.extent(stepSeconds: stepSeconds)
        known.withLock { known in
            if found(known) == nil { known.extents.append((queue, servers, extent)) }
        }
        return extent
    }

    /// The logarithms of the utilisations at which hours break, ascending.
    private func sorted(_ search: BreakSearch?) -> [Double] {
        guard let search else { return [] }
        let stable = log(search.queue.chain.stableRatePerSecond)
        return search.logLevels.map { $0 - stable }.sorted()
    }

    private func search(_ queue: Queue, servers: Int, arrivalsMax: Int = .max) -> BreakSearch? {
        var chain = queue.profile.chain(servers: servers, shape: shape)
        if let pause = pauseOfHours(queue) {
            chain.stages[0].pause = pause
            chain.stages[0].surroundings?.rules.pause = nil
        } else if queue.profile.rules.pause != nil, chain.stages[0].surroundings == nil {
            chain.stages[0].pause = nil
            chain.stages[0].surroundings = QueueChain.Surroundings(
                rules: queue.profile.rules, judged: queue.profile.chainClasses(shape: shape), other: nil)
        }
        var sequenced = SequencedQueue(
            chain: chain, sequence: sequence(queue.bursts),
            services: services(chain.stages[0].service.ofOneSecond),
            block: SimulatedCapacity.block(stable: chain.stableRatePerSecond), seed: seed)
        sequenced.arrivalsMax = arrivalsMax
        return BreakSearch(sequenced, hours: hours(queue))
    }

    /// Arrivals of a block: a few to a tick at the most that the queue can do, as far as that goes.
    private static func block(stable: Double) -> Int {
        let wanted = stable * DrawnHours.tickSeconds / 8
        return wanted >= 128 ? 128 : wanted >= 64 ? 64 : wanted >= 32 ? 32 : 16
    }

    private func sequence(_ bursts: BurstProfile) -> ArrivalSequence {
        if let old = known.withLock({ known in known.sequences.first { $0.bursts == bursts }?.sequence }) {
            return old
        }
        let new = ArrivalSequence(bursts, seed: seed)
        known.withLock { known in
            if known.sequences.count == SimulatedCapacity.sequencesKept { known.sequences.removeFirst() }
            known.sequences.append((bursts, new))
        }
        return new
    }

    private func hours(_ queue: Queue) -> DrawnHours {
        let pause = pauseOfHours(queue)
        let old = known.withLock { known in
            known.hours.first { $0.pause == pause && $0.bursts == queue.bursts }?.hours
        }
        if let old { return old }
        let slow = SlowCourse(queue.bursts)
        let alike = known.withLock { known in
            known.hours.first { $0.pause == pause && $0.slow == slow }?.hours
        }
        let new = alike ?? DrawnHours(slow: slow, pause: pause, stepSeconds: stepSeconds, seed: seed)
        known.withLock { $0.hours.append((queue.bursts, slow, pause, new)) }
        return new
    }

    /// Pauses that are drawn with the hours; where they are many to a sequence they are simulated with its messages.
    private func pauseOfHours(_ queue: Queue) -> QueueRules.Pause? {
        guard let pause = queue.profile.rules.pause else { return nil }
        let stable = queue.profile.chain(servers: 1, shape: shape).stableRatePerSecond
        let pauses = Double(SequencedQueue.eventArrivals) / (stable * pause.everySeconds)
        return pauses > SimulatedCapacity.manyPauses ? nil : pause
    }

    /// Pauses in the arrivals of a simulated sequence, at full load, from which they are simulated with its messages. (Chosen,
    /// so that their number, 1/√200 of itself, is not what the sequence's error comes from.)
    private static let manyPauses = 200.0

    /// Service times of mean 1.
    private func services(_ service: ServiceDistribution) -> [Float] {
        if let old = known.withLock({ known in known.services.first { $0.service == service }?.draws }) {
            return old
        }
        var random = stream(seed, 45)
        let drawn = (0..<ArrivalSequence.count).map { _ in service.draw(&random) }
        let mean = max(Summary.mean(drawn), .leastNormalMagnitude)
        let draws = drawn.map { Float($0 / mean) }
        known.withLock { known in
            if known.services.count == SimulatedCapacity.sequencesKept { known.services.removeFirst() }
            known.services.append((service, draws))
        }
        return draws
    }
}
