import Exchange
import Forecasting
import Files
import Foundation
import Ingest
import Planning
import Replay
import Reporting
import Tape
import Units
import WhatIf

/// The weekly run: logs to tape to forecast to saturation to plan to report.
public struct WeeklyRun: Sendable {
    /// What to read and what to hold.
    public var plan: PlanFile
    /// Where relative paths of the sources are looked for.
    public var dataRoot: String
    /// Where the tapes are kept; nil: in a folder that is removed at the end.
    public var tapePath: String?
    /// Past plans that are known already; nil: the run plans some past weeks again itself.
    public var pastPlans: PlanBacktestReport?
    /// Threads to use; the result does not depend on them.
    public var threads: Int
    /// Whether a plan that does not hold is exported nevertheless.
    public var forcesExports = false
    /// Told of every stage that begins.
    public var progress: @Sendable (Stage) -> Void

    public enum Stage: String, Sendable, CaseIterable {
        /// Logs are read.
        case ingest
        /// Demand is forecast.
        case forecast
        /// Today's exchange is replayed.
        case replay
        /// Nodes are planned.
        case plan
        /// Past weeks are planned again.
        case pastWeeks = "past weeks"
        /// Disturbances are tried.
        case whatif = "what-if"
        /// The result is written.
        case report
    }

    public init(
        plan: PlanFile, dataRoot: String, tapePath: String? = nil, threads: Int = 1,
        progress: @escaping @Sendable (Stage) -> Void = { _ in }
    ) {
        self.plan = plan
        self.dataRoot = dataRoot
        self.tapePath = tapePath
        self.threads = max(1, threads)
        self.progress = progress
    }

    /// Runs all stages but the writing.
    ///
    /// - Throws: `ConfigurationError`, `InputError`, `DemandError`, `TapeError`, `ReplayError`, `PlanningError`.
    public func run() throws -> RunReport {
        _ = try plan.loadedScenarios()
        let work = try WorkFolder(keeping: tapePath)
        // Past weeks are read from the tapes again.
        defer { withExtendedLifetime(work) {} }
        var (tapes, built) = try demand(in: work)
        if plan.options.historicalPeak == nil {
            built.secondPeak = try SecondPeak(
                tape: tapes.demand, symbols: built.demand.symbols, until: built.asOf
            ).peak
        }
        progress(.replay)
        var options = ReplayOptions(seed: plan.seed, threads: threads)
        options.multipliers = [0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13, 20]
        // One model for both, so that what today's exchange saturates at is what the plan takes it to hold.
        let capacity = capacity(built)
        let placements = todaysPlacements(demand: built.demand, topology: plan.topology)
        let replayed = try replay(
            demand: built.demand, topology: plan.topology, catalogue: plan.catalogue,
            placement: placements, options: options,
            capacity: capacity)
        progress(.plan)
        let planned = try allocation(built, capacity: capacity)
        progress(.pastWeeks)
        let pastPlans = try pastPlans(tapes, built, capacity)
        progress(.whatif)
        let scenarios = try self.scenarios(on: planned, built: built)
        var report = RunReport(
            name: plan.name, asOf: built.asOf, inputs: tapes.inputs, quarantine: tapes.quarantine,
            histories: built.histories, forecasts: built.forecasts, surges: surges(built.histories),
            returnLevels: returnLevels(built.histories), demand: built.demand, mixOrigin: built.mixOrigin,
            topology: plan.topology, catalogue: plan.catalogue, replay: replayed, plan: planned,
            scenarios: scenarios, notes: built.notes)
        report.forcesExports = forcesExports
        (report.pastPlans, report.pastPlansAbsence) = pastPlans
        report.bursts = try BurstCheck(
            built: built, arrivals: tapes.arrivals, plan: plan, capacity: capacity, threads: threads
        ).evidence()
        report.headroom = HeadroomSearch(
            histories: built.histories, demand: built.demand, topology: plan.topology, replay: replayed,
            placements: placements, asOf: built.asOf, leadSeconds: plan.options.provisioningLeadSeconds,
            catalogue: plan.catalogue, options: plan.options
        ).rows()
        try addRisks(to: &report, built, capacity)
        return report
    }

