import Exchange
import Files
import Forecasting
import Numerics
import Planning
import Replay
import Reporting
import Tape
import Units

/// Plans past weeks again, each with what was known then, and holds them against what came.
///
/// Only the law by which arrivals bunch is taken from all raw logs that there are; levels, seasons, surges and paths are
/// those of the history before each week. A week breaks with the chance that the bursts of hours at the loads that came
/// break what its nodes hold while what is to be survived is lost: the state for which the plan was made.
public struct PlanBacktest: Sendable {
    /// What to read and what to hold.
    public var plan: PlanFile
    /// Where relative paths of the sources are looked for.
    public var dataRoot: String
    /// How many weeks (spans of the plan's horizon), the last that the data holds whole.
    public var weeks: Int
    /// What each week is planned by beside the plan itself.
    public var rules = Rules.all
    /// Threads to use; the result does not depend on them.
    public var threads: Int
    /// Told of each week that is done, with how many there are.
    public var progress: @Sendable (_ done: Int, _ of: Int) -> Void

    public init(
        plan: PlanFile, dataRoot: String, weeks: Int, threads: Int = 1,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) {
        self.plan = plan
        self.dataRoot = dataRoot
        self.weeks = max(1, weeks)
        self.threads = max(1, threads)
        self.progress = progress
    }

    /// How many other rules are tried on each week.
    public enum Rules: Sendable {
        /// The plan by the chance of a break that is allowed, and simple rules at many factors.
        case all
        /// What a weekly run can afford: the plan as it is, and simple rules at a few factors. They are among `all`, with
        /// the same figures.
        case few

        /// The chances of a break for which the plan's frontier is shown, ascending; the plan's own is one of them.
        func frontier(_ own: Double) -> [Double] {
            self == .few ? [own] : Set([0.002, 0.01, 0.05, 0.2, own]).sorted()
        }

        /// The factors of simple rules.
        var factors: [Double] {
            self == .few ? [0.8, 1, 1.2, 1.5, 2, 3] : [0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3]
        }

        /// Simple rules, by name and by the weeks whose maximum is taken.
        var maxima: [(name: String, weeks: Int)] {
            let all = [("last week's maximum", 1), ("four weeks' maximum", 4), ("26 weeks' maximum", 26)]
            return self == .few ? Array(all.prefix(2)) : all
        }

        /// Whether an autoscaler is tried too.
        var hasAutoscaler: Bool { self == .all }
    }

    /// Runs it.
    ///
    /// - Throws: `ConfigurationError`, `IngestError`, `DemandError`, `TapeError`, `PlanningError`.
    public func run() throws -> PlanBacktestReport {
        let work = try WorkFolder(keeping: nil)
        return try withExtendedLifetime(work) {
            let tapes = try SourceTapes(plan: plan, files: SourceFiles(root: dataRoot), threads: threads)
                .read(into: work.path)
            return try run(tapes)
        }
    }

    private func run(_ tapes: SourceTapes.Result) throws -> PlanBacktestReport {
        let (_, end) = try DemandBuilder(plan: plan, threads: threads).chosen(in: tapes.demand)
        let bursts = try BurstMeasurement(
            tapes: [tapes.burstiness, tapes.demand].compactMap { $0 }, arrivals: tapes.arrivals,
            until: plan.asOf == nil ? nil : end)
        let capacity = SimulatedCapacity(
            seed: plan.seed, stepSeconds: Double(plan.forecast.stepSeconds),
            tellsExtent: plan.options.budget != nil)
        return try run(tapes, bursts, capacity)
    }

    /// The same of logs that are read, at bursts and with a model that are at hand.
    func run(
        _ tapes: SourceTapes.Result, _ bursts: BurstMeasurement, _ capacity: SimulatedCapacity
    ) throws -> PlanBacktestReport {
        let span = spanSeconds
        let (chosen, end) = try DemandBuilder(plan: plan, threads: threads).chosen(in: tapes.demand)
        guard let first = chosen.flatMap(\.resolutions).map(\.first).min() else {
            throw DemandError.noTrades(found: tapes.demand.series.map(\.id))
        }
        let starts = (1...weeks).reversed().map { end.advanced(bySeconds: -Int64($0) * span) }.filter {
            // A week of history at the least.
            $0.seconds - first.seconds >= span
        }
        var weeks: [PlannedWeek] = []
        for (index, start) in starts.enumerated() {
            if let week = try week(start, tapes, bursts, capacity) { weeks.append(week) }
            progress(index + 1, starts.count)
        }
        return PlanBacktestReport(
            weeks: weeks, allowed: plan.options.probabilityBrokenAllowed, budget: plan.options.budget)
    }

    /// The seconds of a planned span.
    private var spanSeconds: Int64 { Int64(plan.forecast.horizon) * plan.forecast.stepSeconds }

