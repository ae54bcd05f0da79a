import Exchange
import Glibc

/// Finds the largest rate at which one replication of the worst window keeps the objective.
///
/// Coarse to fine, all on common random numbers: the fluid brackets the rate, eight lanes of messages narrow it, eight
/// more within a few percent settle it. Between lanes the share over the objective is a power of the rate.
struct LatencySearch {
    let zoom: Zoom

    /// The rates to try first, over the stable one.
    private static let fluidUtilisations = (lowest: 0.01, highest: 1.2)
    /// Below this utilisation no further search is made.
    private static let lowestUtilisation = 1e-6
    /// Rates over a guess, and over one that is nearly right, between which lanes are spread. Chosen, not measured.
    private static let guessed = 0.85...1.15
    private static let settled = 0.94...1.06
    /// Rates over the fluid's where there is no guess. Chosen, not measured.
    private static let fluidMin = 0.5
    private static let fluidMax = 1.1
    /// What the range falls by where even its lowest rate is too high, and by how much it overlaps the one before; the same
    /// for the fluid. Chosen, not measured.
    private static let fall = 0.2
    private static let overlap = 1.01
    private static let fluidFall = 0.01
    /// How far lanes of the fluid are spread about its crossing, at first and then. Chosen, not measured.
    private static let fluidFactors = (coarse: 1.4, fine: 1.06)
    /// The lowest rate over the highest, where the stable rate leaves no range.
    private static let leastRange = 0.999

    /// The largest rate, in messages a second in mean over the step, no larger than the stable one.
    ///
    /// - Parameters:
    ///   - fluid: The rate at which the fluid breaks it.
    ///   - guess: Where the rate is expected, so that the coarse step may be left out; nil: no idea.
    /// - Returns: The rate; 0 where even an idle queue breaks the objective.
    func largestRate(fluid: Double, guess: Double? = nil) -> Double {
        let stable = zoom.chain.stableRatePerSecond
        guard stable.isFinite, stable > 0, fluid > 0, zoom.chain.idleShareOver() <= zoom.chain.shareAllowed
        else {
            return 0
        }
        if let guess, case .at(let rate) = search(around: guess, LatencySearch.guessed) {
            return min(rate, stable)
        }
        var lowest = LatencySearch.fluidMin * fluid
        var coarse = cross(from: lowest, to: min(LatencySearch.fluidMax * fluid, stable))
        while case .below = coarse, lowest > LatencySearch.lowestUtilisation * stable {
            coarse = cross(
                from: LatencySearch.fall * lowest, to: LatencySearch.overlap * lowest)
            lowest *= LatencySearch.fall
        }
        switch coarse {
        case .below: return 0
        case .above(let rate) where rate >= stable: return stable
        case .above(let rate), .at(let rate):
            switch search(around: rate, LatencySearch.settled) {
            case .below(let rate), .above(let rate), .at(let rate): return min(rate, stable)
            }
        }
    }

    /// The rate at which the fluid breaks the objective: what the largest rate tends to for many servers.
    func fluidRate() -> Double {
        let stable = zoom.chain.stableRatePerSecond
        guard stable.isFinite, stable > 0 else { return 0 }
        var range = (
            low: LatencySearch.fluidUtilisations.lowest * stable,
            high: LatencySearch.fluidUtilisations.highest * stable
        )
        while range.low > LatencySearch.lowestUtilisation * stable {
            let rates = geometric(from: range.low, to: range.high)
            let found = crossing(
                rates, zoom.fluid(rates: rates, histograms: false).shareOver, allowed: zoom.chain.shareAllowed
            )
            switch found {
            case .above: return min(range.high, stable)
            case .below: range = (LatencySearch.fluidFall * range.low, range.low)
            case .at(let rate):
                return min(
                    closer(
                        closer(rate, within: LatencySearch.fluidFactors.coarse),
                        within: LatencySearch.fluidFactors.fine), stable)
            }
        }
        return 0
    }

    /// The fluid's crossing again, between lanes that are closer to it.
    private func closer(_ rate: Double, within factor: Double) -> Double {
        let rates = geometric(from: rate / factor, to: rate * factor)
        let shares = zoom.fluid(rates: rates, histograms: false).shareOver
        switch crossing(rates, shares, allowed: zoom.chain.shareAllowed) {
        case .below(let rate), .above(let rate), .at(let rate): return rate
        }
    }

    private func search(around rate: Double, _ factors: ClosedRange<Double>) -> Crossing {
        cross(
            from: factors.lowerBound * rate,
            to: min(factors.upperBound * rate, zoom.chain.stableRatePerSecond))
    }

    private func cross(from low: Double, to high: Double) -> Crossing {
        let rates = geometric(from: min(low, LatencySearch.leastRange * high), to: high)
        return crossing(
            rates, zoom.messages(rates: rates, histograms: false).shareOver, allowed: zoom.chain.shareAllowed)
    }
}

/// Where a rising curve passes a level.
enum Crossing {
    /// Before its first point, which is given.
    case below(Double)
    /// After its last point, which is given.
    case above(Double)
    /// Between two points.
    case at(Double)
}

/// Eight rates in equal ratios.
func geometric(from low: Double, to high: Double) -> Lanes {
    var result = Lanes(repeating: low)
    let count = Lanes.scalarCount
    for lane in 1..<count { result[lane] = low * pow(high / low, Double(lane) / Double(count - 1)) }
    result[count - 1] = high
    return result
}

/// The least share over what is allowed: one of 0 has no logarithm, and this stands for all below it. Chosen, not measured.
private let leastCrossingShare = 0.01

/// Where the share over the objective passes what is allowed; the share is taken as its running maximum.
func crossing(_ rates: Lanes, _ shares: Lanes, allowed: Double) -> Crossing {
    guard shares[0] <= allowed else { return .below(rates[0]) }
    let floor = leastCrossingShare * allowed
    for lane in 1..<Lanes.scalarCount where shares[lane] > allowed {
        let lower = max(shares[lane - 1], floor)
        let part = lower >= allowed ? 0 : log(allowed / lower) / log(shares[lane] / lower)
        return .at(rates[lane - 1] * pow(rates[lane] / rates[lane - 1], part))
    }
    return .above(rates[Lanes.scalarCount - 1])
}