    /// Past weeks, planned again, or why none are.
    private func pastPlans(
        _ tapes: SourceTapes.Result, _ built: DemandBuilder.Result, _ capacity: SimulatedCapacity
    ) throws -> (report: PlanBacktestReport?, absence: PastPlansAbsence?) {
        if let pastPlans { return (pastPlans, nil) }
        let span = Int64(plan.forecast.horizon) * plan.forecast.stepSeconds
        let first = built.histories.map(\.start).min() ?? built.asOf
        let (asked, symbols) = (plan.options.pastWeeks, built.demand.symbols.count)
        guard asked != 0 else { return (nil, .switchedOff) }
        guard asked != nil || symbols <= PlanBacktest.symbolWeeksMax else {
            return (nil, .manySymbols(symbols))
        }
        let weeks = PlanBacktest.weeks(
            asked: asked, symbols: symbols, spans: Int((built.asOf.seconds - first.seconds) / span))
        guard weeks > 0 else { return (nil, .shortHistory) }
        var backtest = PlanBacktest(plan: plan, dataRoot: dataRoot, weeks: weeks, threads: threads)
        backtest.rules = .few
        let report = try backtest.run(tapes, built.bursts, capacity)
        return report.weeks.isEmpty ? (nil, .shortHistory) : (report, nil)
    }

    /// Reads the logs and builds the demand alone.
    ///
    /// - Throws: `ConfigurationError`, `IngestError`, `DemandError`, `TapeError`.
    public func demand() throws -> DemandBuilder.Result {
        let work = try WorkFolder(keeping: tapePath)
        return try withExtendedLifetime(work) { try demand(in: work).built }
    }

    private func demand(
        in work: WorkFolder
    ) throws -> (tapes: SourceTapes.Result, built: DemandBuilder.Result) {
        progress(.ingest)
        let tapes = try SourceTapes(plan: plan, files: SourceFiles(root: dataRoot), threads: threads)
            .read(into: work.path)
        progress(.forecast)
        let built = try DemandBuilder(plan: plan, threads: threads).build(
            tape: tapes.demand, raw: tapes.burstiness, traffic: tapes.traffic, arrivals: tapes.arrivals)
        return (tapes, built)
    }

    public func allocation(_ built: DemandBuilder.Result) throws -> Plan {
        try allocation(built, capacity: capacity(built))
    }

    private func capacity(_ built: DemandBuilder.Result) -> SimulatedCapacity {
        SimulatedCapacity(
            seed: plan.seed, stepSeconds: Double(built.demand.stepSeconds),
            tellsExtent: plan.options.budget != nil)
    }

    private func allocation(_ built: DemandBuilder.Result, capacity: SimulatedCapacity) throws -> Plan {
        try planner(built).plan(
            demand: built.demand, topology: plan.topology, catalogue: plan.catalogue, capacity: capacity)
    }

    /// What plans this run.
    func planner(_ built: DemandBuilder.Result) throws -> Planner {
        var options = try plan.optionsHolding(built.demand)
        options.threads = threads
        options.failoverSeconds = plan.failoverSeconds
        options.clientTimeoutSeconds = plan.clientTimeoutSeconds
        if options.historicalPeak == nil { options.historicalPeak = historicalPeak(built) }
        options.carried = CarriedDemand(
            histories: built.histories, demand: built.demand, topology: plan.topology
        ).trends()
        return Planner(options: options)
    }

    /// The busiest step of the history, all symbols together, or its busiest second where logs tell a higher one.
    private func historicalPeak(_ built: DemandBuilder.Result) -> PlanOptions.HistoricalPeak? {
        var totals: [Int64: Double] = [:]
        for (series, symbol) in zip(built.histories, built.demand.symbols) {
            for (index, value) in series.values.enumerated() where value.isFinite {
                totals[series.time(at: index).seconds, default: 0] += value * symbol.mix.perTrade.total
            }
        }
        guard let first = totals.keys.min(), let last = totals.keys.max(), let peak = totals.values.max()
        else { return nil }
        let step = built.demand.stepSeconds
        let busiest = PlanOptions.HistoricalPeak(
            messagesPerSecond: peak / Double(step), overSeconds: Double(step),
            yearsCovered: Double(last - first + step) / (365.25 * 86_400), origin: "the logs given")
        // A busy hour of years may pass the busiest second of a few days of raw logs.
        guard let second = built.secondPeak, second.messagesPerSecond > busiest.messagesPerSecond else {
            return busiest
        }
        return second
    }

    private func surges(_ histories: [RegularSeries]) -> [SurgeEvent] {
        let detector = SurgeDetector(seasons: plan.forecast.seasons)
        return histories.flatMap { detector.events(in: $0) }
    }

    private func returnLevels(_ histories: [RegularSeries]) -> [ReturnLevelRow] {
        let block = plan.forecast.seasons.first ?? 24
        return histories.flatMap { series -> [ReturnLevelRow] in
            let fitted = try? ReturnLevels(series, block: block)
            return [30, 365.25].map { days in
                let level = fitted?.level(days: days)
                return ReturnLevelRow(
                    id: series.id, days: days,
                    perSecond: level.map { $0.scaled(by: 1 / Double(series.stepSeconds)) })
            }
        }
    }
}
