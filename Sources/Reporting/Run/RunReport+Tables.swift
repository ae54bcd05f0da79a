import Forecasting
import Planning
import Tables
import Units

extension RunReport {
    /// Every CSV of the result, by file name.
    ///
    /// Tidy tables in RFC 4180: snake_case columns with units, instants in ISO 8601 and UTC, a missing value
    /// empty.
    public func tables() -> [(name: String, table: DataTable)] {
        [
            RunTables.forecast.file(RunReport.steps(forecasts, identify: \.description)),
            RunTables.surge.file(surgeRows()),
            RunTables.saturation.file(replay.saturation),
            RunTables.latencyCurve.file(replay.latencyCurve),
            RunTables.headroom.file(headroom),
            RunTables.regret.file(regret), RunTables.margins.file(margins),
            RunTables.thresholds.file(thresholds), RunTables.riskRegister.file(register),
            RunTables.bursts.file(bursts.rows),
            RunTables.pastPlans.file(pastPlans?.weeks ?? []),
            RunTables.planRules.file(pastPlans?.rules ?? []),
            RunTables.verdict.file(scenarios.map(\.verdict)),
            RunTables.inputs.file(inputs),
            RunTables.quarantine.file(quarantine),
        ] + RunReport.planTables(plan)
    }

    /// The CSVs of an allocation, by file name.
    public static func planTables(_ plan: Plan) -> [(name: String, table: DataTable)] {
        [
            RunTables.plan.file(plan.allocation), RunTables.placement.file(plan.placement),
            RunTables.capacity.file(plan.capacity), RunTables.breakLevels.file(plan.breakLevels),
            RunTables.work.file(plan.work),
            RunTables.cost.file(plan.cost), RunTables.compliance.file(plan.compliance),
            RunTables.maintenance.file(plan.maintenance), RunTables.risk.file(plan.risk),
            RunTables.excuses.file(plan.excuses), RunTables.ladder.file(plan.ladder),
            RunTables.hourLadder.file(plan.hourLadder),
            RunTables.hold.file(plan.holds), RunTables.budget.file(plan.budget?.rows ?? []),
            RunTables.budgetFrontier.file(plan.budget?.frontier ?? []),
            RunTables.breakExtents.file(plan.breakExtents),
        ]
    }

    /// The table of forecasts, in events a step; with capacities, one list a forecast, also `capacity`.
    public static func forecastTable(
        _ forecasts: [SeriesForecast], identify: @escaping (SeriesID) -> String,
        time: @escaping (Timestamp) -> String, capacity: [[Double]]?, format: DataTable.Format
    ) -> DataTable {
        RunTables.forecast.table(
            steps(forecasts, identify: identify, time: time, capacity: capacity), format: format,
            with: capacity == nil ? [] : ["--target"])
    }

    /// Made as they are asked for: of thousands of series they are many.
    private static func steps(
        _ forecasts: [SeriesForecast], identify: @escaping (SeriesID) -> String,
        time: @escaping (Timestamp) -> String = { $0.description }, capacity: [[Double]]? = nil
    ) -> some Sequence<RunTables.ForecastStep> {
        forecasts.indices.lazy.flatMap { place in
            let forecast = forecasts[place]
            let name = identify(forecast.id)
            return forecast.mean.indices.lazy.map { step in
                RunTables.ForecastStep(
                    forecast: forecast, step: step, name: name, ds: time(forecast.time(ofStep: step)),
                    capacity: capacity?[place][step])
            }
        }
    }

    private func surgeRows() -> [RunTables.SurgeRow] {
        let step = Double(demand.stepSeconds)
        return surges.map {
            RunTables.SurgeRow(id: $0.id, kind: $0.kind.rawValue, event: $0, step: step)
        } + returnLevels.map { RunTables.SurgeRow(id: $0.id, kind: "return_level", level: $0) }
    }
}
