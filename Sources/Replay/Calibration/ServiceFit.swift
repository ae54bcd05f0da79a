import Foundation
import Numerics

/// A pausing server fitted to a load test's latencies.
///
/// The logarithms of the medians and of the 99 % quantiles are fitted by least squares with Nelder's and Mead's simplex
/// (1965) on the logarithms of the five parameters, from several starts, all on common random numbers; at the end their
/// fourth powers, so that no quantile stays far off. Service times are lognormal or Weibull, whichever fits better. Rows at or past
/// the fitted capacity cannot be compared with a steady state: they only push the capacity up. Intervals follow from the
/// curvature at the minimum.
///
/// Five parameters can stand in for one another where a test shows little of some. A server that never pauses, first one
/// without a time on the way, is therefore tried before: the first that meets all quantiles as near as the simulation can
/// tell is taken.
public struct ServiceFit: Sendable {
    public let server: PausingServer
    /// The largest factor between a fitted and a measured quantile.
    public let worstFactor: Double
    /// How the test sent its requests, as told or assumed.
    public let drive: LoadTestDrive
    /// From what that was assumed; nil where it was told.
    public let driveBasis: LoadTestDrive.Basis?
    /// The parameters with intervals, and the capacity.
    public let parameters: [CalibratedParameter]

    /// Fits a server.
    ///
    /// - Parameters:
    ///   - rows: Rows with medians, 99 % quantiles or both.
    ///   - arrivals: The gaps between the requests of an open test.
    ///   - drive: How the test sent its requests; nil: what the rows suggest (`LoadTestDrive.assumed`).
    ///   - seed: Of the simulation.
    ///   - threads: Rows are simulated side by side; the result does not depend on it.
    /// - Throws: `CalibrationError` where there are fewer quantiles than three rows bring.
    public init(
        _ rows: [LoadTestRow], arrivals: PausingServer.Arrivals = .deterministic, drive: LoadTestDrive? = nil,
        seed: UInt64 = 1, threads: Int = 1
    ) throws {
        let told = rows.filter { ($0.p50Seconds ?? $0.p99Seconds) != nil && $0.throughputPerSecond > 0 }
        guard told.count >= 3 else {
            throw CalibrationError(
                description: "expected at least three rows with a p50 or a p99, but found \(told.count)")
        }
        guard told.contains(where: { $0.p99Seconds != nil }) else {
            throw CalibrationError(description: "pauses can only be fitted from p99, and no row has one")
        }
        let assumed = LoadTestDrive.assumed(of: told)
        let found = drive ?? assumed.drive
        self.drive = found
        driveBasis = drive == nil ? assumed.basis : nil
        guard found == .open || told.allSatisfy({ $0.load != nil }) else {
            throw CalibrationError(
                description: "a closed test needs the number of requests in flight in every row")
        }
        var problems = PausingServer.ServiceFamily.allCases.map { family in
            LatencyProblem(
                rows: told, arrivals: arrivals, drive: found, family: family, seed: seed, threads: threads)
        }
        if let simple = ServiceFit.simplest(problems) {
            (server, worstFactor, parameters) = (
                simple.problem.server(simple.place), exp(simple.worst),
                simple.problem.parameters(simple.place)
            )
            return
        }
        for place in problems.indices { problems[place].free = LatencyProblem.all }
        // The first of equals, so that the order decides nothing but ties.
        var (problem, rough) = (problems[0], problems[0].roughly())
        for other in problems.dropFirst() {
            let next = other.roughly()
            if next.cost < rough.cost { (problem, rough) = (other, next) }
        }
        let best = problem.polished(rough.place)
        server = problem.server(best)
        worstFactor = exp(problem.worst(best))
        parameters = problem.parameters(best)
    }

