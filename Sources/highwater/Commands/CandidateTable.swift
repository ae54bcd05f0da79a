import Forecasting
import Tables

/// The table of `--candidates`: what each model gave to each forecast, and why it gave nothing.
enum CandidateTable {
    /// `unique_id,model,weight,relative_loss,reason`; the row `combined` holds what a reader should know of the
    /// whole.
    static func table(_ forecasts: [SeriesForecast], _ input: ForecastInput) -> DataTable {
        var table = DataTable(columns: ["unique_id", "model", "weight", "relative_loss", "reason"])
        for forecast in forecasts {
            let name = input.identify(forecast.id)
            table.append([
                .text(name), .text("combined"), .number(forecast.isAnswered ? 1 : 0), .missing,
                .optional(forecast.notes.isEmpty ? nil : forecast.notes.joined(separator: "; ")),
            ])
            for candidate in forecast.candidates {
                table.append([
                    .text(name), .text(candidate.model), .number(candidate.weight),
                    .number(candidate.relativeLoss), .optional(candidate.failure),
                ])
            }
        }
        return table
    }
}