    /// One week; nil where nothing could be forecast from its start.
    private func week(
        _ start: Timestamp, _ tapes: SourceTapes.Result, _ bursts: BurstMeasurement,
        _ capacity: SimulatedCapacity
    ) throws -> PlannedWeek? {
        var builder = DemandBuilder(plan: plan, threads: threads)
        builder.asOf = start
        let built: DemandBuilder.Result
        do {
            built = try builder.build(
                tape: tapes.demand, raw: tapes.burstiness, traffic: tapes.traffic, knownBursts: bursts)
        } catch is DemandError {
            return nil
        }
        let trial = WeekTrial(
            demand: built.demand, histories: built.histories, came: try came(built.demand, tapes.demand),
            plan: plan, rules: rules, capacity: capacity, threads: threads)
        return try trial.week()
    }

    /// What came, in trades a second, `[symbol][step]`.
    private func came(_ demand: DemandPaths, _ tape: Tape) throws -> [[Double]] {
        tradesPerSecond(
            try demand.symbols.map {
                try tape.observed(
                    $0.id, from: demand.start, to: demand.time(ofStep: demand.stepCount),
                    stepSeconds: demand.stepSeconds)
            }, start: demand.start, stepSeconds: demand.stepSeconds, stepCount: demand.stepCount)
    }
}

/// One week under each rule.
private struct WeekTrial {
    let demand: DemandPaths
    let histories: [RegularSeries]
    let came: [[Double]]
    let plan: PlanFile
    let rules: PlanBacktest.Rules
    let capacity: SimulatedCapacity
    let threads: Int

    func week() throws -> PlannedWeek {
        let ownAllowed = plan.options.probabilityBrokenAllowed
        let own = try planner(allowed: ownAllowed, keepsBudget: true).judgedPlan(
            demand: demand, topology: plan.topology, catalogue: plan.catalogue, capacity: capacity)
        let known = Hindsight(demand: demand, plan: plan, capacity: capacity, threads: threads)
        let hindsight = try known.planned(came)
        var tried = [rule("perfect scheduler", 1, hindsight)]
        if rules.hasAutoscaler {
            tried.append(rule("perfect autoscaler", 1, try known.planned(lagged())))
        }
        for allowed in rules.frontier(ownAllowed) {
            let planned =
                allowed == ownAllowed
                ? (own.plan.totalCost, own.judge) : try costed(allowed: allowed)
            tried.append(rule(PlanBacktestReport.planRule, allowed, planned))
        }
        for (name, weeks) in rules.maxima {
            guard let busiest = busiestStep(weeks: weeks) else { continue }
            for factor in rules.factors {
                let flat = busiest.map { [Double](repeating: $0 * factor, count: demand.stepCount) }
                tried.append(rule(name, factor, try known.planned(flat)))
            }
        }
        var week = PlannedWeek(
            start: demand.start, saidHolds: own.plan.isFeasible, told: own.plan.probabilityBroken,
            score: own.judge.score(tradesPerSecond: came), stepSeconds: demand.stepSeconds,
            cost: own.plan.totalCost, hindsightCost: hindsight.cost, rules: tried)
        if let budget = own.plan.budget {
            week.budget = PlannedWeek.Budget(
                asked: budget.budget, allowed: budget.allowed, said: budget.said,
                came: own.judge.misses(
                    tradesPerSecond: came, budget: budget.budget, start: demand.start,
                    stepSeconds: demand.stepSeconds))
        }
        return week
    }

    private func rule(
        _ name: String, _ factor: Double, _ planned: (cost: Money, judge: PlanJudge)
    ) -> PlannedWeek.Rule {
        PlannedWeek.Rule(
            name: name, factor: factor,
            came: planned.judge.score(tradesPerSecond: came).probabilityBroken, cost: planned.cost)
    }

    private func costed(allowed: Double) throws -> (cost: Money, judge: PlanJudge) {
        try planner(allowed: allowed).judgedCost(
            demand: demand, topology: plan.topology, catalogue: plan.catalogue, capacity: capacity)
    }

    private func planner(allowed: Double, keepsBudget: Bool = false) throws -> Planner {
        try Hindsight.planner(
            plan, demand: demand, allowed: allowed, keepsBudget: keepsBudget, threads: threads)
    }

    /// What an autoscaler sees that follows the load a step later.
    private func lagged() -> [[Double]] { came.map { [$0[0]] + $0.dropLast() } }

    /// The trades a second of each symbol in the busiest step of some weeks before, all symbols' work together taken as
    /// their trades; nil where the history is shorter.
    private func busiestStep(weeks: Int) -> [Double]? {
        let step = demand.stepSeconds
        let from = demand.start.seconds - Int64(weeks * demand.stepCount) * step
        var sums: [Int64: Double] = [:]
        for series in histories {
            guard series.start.seconds <= from else { continue }
            for (index, value) in series.values.enumerated() where value.isFinite {
                let time = series.time(at: index).seconds
                if time >= from { sums[time, default: 0] += value }
            }
        }
        guard let busiest = sums.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { return nil }
        return histories.map { series in
            let index = Int((busiest - series.start.seconds) / step)
            guard series.values.indices.contains(index), series.values[index].isFinite else { return 0 }
            return series.values[index] / Double(step)
        }
    }
}