    /// The first server without pauses that meets all quantiles; nil where none does.
    private static func simplest(
        _ problems: [LatencyProblem]
    ) -> (problem: LatencyProblem, place: [Double], worst: Double)? {
        for free in LatencyProblem.plain {
            let found = problems.map { problem in
                var problem = problem
                problem.free = free
                let place = problem.plainly()
                return (problem: problem, place: place, worst: problem.worst(place))
            }
            if let best = found.min(by: { $0.worst < $1.worst }), best.worst < LatencyProblem.grain {
                return best
            }
        }
        return nil
    }
}

private struct LatencyProblem {
    let rows: [LoadTestRow]
    let arrivals: PausingServer.Arrivals
    let drive: LoadTestDrive
    let family: PausingServer.ServiceFamily
    let seed: UInt64
    let threads: Int
    /// Places of the parameters that are sought; the others are those of a server without them.
    var free = LatencyProblem.all

    /// Places of the parameters: the time on the way, service, its variation, the share of time in pauses, their length.
    static let all = [0, 1, 2, 3, 4]
    /// Those of servers that never pause, the simplest first.
    static let plain = [[1, 2], [0, 1, 2]]
    /// The logarithm of a factor that a simulated quantile may be off by: at a utilisation of 0.9 the 99 % quantiles of
    /// 200,000 requests scatter by 5 %.
    static let grain = 0.06

    /// The residual of a quantile at a rate that passes capacity, and what it grows by with the excess's logarithm. Chosen,
    /// not measured.
    private static let overloadResidual = 1.5
    private static let overloadSlope = 20.0
    /// The fastest latency where no row tells one.
    private static let guessedSeconds = 1e-6
    /// Where the search begins: capacity over the highest rate, pauses over the middle p99, the variation of service, and the
    /// share of time in pauses. Chosen, not measured.
    private static let startCapacities = [1.02, 1.15, 2, 6]
    private static let startPauses = [0.3, 1, 4]
    private static let startVariation = 0.5
    private static let startPausedShare = 0.01
    /// Starts, of each distribution, from which the search goes on. Chosen, not measured.
    private static let startsKept = 2
    /// Steps of the search for a server without pauses. Chosen, not measured.
    private static let plainSteps = 40
    /// Residuals up to which it is worth more random numbers. Chosen, not measured.
    private static let nearResidual = 0.25
    /// The first simplex, by parameter, and the spread of costs over it at which the search ends. Chosen, not measured.
    private static let simplexSizes = [0.5, 0.05, 0.5, 0.7, 0.5]
    private static let spreadMin = 1e-7
    /// Steps of derivatives, of the service time and of other parameters: they stand above the simulation's grain.
    private static let serviceStep = 0.004
    private static let otherStep = 0.05

    /// From the logarithms of offset, service, variation, the share of time in pauses and their length.
    func server(_ x: [Double]) -> PausingServer {
        let pauses = free.contains(4)
        let share = pauses ? 1 / (1 + exp(-x[3])) : 0
        let pause = pauses ? exp(x[4]) : 0
        return PausingServer(
            offsetSeconds: free.contains(0) ? exp(x[0]) : 0, serviceSeconds: exp(x[1]),
            serviceVariation: exp(min(x[2], 3)), family: family, pauseSeconds: pause,
            pausesPerSecond: pauses ? share / pause : 0)
    }

    /// The largest residual, on the most random numbers.
    func worst(_ x: [Double]) -> Double { residuals(x, effort: 16).reduce(0) { max($0, abs($1)) } }

