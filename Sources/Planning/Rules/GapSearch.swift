import Exchange
import Glibc
import Numerics
import Replay
import Units

/// Works out what happens while a standby takes over from a lost writer or primary, which the steady state does not show.
///
/// The gap is put into the busiest step of the forecast, in mean over paths, as a what-if does: the queue stands still for
/// whole seconds, its messages wait, drain at what it can do beside its load, and flood what follows. This is done in many
/// histories of the bursts from second to second. A gap breaks an objective where more histories have a rolling five
/// minutes with more late messages than it allows than a what-if lets pass. Where the gap itself is short enough, the
/// capacity model is asked whether what it leaves of the allowed share is enough for the waits of every day.
struct GapSearch<Model: CapacityModel> {
    let pairs: [(context: TierContext, outcome: TierOutcome)]
    let topology: Topology
    let model: Model
    private let step: Int
    /// Trades a second of each symbol in that step, in mean over paths.
    private let trades: [Double]
    private let gap: Int
    private let patience: Int

    /// Histories that are drawn, fewer where they are long. Chosen, not measured.
    private static var historiesMax: Int { 256 }
    private static var historiesMin: Int { 8 }
    private static var secondsMax: Int { 1 << 19 }
    /// Of the shards of a zone, so many of the busiest are looked at. Chosen, not measured.
    private static var shardsMax: Int { 16 }
    /// A hair of rounding breaks nothing.
    private static var rounding: Double { 1e-9 }
    /// The strictest objective that the model is asked for.
    private static var quantileMax: Double { 0.9999 }

    init(_ pairs: [(context: TierContext, outcome: TierOutcome)], topology: Topology, model: Model) {
        (self.pairs, self.topology, self.model) = (pairs, topology, model)
        let options = pairs.first?.context.options ?? PlanOptions()
        func whole(_ seconds: Double) -> Int {
            Int(saturating: min(max(0, seconds), 86_400).rounded(.up))
        }
        gap = whole(options.failoverSeconds)
        patience = max(1, whole(options.clientTimeoutSeconds))
        guard let demand = pairs.first?.context.demand else {
            (step, trades) = (0, [])
            return
        }
        var best = (step: 0, messages: -1.0, trades: [Double]())
        for step in 0..<demand.stepCount {
            let trades = demand.symbols.indices.map { symbol in
                (0..<demand.pathCount).reduce(0) { $0 + demand.trades(path: $1, symbol: symbol, step: step) }
                    / Double(demand.pathCount)
            }
            let total = zip(trades, demand.symbols).reduce(0) { $0 + $1.0 * $1.1.mix.perTrade.total }
            if total > best.messages { best = (step, total, trades) }
        }
        (step, trades) = (best.step, best.trades)
    }

    /// The gaps of all tiers with a standby that the plan counts on, in the order of the topology.
    func gaps() -> [FailoverGap] {
        guard gap > 0 else { return [] }
        return pairs.indices.compactMap { place in
            let context = pairs[place].context
            let isTakenOver = context.tier.kind.standbys != .none && context.copies > 1
            return isTakenOver ? gapOf(place) : nil
        }
    }

    private func gapOf(_ tier: Int) -> FailoverGap? {
        let (context, outcome) = pairs[tier]
        let ranked = outcome.queues.indices.sorted {
            (tradesOf($1, tier: tier), $0) < (tradesOf($0, tier: tier), $1)
        }
        guard let busiest = ranked.first else { return nil }
        let queue = queue(busiest, of: tier)
        guard queue.load > 0 else { return nil }
        // Shards take zones in turn, so that the first zone has the most.
        let zones = max(1, context.options.zones.count)
        let zone =
            context.rule.survivesZoneLoss
            ? Array(ranked.filter { $0 % zones == 0 }.prefix(Self.shardsMax)) : []
        let all = max(trades.reduce(0, +), .leastNormalMagnitude)
        let lost = max(
            tradesOf(busiest, tier: tier), zone.reduce(0) { $0 + tradesOf($1, tier: tier) })
        let found = histories(busiest, of: tier, flooding: flooded(by: tier, share: lost / all))
        var own = chanceBroken(found.shares, queue, of: tier, busiest)
        let others = zone.filter { $0 != busiest }.map { other in
            chance(histories(other, of: tier, flooding: []).shares, context.tier.objective)
        }
        let isZoneOfBusiest = zone.contains(busiest)
        if !zone.isEmpty {
            let any = 1 - others.reduce(isZoneOfBusiest ? 1 - own : 1) { $0 * (1 - $1) }
            own = max(own, any)
        }
        var broken: Set<Int> = own > FailoverGap.allowed ? [tier] : []
        for (place, share) in found.flooded where share > FailoverGap.allowed { broken.insert(place) }
        let came = queue.perSecond * Double(gap)
        let refused = min(came, found.refused)
        return FailoverGap(
            tier: context.tier.name, seconds: context.options.failoverSeconds,
            messagesWaiting: came - refused, messagesRefused: refused,
            drainSeconds: queue.load < 1 ? Double(gap) * queue.load / (1 - queue.load) : nil,
            shareLate: Summary.mean(found.shares), shareAllowed: 1 - context.tier.objective.quantile,
            probabilityBroken: found.flooded.reduce(own) { max($0, $1.share) },
            broken: broken.sorted().map { pairs[$0].context.tier.name })
    }
}

