import Forecasting
import Foundation
import Numerics
import Units

extension BenchGroup {
    /// Capacity for a target on weeks held back, beside the rules that planners use: what it costs, whether the
    /// share is met, and how long it takes.
    static let capacity = BenchGroup(
        name: "capacity",
        abstract: "Capacity for a target: cost beside the best simple rule, the share missed, and seconds."
    ) { settings in
        let table = try CapacityBench.table(settings.input)
        guard table.series.allSatisfy({ $0.stepSeconds == 3600 && $0.values.count > 6 * 168 }) else {
            throw CapacityBenchError()
        }
        return try [true, false].flatMap { isWeekAhead in
            try CapacityTarget.Measure.allCases.map { measure in
                try CapacityBench(table: table, isWeekAhead: isWeekAhead, measure: measure).measure(settings)
            }
        }
    }
}

/// What the input has to be.
struct CapacityBenchError: Error, CustomStringConvertible {
    var description: String {
        "expected a table unique_id,ds,y of hours, with more than six weeks of each series"
    }
}

/// One lead and one measure at four shares.
struct CapacityBench {
    /// Hourly series and their prices.
    var table: (series: [RegularSeries], prices: [SeriesTable.Prices?])
    var isWeekAhead: Bool
    var measure: CapacityTarget.Measure

    static let shares = [0.01, 0.003, 0.001, 0.0005]
    /// Weeks that are held back, or two thirds of the history.
    static let weeks = 60

    func measure(_ settings: BenchSettings) throws -> BenchResult {
        let horizon = isWeekAhead ? 168 : 1
        let shortest = table.series.map(\.values.count).min() ?? 0
        let held = max(0, min(CapacityBench.weeks, shortest / 168 * 2 / 3, shortest / 168 - 5)) * 168
        let places = table.series.map { _ in Array(stride(from: horizon, through: held, by: horizon)) }
        var figures: [(name: String, value: Double)] = []
        var ratios: [Double] = []
        let clock = ContinuousClock()
        var seconds = 0.0
        for share in CapacityBench.shares {
            guard let target = CapacityTarget(measure, share: share) else { continue }
            let planner = CapacityPlanner(
                target, horizon: horizon, refitEvery: isWeekAhead ? 4 : 672, threads: settings.threads)
            let begin = clock.now
            let answers = planner.plan(table.series, prices: table.prices, places: places)
            seconds += (clock.now - begin) / .seconds(1)
            var logs: [Double] = []
            var missed: [Double] = []
            for (series, answer) in zip(table.series, answers) {
                let actual = Array(series.values.suffix(held))
                let capacity = Array(answer.capacities.reversed().joined())
                guard capacity.count == held,
                    let plan = CapacityFrontier(capacity: capacity, actual: actual),
                    let cost = plan.cost(target)
                else { continue }
                let values = series.values.map { $0.isFinite ? $0 : 0 }
                let rules = PlannerRules(values, count: held, isWeekAhead: isWeekAhead)
                let best = rules.capacities.compactMap {
                    CapacityFrontier(capacity: $0, actual: actual)?.cost(target)
                }.min()
                missed.append(plan.missed(measure))
                if let best { logs.append(log(cost / best)) }
            }
            ratios += logs
            figures.append(("cost_at_\(share)", exp(Summary.mean(logs))))
            figures.append(("missed_at_\(share)", Summary.mean(missed)))
        }
        return BenchResult(
            name: "capacity by \(measure), \(isWeekAhead ? "a week" : "an hour") ahead, "
                + "\(table.series.count) series, \(held / 168) weeks",
            figures: [("cost_of_best_rule", exp(Summary.mean(ratios)))] + figures + [
                ("seconds", seconds / Double(CapacityBench.shares.count)),
                ("threads", Double(settings.threads)),
            ])
    }

    /// The series of a table, or made-up ones: two years of hours with common bursts.
    static func table(_ path: String?) throws -> (series: [RegularSeries], prices: [SeriesTable.Prices?]) {
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
