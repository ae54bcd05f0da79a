import Numerics

/// Capacity as planners set it today, from what lies before each origin: each rule is a shape, scaled afterwards.
struct PlannerRules {
    /// By rule, the capacity of every step from the first origin on.
    private(set) var capacities: [[Double]]

    /// The names of the rules.
    static func names(_ isWeekAhead: Bool) -> [String] {
        isWeekAhead
            ? [
                "maximum of 26 weeks", "maximum of 8 weeks", "maximum of 4 weeks", "99.5 % of 4 weeks",
                "median week of 4",
            ]
            : [
                "last step", "last step or season", "maximum of a day", "season by last step",
                "geometric mean",
            ]
    }

    /// Rules for the last `count` steps of values without gaps, planned a week or a step ahead.
    init(_ values: [Double], count: Int, isWeekAhead: Bool, week: Int = 168) {
        let first = values.count - count
        guard isWeekAhead else {
            capacities = PlannerRules.stepAhead(values, from: first, week: week)
            return
        }
        var rules = [[Double]](repeating: [], count: 5)
        for origin in stride(from: first, to: values.count, by: week) {
            let steps = min(week, values.count - origin)
            let month = Array(values[(origin - 4 * week)..<origin])
            for (rule, weeks) in [26, 8, 4].enumerated() {
                let highest = values[max(0, origin - weeks * week)..<origin].max() ?? 0
                rules[rule] += [Double](repeating: highest, count: steps)
            }
            rules[3] += [Double](repeating: Summary.quantile(month, 0.995), count: steps)
            rules[4] += (0..<steps).map { hour in
                Summary.median((0..<4).map { month[$0 * week + hour] })
            }
        }
        capacities = rules
    }

    /// The last hour, the larger of it and the season, the day's highest hour, the season moved by the last
    /// hour, and their geometric mean.
    private static func stepAhead(_ values: [Double], from first: Int, week: Int) -> [[Double]] {
        var rules = [[Double]](repeating: [], count: 5)
        for hour in first..<values.count {
            let last = max(values[hour - 1], 1)
            let season = max(Summary.median((1...4).map { values[hour - week * $0] }), 1)
            let before = max(Summary.median((1...4).map { values[hour - 1 - week * $0] }), 1)
            let day = max(values[(hour - week / 7)..<hour].max() ?? 1, 1)
            rules[0].append(last)
            rules[1].append(max(last, season))
            rules[2].append(day)
            rules[3].append(season * (last / before).squareRoot())
            rules[4].append((last * day * season / before).squareRoot())
        }
        return rules
    }
}
