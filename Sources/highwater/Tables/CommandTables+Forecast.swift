import Forecasting
import Tables
import Units

/// The tables that commands print, or write where an option says: each with its columns in one place.
enum CommandTables {
    /// What each model gave to each forecast.
    struct CandidateRow: Sendable {
        let name: String
        let model: String
        let weight: Double
        var loss: Double?
        let reason: String?
    }

    static let candidates = TableSchema<CandidateRow>(
        "forecast --candidates", of: "forecast --candidates",
        "A model and a series; combined holds what a reader should know of the whole.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("model", in: .name, "The model, or combined.", \.model),
            .number("weight", in: .share, "Its weight in the combination, in mean.", \.weight),
            .number(
                "relative_loss", in: .factor, "Its loss over that of the best, in mean over the horizon.",
                \.loss),
            .text("reason", in: .prose, "Why it gave nothing, or what to know.", \.reason),
        ])

    /// Scores by series and model.
    static let backtest = TableSchema<(name: String, score: BacktestScore)>(
        "backtest", of: "backtest", "A model and a series over all origins.",
        [
            .text("unique_id", in: .name, "The series.") { $0.name },
            .text("model", in: .name, "The model, or combined.") { $0.score.model },
            .integer("horizon", in: "steps", "Steps ahead.") { $0.score.horizon },
            .number("mase", in: .factor, "The mean absolute error over that of the seasonal naive forecast.")
            {
                $0.score.mase
            },
            .number("smape", in: "%", "The symmetric mean absolute percentage error, 0 to 200.") {
                $0.score.smape
            },
            .number("pinball_50", in: "events per step", "The mean pinball loss of the median.") {
                $0.score.pinball50
            },
            .number("pinball_90", in: "events per step", "The same of the 90 % quantile.") {
                $0.score.pinball90
            },
            .number("pinball_99", in: "events per step", "The same of the 99 % quantile.") {
                $0.score.pinball99
            },
            .number("coverage_90", in: .share, "Steps that are not above the 90 % quantile.") {
                $0.score.coverage90
            },
            .number("coverage_99", in: .share, "Steps that are not above the 99 % quantile.") {
                $0.score.coverage99
            },
            .number("peak_error", in: .share, "How far the forecast of the highest step was off, in mean.") {
                $0.score.peakError
            },
            .integer("origins", in: "origins", "Origins that were scored.") { $0.score.originCount },
            .text("failure", in: .prose, "Why there is no score.") { $0.score.failure },
        ])

    /// One step of a forecast that was made in a backtest.
    struct BacktestStep: Sendable {
        let entry: BacktestForecast
        let name: String
        let origin: String
        let ds: String
        let step: Int
        /// Of each standard level, its place among the forecast's.
        let places: [Int]
        let capacity: Double?
    }

    static let backtestForecasts = TableSchema<BacktestStep>(
        "backtest --forecasts", of: "backtest --forecasts", "A series in one step ahead of one origin.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("origin", in: .step, "The first step that was forecast.", \.origin),
            .text("ds", in: .step, "The start of the step.", \.ds),
            .number("y", in: "events per step", "What came.") { $0.entry.actual[$0.step] },
            .number("mean", in: "events per step", "The expected value.") {
                $0.entry.forecast.mean[$0.step]
            },
            .list(
                ForecastSettings.standardLevels.enumerated().map { place, level in
                    .number(
                        ForecastSettings.columnName(ofLevel: level), in: "events per step",
                        "The \(NumberText.percent(level)) quantile."
                    ) { $0.entry.forecast.quantiles[$0.places[place]][$0.step] }
                }),
            .number(
                "capacity", in: "events per step", "The capacity that was planned for the target.", \.capacity
            ).only(with: "--target"),
        ])

    /// How often quantiles were missed.
    static let calibration = TableSchema<QuantileCalibration.Row>(
        "backtest --calibration", of: "backtest --calibration", "A quantile in calm or in wild times.",
        [
            .text("regime", in: .word, "all, or how restless the week before was: calm, middle or wild.") {
                $0.regime.rawValue
            },
            .text("quantile", in: .name, "The quantile, as forecasts name its column.") {
                ForecastSettings.columnName(ofLevel: $0.level)
            },
            .number("nominal", in: .share, "Values that should lie above it.") { 1 - $0.level },
            .number("missed", in: .share, "Values that did.") { $0.missed.value },
            .integer("n", in: "values", "How many there were.", \.count),
            .number("lo", in: .share, "The lower end of the 95 % interval of missed.") { $0.missed.lo },
            .number("hi", in: .share, "Its upper end.") { $0.missed.hi },
        ])
}
