import Foundation
import Numerics

/// Arrivals as several independent Hawkes processes side by side, each with an exponential kernel of its own time scale.
///
/// A process of branching ratio n whose kernel decays at β has over a window w the index of dispersion
/// D + (1 − D) g(γw), with D = 1 / (1 − n)², γ = β (1 − n) and g(x) = (1 − e⁻ˣ) / x (Hawkes 1971; Da Fonseca and Zaatour
/// 2014, equation 12). Side by side the excesses over 1 add up in proportion to the rates, so that a measured curve is
/// fitted by non-negative least squares over a grid of time scales.
public struct HawkesArrivals: Sendable, Equatable {
    /// One of the processes.
    public struct Component: Sendable, Equatable {
        /// Its share of all arrivals.
        public var share: Double
        /// Events that an event sets off, in the mean; below 1.
        public var branchingRatio: Double
        /// The rate at which its kernel decays, per second.
        public var decayPerSecond: Double

        public init(share: Double, branchingRatio: Double, decayPerSecond: Double) {
            self.share = share
            self.branchingRatio = branchingRatio
            self.decayPerSecond = decayPerSecond
        }
    }

    /// All arrivals together, a second.
    public var ratePerSecond: Double
    /// The processes; their shares add up to 1.
    public var components: [Component]

    public init(ratePerSecond: Double, components: [Component]) {
        self.ratePerSecond = ratePerSecond
        self.components = components
    }

    /// The least of the sum that a process has. Chosen, not measured.
    private static let leastShare = 1e-3

    /// Arrivals with the index of dispersion that was measured.
    ///
    /// - Parameters:
    ///   - ratePerSecond: Arrivals a second.
    ///   - measured: The index by window in seconds; windows without a figure are left out.
    public init(ratePerSecond: Double, fitting measured: [(windowSeconds: Double, index: Double)]) {
        let usable = measured.filter { $0.index.isFinite && $0.windowSeconds > 0 }
        let scales = (-8...2).map { pow(10, Double($0) / 2) }
        let rows = usable.map { point in
            scales.map { (1 - HawkesArrivals.damping(point.windowSeconds / $0)) / max(1, point.index) }
        }
        let target = usable.map { max(0, $0.index - 1) / max(1, $0.index) }
        let excess = HawkesArrivals.nonNegativeLeastSquares(rows, target)
        let roots = excess.map { $0.squareRoot() }
        let total = roots.reduce(0, +)
        self.ratePerSecond = ratePerSecond
        components = []
        guard total > 0 else {
            components = [Component(share: 1, branchingRatio: 0, decayPerSecond: 1)]
            return
        }
        for (index, root) in roots.enumerated() where root > HawkesArrivals.leastShare * total {
            let share = root / total
            let ratio = 1 - 1 / (1 + excess[index] / share).squareRoot()
            components.append(
                Component(
                    share: share, branchingRatio: ratio, decayPerSecond: 1 / (scales[index] * (1 - ratio))))
        }
        let kept = components.reduce(0) { $0 + $1.share }
        for index in components.indices { components[index].share /= kept }
    }

    /// The index of dispersion over a window, from the formula.
    public func indexOfDispersion(windowSeconds: Double) -> Double {
        components.reduce(1) { sum, part in
            let total = 1 / ((1 - part.branchingRatio) * (1 - part.branchingRatio))
            let rate = part.decayPerSecond * (1 - part.branchingRatio)
            return sum + part.share * (total - 1) * (1 - HawkesArrivals.damping(windowSeconds * rate))
        }
    }

    private static func damping(_ x: Double) -> Double { x > 1e-8 ? -expm1(-x) / x : 1 - x / 2 }

    /// The x ≥ 0 that brings `rows · x` nearest to `target`, by cyclic coordinate descent (Franc, Hlaváč and Navara 2005).
    private static func nonNegativeLeastSquares(_ rows: [[Double]], _ target: [Double]) -> [Double] {
        guard let width = rows.first?.count else { return [] }
        var x = [Double](repeating: 0, count: width)
        var residual = target
        let norms = (0..<width).map { column in rows.reduce(0) { $0 + $1[column] * $1[column] } }
        for _ in 0..<20_000 {
            var change = 0.0
            for column in 0..<width where norms[column] > 0 {
                let gradient = rows.indices.reduce(0) { $0 + rows[$1][column] * residual[$1] }
                let next = max(0, x[column] + gradient / norms[column])
                let step = next - x[column]
                guard step != 0 else { continue }
                for row in rows.indices { residual[row] -= step * rows[row][column] }
                x[column] = next
                change = max(change, abs(step) / max(1, next))
            }
            if change < 1e-9 { break }
        }
        return x
    }
}

/// Draws arrival times, one after the other, exactly (Dassios and Zhao 2013).
struct HawkesClock: Sendable {
    private struct State {
        var baseline: Double
        var jump: Double
        var decay: Double
        /// The excited part of the intensity, at `time`.
        var excited: Double
        var time: Double
        var next: Double
    }

    private var states: [State]

    init(_ arrivals: HawkesArrivals, random: inout Random) {
        states = arrivals.components.map { part in
            let rate = arrivals.ratePerSecond * part.share
            return State(
                baseline: rate * (1 - part.branchingRatio), jump: part.branchingRatio * part.decayPerSecond,
                decay: part.decayPerSecond, excited: rate * part.branchingRatio, time: 0, next: 0)
        }
        for index in states.indices { HawkesClock.draw(&states[index], &random) }
    }

    /// The next arrival.
    mutating func next(_ random: inout Random) -> Double {
        var first = 0
        for index in states.indices where states[index].next < states[first].next { first = index }
        let time = states[first].next
        states[first].excited =
            states[first].excited * exp(-states[first].decay * (time - states[first].time))
            + states[first].jump
        states[first].time = time
        HawkesClock.draw(&states[first], &random)
        return time
    }

    private static func draw(_ state: inout State, _ random: inout Random) {
        let own = random.exponential() / max(state.baseline, .leastNormalMagnitude)
        var excited = Double.infinity
        if state.excited > 0 {
            let left = 1 - state.decay * random.exponential() / state.excited
            if left > 0 { excited = -log(left) / state.decay }
        }
        state.next = state.time + min(own, excited)
    }
}
