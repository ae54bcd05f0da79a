import Forecasting
import Planning
import Replay
import Reporting
import Tables
import Tape
import Units

/// A weekly run against what happened: how good the forecasts were, and whether the plan would have survived.
///
/// What happened is work: the trades of the tape, with the messages that the run took to come with each. Whether the
/// plan holds it is judged as the plan was made, and as a backtest of plans judges a week (`PlanJudge`): by the chance that
/// the bursts of hours at such loads break what its nodes hold while what is to be survived is lost.
public struct Review: Sendable {
    /// How good one symbol's forecast was.
    public struct ForecastScore: Sendable, Equatable {
        /// The symbol.
        public var id: SeriesID
        /// Steps that the tape covers.
        public var steps: Int
        /// Steps that it does not.
        public var stepsWithoutData: Int
        /// Mean absolute error over the mean absolute difference of a day in the history before.
        public var mase: Double
        /// The sum of the forecast means over what came, less 1.
        public var bias: Double
        /// Symmetric mean absolute percentage error, 0 to 200.
        public var smape: Double
        /// Pinball losses of the median and of the 90 % and 99 % quantiles, in trades a step.
        public var pinball50: Double
        /// Of the 90 % quantile.
        public var pinball90: Double
        /// Of the 99 % quantile.
        public var pinball99: Double
        /// The share of steps inside the central 95 %.
        public var coverage95: Double
        /// The share of steps above the 90 % quantile.
        public var missedQ90: Double
        /// Above the 99 % quantile.
        public var missedQ99: Double
        /// Above the 99.9 % quantile.
        public var missedQ999: Double
        /// The busiest step.
        public var peakAt: Timestamp?
        /// Its trades.
        public var peak: Double
        /// The 99 % quantile that was forecast for it.
        public var peakQ99: Double
    }

    /// Whether one queue would have held.
    public struct QueueScore: Sendable, Equatable {
        public var tier: String
        /// The shard; nil for a tier that is one queue.
        public var shard: String?
        /// Steps that the tape covers for every symbol of the queue.
        public var steps: Int
        /// Steps that it does not.
        public var stepsWithoutData: Int
        /// The chance that it breaks its objective in some step while what is to be survived is lost.
        public var probabilityBroken: Double
        /// Hours that are expected to break.
        public var hoursBroken: Double
        /// Steps with more work than is held after the loss that is to be survived.
        public var stepsOver: Int
        /// Steps with more work than is held with everything up.
        public var stepsOverAllUp: Int
        /// Steps with more work than the forecast's 99 % quantile.
        public var missedQ99: Double
        /// The step that came nearest to what is held, or went farthest over it.
        public var worstAt: Timestamp?
        /// Its work, in busy servers.
        public var worstWork: Double
        /// What was held, in the same unit.
        public var worstHeld: Double
        /// Work over what is held in that step: the factor on the plan's capacity that would just have held.
        public var factorNeeded: Double
        /// Nodes that ran in that step.
        public var nodes: Int
        /// Nodes that would have held: those that ran, or so many that what a loss leaves of them is enough; nil where more
        /// nodes hold no more, as for a shard or a store.
        public var nodesNeeded: Int?
        /// The shape that ran; nil in runs that did not keep it.
        public var shape: String?
        /// Of a tier where one node serves, the cheapest shape that would have held; nil elsewhere, and where none would have.
        public var shapeNeeded: String?
        /// What else would have held, where neither nodes nor a shape would have.
        public var remedy: String

        /// Whether the objective was kept, more likely than not, in every step, the loss that is to be survived included.
        public var survived: Bool { !PlanScore.isBroken(probabilityBroken) }
    }

    /// The plan as a whole, as a backtest scores its weeks.
    public var week: PlannedWeek
    /// One score a symbol, in the run's order.
    public var forecasts: [ForecastScore]
    /// One score a queue, in the run's order.
    public var queues: [QueueScore]
    /// Series of trades on the tape that the run did not plan for, with their trades in its span.
    public var unplanned: [(id: SeriesID, trades: Double)]