extension GapSearch {
    /// A tier behind the one that stands still.
    private struct Flooded {
        var place: Int
        var queue: GapCourse.Queue
        /// The share of its work that comes through the lost queue.
        var share: Double
    }

    /// What came out of the histories of a gap.
    private struct Found {
        /// For each history the largest share of late messages in a rolling window.
        var shares: [Double] = []
        /// Messages that were given up, in mean.
        var refused = 0.0
        /// For each tier behind, the share of histories that break there, and would not without the gap.
        var flooded: [(place: Int, share: Double)] = []
    }

    private func symbols(_ queue: Int, tier: Int) -> [Int] {
        let (context, outcome) = pairs[tier]
        return outcome.plan.shards.isEmpty
            ? Array(context.load.everySymbol) : outcome.plan.shards[queue].symbols
    }

    private func tradesOf(_ queue: Int, tier: Int) -> Double {
        symbols(queue, tier: tier).reduce(0) { $0 + trades[$1] }
    }

    /// A queue in the busiest step, all nodes up.
    private func queue(_ place: Int, of tier: Int) -> GapCourse.Queue {
        let (context, outcome) = pairs[tier]
        let queue = outcome.queues[place]
        let capacity = queue.servers[step] * context.tier.rules.speed
        let mix = context.load.mix(of: symbols(place, tier: tier))
        return GapCourse.Queue(
            load: min(1e9, share(queue.load.means[step], of: capacity)), capacity: capacity,
            meanSeconds: context.tier.mixedService(of: mix)?.meanSeconds ?? 0,
            objective: context.tier.objective,
            room: context.tier.rules.limitPerServer.map { Double($0) * max(1, queue.servers[step]) }
                ?? .infinity)
    }

    private func histories(_ place: Int, of tier: Int, flooding: [Flooded]) -> Found {
        let queue = queue(place, of: tier)
        let drain = queue.load < 1 ? 4 * Double(gap) * queue.load / (1 - queue.load) : .infinity
        let rest = min(GapCourse.drainSecondsMax, Int(saturating: drain.rounded(.up)))
        let seconds = 2 * GapCourse.windowSeconds + gap + rest
        let bursts = bursts(symbols(place, tier: tier))
        let count =
            bursts.isConstant
            ? 1 : max(Self.historiesMin, min(Self.historiesMax, Self.secondsMax / seconds))
        var found = Found(flooded: flooding.map { ($0.place, 0) })
        for history in 0..<count {
            var random = Random(seed: UInt64(place) + 1, stream: UInt64(history))
            let came =
                bursts.isConstant
                ? [Double](repeating: 1, count: seconds)
                : bursts.perSecond(seconds, seed: random.next())
            let course = GapCourse(queue, arriving: came, gap: gap, patience: patience)
            found.shares.append(course.shareLate)
            found.refused += course.refused / Double(count)
            for (index, behind) in flooding.enumerated() where isFlooded(behind, came, course.leaving) {
                found.flooded[index].share += 1 / Double(count)
            }
        }
        return found
    }

