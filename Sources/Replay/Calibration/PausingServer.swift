import Foundation
import Numerics

/// One server that now and then stops altogether: a journal is flushed, garbage collected, the thread scheduled away.
///
/// A request takes a fixed time on the way, waits for those before it, and is served for a lognormal or a Weibull time.
/// Pauses come independently of the work, last exponential times and add up.
public struct PausingServer: Sendable, Equatable {
    /// Time on the way that keeps no server busy, in seconds.
    public var offsetSeconds: Double
    /// The mean service time.
    public var serviceSeconds: Double
    /// The standard deviation of the service time over its mean.
    public var serviceVariation: Double
    /// What the service time's distribution is.
    public var family: ServiceFamily
    /// The mean length of a pause.
    public var pauseSeconds: Double
    public var pausesPerSecond: Double

    public init(
        offsetSeconds: Double, serviceSeconds: Double, serviceVariation: Double,
        family: ServiceFamily = .lognormal, pauseSeconds: Double, pausesPerSecond: Double
    ) {
        self.offsetSeconds = offsetSeconds
        self.serviceSeconds = serviceSeconds
        self.serviceVariation = serviceVariation
        self.family = family
        self.pauseSeconds = pauseSeconds
        self.pausesPerSecond = pausesPerSecond
    }

    /// Requests a second that it can do, pauses taken off.
    public var capacityPerSecond: Double {
        max(0, 1 - pausesPerSecond * pauseSeconds) / serviceSeconds
    }

    /// The distributions of a service time that a fit chooses from.
    public enum ServiceFamily: String, Sendable, CaseIterable {
        case lognormal
        /// Exponential where its variation is 1.
        case weibull

        /// The quantile function of the distribution with mean 1 and this standard deviation.
        func quantile(variation: Double) -> (Double) -> Double {
            switch self {
            case .lognormal:
                let variance = log1p(variation * variation)
                let deviation = variance.squareRoot()
                return { exp(deviation * SpecialFunctions.normalQuantile($0) - variance / 2) }
            case .weibull:
                // Of the shape 1/a, the mean is Γ(1 + a), and 1 + c² is Γ(1 + 2a) / Γ(1 + a)².
                let sought = log1p(variation * variation)
                let power = Solvers.bisect(from: 0, to: ServiceFamily.powerMax) {
                    lgamma(1 + 2 * $0) - 2 * lgamma(1 + $0) - sought
                }
                let logMean: Double = lgamma(1 + power)
                return { exp(power * log(-log1p(-$0)) - logMean) }
            }
        }

        /// The largest reciprocal of a Weibull shape; variations are then above a thousand.
        private static let powerMax = 12.0
    }

    /// Quantiles of the time until answered.
    public struct Latency: Sendable, Equatable {
        /// The median, in seconds.
        public var p50Seconds: Double
        /// The 99 % quantile.
        public var p99Seconds: Double
        /// The 99.9 % quantile.
        public var p999Seconds: Double
    }

    /// How requests are sent in a simulation.
    public enum Arrivals: String, Sendable, CaseIterable {
        /// At equal gaps.
        case deterministic
        /// At random.
        case poisson
    }

    /// Latency at an arrival rate, simulated over a number of pauses; nil at or above the capacity.
    ///
    /// What happens between two pauses, once the backlog of the first is gone, is simulated for four hundred requests
    /// that stand for all of them, so that rare pauses cost no more than frequent ones. The same seed gives the same
    /// random numbers at any rate and for any parameters.
    public func latency(
        ratePerSecond: Double, arrivals: Arrivals = .deterministic, pauses: Int = 400, seed: UInt64 = 1
    ) -> Latency? {
        guard ratePerSecond > 0, ratePerSecond < capacityPerSecond else { return nil }
        var run = PauseRun(server: self, gap: 1 / ratePerSecond, arrivals: arrivals, seed: seed)
        run.simulate(pauses: pauses)
        return Latency(
            p50Seconds: offsetSeconds + run.time(exceededBy: 0.5),
            p99Seconds: offsetSeconds + run.time(exceededBy: 0.01),
            p999Seconds: offsetSeconds + run.time(exceededBy: 0.001))
    }

    /// Latency with a fixed number of requests in flight: a new one is sent as soon as an old one is answered.
    public func closedLatency(inFlight: Int, requests: Int = 200_000, seed: UInt64 = 1)
        -> (latency: Latency, throughputPerSecond: Double)
    {
        var run = PauseRun(server: self, gap: serviceSeconds, arrivals: .deterministic, seed: seed)
        let seconds = run.simulateClosed(inFlight: max(1, inFlight), requests: requests)
        let latency = Latency(
            p50Seconds: run.time(exceededBy: 0.5), p99Seconds: run.time(exceededBy: 0.01),
            p999Seconds: run.time(exceededBy: 0.001))
        return (latency, Double(requests) / seconds)
    }
}

/// A simulation in units of the gap between requests.
private struct PauseRun {
    private let unit: Double
    private let offset: Double
    private let services: [Double]
    private let gaps: [Double]
    private let pauseMean: Double
    private let pauseGap: Double
    private var pauseRandom: Random
    private var place = 0
    private var weights = [Double](repeating: 0, count: PauseRun.buckets)
    private var total = 0.0

