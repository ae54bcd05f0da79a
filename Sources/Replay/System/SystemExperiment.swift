import Foundation
import Numerics
import Units

/// A queue with what surrounds it, simulated event by event at several loads, with 95 % intervals.
///
/// The load is new customers' work over the capacity of the stage that has least; retries come on top. A mean service
/// time that a class shortens is shortened in it, and a server that takes batches counts as so many.
public struct SystemExperiment: Sendable {
    public var queue: QueueExperiment
    /// What is around it.
    public var system: QueueSystem

    public init(_ queue: QueueExperiment, system: QueueSystem) {
        self.queue = queue
        self.system = system
    }

    /// What is seen at one load.
    public struct Row: Sendable {
        /// What a plain queue has too. Waits are what a served customer's time holds beside service: in queues, in
        /// pauses, and between attempts. Percentiles are of those who were served.
        public var queue: QueueExperiment.Row
        /// Attempts that found the queue full, over attempts.
        public var shareRefused: Estimate
        /// Attempts that were given up, over attempts.
        public var shareTimedOut: Estimate
        /// Customers who were never served, over customers.
        public var shareLost: Estimate
        /// Customers who were not served, or not within the threshold, over customers.
        public var shareFailed: Estimate
        /// Attempts a customer.
        public var attempts: Estimate
        /// Customers served a second.
        public var servedPerSecond: Estimate
        /// The mean wait of those who go first, and of the others; NaN where there is one class.
        public var firstWaitSeconds: Estimate
        public var otherWaitSeconds: Estimate
    }

    /// One row a load, in the order given.
    public func rows(threads: Int) -> [Row] {
        let replications = max(16, queue.replications)
        let each = (queue.customers * max(1, queue.replications) + replications - 1) / replications
        let stable = queue.loads.filter(isStable)
        let all = Parallel.map(stable.count * replications, threads: threads) { index in
            simulate(
                load: stable[index / replications], stream: UInt64(index % replications), customers: each)
        }
        var next = 0
        return queue.loads.map { load in
            guard isStable(load) else { return Row.unstable(load) }
            defer { next += replications }
            return row(load, Array(all[next..<next + replications]))
        }
    }

    /// New customers a second at a load of one.
    public var capacityPerSecond: Double {
        var mean = queue.meanServiceSeconds
        if let priority = system.priority {
            mean *= 1 - priority.share + priority.share * priority.serviceRatio
        }
        let perStage = [mean] + system.furtherStageSeconds
        return perStage.reduce(.infinity) { min($0, Double(queue.servers * system.rules.batch) / $1) }
    }

    /// Whether there is a steady state: everybody is served in the end, or the queue is bounded.
    private func isStable(_ load: Double) -> Bool {
        if system.isBounded, system.furtherStageSeconds.isEmpty { return true }
        return load < 1 - pausedShare
            && (system.rules.retry == nil || system.rules.timeoutSeconds == nil || load < 1)
    }

    private var pausedShare: Double { system.rules.pause?.share ?? 0 }

    private func simulate(load: Double, stream: UInt64, customers: Int) -> SystemCounts {
        let rate = load * capacityPerSecond
        var simulation = SystemSimulation(
            StageNetwork(system, servers: queue.servers, unitSeconds: queue.meanServiceSeconds),
            unitSeconds: queue.meanServiceSeconds, thresholdSeconds: queue.thresholdSeconds,
            source: StreamedCustomers(queue, system, ratePerSecond: rate, stream: stream),
            random: Random(seed: queue.seed, stream: 4 * stream + 2))
        simulation.run(warmUp: warmUp(load: load, rate: rate), customers: customers)
        return simulation.counts
    }

    /// The highest utilisation for which a warm-up is long enough, in a bounded queue and in any, and its most customers.
    /// Chosen, not measured.
    private static let boundedBusyMax = 0.9
    private static let busyMax = 0.999
    private static let warmUpMax = 1e7