    /// Whether what waited breaks a tier behind that holds without.
    private func isFlooded(_ behind: Flooded, _ came: [Double], _ leaving: [Double]) -> Bool {
        let arriving = zip(came, leaving).map { (1 - behind.share) * $0 + behind.share * $1 }
        func breaks(_ arriving: [Double]) -> Bool {
            let course = GapCourse(behind.queue, arriving: arriving, gap: 0, patience: patience)
            return breaksObjective(course.shareLate, behind.queue.objective)
        }
        return breaks(arriving) && !breaks(came)
    }

    /// Just at the limit, which constant arrivals meet and no others do, real ones are over it as often as not.
    private func breaksObjective(_ share: Double, _ objective: Objective) -> Bool {
        share >= (1 - objective.quantile) * (1 - Self.rounding)
    }

    private func chance(_ shares: [Double], _ objective: Objective) -> Double {
        Double(shares.count { breaksObjective($0, objective) }) / Double(max(1, shares.count))
    }

    /// The chance that the gap breaks the objective, by itself or together with the waits of every day.
    private func chanceBroken(
        _ shares: [Double], _ queue: GapCourse.Queue, of tier: Int, _ place: Int
    ) -> Double {
        let (context, outcome) = pairs[tier]
        let alone = chance(shares, queue.objective)
        guard alone <= FailoverGap.allowed else { return alone }
        let late = Summary.quantile(shares, 1 - FailoverGap.allowed)
        guard late > 0 else { return alone }
        let left = max(1 - Self.quantileMax, 1 - queue.objective.quantile - late)
        let stricter = context.judged(at: 1 - left)
        let shape =
            context.tier.kind.isSharded
            ? context.todaysShape
            : context.shapes.first { $0.name == outcome.plan.shape } ?? context.todaysShape
        let levels = stricter.capacity(model, symbols: symbols(place, tier: tier), shape: shape)
            .levels(nodes: 1)
        // Of a step of the demand, the windows that see the gap: as long before its end as after.
        let windows = Double(2 * GapCourse.windowSeconds + gap) / Double(context.demand.stepSeconds)
        let work = queue.load * queue.capacity
        let hazard = levels.hazard(ratePerSecond: work) * min(1, windows)
        return 1 - (1 - alone) * exp(-hazard)
    }

    /// How the messages of some symbols together bunch from second to second, in the busiest step.
    private func bursts(_ symbols: [Int]) -> LevelHistories {
        guard let demand = pairs.first?.context.demand else { return .cascade(.poisson) }
        let together = BurstProfile.combined(
            symbols.sorted().map {
                (demand.symbols[$0].mix.perTrade.total * trades[$0], demand.symbols[$0].bursts)
            })
        return LevelHistories(together, fitted: BurstModel(fitting: together))
    }

    /// The tiers behind one, with the share of their work that passes through a share of it.
    private func flooded(by tier: Int, share lost: Double) -> [Flooded] {
        let visits = topology.visits()
        let rates = demandRates
        let made = topology.sources[.trade].flatMap(topology.index(of:))
        var passing = topology.tiers.map { _ in ClassRates.zero }
        passing[tier] = visits[tier] * lost
        for from in topology.flowOrder() ?? [] {
            // Trades are made of the orders that get there.
            if from == made, from != tier, visits[from][.order] > 0 {
                passing[from][.trade] += passing[from][.order] / visits[from][.order]
            }
            for edge in topology.edges where edge.from == topology.tiers[from].name {
                guard let to = topology.index(of: edge.to) else { continue }
                for (demandClass, factor) in edge.carries {
                    passing[to][demandClass] += passing[from][demandClass] * factor
                }
            }
        }
        return pairs.indices.compactMap { place in
            let spec = topology.tiers[place]
            func work(_ messages: ClassRates) -> Double {
                spec.work(of: ClassRates(perSecond: messages.perSecond * rates.perSecond))
            }
            let share = min(1, work(passing[place]) / max(work(visits[place]), .leastNormalMagnitude))
            guard place != tier, share > 0 else { return nil }
            let queues = pairs[place].outcome.queues.indices.map { queue($0, of: place) }
            return queues.max { $0.load < $1.load }.map { Flooded(place: place, queue: $0, share: share) }
        }
    }

    private var demandRates: ClassRates {
        guard let demand = pairs.first?.context.demand else { return .zero }
        return zip(trades, demand.symbols).reduce(.zero) { $0 + $1.1.mix.perTrade * $1.0 }
    }
}
