import Foundation
import Numerics
import Units

/// How many separate times a simulated queue rises above a quantile, and what its counts can then bear.
///
/// Customers above a high quantile come in a few long excursions, so that their number says little. An excursion
/// outlasts its mean excess over the drift back, 1 − ρ a customer. Near saturation the excess is exponential with mean
/// (1 + c²) / (2 (1 − ρ)) mean service times (Kingman 1961). For reflected Brownian motion, Poisson's equation then gives
/// the share p of customers above the quantile a variance of 4 p (1 − p − p ln(1/p)) m / ((1 − ρ) N), with m the mean
/// excess and N the customers: as if N p (1 − ρ) / (4 m (1 − p − p ln(1/p))) independent excursions had been counted. A
/// service with a heavier tail makes excursions by single long services; their mean excess is that of the residual
/// service time.
///
/// Times are in mean service times.
struct Excursions {
    private let load: Double
    private let servers: Int
    private let service: ServiceProcess
    /// The mean excess near saturation.
    private let heavyTrafficExcess: Double

    /// Independent excursions from which replications are trusted to show their own scatter. Chosen, not measured.
    static let trustedMin = 20.0
    /// The largest factor by which a share is taken to be off. Chosen, not measured.
    private static let largestFactor = 1e6
    /// The longest time that is looked at for a quantile. Chosen, not measured.
    private static let timeMax = 1e9

    /// Of a queue with so many servers at a load below 1; `dispersion` stretches it for clustered arrivals.
    init(service: ServiceProcess, dispersion: Double, load: Double, servers: Int) {
        self.load = min(load, 1 - QueueExperiment.idleShareMin)
        self.servers = max(1, servers)
        self.service = service
        let variation = service.coefficientOfVariation
        heavyTrafficExcess =
            (1 + variation * variation) * dispersion / (2 * (1 - self.load) * Double(self.servers))
    }

    /// By how much a time is exceeded in mean, where it is.
    func meanExcess(above time: Double) -> Double {
        // One long service blocks one server of a pool, not the queue.
        servers == 1 ? max(heavyTrafficExcess, service.residual(above: time).meanExcess) : heavyTrafficExcess
    }

    /// Customers that one independent excursion above a time stands for.
    func customersEach(above time: Double) -> Double {
        4 * meanExcess(above: time) * Double(servers) / (1 - load)
    }

    /// Independent excursions that so many customers are expected to bring above the time that a share exceeds.
    func expected(share: Double, above time: Double, customers: Double) -> Double {
        let spread = 1 - share + share * log(share)
        guard share > 0, spread > 0 else { return 0 }
        return share * customers / (customersEach(above: time) * spread)
    }

    /// Customers that are expected to bring enough excursions above the time that a share exceeds.
    func customersNeeded(share: Double) -> Double {
        Excursions.trustedMin * customersEach(above: guessedTime(exceededBy: share)) / share
    }

    /// A time that a share exceeds, rather too long: the law of heavy traffic, and that of one long service, P(W > t) ≈
    /// ρ / (1 − ρ) P(residual service > t) (Pakes 1975).
    private func guessedTime(exceededBy share: Double) -> Double {
        let exponential = heavyTrafficExcess * log(1 / share)
        let atOnce = load / (1 - load)
        func above(_ time: Double) -> Double { atOnce * service.residual(above: time).tail }
        var far = 1.0
        while above(far) > share, far < Excursions.timeMax { far *= 2 }
        return exponential + Solvers.bisect(from: 0, to: far) { share - above($0) }
    }

    /// By which factors the true share may lie above and below the counted one, 95 % between them: the exact interval of
    /// a Poisson mean (Garwood 1936), with chi-squared quantiles by Wilson and Hilferty (1931).
    static func factors(expected: Double) -> (up: Double, down: Double) {
        let count = max(expected, 1 / largestFactor)
        let (low, high) = poissonInterval(count)
        return (min(largestFactor, high / count), min(largestFactor, count / max(low, 1e-12)))
    }

    /// The interval of a Poisson mean of which so many were counted.
    private static func poissonInterval(_ count: Double) -> (low: Double, high: Double) {
        (
            count > 0 ? chiSquared(Summary.levels95.low, 2 * count) / 2 : 0,
            chiSquared(Summary.levels95.high, 2 * count + 2) / 2
        )
    }

    private static func chiSquared(_ level: Double, _ freedom: Double) -> Double {
        let part = 2 / (9 * freedom)
        let root = 1 - part + SpecialFunctions.normalQuantile(level) * part.squareRoot()
        return root > 0 ? freedom * root * root * root : 0
    }

    /// The interval of a share of customers above a time, no narrower than few excursions allow.
    func widened(_ share: Estimate, above time: Double, customers: Double) -> Estimate {
        let each = customersEach(above: time)
        guard share.value.isFinite, time.isFinite, customers > 0 else { return share }
        let count = share.value * customers / each
        guard count < Excursions.trustedMin else { return share }
        let (low, high) = Excursions.poissonInterval(count)
        return Estimate(
            share.value, lo: min(share.lo, low * each / customers),
            hi: max(share.hi, min(1, high * each / customers)))
    }
}

extension ServiceProcess {
    /// Of the residual of a service time, in mean service times: the share that exceeds a time, and by how much in mean.
    ///
    /// Its density is P(S > t) over the mean, so that both follow from the first two moments of (S − t)⁺.
    fileprivate func residual(above time: Double) -> (tail: Double, meanExcess: Double) {
        let moments: (first: Double, second: Double)
        switch self {
        case .exponential: return (exp(-time), 1)
        case .deterministic: return (max(0, 1 - time), max(0, 1 - time) / 2)
        case .gamma(let variation):
            // Its tail is exponential with the scale c², which the mean excess never passes by much.
            let scale = variation * variation
            return (exp(-time / max(scale, 1e-12)), scale)
        case .lognormal(let variation): moments = lognormalMoments(variation, above: time)
        case .measured(let seconds):
            let mean = Summary.mean(seconds)
            let excesses = seconds.map { max(0, $0 / mean - time) }
            moments = (Summary.mean(excesses), Summary.mean(excesses.map { $0 * $0 }))
        }
        guard moments.first > 0, moments.second > 0 else { return (0, 0) }
        return (min(1, moments.first), moments.second / (2 * moments.first))
    }

    /// E (S − t)⁺ and E ((S − t)⁺)² of a lognormal S of mean 1.
    private func lognormalMoments(_ variation: Double, above time: Double) -> (first: Double, second: Double)
    {
        let variance = log1p(variation * variation)
        guard time > 0 else { return (1, 1 + variation * variation) }
        guard variance > 0 else {
            let excess = max(0, 1 - time)
            return (excess, excess * excess)
        }
        let deviation = variance.squareRoot()
        func partial(_ power: Double) -> Double {
            let shift = (log(time) + variance / 2 - power * variance) / deviation
            return exp(power * (power - 1) * variance / 2) * SpecialFunctions.normalCDF(-shift)
        }
        let (none, one, two) = (partial(0), partial(1), partial(2))
        return (one - time * none, two - 2 * time * one + time * time * none)
    }
}
