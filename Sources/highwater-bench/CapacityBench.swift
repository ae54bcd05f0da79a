import Files
import Forecasting
import Foundation
import Numerics
import Pipeline
import Units

extension BenchGroup {
    /// Capacity for a target on weeks held back, beside the rules that planners use: what it costs, whether the
    /// share is met, and how long it takes.
    static let capacity = BenchGroup(
        name: "capacity",
        abstract: "Capacity for a target: cost relative to the best simple rule, share missed, and seconds."
    ) { settings in
        var table = try CapacityBench.table(settings.input)
        if settings.back > 0 { table = CapacityBench.cut(table, weeksFromEnd: settings.back) }
        guard
            table.series.allSatisfy({
                86_400 % $0.stepSeconds == 0 && $0.values.count > 6 * Int(604_800 / $0.stepSeconds)
            })
        else {
            throw CapacityBenchError()
        }
        let held = CapacityBench.heldWeeks(table)
        let train = try settings.train.map { path -> CapacityBench.Table in
            let end = table.series[0].end.advanced(bySeconds: -Int64(held) * 604_800)
            return CapacityBench.cut(try CapacityBench.table(path), before: end)
        }
        return try [true, false].flatMap { isWeekAhead in
            try CapacityTarget.Measure.allCases.map { measure in
                try CapacityBench(
                    table: table, train: train, heldWeeks: held, isWeekAhead: isWeekAhead, measure: measure
                ).measure(settings)
            }
        }
    }
}

/// What the input has to be.
struct CapacityBenchError: Error, CustomStringConvertible {
    var description: String {
        "expected a table unique_id,ds,y with steps that divide a day, and more than six weeks of each series"
    }
}

/// One lead and one measure at four shares.
struct CapacityBench {
    typealias Table = (series: [RegularSeries], prices: [SeriesTable.Prices?])

    /// Series of one step and their prices.
    var table: Table
    /// What coefficients are learnt from, up to the weeks that are held back; nil for the built-in ones.
    var train: Table?
    var heldWeeks: Int
    var isWeekAhead: Bool
    var measure: CapacityTarget.Measure

    static let shares = [0.01, 0.003, 0.001, 0.0005]
    /// The one whose plans give the plotted curve.
    private static let drawnShare = 0.001
    /// Shares of the plotted frontier.
    private static let plotted = (0...20).map { 0.05 * pow(0.01, Double($0) / 20) }

    /// Sixty weeks are held back, or two thirds of the history.
    static func heldWeeks(_ table: Table) -> Int {
        let shortest =
            table.series.map { $0.values.count / Int(604_800 / $0.stepSeconds) }.min() ?? 0
        return max(0, min(60, shortest * 2 / 3, shortest - 5))
    }

    func measure(_ settings: BenchSettings) throws -> BenchResult {
        let week = Int(604_800 / table.series[0].stepSeconds)
        let horizon = isWeekAhead ? week : 1
        let held = heldWeeks * week
        let places = table.series.map { _ in Array(stride(from: horizon, through: held, by: horizon)) }
        let prior = train.flatMap {
            CapacityPrior.learnt(
                from: [$0], lead: isWeekAhead ? .week : .hours, measure: measure, threads: settings.threads)
        }
        let actuals = table.series.map { Array($0.values.suffix(held)) }
        let ruleFrontiers = ruleFrontiers(actuals, week: week)
        var figures: [(name: String, value: Double)] = []
        var ratios: [Double] = []
        var drawn = FrontierSketch(shares: CapacityBench.plotted, ruleNames: PlannerRules.names(isWeekAhead))
        let clock = ContinuousClock()
        var seconds = 0.0
        for share in CapacityBench.shares {
            guard let target = CapacityTarget(measure, share: share) else { continue }
            let planner = CapacityPlanner(
                target, horizon: horizon, refitEvery: isWeekAhead ? 4 : 4 * week, prior: prior,
                threads: settings.threads)
            let begin = clock.now
            let answers = planner.plan(table.series, prices: table.prices, places: places)
            seconds += (clock.now - begin) / .seconds(1)
            let found = outcome(of: answers, target, actuals: actuals, rules: ruleFrontiers)
            ratios += found.logRatios
            figures.append(("cost_at_\(share)", exp(Summary.mean(found.logRatios))))
            figures.append(("missed_at_\(share)", Summary.mean(found.missed)))
            drawn.add(found.plans, measure, isCurve: share == CapacityBench.drawnShare)
        }
        if let folder = settings.plots {
            let name = "capacity-\(measure)-\(isWeekAhead ? "week" : "step")-ahead.svg"
            let title =
                "Capacity by \(measure), a \(isWeekAhead ? "week" : "step") ahead: means of "
                + "\(table.series.count) series, \(heldWeeks) weeks"
            try ResultFile.write(
                Array(drawn.svg(title: title, measure: measure, rules: ruleFrontiers).utf8),
                to: folder + "/" + name)
        }
        return BenchResult(
            name: "capacity by \(measure), a \(isWeekAhead ? "week" : week == 168 ? "hour" : "step") ahead, "
                + "\(table.series.count) series, \(heldWeeks) weeks",
            figures: [("cost_of_best_rule", exp(Summary.mean(ratios)))] + figures + [
                ("seconds", seconds / Double(CapacityBench.shares.count)),
                ("threads", Double(settings.threads)),
            ])
    }

