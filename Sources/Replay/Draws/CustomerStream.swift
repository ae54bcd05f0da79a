import Foundation
import Numerics

/// Makes customers one by one: gaps for a load of one customer in each unit of time, services of mean one unit.
public struct CustomerStream {
    private var random: Random
    private let arrivals: ArrivalProcess
    private let service: ServiceProcess
    /// For a Hawkes process: the decay of the kernel and the base rate, a unit of time each.
    private var decay = 0.0
    private var excitement = 0.0
    private var baseRate = 1.0
    private var jump = 0.0
    /// For measured processes: values divided by their mean, and the place in the gaps.
    private var gapTable: [Float] = []
    private var serviceTable: [Float] = []
    private var position = 0

    /// A stream whose randomness follows from the seed and its number.
    ///
    /// The rate is what the queue will see; it fixes a Hawkes process's decay in units of the mean gap, and others do
    /// not depend on it.
    public init(
        _ arrivals: ArrivalProcess, _ service: ServiceProcess, ratePerSecond: Double, seed: UInt64,
        stream: UInt64
    ) {
        random = Random(seed: seed, stream: stream)
        self.arrivals = arrivals
        self.service = service
        switch arrivals {
        case .hawkes(let ratio, let decaySeconds):
            decay = 1 / (decaySeconds * ratePerSecond)
            baseRate = 1 - ratio
            jump = ratio * decay
            excitement = ratio
        case .measured(let gaps):
            let mean = Summary.mean(gaps)
            gapTable = gaps.map { Float($0 / mean) }
            position = random.index(below: gaps.count)
        case .poisson, .deterministic: break
        }
        if case .measured(let seconds) = service {
            let mean = Summary.mean(seconds)
            serviceTable = seconds.map { Float($0 / mean) }
        }
    }

    /// The service time of the next customer, in mean service times.
    public mutating func nextService() -> Float {
        switch service {
        case .exponential: return Float(random.exponential())
        case .deterministic: return 1
        case .lognormal(let variation): return Float(random.lognormal(coefficientOfVariation: variation))
        case .gamma(let variation):
            let shape = 1 / (variation * variation)
            return Float(random.gamma(shape: shape) / shape)
        case .measured: return serviceTable[random.index(below: serviceTable.count)]
        }
    }

    /// The time from the last customer to the next, in mean gaps.
    public mutating func nextGap() -> Float {
        switch arrivals {
        case .poisson: return Float(random.exponential())
        case .deterministic: return 1
        case .measured:
            position = position + 1 == gapTable.count ? 0 : position + 1
            return gapTable[position]
        case .hawkes: return nextHawkesGap()
        }
    }

    /// The gap to the next event of an exponential-kernel Hawkes process (Dassios and Zhao 2013, exact): the earlier of
    /// an event of the base rate and one of the decaying excitement.
    private mutating func nextHawkesGap() -> Float {
        var gap = random.exponential() / baseRate
        if excitement > 0 {
            let reach = 1 - decay * random.exponential() / excitement
            if reach > 0 { gap = min(gap, -log(reach) / decay) }
        }
        excitement = excitement * exp(-decay * gap) + jump
        return Float(gap)
    }
}
