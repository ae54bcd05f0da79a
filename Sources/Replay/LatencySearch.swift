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

    /// The largest rate, in messages a second in mean over the step, no larger than the stable one.
    ///
    /// Returns 0 where even an idle queue breaks the objective.
    func largestRate() -> Double {
        let stable = zoom.chain.stableRatePerSecond
        guard stable.isFinite, stable > 0, idleShareOver() <= zoom.chain.shareAllowed else { return 0 }
        let smooth = fluidRate(stable: stable)
        guard smooth > 0 else { return 0 }
        var coarse = cross(from: 0.5 * smooth, to: min(1.1 * smooth, stable), stable: stable)
        var lowest = 0.5 * smooth
        while case .below = coarse, lowest > LatencySearch.lowestUtilisation * stable {
            coarse = cross(from: 0.2 * lowest, to: 1.01 * lowest, stable: stable)
            lowest *= 0.2
        }
        switch coarse {
        case .below: return 0
        case .above(let rate) where rate >= stable: return stable
        case .above(let rate), .at(let rate):
            let fine = cross(from: 0.94 * rate, to: min(1.06 * rate, stable), stable: stable)
            switch fine {
            case .below(let rate), .above(let rate), .at(let rate): return min(rate, stable)
            }
        }
    }

    /// The rate at which the fluid breaks the objective: what the largest rate tends to for many servers.
    func fluidRate(stable: Double) -> Double {
        var range = (
            low: LatencySearch.fluidUtilisations.lowest * stable,
            high: LatencySearch.fluidUtilisations.highest * stable
        )
        while range.low > LatencySearch.lowestUtilisation * stable {
            let rates = geometric(from: range.low, to: range.high)
            let found = crossing(
                rates, zoom.fluid(rates: rates, histograms: false).shareOver, allowed: zoom.chain.shareAllowed)
            switch found {
            case .above: return min(range.high, stable)
            case .below: range = (0.01 * range.low, range.low)
            case .at(let rate):
                let closer = geometric(from: 0.7 * rate, to: 1.4 * rate)
                let shares = zoom.fluid(rates: closer, histograms: false).shareOver
                switch crossing(closer, shares, allowed: zoom.chain.shareAllowed) {
                case .below(let rate), .above(let rate), .at(let rate): return min(rate, stable)
                }
            }
        }
        return 0
    }

    private func cross(from low: Double, to high: Double, stable: Double) -> Crossing {
        let rates = geometric(from: min(low, 0.999 * high), to: high)
        return crossing(
            rates, zoom.messages(rates: rates, histograms: false).shareOver, allowed: zoom.chain.shareAllowed)
    }

    /// The share over the objective where nobody waits.
    private func idleShareOver() -> Double {
        let stages = zoom.chain.stages
        guard stages.count > 1 else { return stages[0].service.survival(zoom.chain.latencySeconds) }
        var random = ReplayRandom(seed: zoom.seed, tags: 31)
        let draws = 20_000
        let over = (0..<draws).count { _ in
            stages.reduce(0) { $0 + $1.service.draw(&random) } > zoom.chain.latencySeconds
        }
        return Double(over) / Double(draws)
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

/// Where the share over the objective passes what is allowed; the share is taken as its running maximum.
func crossing(_ rates: Lanes, _ shares: Lanes, allowed: Double) -> Crossing {
    guard shares[0] <= allowed else { return .below(rates[0]) }
    // A share of 0 has no logarithm; a hundredth of what is allowed stands for all below it.
    let floor = 0.01 * allowed
    for lane in 1..<Lanes.scalarCount where shares[lane] > allowed {
        let lower = max(shares[lane - 1], floor)
        let part = lower >= allowed ? 0 : log(allowed / lower) / log(shares[lane] / lower)
        return .at(rates[lane - 1] * pow(rates[lane] / rates[lane - 1], part))
    }
    return .above(rates[Lanes.scalarCount - 1])
}
