import CommandLineKit
import Forecasting
import Tables
import Units

/// The column `capacity` beside forecasts: the cheapest capacity that is expected to meet a target.
struct CapacityColumn {
    /// By forecast, the capacity of each step.
    private(set) var capacity: [[Double]]
    private let target: CapacityTarget

    /// Beside forecasts from the end of each series.
    init(
        _ target: CapacityTarget, _ forecasts: [SeriesForecast], _ input: ForecastInput, horizon: Int,
        _ context: Context
    ) {
        self.target = target
        let planner = CapacityPlanner(target, horizon: horizon, threads: context.threads)
        let answers = planner.plan(
            input.series, prices: input.prices, places: input.series.map { _ in [0] })
        CapacityColumn.report(answers, input, context)
        capacity = zip(forecasts, answers).map { forecast, answer in
            CapacityColumn.filled(answer.capacities[0], forecast, target)
        }
    }

    /// Beside the forecasts of a backtest.
    init(
        _ target: CapacityTarget, _ report: BacktestReport, _ input: ForecastInput, horizon: Int,
        refitEvery: Int, _ context: Context
    ) {
        self.target = target
        let planner = CapacityPlanner(
            target, horizon: horizon, refitEvery: refitEvery, threads: context.threads)
        var series: [SeriesID: Int] = [:]
        for (index, one) in input.series.enumerated() { series[one.id] = index }
        var places = input.series.map { _ in [Int]() }
        // The forecasts of a series lie oldest first; places the last one first.
        for entry in report.forecasts.reversed() {
            guard let index = series[entry.forecast.id] else { continue }
            let steps = input.series[index].end.seconds - entry.forecast.start.seconds
            places[index].append(Int(steps / input.series[index].stepSeconds))
        }
        let answers = planner.plan(input.series, prices: input.prices, places: places)
        CapacityColumn.report(answers, input, context)
        var next = places.map(\.count)
        capacity = report.forecasts.map { entry in
            guard let index = series[entry.forecast.id] else { return [] }
            next[index] -= 1
            return CapacityColumn.filled(answers[index].capacities[next[index]], entry.forecast, target)
        }
    }

    /// By series of a backtest, what the capacity bought and missed.
    func frontiers(_ report: BacktestReport, _ input: ForecastInput) -> [String] {
        var places: [SeriesID: [Int]] = [:]
        for (place, entry) in report.forecasts.enumerated() {
            places[entry.forecast.id, default: []].append(place)
        }
        return input.series.compactMap { series in
            let places = places[series.id] ?? []
            let bought = Array(places.map { capacity[$0] }.joined())
            let actual = Array(places.map { report.forecasts[$0].actual }.joined())
            guard let plan = CapacityFrontier(capacity: bought, actual: actual) else { return nil }
            let cost = plan.cost(target).map { NumberText.figure($0) } ?? "–"
            return
                "\(input.identify(series.id)): capacity \(NumberText.figure(plan.bought)) times the demand, "
                + "\(NumberText.percent(plan.missedHours)) of hours missed, "
                + "\(NumberText.percent(plan.lostDemand)) of demand lost; at exactly \(target) it is \(cost)"
        }
    }

    private static func report(
        _ answers: [CapacityPlanner.Answer], _ input: ForecastInput, _ context: Context
    ) {
        for (series, answer) in zip(input.series, answers) {
            for note in answer.notes { context.note("\(input.identify(series.id)): \(note)") }
        }
    }

    /// Where no capacity could be planned, the quantile that a target of hours means.
    private static func filled(
        _ capacity: [Double], _ forecast: SeriesForecast, _ target: CapacityTarget
    ) -> [Double] {
        guard capacity.isEmpty else { return capacity }
        return forecast.mean.indices.map { forecast.quantile(1 - target.share, step: $0) }
    }
}
