import Foundation
import Numerics
import Units

extension QueueExperiment {
    /// Where the objective breaks.
    public enum Saturation: Sendable, Equatable {
        /// At a load, with its interval.
        case at(Estimate)
        /// Below the smallest load that is tried.
        case below(Double)
        /// Not up to the largest load that is tried.
        case above(Double)
    }

    /// The largest load at which no more than the share `1 - quantile` of customers exceeds the threshold.
    public func saturation(quantile: Double, threads: Int) -> Saturation {
        var bare = self
        bare.keepsPercentiles = false
        return Saturation.search(allowed: 1 - quantile) { loads in
            bare.simulate(loads, threads: threads).map { Summary.interval(ofReplications: $0.shareOver) }
        }
    }
}

extension QueueExperiment.Saturation {
    /// Loads between which it is looked for.
    private static let searchedLoads = 0.0001...0.995
    /// The least share, over what is allowed, that is on an exponential with the next one. Chosen, not measured.
    private static let exponentialShareMin = 0.01

    /// Finds where a share that rises with the load passes what is allowed, between loads of 0.0001 and 0.995.
    ///
    /// The loads that are tried together see the same random numbers; they lie evenly in log(ρ/(1 − ρ)), since bursty
    /// arrivals break an objective at a hundredth of what Poisson ones do. The crossing is bracketed, then looked for
    /// again inside the bracket; the interval's ends are where the ends of the share's interval cross what is allowed.
    static func search(
        allowed: Double, points: Int = 16, shares: ([Double]) -> [Estimate]
    ) -> QueueExperiment.Saturation {
        var (lo, hi) = (searchedLoads.lowerBound, searchedLoads.upperBound)
        for round in 0..<4 {
            let (start, end) = (log(lo / (1 - lo)), log(hi / (1 - hi)))
            let grid = (0..<points).map { index in
                index == 0
                    ? lo : 1 / (1 + exp(-(start + (end - start) * Double(index) / Double(points - 1))))
            }
            // Where there is no steady state nobody is served in time.
            let found = shares(grid).map { $0.value.isNaN ? Estimate(exactly: 1) : $0 }
            guard let above = found.firstIndex(where: { $0.value > allowed }) else {
                return round == 0 ? .above(hi) : .at(Estimate(exactly: hi))
            }
            guard above > 0 else { return round == 0 ? .below(lo) : .at(Estimate(exactly: lo)) }
            if round == 3 {
                let value = crossing(grid, found.map(\.value), allowed)
                return .at(
                    Estimate(
                        value, lo: min(value, crossing(grid, found.map(\.hi), allowed)),
                        hi: max(value, crossing(grid, found.map(\.lo), allowed))))
            }
            // Narrower, but not so narrow that the interval's ends fall out.
            let first = found.firstIndex { $0.hi > allowed } ?? above
            let last = found.lastIndex { $0.lo < allowed } ?? above
            lo = grid[max(0, min(first, above) - 2)]
            hi = grid[min(points - 1, max(last, above) + 2)]
        }
        return .above(hi)
    }

    private static func crossing(_ loads: [Double], _ shares: [Double], _ allowed: Double) -> Double {
        guard let above = shares.firstIndex(where: { $0 > allowed }) else { return loads[loads.count - 1] }
        guard above > 0 else { return loads[0] }
        let (a, b) = (shares[above - 1], shares[above])
        guard b > a else { return loads[above - 1] }
        // The share is nearer to an exponential of the load than to a line.
        let part = a > exponentialShareMin * allowed ? log(allowed / a) / log(b / a) : (allowed - a) / (b - a)
        return loads[above - 1] + (loads[above] - loads[above - 1]) * max(0, part)
    }
}
