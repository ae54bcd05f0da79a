/// The linear programme of bin packing by patterns, solved by column generation (Gilmore and Gomory 1961).
///
/// Each class of sizes is a row with its number of pieces, each pattern a column that costs one bin. The programme
/// starts from bins of one class each; a revised simplex with the inverse of the basis takes in the pattern that
/// `PatternPricing` finds for the current prices, until none is worth more than a bin. Prices that no pattern
/// passes are feasible in the dual, so that what they are worth over all pieces is a lower bound on the bins of any
/// packing whatever the rounding of the simplex (Farley 1990).
struct ColumnGeneration {
    typealias Pattern = [PatternPricing.Entry]

    private let pricing: PatternPricing
    /// The patterns of the basis.
    private(set) var patterns: [Pattern]
    /// How many bins of each pattern, not whole.
    private(set) var amounts: [Double]
    /// What a piece of each class is worth, in bins.
    private var prices: [Double]
    /// The inverse of the basis, row after row.
    private var inverse: [Double]

    private var rowCount: Int { pricing.sizes.count }

    /// A pattern has to be worth more than a bin by this. Chosen, not measured.
    private static let gain = 1e-7
    /// Pivots on anything smaller are refused. Chosen, not measured.
    private static let pivotMin = 1e-9
    /// Steps of a pricing by classes, and those of one that has to prove that no pattern is left. Chosen, not measured.
    private static let (quickSteps, provingSteps) = (25, 2_000_000)
    /// Operations that a step of pricing counts for, a multiplication being one. Chosen, not measured.
    private static let operationsPerStep = 4

    /// The programme of some classes of sizes with their pieces.
    init(sizes: [Double], demand: [Int], capacity: Double) {
        pricing = PatternPricing(sizes: sizes, demand: demand, capacity: capacity)
        (patterns, amounts, prices, inverse) = ([], [], [], [])
        for index in sizes.indices {
            let fitting = capacity / max(sizes[index], capacity * 1e-12)
            let count = max(1, min(demand[index], Int(saturating: fitting.rounded(.down))))
            patterns.append([PatternPricing.Entry(item: index, count: count)])
            amounts.append(Double(demand[index]) / Double(count))
            prices.append(1 / Double(count))
        }
        inverse = [Double](repeating: 0, count: sizes.count * sizes.count)
        for index in sizes.indices { inverse[index * sizes.count + index] = prices[index] }
    }

    /// Takes in patterns until none helps, or the operations are used up.
    ///
    /// - Returns: A lower bound on the number of bins, not rounded.
    mutating func solve(operations: inout Int) -> Double {
        let threshold = 1 + ColumnGeneration.gain
        while operations > 0 {
            let values = prices.map { max(0, $0) }
            let found = price(values, above: threshold, operations: &operations)
            if found.pattern.isEmpty {
                return worth(of: values)
                    / (found.isExhausted ? threshold : max(threshold, pricing.upperBound(values: values)))
            }
            guard enter(found.pattern) else { break }
            operations -= 2 * rowCount * rowCount
        }
        let values = prices.map { max(0, $0) }
        return worth(of: values) / max(threshold, pricing.upperBound(values: values))
    }

    /// Takes a pattern into the basis where that lowers the number of bins.
    mutating func improve(by pattern: Pattern) {
        let value = pattern.reduce(0) { $0 + prices[$1.item] * Double($1.count) }
        if value > 1 + ColumnGeneration.gain { _ = enter(pattern) }
    }

    private func worth(of values: [Double]) -> Double {
        zip(values, pricing.demand).reduce(0) { $0 + $1.0 * Double($1.1) }
    }

    /// A pattern worth more than the threshold: first by a short search, then by one that can prove that there is none.
    private func price(
        _ values: [Double], above threshold: Double, operations: inout Int
    ) -> PatternPricing.Found {
        var found = pricing.best(
            values: values, above: threshold, limit: ColumnGeneration.quickSteps * max(40, rowCount))
        operations -= found.steps * ColumnGeneration.operationsPerStep
        guard found.pattern.isEmpty, !found.isExhausted else { return found }
        found = pricing.best(values: values, above: threshold, limit: ColumnGeneration.provingSteps)
        operations -= found.steps * ColumnGeneration.operationsPerStep
        return found
    }

    /// One pivot of the simplex; false where no row limits the pattern.
    private mutating func enter(_ pattern: Pattern) -> Bool {
        let width = rowCount
        let column = (0..<width).map { row in
            pattern.reduce(0) { $0 + inverse[row * width + $1.item] * Double($1.count) }
        }
        var leaving: Int?
        var least = Double.infinity
        for row in column.indices where column[row] > ColumnGeneration.pivotMin {
            let ratio = amounts[row] / column[row]
            if ratio < least {
                least = ratio
                leaving = row
            }
        }
        guard let leaving else { return false }
        let saved = pattern.reduce(1) { $0 - prices[$1.item] * Double($1.count) }
        let pivot = inverse[(leaving * width)..<((leaving + 1) * width)].map { $0 / column[leaving] }
        for index in pivot.indices { prices[index] += saved * pivot[index] }
        for row in column.indices where row != leaving && column[row] != 0 {
            let factor = column[row]
            let start = row * width
            for index in pivot.indices { inverse[start + index] -= factor * pivot[index] }
            amounts[row] = max(0, amounts[row] - factor * least)
        }
        for index in pivot.indices { inverse[leaving * width + index] = pivot[index] }
        amounts[leaving] = least
        patterns[leaving] = pattern
        return true
    }
}
