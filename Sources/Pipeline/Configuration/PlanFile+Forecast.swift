import Exchange

extension PlanFile.ForecastPlan {
    static let spec = ObjectSpec(
        PlanFile.ForecastPlan(), "Settings of the forecast.",
        [
            .key("step", \.stepSeconds, .step, "Length of one time step."),
            .key("horizon", \.horizonSeconds, .duration(60...31_622_400), "Forecast and planning horizon."),
            .key(
                "seasons", \.seasonSeconds, .list(.duration(120...31_622_400), atLeast: 0),
                "Season lengths, shortest first."),
            .optional(
                "history", \.historySeconds, .wholeSeconds(3600...3.2e9), absent: "all",
                "Length of the history to use."),
            .key("paths", \.paths, .integer(20...5000), "Number of sample paths."),
            .key("symbols", \.symbols, .text, "Pattern for the symbols to plan for."),
        ])
}

extension FieldType where Value == Int64 {
    /// The length of a step, which divides a day.
    fileprivate static var step: FieldType {
        FieldType<Double>.duration(60...86_400).checked { step, json, file throws(ConfigurationError) in
            guard step == step.rounded(), 86_400.truncatingRemainder(dividingBy: step) == 0 else {
                throw file.error(json.place, "'step' must divide a day, such as 15m or 1h")
            }
        }.map(back: { Double($0) }, { Int64(saturating: $0) })
    }
}

extension MessageMix {
    static let spec = ObjectSpec(
        MessageMix(ordersPerTrade: 0, cancelsPerTrade: 0, queriesPerTrade: 0), "Messages per trade.",
        [
            .required(
                "orders_per_trade", \.perTrade[.order], .number(0...1e6), "New and replaced orders."),
            .required("cancels_per_trade", \.perTrade[.cancel], .number(0...1e6), "Cancels."),
            .required(
                "queries_per_trade", \.perTrade[.query], .number(0...1e6), "Read-only requests."),
        ])
}
