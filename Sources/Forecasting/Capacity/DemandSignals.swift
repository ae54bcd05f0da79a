import Foundation

/// What was known of one series at each step of a grid: levels and price moves over many half-lives, from
/// the steps before it alone. Arrays hold one value more than the grid, for the step after its end.
struct DemandSignals: Sendable {
    /// log demand over the weekly shape in the last step.
    let last: [Double]
    /// log of the exponential mean of demand over the weekly shape, by half-life in hours.
    let level: [Int: [Double]]
    /// The exponential mean of its logarithm, with a half-life of a week.
    let logLevel: [Double]
    /// log of the root mean square distance from the week's log level, with a half-life of a quarter.
    let scatter: [Double]
    /// log of the price's root mean square move, by half-life in hours; empty where there are no prices.
    let moves: [Int: [Double]]
    /// log of the price's range in the last step.
    let lastRange: [Double]
    /// log of the price's move in the last step, up or down.
    let lastMove: [Double]
    /// |log price change|, by hours back.
    let changes: [Int: [Double]]

    /// The half-lives of price moves, in hours.
    static let moveHours = [24, 168, 672]
    /// How far back price changes reach, in hours.
    static let changeHours = [24, 168]
    /// What is added to a move or a range of the price before its logarithm is taken: a tenth of a percent.
    /// Chosen, not measured.
    static let moveOffset = 1e-3
    /// The same of the squared distance of log demand from its level, and of a squared move.
    private static let distanceOffset = 1e-3
    private static let squareOffset = 1e-7
    /// The share of the running level under which demand is low: it counts only where it lasts. Chosen, not measured.
    private static let lowShare = 0.05

    init(
        logs: [Double], shape: WeeklyShape, moves: PriceMoves?, first: Int, grid: CapacityGrid,
        levelHours: [Int]
    ) {
        let plain = logs.indices.map { logs[$0] - shape.value(at: $0, knownAt: $0) }
        let sizes = plain.map { exp($0) }
        func halfLife(_ hours: Int) -> Double { Double(hours) / grid.stepHours }
        var level: [Int: [Double]] = [:]
        for hours in levelHours {
            level[hours] = DemandSignals.trailing(sizes, first: first, halfLife: halfLife(hours)).map {
                log($0)
            }
        }
        self.level = level
        logLevel = DemandSignals.trailing(plain, first: first, halfLife: halfLife(168))
        last = [.nan] + plain
        let week = logLevel
        let distances = plain.indices.map { step -> Double in
            let away = plain[step] - week[step]
            return away.isNaN ? 0 : away * away
        }
        scatter = DemandSignals.trailing(distances, first: first, halfLife: halfLife(2184)).map {
            0.5 * log(DemandSignals.distanceOffset + $0)
        }
        guard let moves else {
            self.moves = [:]
            lastRange = []
            lastMove = []
            changes = [:]
            return
        }
        let squares = zip(moves.ranges, moves.returns).map {
            $0 * $0 + $1 * $1 + DemandSignals.squareOffset
        }
        var byHours: [Int: [Double]] = [:]
        for hours in DemandSignals.moveHours {
            byHours[hours] = DemandSignals.trailing(squares, first: first, halfLife: halfLife(hours))
                .map { 0.5 * log($0) }
        }
        self.moves = byHours
        lastRange = [.nan] + moves.ranges.map { log(DemandSignals.moveOffset + $0) }
        lastMove = [.nan] + moves.returns.map { log(DemandSignals.moveOffset + abs($0)) }
        changes = DemandSignals.changes(moves.returns, grid: grid)
    }

    /// How far the price is from where it was, up or down.
    private static func changes(_ returns: [Double], grid: CapacityGrid) -> [Int: [Double]] {
        var levels = [0.0]
        for one in returns { levels.append(levels[levels.count - 1] + one) }
        var result: [Int: [Double]] = [:]
        for hours in changeHours {
            let back = grid.steps(hours: Double(hours))
            result[hours] = levels.indices.map { $0 > back ? abs(levels[$0] - levels[$0 - back]) : 0 }
        }
        return result
    }

    /// Exponential means of what lies before each step, with weights that sum to one; NaN up to the first.
    private static func trailing(_ values: [Double], first: Int, halfLife: Double) -> [Double] {
        let keep = pow(0.5, 1 / halfLife)
        var result = [Double](repeating: .nan, count: values.count + 1)
        var sum = 0.0
        var weight = 0.0
        for step in values.indices where step >= first {
            sum = keep * sum + values[step]
            weight = keep * weight + 1
            result[step + 1] = sum / weight
        }
        return result
    }

    /// Log values without gaps: a step without demand, or with less than a twentieth of the week's mean for
    /// up to a day (an outage), takes the value before it. NaN up to the first.
    static func logs(_ values: [Double], first: Int, grid: CapacityGrid) -> [Double] {
        let keep = pow(0.5, 1 / (168 / grid.stepHours))
        let day = grid.steps(hours: 24)
        var result = [Double](repeating: .nan, count: values.count)
        var sum = 0.0
        var weight = 0.0
        var last = Double.nan
        var low = 0
        for step in values.indices where step >= first {
            let value = values[step]
            let isLow = value.isFinite && weight > 0 && value < lowShare * sum / weight
            low = isLow ? low + 1 : 0
            if value.isFinite, value > 0, !isLow || low > day { last = log(value) }
            result[step] = last
            sum = keep * sum + exp(last)
            weight = keep * weight + 1
        }
        return result
    }
}
