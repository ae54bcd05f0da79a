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
        "A model and a series; the row 'combined' has notes on the whole forecast.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("model", in: .name, "The model, or 'combined'.", \.model),
            .number("weight", in: .share, "Mean weight in the combination.", \.weight),
            .number(
                "relative_loss", in: .factor, "Loss relative to the best model, averaged over the horizon.",
                \.loss),
            .text("reason", in: .prose, "Why the model failed, or a note.", \.reason),
        ])

    /// Scores by series and model.
    static let backtest = TableSchema<(name: String, score: BacktestScore)>(
        "backtest", of: "backtest", "A model and a series, over all origins.",
        [
            .text("unique_id", in: .name, "The series.") { $0.name },
            .text("model", in: .name, "The model, or 'combined'.") { $0.score.model },
            .integer("horizon", in: "steps", "Steps ahead.") { $0.score.horizon },
            .number("mase", in: .factor, "Mean absolute error relative to the seasonal naive forecast.") {
                $0.score.mase
            },
            .number("smape", in: "%", "Symmetric mean absolute percentage error, 0 to 200.") {
                $0.score.smape
            },
            .number("pinball_50", in: "events per step", "Mean pinball loss of the median.") {
                $0.score.pinball50
            },
            .number("pinball_90", in: "events per step", "Mean pinball loss of the 90 % quantile.") {
                $0.score.pinball90
            },
            .number("pinball_99", in: "events per step", "Mean pinball loss of the 99 % quantile.") {
                $0.score.pinball99
            },
            .number("coverage_90", in: .share, "Share of steps inside the central 90 % interval.") {
                $0.score.coverage90
            },
            .number("coverage_99", in: .share, "Share of steps at or below the 99 % quantile.") {
                $0.score.coverage99
            },
            .number("peak_error", in: .share, "Mean relative error of the forecast for the highest step.") {
                $0.score.peakError
            },
            .integer("origins", in: "origins", "Number of origins scored.") { $0.score.originCount },
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
        "backtest --forecasts", of: "backtest --forecasts", "One step of a series, forecast from one origin.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("origin", in: .step, "Start of the first forecast step.", \.origin),
            .text("ds", in: .step, "Start of the step.", \.ds),
            .number("y", in: "events per step", "Actual value.") { $0.entry.actual[$0.step] },
            .number("mean", in: "events per step", "Forecast mean.") {
                $0.entry.forecast.mean[$0.step]
            },
            .list(
                ForecastSettings.standardLevels.enumerated().map { place, level in
                    .number(
                        ForecastSettings.columnName(ofLevel: level), in: "events per step",
                        "Forecast \(NumberText.percent(level)) quantile."
                    ) { $0.entry.forecast.quantiles[$0.places[place]][$0.step] }
                }),
            .number(
                "capacity", in: "events per step", "Capacity planned for the target.", \.capacity
            ).only(with: "--target"),
        ])

    /// How often quantiles were missed.
    static let calibration = TableSchema<QuantileCalibration.Row>(
        "backtest --calibration", of: "backtest --calibration", "A quantile in calm or volatile weeks.",
        [
            .text("regime", in: .word, "all, or the volatility of the week before: calm, middle or wild.") {
                $0.regime.rawValue
            },
            .text("quantile", in: .name, "The quantile, named as in the forecast columns.") {
                ForecastSettings.columnName(ofLevel: $0.level)
            },
            .number("nominal", in: .share, "Nominal share of values above the quantile.") { 1 - $0.level },
            .number("missed", in: .share, "Observed share of values above it.") { $0.missed.value },
            .integer("n", in: "values", "Number of values.", \.count),
            .number("lo", in: .share, "Lower end of the 95 % interval of 'missed'.") { $0.missed.lo },
            .number("hi", in: .share, "Upper end of the 95 % interval of 'missed'.") { $0.missed.hi },
        ])
}
