import Pipeline
import Reporting
import Tables

/// Every table that Highwater writes, in the order of the reference.
enum TableList {
    static let all: [TableDescription] =
        [
            RunTables.plan.description, RunTables.placement.description, RunTables.capacity.description,
            RunTables.breakLevels.description, RunTables.breakExtents.description,
            RunTables.budget.description, RunTables.budgetFrontier.description, RunTables.hold.description,
            RunTables.work.description, RunTables.cost.description, RunTables.excuses.description,
            RunTables.ladder.description, RunTables.hourLadder.description, RunTables.headroom.description,
            RunTables.risk.description, RunTables.riskRegister.description, RunTables.margins.description,
            RunTables.regret.description, RunTables.thresholds.description, RunTables.maintenance.description,
            RunTables.compliance.description,
            RunTables.saturation.description, RunTables.latencyCurve.description,
            RunTables.forecast.description, RunTables.surge.description, RunTables.verdict.description,
            RunTables.timeline.description, RunTables.minutes.description, RunTables.sweep.description,
            RunTables.tornado.description,
            RunTables.limits.description, RunTables.compare.description, RunTables.inputs.description,
            RunTables.quarantine.description,
            RunTables.bursts.description, RunTables.pastPlans.description, RunTables.planRules.description,
            Review.scorecard.description, WindowReview.table.description,
        ] + commands

    private static let commands: [TableDescription] = [
        CommandTables.ingest.description, CommandTables.merge.description,
        CommandTables.submitted.description, CommandTables.series.description,
        RunComparison.table.description, RunLedger.table.description, CommandTables.seriesList.description,
        CommandTables.findings.description,
        CommandTables.candidates.description, CommandTables.backtest.description,
        CommandTables.backtestForecasts.description, CommandTables.calibration.description,
        CommandTables.surges.description, CommandTables.returns.description,
        CommandTables.prices.description, CommandTables.hawkes.description, CommandTables.queue.description,
        CommandTables.queueSaturation.description, CommandTables.calibrated.description,
        CommandTables.placed.description, CommandTables.bookTrades.description,
        CommandTables.bookWork.description, CommandTables.flow.description,
        CommandTables.flowOrders.description,
    ]

    /// `Datasets/COLUMNS.md`.
    static let page = ColumnGuide.markdown(
        all,
        introduction: """
            # The columns of every table

            Tables are CSV (RFC 4180: commas, LF, fields quoted only where they must be) or, with `--format \
            json`, lists of objects. A missing value is empty in CSV and null in JSON. Times are ISO 8601 in \
            UTC and mark the start of their interval. `highwater describe FILE` prints the columns of one \
            table. `highwater describe --markdown` generates this page.

            Schema version \(TableDescription.schemaVersion), which a run's manifest.json has as `table_schema`. It rises \
            when a column goes, is renamed, or gets another type, unit or meaning. Further columns and tables leave it: \
            read columns by name.
            """)
}