    /// By series, the frontiers of the rules that planners use.
    private func ruleFrontiers(_ actuals: [[Double]], week: Int) -> [[CapacityFrontier?]] {
        zip(table.series, actuals).map { series, actual in
            PlannerRules(
                series.values.map { $0.isFinite ? $0 : 0 }, count: actual.count, isWeekAhead: isWeekAhead,
                week: week
            ).capacities.map { CapacityFrontier(capacity: $0, actual: actual) }
        }
    }

    /// The plans of all series for a target: their log cost over the best rule's, and the share that they miss.
    private func outcome(
        of answers: [CapacityPlanner.Answer], _ target: CapacityTarget, actuals: [[Double]],
        rules: [[CapacityFrontier?]]
    ) -> (logRatios: [Double], missed: [Double], plans: [CapacityFrontier]) {
        var logRatios: [Double] = []
        var missed: [Double] = []
        var plans: [CapacityFrontier] = []
        for (index, answer) in answers.enumerated() {
            let capacity = Array(answer.capacities.reversed().joined())
            guard capacity.count == actuals[index].count,
                let plan = CapacityFrontier(capacity: capacity, actual: actuals[index]),
                let cost = plan.cost(target)
            else { continue }
            plans.append(plan)
            missed.append(plan.missed(measure))
            let best = rules[index].compactMap { $0?.cost(target) }.min()
            if let best { logRatios.append(log(cost / best)) }
        }
        return (logRatios, missed, plans)
    }

    /// What lies before an instant.
    static func cut(_ table: Table, before end: Timestamp) -> Table {
        let counts = table.series.map {
            max(0, min($0.values.count, Int((end.seconds - $0.start.seconds) / $0.stepSeconds)))
        }
        return (
            zip(table.series, counts).map { series, count in
                var series = series
                series.values = Array(series.values.prefix(count))
                return series
            },
            zip(table.prices, counts).map { prices, count in
                prices.map {
                    SeriesTable.Prices(
                        high: Array($0.high.prefix(count)), low: Array($0.low.prefix(count)),
                        close: Array($0.close.prefix(count)))
                }
            }
        )
    }

    static func cut(_ table: Table, weeksFromEnd: Int) -> Table {
        guard let end = table.series.map(\.end).max() else { return table }
        return cut(table, before: end.advanced(bySeconds: -Int64(weeksFromEnd) * 604_800))
    }

    /// The series of a table, or made-up ones: two years of hours with common bursts.
    static func table(_ path: String?) throws -> Table {
        if let path {
            let table = try SeriesTable.read(path: path)
            return (table.series, table.prices)
        }
        let hours = 104 * 168
        var rows = [[Double]](repeating: [], count: 4)
        var random = Random(seed: 1)
        var burst = 0.0
        var level = 0.0
        for hour in 0..<hours {
            if random.uniform() < 0.004 { burst = 0.5 + random.exponential() }
            burst *= 0.8
            level = 0.999 * level + 0.02 * random.normal()
            let day = 0.4 * sin(2 * Double.pi * Double(hour % 24) / 24)
            for index in 0..<4 {
                rows[index].append((1000 * exp(day + level + burst + 0.15 * random.normal())).rounded())
            }
        }
        let series = rows.enumerated().map { index, values in
            RegularSeries(
                id: SeriesID("trades/bench/S\(index)"), start: Timestamp(seconds: 1_640_995_200),
                stepSeconds: 3600, values: values)
        }
        return (series, series.map { _ in nil })
    }
}
