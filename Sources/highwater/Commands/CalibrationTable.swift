import Files
import Forecasting
import Pipeline
import Reporting
import Tables

/// How often quantiles were missed in calm and in wild times.
struct CalibrationTable {
    private let report: BacktestReport
    private let input: ForecastInput

    init(_ report: BacktestReport, _ input: ForecastInput) {
        self.report = report
        self.input = input
    }

    /// Writes the table, and the plot beside it.
    func write(to path: String) throws {
        try ResultFile.write(
            CommandTables.calibration.table(calibration([0.9, 0.99, 0.999]).rows).bytes, to: path)
        let stem = path.hasSuffix(".csv") ? String(path.dropLast(4)) : path
        let upper = ForecastSettings.standardLevels.filter { $0 >= 0.5 }
        try ResultFile.write(Array(CalibrationPlot.svg(calibration(upper)).utf8), to: stem + ".svg")
    }

    private func calibration(_ levels: [Double]) -> QuantileCalibration {
        QuantileCalibration(
            report, series: input.series, season: input.seasons.min() ?? 24, levels: levels)
    }
}
