import CommandLineKit
import Forecasting
import Reporting

/// `regime,quantile,nominal,missed,n,lo,hi`: how often quantiles were missed in calm and in wild times.
enum CalibrationTable {
    static let option = Option.value(
        "calibration", placeholder: "file",
        help: "Write there how often q90, q99 and q999 were missed, by how restless the week before was.",
        completion: .file(extensions: ["csv"]))

    static func table(_ report: BacktestReport, _ input: ForecastInput) -> DataTable {
        var table = DataTable(columns: ["regime", "quantile", "nominal", "missed", "n", "lo", "hi"])
        let calibration = QuantileCalibration(
            report, series: input.series, season: input.seasons.min() ?? 24)
        for row in calibration.rows {
            table.append([
                .text(row.regime.rawValue), .text(ForecastSettings.columnName(ofLevel: row.level)),
                .number(1 - row.level), .number(row.missed.value), .count(row.count), .number(row.missed.lo),
                .number(row.missed.hi),
            ])
        }
        return table
    }
}