    /// Reviews a run.
    ///
    /// - Parameters:
    ///   - folder: The folder that the run wrote.
    ///   - tape: A tape that covers the run's span, or a part of it.
    ///   - dataRoot: Where the logs of the run are, for what a plan would have cost that knew the loads; nil: that is not
    ///     worked out.
    ///   - threads: Threads to use; the result does not depend on them.
    /// - Throws: `ResultManifestError` and `TableError` where the folder cannot be read, `TapeError`, `ReviewError` where the tape
    ///   covers nothing of the span; with a data root, what `WeeklyRun.demand` throws.
    public init(run folder: String, tape: Tape, dataRoot: String? = nil, threads: Int = 1) throws {
        let run = try FinishedRun(folder)
        let actual = try ObservedTrades(run, tape)
        let trades = tradesPerSecond(
            run.forecasts.map { actual.trades(of: $0.id) }, start: actual.start,
            stepSeconds: run.stepSeconds, stepCount: run.stepCount)
        let judge = try run.judge()
        week = PlannedWeek(
            start: actual.start, saidHolds: run.saidHolds, told: run.probabilityTold,
            score: judge.score(tradesPerSecond: trades), stepSeconds: run.stepSeconds, cost: run.cost,
            hindsightCost: try dataRoot.map {
                try Review.hindsightCost(
                    RunManifest(folder), trades: Dictionary(zip(run.forecasts.map(\.id), trades)) { $1 },
                    dataRoot: $0, threads: threads)
            }, rules: [])
        if let budget = run.budget {
            let hours = Double(run.stepSeconds) * Double(run.stepCount) / 3600
            week.budget = PlannedWeek.Budget(
                asked: budget, allowed: budget.allowed(inHours: hours), said: run.missesTold,
                came: judge.misses(
                    tradesPerSecond: trades, budget: budget, start: actual.start,
                    stepSeconds: run.stepSeconds))
        }
        forecasts = run.forecasts.map { ForecastScore($0, actual) }
        queues = zip(run.queues, judge.queueScores(tradesPerSecond: trades)).map {
            QueueScore($0, actual, score: $1, run: run)
        }
        unplanned = try actual.unplanned(tape)
    }

    /// What a plan of the same symbols would have cost that knew the loads.
    private static func hindsightCost(
        _ manifest: RunManifest, trades: [SeriesID: [Double]], dataRoot: String, threads: Int
    ) throws -> Money {
        var plan = try PlanFile(text: Array(manifest.planText.utf8), path: manifest.planFile)
        plan.seed = try manifest.seed
        // The logs may have grown since.
        plan.asOf = try manifest.asOf
        let demand = try WeeklyRun(plan: plan, dataRoot: dataRoot, threads: threads).demand().demand
        let silent = [Double](repeating: 0, count: demand.stepCount)
        return try Hindsight(
            demand: demand, plan: plan,
            capacity: SimulatedCapacity(seed: plan.seed, stepSeconds: Double(demand.stepSeconds)),
            threads: threads
        ).planned(demand.symbols.map { trades[$0.id] ?? silent }).cost
    }
}

/// Why there is nothing to review.
public struct ReviewError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is missing.
    public var description: String
}

/// What the tape says of the run's span.
struct ObservedTrades {
    let start: Timestamp
    let end: Timestamp
    let stepSeconds: Int64
    /// Trades by symbol and step; NaN where the tape does not tell.
    private var trades: [SeriesID: [Timestamp: Double]] = [:]
    /// The mean absolute difference of a day before the span, by symbol.
    private(set) var scales: [SeriesID: Double] = [:]

    init(_ run: FinishedRun, _ tape: Tape) throws {
        let starts = run.forecasts.flatMap(\.starts)
        guard let first = starts.min(), let last = starts.max() else {
            throw ReviewError(description: "the run's forecast.csv has no forecast")
        }
        start = first
        end = last.advanced(bySeconds: run.stepSeconds)
        stepSeconds = run.stepSeconds
        let known = Set(tape.series.map(\.id))
        for forecast in run.forecasts where known.contains(forecast.id) {
            trades[forecast.id] = try tape.observed(
                forecast.id, from: start, to: end, stepSeconds: stepSeconds)
            scales[forecast.id] = try ObservedTrades.scale(forecast.id, tape, before: start, stepSeconds)
        }
        guard trades.values.contains(where: { !$0.isEmpty }) else {
            let covered = tape.series.filter { $0.id.kind == "trades" }.map(\.end).max()
            throw ReviewError(
                description: "the tape has no data on the run's symbols between \(start) and \(end)"
                    + (covered.map { "; it ends at \($0)" } ?? ""))
        }
    }

    /// Trades of a step; nil where the tape does not tell.
    func trades(_ id: SeriesID, _ time: Timestamp) -> Double? { trades[id]?[time] }

    /// All steps of a symbol that the tape tells.
    func trades(of id: SeriesID) -> [Timestamp: Double] { trades[id] ?? [:] }

    /// What came of series that were not forecast.
    func unplanned(_ tape: Tape) throws -> [(id: SeriesID, trades: Double)] {
        try tape.series.filter { $0.id.kind == "trades" && trades[$0.id] == nil && $0.end > start }.compactMap
        {
            let series = try tape.regular(
                $0.id, stepSeconds: stepSeconds, from: start, to: end, partial: .keep, strays: .leaveOut)
            let sum = series.values.reduce(0) { $1.isFinite ? $0 + $1 : $0 }
            return sum > 0 ? ($0.id, sum) : nil
        }
    }

    private static func scale(
        _ id: SeriesID, _ tape: Tape, before start: Timestamp, _ step: Int64
    ) throws -> Double? {
        guard 86_400 % step == 0 else { return nil }
        let series = try tape.regular(id, stepSeconds: step, to: start, partial: .missing, strays: .leaveOut)
        let season = Int(86_400 / step)
        guard series.values.count > season else { return nil }
        let differences = (season..<series.values.count).map {
            abs(series.values[$0] - series.values[$0 - season])
        }.filter(\.isFinite)
        let sum = differences.reduce(0, +)
        return sum > 0 ? sum / Double(differences.count) : nil
    }
}
