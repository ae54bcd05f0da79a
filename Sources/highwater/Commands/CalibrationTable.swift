import CommandLineKit
import Files
import Forecasting
import Pipeline
import Reporting
import Tables

/// How often quantiles were missed in calm and in wild times.
struct CalibrationTable {
    static let option = Option.value(
        "calibration", placeholder: "file",
        help: "Write there how often q90, q99 and q999 were missed, by how restless the week before was, and "
            + "beside it a plot of all levels from q50 on (.svg).",
        completion: .file(extensions: ["csv"]))

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
