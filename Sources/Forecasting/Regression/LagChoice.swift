/// Which lags an autoregression takes.
enum LagChoice {
    /// The coefficient towards which the last value's is drawn. Chosen, not measured.
    private static let persistence = 0.9
    /// The penalty per unit of weight of a regression on what a profile leaves, and of one on the series itself.
    /// Chosen, not measured.
    static let profilePenalty = 0.002
    static let seasonalPenalty = 0.0005

    /// Of what a profile leaves: the last steps and the day before, drawn towards 0.9 of the last value.
    static func profile(short: Int, count: Int) -> [LagRegression.Lag] {
        choose(
            [(1, persistence), (2, 0), (short - 1, 0), (short, 0), (short + 1, 0), (2 * short, 0)], count)
    }

    /// Of the series itself: beside those, the season before, drawn towards the airline form.
    static func seasonal(short: Int, long: Int?, count: Int) -> [LagRegression.Lag] {
        var wanted: [(Int, Double)] = [
            (1, persistence), (2, 0), (3, 0), (short - 1, 0), (short, 1), (short + 1, -persistence),
            (2 * short, 0),
        ]
        if let long { wanted += [(long - 1, 0), (long, 0), (long + 1, 0)] }
        return choose(wanted, count)
    }

    /// Of the series itself without the airline form.
    static func short(short: Int, count: Int) -> [LagRegression.Lag] {
        choose(
            [
                (1, persistence), (2, 0), (3, 0), (short - 1, 0), (short, 0), (short + 1, 0), (2 * short, 0),
            ], count)
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
