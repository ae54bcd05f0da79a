import Foundation
import Numerics

/// The cost of capacity against its misses, scale free and convex in the coefficients.
///
/// With capacity c = exp(anchor + xβ) it is log mean(c) + 1/p · log mean(y^(a + p) / c^p) for each series, plus
/// a quadratic that draws β to coefficients known before. The second term stands for what is missed where
/// demand has a Pareto tail of index p: with a = 0 each missed hour counts the same, and at the optimum the
/// scale of demand is tempered (c ∝ s^(p/(p+1))); with a = 1 it is the demand lost (c ∝ s).
struct CapacityCost: Sendable {
    /// The index of the tail.
    let power: Double
    /// How much a missed step counts, as a power of its demand: 0 for hours, 1 for demand.
    let demandPower: Double

    /// The cost of a target.
    init(_ measure: CapacityTarget.Measure, lead: CapacityDesign.Lead) {
        power =
            lead == .hours
            ? CapacityCost.hoursPower
            : measure == .hours ? CapacityCost.weekByHoursPower : CapacityCost.weekByDemandPower
        demandPower = measure == .hours ? 0 : CapacityCost.lossPower
    }

    /// The cost of missed rows, where demand has a tail of an index.
    init(tailIndex: Double) {
        power = tailIndex
        demandPower = 0
    }

    /// Powers by lead and measure. Others from 1.5 to 4 were tried without gain (see the module's page).
    private static let hoursPower = 3.0
    private static let weekByHoursPower = 2.0
    private static let weekByDemandPower = 1.5
    /// How much a step counts where demand lost is the measure: between an hour and its demand. Chosen, not measured.
    private static let lossPower = 0.5
    /// The shortest part of a Newton step that is tried, and the gain at which the search ends.
    private static let leastStep = 1e-4
    private static let leastGain = 1e-8

    /// The rows of one series, oldest first.
    struct Block: Sendable {
        /// Columns, row by row.
        var rows: [Double] = []
        /// The anchor of each row.
        var anchors: [Double] = []
        /// The logarithm of what was asked for; −∞ for nothing.
        var logDemand: [Double] = []
        /// Rows that count, from the first on.
        var rowCount = 0
        /// How much the series counts, up to 1.
        var weight = 1.0

        /// The logarithm of capacity in each row that counts.
        func logCapacity(_ beta: [Double]) -> [Double] {
            var result = Array(anchors[..<rowCount])
            rows.withUnsafeBufferPointer { rows in
                beta.withUnsafeBufferPointer { beta in
                    var place = 0
                    for row in 0..<rowCount {
                        var sum = 0.0
                        for column in 0..<beta.count {
                            sum += rows[place] * beta[column]
                            place += 1
                        }
                        result[row] += sum
                    }
                }
            }
            return result
        }
    }

    /// A quadratic ½ (β − centre)′ H (β − centre).
    struct Quadratic: Sendable {
        var centre: [Double]
        /// Row by row.
        var hessian: [Double]
    }

    /// The value, the gradient and the Hessian at some coefficients.
    private struct Expansion {
        var value = 0.0
        var gradient: [Double]
        var hessian: [Double]
    }

    /// The best coefficients, by Newton's method with backtracking from `start`, and the Hessian there.
    func minimise(_ blocks: [Block], prior: Quadratic, start: [Double], threads: Int) -> Quadratic {
        let count = prior.centre.count
        var beta = start
        var expansion = total(blocks, prior, beta, derivatives: true, threads: threads)
        for _ in 0..<40 {
            guard let factor = Cholesky(expansion.hessian, order: count) else { break }
            var direction = expansion.gradient
            factor.solve(&direction)
            var step = 1.0
            var found: ([Double], Double)?
            while step > CapacityCost.leastStep {
                let trial = zip(beta, direction).map { $0 - step * $1 }
                let value = total(blocks, prior, trial, derivatives: false, threads: threads).value
                if value < expansion.value - 1e-12 {
                    found = (trial, value)
                    break
                }
                step /= 2
            }
            guard let (next, value) = found else { break }
            let gain = expansion.value - value
            beta = next
            expansion = total(blocks, prior, beta, derivatives: true, threads: threads)
            if gain < CapacityCost.leastGain { break }
        }
        return Quadratic(centre: beta, hessian: expansion.hessian)
    }