    /// Logarithms of fitted over measured quantiles.
    func residuals(_ x: [Double], effort: Int) -> [Double] {
        let server = server(x)
        return Parallel.map(rows.count, threads: threads) { index -> [Double] in
            let row = rows[index]
            let latency: PausingServer.Latency
            var extra: [Double] = []
            switch drive {
            case .closed:
                let found = server.closedLatency(
                    inFlight: Int(saturating: (row.load ?? 1).rounded()), requests: 20_000 * effort,
                    seed: seed)
                latency = found.latency
                extra = [log(found.throughputPerSecond / row.throughputPerSecond)]
            case .open:
                guard
                    let found = server.latency(
                        ratePerSecond: row.throughputPerSecond, arrivals: arrivals, pauses: 100 * effort,
                        seed: seed)
                else {
                    // Past capacity a queue grows for as long as the test lasts; how long that was is not known.
                    let excess = log(row.throughputPerSecond / max(server.capacityPerSecond, 1e-300))
                    return [row.p50Seconds, row.p99Seconds].compactMap { $0 }.map { _ in
                        LatencyProblem.overloadResidual + LatencyProblem.overloadSlope * excess
                    }
                }
                latency = found
            }
            if let median = row.p50Seconds { extra.append(log(latency.p50Seconds / median)) }
            if let tail = row.p99Seconds { extra.append(log(latency.p99Seconds / tail)) }
            return extra
        }.flatMap { $0 }
    }

    /// The sum of squares, or of fourth powers, which keep the worst quantile near.
    private func cost(_ x: [Double], effort: Int, power: Int = 2) -> Double {
        // Weak walls keep parameters that nothing shows within reason.
        let wall = x.reduce(0.0) { $0 + (abs($1) > 40 ? abs($1) : 0) } + max(0, x[2] - 2) + max(0, -5 - x[2])
        return residuals(x, effort: effort).reduce(0) { $0 + (power == 2 ? $1 * $1 : $1 * $1 * $1 * $1) }
            + wall
    }

    /// The best of several starts, with few random numbers.
    func roughly() -> (place: [Double], cost: Double) {
        let fastest =
            rows.compactMap { $0.p50Seconds ?? $0.p99Seconds }.min() ?? LatencyProblem.guessedSeconds
        let highest = rows.reduce(0) { max($0, $1.throughputPerSecond) }
        let tail = rows.compactMap(\.p99Seconds).sorted()
        let middle = tail[tail.count / 2]
        var candidates: [[Double]] = []
        // Where capacity lies above the highest rate, and how long pauses are, decide most.
        for capacity in LatencyProblem.startCapacities {
            for pause in LatencyProblem.startPauses {
                candidates.append([
                    log(fastest / 2), log(1 / (capacity * highest)), log(LatencyProblem.startVariation),
                    log(LatencyProblem.startPausedShare), log(middle * pause),
                ])
            }
        }
        let ranked = candidates.map { ($0, cost($0, effort: 1)) }.sorted { $0.1 < $1.1 }
        let found = ranked.prefix(LatencyProblem.startsKept).map {
            simplex(from: $0.0, effort: 2, steps: 200)
        }
        return found.min { $0.cost < $1.cost } ?? found[0]
    }

    /// The best server without pauses.
    func plainly() -> [Double] {
        let fastest =
            rows.compactMap { $0.p50Seconds ?? $0.p99Seconds }.min() ?? LatencyProblem.guessedSeconds
        let highest = rows.reduce(0) { max($0, $1.throughputPerSecond) }
        let starts = LatencyProblem.startCapacities.map { capacity in
            [log(fastest / 2), log(1 / (capacity * highest)), log(LatencyProblem.startVariation), 0, 0]
        }
        let costs = starts.map { cost($0, effort: 1) }
        let first = costs.indices.min { costs[$0] < costs[$1] } ?? 0
        let rough = simplex(from: starts[first], effort: 1, steps: LatencyProblem.plainSteps).place
        let isNear = residuals(rough, effort: 1).allSatisfy { abs($0) < LatencyProblem.nearResidual }
        return isNear ? simplex(from: rough, effort: 8, steps: LatencyProblem.plainSteps).place : rough
    }

    /// The minimum near a place, with more random numbers.
    func polished(_ place: [Double]) -> [Double] {
        let near = simplex(from: place, effort: 8, steps: 120)
        return simplex(from: near.place, effort: 16, steps: 100, power: 4).place
    }