    /// 64 to an octave, from 2⁻²⁰ units to 2³⁶.
    private static let buckets = 56 * 64
    private static let table = 8192
    /// Requests that stand for all between the end of a backlog and the next pause. Chosen, not measured.
    private static let sampleMax = 400.0
    /// Requests to a server without pauses, for each pause that is asked for. Chosen, not measured.
    private static let plainRequestsPerPause = 500
    /// Requests, for each pause that is asked for, after which fewer pauses have to do: near saturation a backlog hardly
    /// ever clears. Chosen, not measured.
    private static let requestsPerPauseMax = 20_000

    init(server: PausingServer, gap: Double, arrivals: PausingServer.Arrivals, seed: UInt64) {
        unit = gap
        offset = server.offsetSeconds / gap
        var random = Random(seed: seed, stream: 71)
        let quantile = server.family.quantile(variation: server.serviceVariation)
        let mean = server.serviceSeconds / gap
        // One number from each of as many equally likely parts, in random order: the mean is exact.
        var levels = (0..<PauseRun.table).map { (Double($0) + 0.5) / Double(PauseRun.table) }
        random.shuffle(&levels)
        services = levels.map { mean * quantile($0) }
        var other = (0..<PauseRun.table - 1).map { (Double($0) + 0.5) / Double(PauseRun.table - 1) }
        random.shuffle(&other)
        gaps = arrivals == .poisson ? other.map { -log($0) } : [1]
        pauseMean = server.pauseSeconds / gap
        pauseGap = server.pausesPerSecond > 0 ? 1 / (server.pausesPerSecond * gap) : .infinity
        pauseRandom = Random(seed: seed, stream: 72)
    }

    mutating func simulate(pauses: Int) {
        guard pauseGap.isFinite, pauseMean > 0 else {
            var work = 0.0
            for _ in 0..<pauses * PauseRun.plainRequestsPerPause { arrive(&work, weight: 1) }
            return
        }
        var work = 0.0
        let most = pauses * PauseRun.requestsPerPauseMax
        for _ in 0..<pauses where place < most {
            var left = pauseGap * pauseRandom.exponential()
            work += pauseMean * pauseRandom.exponential()
            // The backlog of the pause, request by request, until the queue has been empty once.
            var isClear = false
            while left > 0, !isClear, place < most {
                isClear = arrive(&work, weight: 1)
                left -= 1
            }
            guard left > 0 else { continue }
            // Then a sample stands for all until the next pause.
            let count = min(left, PauseRun.sampleMax)
            let weight = left / count
            var done = 0.0
            while done < count {
                arrive(&work, weight: weight)
                done += 1
            }
        }
    }

    /// Serves one request; true if it found nothing to wait for.
    @discardableResult
    private mutating func arrive(_ work: inout Double, weight: Double) -> Bool {
        let gap = gaps.count == 1 ? 1 : gaps[place &* (1 + place / PauseRun.table) % gaps.count]
        let service = services[servicePlace]
        place += 1
        work = max(0, work - gap)
        let isClear = work == 0
        work += service
        count(work, weight: weight)
        return isClear
    }

    /// The tables are gone through in another order each time: an odd factor only changes it.
    private var servicePlace: Int {
        place &* (1 + 2 * (place / PauseRun.table)) & (PauseRun.table - 1)
    }

    mutating func simulateClosed(inFlight: Int, requests: Int) -> Double {
        var sent = [Double](repeating: 0, count: inFlight)
        var free = 0.0
        var nextPause = pauseGap.isFinite ? pauseGap * pauseRandom.exponential() : .infinity
        var last = 0.0
        for index in 0..<requests {
            let slot = index % inFlight
            var start = max(free, sent[slot])
            while nextPause < start + services[servicePlace] {
                start += pauseMean * pauseRandom.exponential()
                nextPause += pauseGap * pauseRandom.exponential()
            }
            free = start + services[servicePlace]
            place += 1
            last = free + offset
            count(last - sent[slot], weight: 1)
            sent[slot] = last
        }
        return last * unit
    }

    private mutating func count(_ time: Double, weight: Double) {
        let bits = Int(truncatingIfNeeded: time.bitPattern >> 46) - (1023 - 20) * 64
        weights[min(max(bits, 0), PauseRun.buckets - 1)] += weight
        total += weight
    }

    /// In seconds.
    func time(exceededBy share: Double) -> Double {
        var above = 0.0
        for bucket in weights.indices.reversed() where weights[bucket] > 0 {
            let next = above + weights[bucket]
            if next >= share * total {
                let part = (share * total - above) / weights[bucket]
                return unit * (edge(bucket + 1) - (edge(bucket + 1) - edge(bucket)) * part)
            }
            above = next
        }
        return 0
    }

    private func edge(_ bucket: Int) -> Double {
        Double(sign: .plus, exponent: bucket / 64 - 20, significand: 1 + Double(bucket % 64) / 64)
    }
}