    private func total(
        _ blocks: [Block], _ prior: Quadratic, _ beta: [Double], derivatives: Bool, threads: Int
    ) -> Expansion {
        let count = beta.count
        let parts = Parallel.map(blocks.count, threads: threads) {
            expansion(blocks[$0], beta, derivatives: derivatives)
        }
        var result = Expansion(
            gradient: [Double](repeating: 0, count: count),
            hessian: [Double](repeating: 0, count: count * count))
        for part in parts {
            result.value += part.value
            guard derivatives else { continue }
            for index in 0..<count { result.gradient[index] += part.gradient[index] }
            for index in 0..<count * count { result.hessian[index] += part.hessian[index] }
        }
        let away = zip(beta, prior.centre).map { $0 - $1 }
        for row in 0..<count {
            var pull = 0.0
            for column in 0..<count { pull += prior.hessian[row * count + column] * away[column] }
            result.gradient[row] += pull
            result.value += 0.5 * away[row] * pull
        }
        for index in 0..<count * count { result.hessian[index] += prior.hessian[index] }
        return result
    }

    private func expansion(_ block: Block, _ beta: [Double], derivatives: Bool) -> Expansion {
        let count = beta.count
        let rowCount = block.rowCount
        var cost = block.logCapacity(beta)
        var miss = [Double](repeating: 0, count: rowCount)
        var highestCost = -Double.infinity
        var highestMiss = -Double.infinity
        for row in 0..<rowCount {
            miss[row] = (demandPower + power) * block.logDemand[row] - power * cost[row]
            highestCost = max(highestCost, cost[row])
            highestMiss = max(highestMiss, miss[row])
        }
        var costSum = 0.0
        var missSum = 0.0
        for row in 0..<rowCount {
            cost[row] = exp(cost[row] - highestCost)
            miss[row] = exp(miss[row] - highestMiss)
            costSum += cost[row]
            missSum += miss[row]
        }
        let rows = Double(rowCount)
        var result = Expansion(gradient: [], hessian: [])
        result.value =
            block.weight
            * (highestCost + log(costSum / rows) + (highestMiss + log(missSum / rows)) / power)
        guard derivatives else { return result }
        let (costMean, costSpread) = moments(block.rows, cost, sum: costSum, columns: count)
        let (missMean, missSpread) = moments(block.rows, miss, sum: missSum, columns: count)
        result.gradient = (0..<count).map { block.weight * (costMean[$0] - missMean[$0]) }
        result.hessian = (0..<count * count).map {
            block.weight * (costSpread[$0] + power * missSpread[$0])
        }
        return result
    }

    /// The mean and the covariance of the columns under weights.
    private func moments(_ rows: [Double], _ weights: [Double], sum: Double, columns: Int) -> (
        mean: [Double], covariance: [Double]
    ) {
        // Rows that weigh next to nothing are left out: most hours are never near a miss.
        var kept: [Double] = []
        var weighted: [Double] = []
        kept.reserveCapacity(rows.count)
        weighted.reserveCapacity(rows.count)
        var mean = [Double](repeating: 0, count: columns)
        let least = 1e-12 * sum
        rows.withUnsafeBufferPointer { buffer in
            for row in weights.indices where weights[row] > least {
                let weight = weights[row] / sum
                for column in 0..<columns {
                    let value = buffer[row * columns + column]
                    kept.append(value)
                    weighted.append(weight * value)
                    mean[column] += weight * value
                }
            }
        }
        var covariance = Matrix.transposedProduct(
            weighted, kept, rows: kept.count / columns, columnsA: columns, columnsB: columns)
        for row in 0..<columns {
            for column in 0..<columns { covariance[row * columns + column] -= mean[row] * mean[column] }
        }
        return (mean, covariance)
    }
}
