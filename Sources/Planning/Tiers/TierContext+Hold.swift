import Exchange
import Glibc
import Replay
import Units

/// Surges that have to be held on top of the forecast, each by itself and with all nodes up.
///
/// A surge may come in any step, on the demand that is expected there. Where the nodes that are warm within a ramp come in
/// time, an autoscaler is told from which load on to order them; what serves until then, and all where they would come too
/// late, runs ahead.
extension TierContext {
    /// The same with some of the surges alone to hold.
    func facing(_ surges: [HeldSurge]) -> TierContext {
        var result = self
        result.surgeDemand?.surges = surges
        return result
    }

    /// What each surge brings to some symbols of the tier; none where nothing is to be held.
    func surgeWork(of symbols: some Collection<Int>) -> [SurgeWork] {
        guard let demand = surgeDemand else { return [] }
        return demand.surges.map { work(of: $0, demand, symbols: symbols) }.filter(\.isFelt)
    }

    private func work(
        of surge: HeldSurge, _ demand: SurgeDemand, symbols: some Collection<Int>
    ) -> SurgeWork {
        var (calm, height) = (always(0.0), always(0.0))
        let extra = tier.work(
            of: ClassRates(perSecond: surge.extraPerSecond.perSecond * demand.visits.perSecond))
        for symbol in symbols.sorted() {
            let raised = ClassRates(
                perSecond: load.messagesPerTrade[symbol].perSecond * surge.factors[symbol].perSecond)
            let (before, at) = (load.workPerTrade[symbol], tier.work(of: raised))
            for step in calm.indices {
                let trades = demand.base.trades[symbol][step]
                calm[step] += trades * before
                height[step] += trades * at
            }
        }
        if extra > 0 {
            for step in height.indices {
                let all = demand.base.trades.reduce(0) { $0 + $1[step] }
                let own = symbols.reduce(0) { $0 + demand.base.trades[$1][step] }
                let share = all > 0 ? own / all : Double(symbols.count) / Double(demand.base.trades.count)
                height[step] += extra * share
            }
        }
        let factor = options.headroomFactor
        return SurgeWork(
            surge: surge, calm: calm.map { $0 * factor }, height: height.map { $0 * factor })
    }

    /// Whether queues that break at some levels hold the loads of a step, all of them together.
    func holdsSurge(_ loads: [(levels: BreakLevels, work: Double)]) -> Bool {
        guard let surgeDemand else { return true }
        let hazard = loads.reduce(0) { $0 + $1.levels.hazard(ratePerSecond: $1.work) }
        return -expm1(-hazard) <= surgeDemand.allowed
    }

    /// Whether one queue holds every surge at its height in every step.
    func holdsSurges(_ levels: BreakLevels, _ works: [SurgeWork]) -> Bool {
        works.allSatisfy { work in work.height.allSatisfy { holdsSurge([(levels, $0)]) } }
    }

    /// The fewest nodes, all up, that hold a load of a surge; nil where no allowed number does.
    func nodes(holdingSurge work: Double, _ capacity: NodeCapacity) -> Int? {
        work > 0 ? capacity.fewest { holdsSurge([(capacity.levels(nodes: $0), work)]) } : 1
    }

    /// How a pool on a shape meets a surge in one step.
    struct SurgeAnswer {
        /// Nodes that have to serve before it.
        var floor: Int
        /// Nodes that hold its height.
        var atHeight: Int
        /// The work from which on the further ones have to be ordered; nil where there are none.
        var triggerWork: Double?
    }

    /// Seconds from a load that calls for more nodes until they serve.
    func scalingLag(of shape: Shape) -> Double {
        options.autoscalerLagSeconds + shape.warmUpSeconds + options.extraLeadSeconds
    }

    /// How a pool meets a surge in a step; nil where no allowed number of nodes holds it.
    ///
    /// A load is told from an ordinary one when it passes the step's 99 % quantile over paths: nodes that are ordered there
    /// serve a lag later, by when the ramp has gone on.
    func answer(
        to work: SurgeWork, step: Int, ordinary: Double, lag: Double, _ capacity: NodeCapacity
    ) -> SurgeAnswer? {
        let (calm, height) = (work.calm[step], work.height[step])
        guard let atHeight = nodes(holdingSurge: height, capacity) else { return nil }
        guard height > calm else { return SurgeAnswer(floor: 0, atHeight: atHeight) }
        let ramp = work.surge.rampSeconds
        let seen = min(1, max(0, (ordinary * options.headroomFactor - calm) / (height - calm)))
        let reached = ramp > 0 ? min(1, seen + lag / ramp) : 1
        guard reached < 1 else { return SurgeAnswer(floor: atHeight, atHeight: atHeight) }
        guard let floor = nodes(holdingSurge: work.work(step: step, share: reached), capacity) else {
            return nil
        }
        return SurgeAnswer(
            floor: min(floor, atHeight), atHeight: atHeight,
            triggerWork: floor < atHeight ? work.work(step: step, share: seen) : nil)
    }

    /// Nodes of a pool that have to serve in each step before any surge; nil where no allowed number holds one.
    func surgeFloor(_ works: [SurgeWork], shape: Shape, _ capacity: NodeCapacity) -> [Int]? {
        var floor = always(0)
        guard !works.isEmpty else { return floor }
        let ordinary = load.work(of: load.everySymbol).quantiles(PathLoad.highLevel)
        for work in works {
            for step in floor.indices {
                guard
                    let found = answer(
                        to: work, step: step, ordinary: ordinary[step], lag: scalingLag(of: shape), capacity)
                else { return nil }
                floor[step] = max(floor[step], found.floor)
            }
        }
        return floor
    }

    /// That the tier does not hold a surge that it has to hold.
    func surgeNotHeld(_ works: [SurgeWork]) -> PlanFinding {
        PlanFinding(tier: tier.name, fact: .surgeNotHeld(events: works.map(\.surge.event)))
    }
}
