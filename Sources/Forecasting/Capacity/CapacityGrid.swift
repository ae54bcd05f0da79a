import Foundation
import Units

/// Series of one step on one grid in time, with the prices that go with them.
struct CapacityGrid: Sendable {
    /// The start of the first step.
    let start: Timestamp
    let stepSeconds: Int64
    /// Number of steps.
    let count: Int
    /// By series: the values, NaN where there are none.
    let values: [[Double]]
    /// By series: the place of the first value that is there.
    let firsts: [Int]
    /// By series: what its price did; nil where there are no prices.
    let moves: [PriceMoves?]
    /// By series: whether it is the sum of all the others, and so teaches nothing about them.
    let isSum: [Bool]

    /// Steps in so many hours, at least one.
    func steps(hours: Double) -> Int {
        max(1, Int(saturating: (hours * 3600 / Double(stepSeconds)).rounded()))
    }

    var stepHours: Double { Double(stepSeconds) / 3600 }

    init(_ series: [RegularSeries], prices: [SeriesTable.Prices?]) {
        let step = series.first?.stepSeconds ?? 3600
        let begin = series.map(\.start).min() ?? Timestamp(seconds: 0)
        let end = series.map(\.end).max() ?? begin
        start = begin
        stepSeconds = step
        let length = Int((end.seconds - begin.seconds) / step)
        count = length
        var values: [[Double]] = []
        var moves: [PriceMoves?] = []
        for (index, one) in series.enumerated() {
            let offset = Int((one.start.seconds - begin.seconds) / step)
            var row = [Double](repeating: .nan, count: length)
            row.replaceSubrange(offset..<offset + one.values.count, with: one.values)
            values.append(row)
            moves.append(prices[index].flatMap { PriceMoves($0, offset: offset, count: length) })
        }
        self.values = values
        self.moves = moves
        firsts = values.map { $0.firstIndex { $0.isFinite && $0 > 0 } ?? length }
        isSum = CapacityGrid.sums(values)
    }

    /// The relative error of a sum of numbers that were written with five digits.
    private static let sumTolerance = 1e-5

    /// Which series equal the sum of all the others wherever all are there.
    private static func sums(_ values: [[Double]]) -> [Bool] {
        guard values.count > 2 else { return values.map { _ in false } }
        return values.indices.map { index in
            var seen = 0
            for step in values[index].indices where values[index][step].isFinite {
                var rest = 0.0
                for other in values.indices where other != index { rest += values[other][step] }
                guard rest.isFinite else { continue }
                if abs(rest - values[index][step]) > sumTolerance * rest + 1e-9 { return false }
                seen += 1
            }
            return seen > 0
        }
    }
}

/// What a price did in each step, as logarithms.
struct PriceMoves: Sendable {
    /// log(close / previous close).
    let returns: [Double]
    /// log(high / low).
    let ranges: [Double]

    init(returns: [Double], ranges: [Double]) {
        self.returns = returns
        self.ranges = ranges
    }

    /// Nil where no step has a price.
    init?(_ prices: SeriesTable.Prices, offset: Int, count: Int) {
        var returns = [Double](repeating: 0, count: count)
        var ranges = returns
        var last = Double.nan
        for (index, close) in prices.close.enumerated() {
            if close > 0 {
                if last > 0 { returns[offset + index] = log(close / last) }
                last = close
            }
            let ratio = prices.high[index] / prices.low[index]
            if ratio >= 1, ratio.isFinite { ranges[offset + index] = log(ratio) }
        }
        guard last > 0 else { return nil }
        self.returns = returns
        self.ranges = ranges
    }

    /// The mean of several, as of an index of all symbols.
    static func mean(_ moves: [PriceMoves]) -> PriceMoves? {
        guard let first = moves.first else { return nil }
        var returns = [Double](repeating: 0, count: first.returns.count)
        var ranges = returns
        for one in moves {
            for index in returns.indices {
                returns[index] += one.returns[index] / Double(moves.count)
                ranges[index] += one.ranges[index] / Double(moves.count)
            }
        }
        return PriceMoves(returns: returns, ranges: ranges)
    }
}