    private func simplex(
        from start: [Double], effort: Int, steps: Int, power: Int = 2
    ) -> (place: [Double], cost: Double) {
        var points = [(place: start, cost: cost(start, effort: effort, power: power))]
        for index in free {
            var place = start
            place[index] += LatencyProblem.simplexSizes[index]
            points.append((place, cost(place, effort: effort, power: power)))
        }
        func at(_ centre: [Double], _ away: [Double], _ factor: Double) -> (place: [Double], cost: Double) {
            let place = zip(centre, away).map { $0 + factor * ($0 - $1) }
            return (place, cost(place, effort: effort, power: power))
        }
        for _ in 0..<steps {
            points.sort { $0.cost < $1.cost }
            guard let worst = points.last, worst.cost - points[0].cost > LatencyProblem.spreadMin else {
                break
            }
            let centre = start.indices.map { index in
                points.dropLast().reduce(0) { $0 + $1.place[index] } / Double(points.count - 1)
            }
            var next = at(centre, worst.place, 1)
            if next.cost < points[0].cost {
                let further = at(centre, worst.place, 2)
                if further.cost < next.cost { next = further }
            } else if next.cost >= points[points.count - 2].cost {
                next = next.cost < worst.cost ? at(centre, worst.place, 0.5) : at(centre, worst.place, -0.5)
            }
            if next.cost < worst.cost {
                points[points.count - 1] = next
            } else {
                let best = points[0].place
                points = points.map { point in
                    let place = zip(best, point.place).map { ($0 + $1) / 2 }
                    return (place, cost(place, effort: effort, power: power))
                }
            }
        }
        return points.min { $0.cost < $1.cost } ?? points[0]
    }

    func parameters(_ x: [Double]) -> [CalibratedParameter] {
        let base = residuals(x, effort: 4)
        let freedom = base.count - free.count
        let slopes = free.map { index -> [Double] in
            let step = index == 1 ? LatencyProblem.serviceStep : LatencyProblem.otherStep
            var (up, down) = (x, x)
            up[index] += step
            down[index] -= step
            return zip(residuals(up, effort: 4), residuals(down, effort: 4)).map { ($0 - $1) / (2 * step) }
        }
        let variance = base.reduce(0) { $0 + $1 * $1 } / Double(max(1, freedom))
        var errors = [Double?](repeating: nil, count: x.count)
        if freedom > 0 {
            let normal = slopes.map { one -> [Double] in
                slopes.map { other -> Double in zip(one, other).reduce(0.0) { $0 + $1.0 * $1.1 } }
            }
            for place in free.indices {
                var side = [Double](repeating: 0, count: free.count)
                side[place] = variance
                errors[free[place]] = solved(normal, side).map { max(0, $0[place]).squareRoot() }
            }
        }
        let t =
            freedom > 0
            ? SpecialFunctions.studentQuantile(Summary.levels95.high, degreesOfFreedom: Double(freedom))
            : .nan
        let server = server(x)
        func named(_ name: String, _ value: Double, _ error: Double?) -> CalibratedParameter {
            guard let error, error < 5 else { return CalibratedParameter(name, value) }
            return CalibratedParameter(
                name, value, lo: value * exp(-t * error), hi: value * exp(t * error),
                standardError: value * error)
        }
        var rateError: Double?
        if let share = errors[3], let length = errors[4] {
            rateError = (share * share + length * length).squareRoot()
        }
        return [
            named("latency_offset_us", server.offsetSeconds * 1e6, errors[0]),
            named("service_us", server.serviceSeconds * 1e6, errors[1]),
            named("service_cv", server.serviceVariation, errors[2]),
            named("pause_us", server.pauseSeconds * 1e6, errors[4]),
            named("pauses_per_second", server.pausesPerSecond, rateError),
            named("capacity_per_second", server.capacityPerSecond, errors[1]),
        ]
    }
}