    /// Sixteen relaxation times of the queue, as for a plain one, with the time that pauses take; twenty pauses, storms
    /// and last backoffs, and two waves.
    private func warmUp(load: Double, rate: Double) -> Int {
        let busy = busyShare(load)
        var seconds = 0.0
        if let pause = system.rules.pause { seconds = max(seconds, 20 * pause.everySeconds) }
        if let storm = system.storm {
            seconds = max(seconds, 20 * (storm.everySeconds + storm.spreadSeconds))
        }
        if let wave = system.wave { seconds = max(seconds, 2 * wave.periodSeconds) }
        if let retry = system.rules.retry {
            seconds = max(seconds, 20 * retry.backoffSeconds * pow(2, Double(min(retry.attemptsMax, 20))))
        }
        let plain = queue.warmUp(load: min(busy, SystemExperiment.busyMax))
        let stages = Double(1 + system.furtherStageSeconds.count)
        return Int(saturating: min(SystemExperiment.warmUpMax, Double(plain) * stages + seconds * rate))
    }

    /// Work over the time that pauses leave, of a bounded queue no more than it can be in for long.
    private func busyShare(_ load: Double) -> Double {
        let busy = load / max(QueueExperiment.idleShareMin, 1 - pausedShare)
        return system.isBounded ? min(busy, SystemExperiment.boundedBusyMax) : busy
    }

    private func row(_ load: Double, _ counts: [SystemCounts]) -> Row {
        func mean(_ value: (SystemCounts) -> Double, _ scale: Double = 1) -> Estimate {
            let values = counts.map(value)
            guard values.allSatisfy(\.isFinite) else { return Estimate(exactly: .nan) }
            let found = Summary.interval(ofReplications: values)
            return Estimate(found.value, lo: max(0, found.lo), hi: found.hi).scaled(by: scale)
        }
        let seconds = queue.meanServiceSeconds
        let quantiles = QuantileEstimator(
            counts.map(\.histogram),
            queue.excursions(load: min(busyShare(load), SystemExperiment.busyMax)))
        let first = queue.servers
        let plain = QueueExperiment.Row(
            load: load,
            utilisation: mean { min(1, $0.busySeconds / $0.seconds / Double(first)) },
            meanWaitSeconds: mean({ $0.waits / Double($0.served) }, seconds),
            meanSojournSeconds: mean({ $0.sojourns / Double($0.served) }, seconds),
            p50Seconds: quantiles.quantile(0.5).scaled(by: seconds),
            p90Seconds: quantiles.quantile(0.9).scaled(by: seconds),
            p99Seconds: quantiles.quantile(0.99).scaled(by: seconds),
            p999Seconds: quantiles.quantile(0.999).scaled(by: seconds),
            shareOverThreshold: mean { Double($0.over) / Double($0.served) },
            trustedQuantile: quantiles.trusted(of: QueueExperiment.levels),
            expectedExcursions: quantiles.expectedExcursions(QueueExperiment.levels[3]))
        return Row(
            queue: plain, shareRefused: mean { Double($0.refused) / Double($0.attempts) },
            shareTimedOut: mean { Double($0.timedOut) / Double($0.attempts) },
            shareLost: mean { Double($0.lost) / Double($0.customers) },
            shareFailed: mean { Double($0.over + $0.lost + $0.unfinished) / Double($0.customers) },
            attempts: mean { Double($0.attempts) / Double($0.customers) },
            servedPerSecond: mean({ Double($0.served) / $0.seconds }, 1 / seconds),
            firstWaitSeconds: mean({ $0.classWaits[0] / Double($0.classCustomers[0]) }, seconds),
            otherWaitSeconds: mean({ $0.classWaits[1] / Double($0.classCustomers[1]) }, seconds))
    }
}

extension SystemExperiment.Row {
    fileprivate static func unstable(_ load: Double) -> SystemExperiment.Row {
        let none = Estimate(exactly: .nan)
        return SystemExperiment.Row(
            queue: .unstable(load), shareRefused: none, shareTimedOut: none, shareLost: none,
            shareFailed: none, attempts: none,
            servedPerSecond: none, firstWaitSeconds: none, otherWaitSeconds: none)
    }
}
