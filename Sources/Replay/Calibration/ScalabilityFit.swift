import Foundation
import Numerics

/// The Universal Scalability Law fitted to a load test: X(N) = γN / (1 + α(N − 1) + βN(N − 1)) (Gunther 1993).
///
/// N is concurrency or nodes, never the arrival rate. Least squares of the throughput by Levenberg's and Marquardt's
/// method; contention α and coherency β are not let below 0. Standard errors come from the curvature at the minimum,
/// intervals are Student's t on the rows less the parameters.
///
///     let fit = try ScalabilityFit(rows)
///     fit.contention, fit.peakLoad
public struct ScalabilityFit: Sendable {
    /// α, the share that cannot be done side by side.
    public let contention: Double
    /// β, the cost of each pair that has to agree.
    public let coherency: Double
    /// γ, the throughput at a load of one, a second.
    public let scalePerSecond: Double
    /// The root of the squared residuals over the degrees of freedom.
    public let residualStandardError: Double
    /// Rows less fitted parameters.
    public let degreesOfFreedom: Int
    /// Of α, β, γ, `[row][column]`.
    private let covariance: [[Double]]
    private let t: Double

    /// Fits the law.
    ///
    /// - Throws: `CalibrationError` for fewer than four rows with distinct loads, or loads that are not positive.
    public init(_ rows: [LoadTestRow]) throws {
        let points = rows.compactMap { row in row.load.map { (load: $0, throughput: row.throughputPerSecond) }
        }
        guard points.allSatisfy({ $0.load > 0 && $0.throughput >= 0 }) else {
            throw CalibrationError(description: "every load must be above 0")
        }
        guard Set(points.map(\.load)).count >= 4 else {
            throw CalibrationError(
                description: "the law has three parameters: expected at least four different loads, but "
                    + "found \(Set(points.map(\.load)).count)")
        }
        guard points.contains(where: { $0.throughput > 0 }) else {
            throw CalibrationError(description: "throughput is zero at every load")
        }
        let problem = LeastSquares(points: points)
        // With a parameter below 0 the law means nothing: it is held at 0 and the others are fitted again.
        let holds: [[Bool]] = [[false, false], [false, true], [true, false], [true, true]]
        let fits = holds.map { problem.fit(holding: $0) }.filter {
            $0.parameters[0] >= 0 && $0.parameters[1] >= 0
        }
        guard let best = fits.min(by: { $0.squares < $1.squares }) else {
            throw CalibrationError(description: "no fit with parameters of 0 or more exists")
        }
        contention = best.parameters[0]
        coherency = best.parameters[1]
        scalePerSecond = best.parameters[2]
        degreesOfFreedom = points.count - best.free.count
        residualStandardError = (best.squares / Double(degreesOfFreedom)).squareRoot()
        covariance = problem.covariance(best, variance: best.squares / Double(degreesOfFreedom))
        t = SpecialFunctions.studentQuantile(
            Summary.levels95.high, degreesOfFreedom: Double(degreesOfFreedom))
    }

    public func throughput(load: Double) -> Double {
        LeastSquares.law([contention, coherency, scalePerSecond], load)
    }

    /// The load with the largest throughput, √((1 − α)/β); nil where throughput rises for ever.
    public var peakLoad: Double? {
        coherency > 0 && contention < 1 ? ((1 - contention) / coherency).squareRoot() : nil
    }

    /// α, β, γ, the peak and what was left over, with intervals.
    public var parameters: [CalibratedParameter] {
        let errors = (0..<3).map { covariance[$0][$0].squareRoot() }
        var result = [
            parameter("alpha", contention, errors[0]), parameter("beta", coherency, errors[1]),
            parameter("gamma", scalePerSecond, errors[2]),
        ]
        result.append(peak("peak_load") { ((1 - $0[0]) / $0[1]).squareRoot() })
        result.append(
            peak("peak_throughput") { LeastSquares.law($0, ((1 - $0[0]) / $0[1]).squareRoot()) })
        result.append(CalibratedParameter("residual_standard_error", residualStandardError))
        result.append(CalibratedParameter("degrees_of_freedom", Double(degreesOfFreedom)))
        return result
    }

    private func parameter(_ name: String, _ value: Double, _ error: Double) -> CalibratedParameter {
        guard error > 0 else { return CalibratedParameter(name, value) }
        return CalibratedParameter(
            name, value, lo: max(0, value - t * error), hi: value + t * error, standardError: error)
    }

    /// The step by which derivatives are taken, over the parameter.
    private static let differenceShare = 1e-5

    /// A function of the parameters; its interval is that of its logarithm, to the first order.
    private func peak(_ name: String, _ function: ([Double]) -> Double) -> CalibratedParameter {
        guard peakLoad != nil else { return CalibratedParameter(name, .nan) }
        let centre = [contention, coherency, scalePerSecond]
        let value = function(centre)
        let slopes = centre.indices.map { index -> Double in
            let step = ScalabilityFit.differenceShare * max(abs(centre[index]), 1e-9)
            var (up, down) = (centre, centre)
            up[index] += step
            down[index] -= step
            return (function(up) - function(down)) / (2 * step)
        }
        var variance = 0.0
        for row in 0..<3 {
            for column in 0..<3 { variance += slopes[row] * covariance[row][column] * slopes[column] }
        }
        let error = max(0, variance).squareRoot()
        let factor = exp(t * error / value)
        return CalibratedParameter(
            name, value, lo: value / factor, hi: factor.isFinite ? value * factor : nil, standardError: error)
    }
}

/// The least squares of the law.
private struct LeastSquares {
    let points: [(load: Double, throughput: Double)]

    struct Fit {
        var parameters: [Double]
        var squares: Double
        /// The places of the parameters that were fitted.
        var free: [Int]
    }

