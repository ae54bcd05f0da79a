/// Which lags an autoregression takes.
enum LagChoice {
    /// Of what a profile leaves: the last steps and the day before, drawn towards 0.9 of the last value.
    static func profile(short: Int, count: Int) -> [LagRegression.Lag] {
        choose([(1, 0.9), (2, 0), (short - 1, 0), (short, 0), (short + 1, 0), (2 * short, 0)], count)
    }

    /// Of the series itself: beside those, the season before, drawn towards the airline form.
    static func seasonal(short: Int, long: Int?, count: Int) -> [LagRegression.Lag] {
        var wanted = [
            (1, 0.9), (2, 0), (3, 0), (short - 1, 0), (short, 1), (short + 1, -0.9), (2 * short, 0),
        ]
        if let long { wanted += [(long - 1, 0), (long, 0), (long + 1, 0)] }
        return choose(wanted, count)
    }

    /// Of the series itself without the airline form.
    static func short(short: Int, count: Int) -> [LagRegression.Lag] {
        choose([(1, 0.9), (2, 0), (3, 0), (short - 1, 0), (short, 0), (short + 1, 0), (2 * short, 0)], count)
    }

    /// Positive lags, each once, that leave at least half of the history as targets.
    private static func choose(_ lags: [(Int, Double)], _ count: Int) -> [LagRegression.Lag] {
        var result: [LagRegression.Lag] = []
        for (steps, prior) in lags where steps > 0 && 2 * steps <= count {
            if result.contains(where: { $0.steps == steps }) { continue }
            result.append(LagRegression.Lag(steps: steps, prior: prior))
        }
        return result
    }
}
