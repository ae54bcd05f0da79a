import Numerics
import Synchronization

/// What comes to the queue of a tier that is not sharded, in every second of every history.
///
/// It does not depend on the tier's own nodes, nor on its shape. So a search over them follows a single queue, from the
/// same arrivals each time, and ends as soon as the answer is plain.
struct TierFeed: Sendable {
    private let conditions: Conditions
    private let options: WhatIfOptions
    private let queue: Int
    /// For each history the messages by second and group, flat.
    private let arrivals: [[SIMD4<Double>]]
    private let width: Int

    /// More memory than this is not taken: what comes is then simulated for each trial.
    private static let bytesMax = 256 << 20

    /// The feed of a tier in a trial; nil where the tier has several queues, or it would take too much memory.
    init?(_ trial: Trial, tier: Int) {
        conditions = trial.conditions
        options = trial.options
        let own = conditions.queues.indices.filter { trial.conditions.queues[$0].tier == tier }
        guard own.count == 1, !conditions.queues[own[0]].isSharded else { return nil }
        let queue = own[0]
        let width = max(1, conditions.queues[queue].groups.count)
        let bytes = MemoryLayout<SIMD4<Double>>.stride * width * conditions.count * options.replications
        guard bytes <= TierFeed.bytesMax else { return nil }
        self.queue = queue
        self.width = width
        let upstream = conditions.flow.upstream(of: tier).filter { $0 != tier }
        arrivals = Parallel.map(trial.options.replications, threads: trial.options.threads) { number in
            trial.arrivals(of: queue, tiers: upstream, replication: number)
        }
    }

    /// Whether the tier breaks in no more than a share of histories on the nodes of another input.
    func breaks(inAtMost share: Double, on input: WhatIfInput, _ scenario: Scenario) -> Bool {
        let changed = conditions.queue(queue, of: input, scenario, options)
        let tables = QueueTables([changed.spec], [changed.abilities], options: options)
        return ShareTest(share, of: arrivals.count).holds(threads: options.threads) { number in
            isBroken(changed.spec, changed.abilities, tables, arrivals[number])
        }
    }

    private func isBroken(
        _ spec: QueueSpec, _ abilities: [Conditions.Ability], _ tables: QueueTables,
        _ arrivals: [SIMD4<Double>]
    ) -> Bool {
        var state = QueueState(spec, options: options)
        var messages = [SIMD4<Double>](repeating: .zero, count: width)
        for index in abilities.indices {
            for group in 0..<width { messages[group] = arrivals[index * width + group] }
            let ability = abilities[index]
            _ = state.serve(
                &messages, ability: ability, table: tables.table(0, servers: ability.servers))
            if index >= Conditions.warmUpSeconds, state.isBroken { return true }
        }
        return false
    }
}

/// Whether something is true of no more than a share of histories, asked of no more of them than it takes.
struct ShareTest {
    private let share: Double
    private let count: Int

    init(_ share: Double, of count: Int) {
        self.share = share
        self.count = count
    }

    /// Whether `isTrue` holds of at most the share; its answers depend on the history's number alone, and so does this.
    func holds(threads: Int, _ isTrue: @Sendable (Int) -> Bool) -> Bool {
        let hits = Atomic(0)
        _ = Parallel.map(count, threads: threads) { number in
            guard isWithin(hits.load(ordering: .relaxed)) else { return }
            if isTrue(number) { hits.add(1, ordering: .relaxed) }
        }
        return isWithin(hits.load(ordering: .relaxed))
    }

    private func isWithin(_ hits: Int) -> Bool { Double(hits) / Double(count) <= share }
}