    static func law(_ parameters: [Double], _ load: Double) -> Double {
        parameters[2] * load / (1 + parameters[0] * (load - 1) + parameters[1] * load * (load - 1))
    }

    private func squares(_ parameters: [Double]) -> Double {
        points.reduce(0) {
            let residual = $1.throughput - LeastSquares.law(parameters, $1.load)
            return $0 + residual * residual
        }
    }

    private func gradient(_ parameters: [Double], _ load: Double) -> [Double] {
        let divisor = 1 + parameters[0] * (load - 1) + parameters[1] * load * (load - 1)
        let value = LeastSquares.law(parameters, load)
        return [-value * (load - 1) / divisor, -value * load * (load - 1) / divisor, load / divisor]
    }

    /// JᵀJ and Jᵀr in the free parameters.
    private func normal(_ parameters: [Double], _ free: [Int]) -> (matrix: [[Double]], side: [Double]) {
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: free.count), count: free.count)
        var side = [Double](repeating: 0, count: free.count)
        for point in points {
            let slopes = gradient(parameters, point.load)
            let residual = point.throughput - LeastSquares.law(parameters, point.load)
            for (row, first) in free.enumerated() {
                side[row] += slopes[first] * residual
                for (column, second) in free.enumerated() {
                    matrix[row][column] += slopes[first] * slopes[second]
                }
            }
        }
        return (matrix, side)
    }

    /// Contention and coherency from which the descent begins. Chosen, not measured.
    private static let starts = [[0.01, 1e-4], [0.1, 1e-2], [0.3, 1e-6], [1e-3, 1e-7]]
    /// Levenberg's damping: where it begins, how far it falls and rises, and when the descent ends.
    private static let firstDamping = 1e-3
    private static let dampings = 1e-12...1e12
    /// A relative gain that is none, and how many of them in a row end the descent.
    private static let gainMin = 1e-15
    private static let stillMax = 20
    private static let roundsMax = 2000

    func fit(holding held: [Bool]) -> Fit {
        let free = (0..<3).filter { $0 == 2 || !held[$0] }
        var fits: [Fit] = []
        for start in LeastSquares.starts {
            var parameters = [held[0] ? 0 : start[0], held[1] ? 0 : start[1], 1]
            // The scale is linear in what is left.
            let shape = points.map { LeastSquares.law(parameters, $0.load) }
            let own = shape.reduce(0) { $0 + $1 * $1 }
            parameters[2] = zip(points, shape).reduce(0) { $0 + $1.0.throughput * $1.1 } / own
            fits.append(descend(from: parameters, free: free))
        }
        return fits.min { $0.squares < $1.squares } ?? fits[0]
    }

    private func descend(from start: [Double], free: [Int]) -> Fit {
        var best = Fit(parameters: start, squares: squares(start), free: free)
        var damping = LeastSquares.firstDamping
        var still = 0
        for _ in 0..<LeastSquares.roundsMax where still < LeastSquares.stillMax {
            var (matrix, side) = normal(best.parameters, free)
            for index in free.indices { matrix[index][index] *= 1 + damping }
            guard let step = solved(matrix, side) else { break }
            var next = best.parameters
            for (index, place) in free.enumerated() { next[place] += step[index] }
            side = step
            // A pole between the points is no law.
            let isSound = points.allSatisfy {
                1 + next[0] * ($0.load - 1) + next[1] * $0.load * ($0.load - 1) > 1e-9
            }
            let squares = isSound ? squares(next) : .infinity
            if squares <= best.squares {
                still = best.squares - squares <= LeastSquares.gainMin * best.squares ? still + 1 : 0
                best.parameters = next
                best.squares = squares
                damping = max(damping / 5, LeastSquares.dampings.lowerBound)
            } else {
                damping *= 4
                if damping > LeastSquares.dampings.upperBound { break }
            }
        }
        return best
    }

    func covariance(_ fit: Fit, variance: Double) -> [[Double]] {
        var result = [[Double]](repeating: [0, 0, 0], count: 3)
        let matrix = normal(fit.parameters, fit.free).matrix
        for (column, place) in fit.free.enumerated() {
            var side = [Double](repeating: 0, count: fit.free.count)
            side[column] = variance
            guard let solution = solved(matrix, side) else { continue }
            for (row, other) in fit.free.enumerated() { result[other][place] = solution[row] }
        }
        return result
    }
}

/// The least pivot of a matrix with ones on its diagonal that is no rounding.
private let leastPivot = 1e-14

/// The solution of a small symmetric positive system, scaled to a unit diagonal first; nil where there is none.
func solved(_ matrix: [[Double]], _ side: [Double]) -> [Double]? {
    let count = side.count
    let scale = (0..<count).map { matrix[$0][$0].squareRoot() }
    guard scale.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var lower = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for row in 0..<count {
        for column in 0...row {
            var sum = matrix[row][column] / (scale[row] * scale[column])
            for inner in 0..<column { sum -= lower[row][inner] * lower[column][inner] }
            if row == column {
                guard sum > leastPivot else { return nil }
                lower[row][row] = sum.squareRoot()
            } else {
                lower[row][column] = sum / lower[column][column]
            }
        }
    }
    var solution = (0..<count).map { side[$0] / scale[$0] }
    for row in 0..<count {
        for inner in 0..<row { solution[row] -= lower[row][inner] * solution[inner] }
        solution[row] /= lower[row][row]
    }
    for row in (0..<count).reversed() {
        for inner in row + 1..<count { solution[row] -= lower[inner][row] * solution[inner] }
        solution[row] /= lower[row][row]
    }
    return (0..<count).map { solution[$0] / scale[$0] }
}
