import Foundation
import Exchange
import Replay
import Testing
import Units

/// Systems of queues against closed forms; times in mean service times.
@Suite("A system of queues")
struct SystemTests {
    private func row(
        load: Double, servers: Int = 1, service: ServiceProcess = .exponential, customers: Int = 12_500,
        seed: UInt64 = 1, _ change: (inout QueueSystem) -> Void
    ) -> SystemExperiment.Row {
        var system = QueueSystem()
        change(&system)
        let queue = QueueExperiment(
            arrivals: .poisson, service: service, meanServiceSeconds: 1, servers: servers, loads: [load],
            customers: customers, replications: 16, seed: seed)
        return SystemExperiment(queue, system: system).rows(threads: 2)[0]
    }

    /// Within two half widths of a 95 % interval: once in 10,000 a true figure is not.
    private func near(_ estimate: Estimate, _ exact: Double) -> Bool {
        let half = max(estimate.hi - estimate.value, estimate.value - estimate.lo)
        return abs(estimate.value - exact) <= 2 * half && half < 0.15 * exact
    }

    @Test("refuses as many as M/M/c/K does", arguments: [(1, 5, 0.8), (1, 3, 1.5), (4, 10, 0.9)])
    func bounded(servers: Int, capacity: Int, load: Double) {
        let offered = load * Double(servers)
        var weights = [1.0]
        for n in 1...capacity { weights.append(weights[n - 1] * offered / Double(min(n, servers))) }
        let total = weights.reduce(0, +)
        let blocked = weights[capacity] / total
        let queued =
            weights.enumerated().reduce(0) { $0 + Double(max(0, $1.offset - servers)) * $1.element } / total
        let row = row(load: load, servers: servers) { $0.capacity = capacity }
        #expect(near(row.shareRefused, blocked))
        #expect(near(row.queue.meanWaitSeconds, queued / (offered * (1 - blocked))))
        #expect(near(row.servedPerSecond, offered * (1 - blocked)))
        #expect(row.shareLost == row.shareRefused)
    }

    @Test("serves two classes as Cobham says (1954)")
    func priority() {
        let (load, share, ratio) = (0.8, 0.3, 0.5)
        let row = row(load: load, service: .lognormal(coefficientOfVariation: 1), customers: 25_000) {
            $0.priority = QueueSystem.Priority(share: share, serviceRatio: ratio)
        }
        // Lognormal with c = 1 has a second moment of 2.
        let mean = share * ratio + 1 - share
        let rate = load / mean
        let residual = rate * (share * ratio * ratio + 1 - share)
        let first = rate * share * ratio
        #expect(near(row.firstWaitSeconds, residual / (1 - first)))
        #expect(near(row.otherWaitSeconds, residual / (1 - first) / (1 - load)))
    }

    @Test(
        "passes customers along a row as Jackson says (1957), and waits for the slower of two as Flatto and Hahn do"
    )
    func stages() {
        let tandem = row(load: 0.7) { $0.furtherStageSeconds = [0.5, 1] }
        #expect(near(tandem.queue.meanSojournSeconds, 1 / 0.3 + 1 / (2 - 0.7) + 1 / 0.3))
        // Two queues side by side after one: (12 − ρ)/8 times the sojourn of one (Flatto and Hahn 1984).
        let fork = row(load: 0.7) {
            $0.furtherStageSeconds = [1]
            $0.fanOut = 2
        }
        #expect(near(fork.queue.meanSojournSeconds, 1 / 0.3 + (12 - 0.7) / 8 / 0.3))
    }

    @Test("serves batches as M/M(1,b)/1 does")
    func batches() {
        let (batch, load) = (4, 0.6)
        let rate = load * Double(batch)
        // The root in (0, 1) of r^{b+1} − (λ + 1) r + λ.
        var (lo, hi) = (0.0, 0.999_999)
        for _ in 0..<100 {
            let middle = (lo + hi) / 2
            if pow(middle, Double(batch + 1)) - (rate + 1) * middle + rate > 0 {
                lo = middle
            } else {
                hi = middle
            }
        }
        let scale = 1 / (1 / rate + 1 / (1 - lo))
        let wait = scale * lo / ((1 - lo) * (1 - lo)) / rate
        #expect(near(row(load: load) { $0.rules.batch = batch }.queue.meanWaitSeconds, wait))
    }

    @Test("waits through pauses as customers do who anyone may interrupt")
    func pauses() {
        // Pauses are a first class that interrupts: T = (s (1 − ρ₁ − ρ₂) + R) / ((1 − ρ₁)(1 − ρ₁ − ρ₂)).
        let (load, every, length) = (0.6, 50.0, 5.0)
        let paused = length / every
        let residual = length * length / every + load
        let exact = (1 - paused - load + residual) / ((1 - paused) * (1 - paused - load))
        let row = row(load: load, customers: 50_000) {
            $0.rules.pause = QueueRules.Pause(everySeconds: every, lengthSeconds: length)
        }
        #expect(near(row.queue.meanSojournSeconds, exact))
    }

    @Test("meets storms as M[X]/M/1 does")
    func storms() {
        // Three customers of four come in storms of 10; who shares a storm waits for half of the others.
        let (load, size) = (0.6, 10)
        let every = Double(size) / (0.75 * load)
        let mixed = 0.75 * Double(size - 1)
        let exact = (load * 2 + mixed) / (2 * (1 - load))
        let row = row(load: load, customers: 25_000) {
            $0.storm = QueueSystem.Storm(size: size, everySeconds: every)
        }
        #expect(near(row.queue.meanWaitSeconds, exact))
    }

    @Test("a balancer that looks serves better than one that does not, and random is M/M/1")
    func balancers() {
        let rules = QueueRules.Balancer.allCases
        let waits = rules.map { rule in
            row(load: 0.8, servers: 8, customers: 25_000) { $0.rules.balancer = rule }.queue.meanWaitSeconds
        }
        #expect(near(waits[0], 4))
        // Random, round robin, least of two, shortest; and none beats one queue for all.
        for (worse, better) in zip(waits, waits.dropFirst()) { #expect(worse.lo > better.hi) }
        let shared = row(load: 0.8, servers: 8, customers: 25_000) { $0.capacity = 1_000_000 }.queue
            .meanWaitSeconds
        #expect(waits[3].lo > shared.hi)
    }

    @Test("a slow wave makes everybody wait as long as the steady rates of its phases do")
    func wave() {
        let (load, amplitude) = (0.5, 0.4)
        var waits = 0.0
        for step in 0..<1000 {
            let factor = 1 + amplitude * sin(2 * .pi * (Double(step) + 0.5) / 1000)
            waits += factor * load * factor / (1 - load * factor) / 1000
        }
        let row = row(load: load, customers: 40_000) {
            $0.wave = QueueSystem.RateWave(amplitude: amplitude, periodSeconds: 20_000)
        }
        #expect(near(row.queue.meanWaitSeconds, waits))
    }

    @Test("in heavy traffic waits as Kingman says (1962)", arguments: [0.5, 2.0])
    func heavyTraffic(variation: Double) {
        let row = QueueExperiment(
            arrivals: .deterministic, service: .gamma(coefficientOfVariation: variation),
            meanServiceSeconds: 1,
            loads: [0.97], customers: 100_000, replications: 16
        ).rows(threads: 2)[0]
        let bound = 0.97 / 0.03 * variation * variation / 2
        #expect(row.meanWaitSeconds.lo < bound)
        #expect(row.meanWaitSeconds.value > 0.85 * bound)
    }

    /// Two servers and room for six in the first stage, a second stage of two servers and 0.8 of the service time, 1.7
    /// customers in a service time, who come back after exponential times of mean 4, 8 and 16. The figures are means of
    /// 12 runs of 200,000 customers after 5,000 others, written with SimPy 4 as one process for a customer; the errors
    /// are standard errors of these means.
    @Test("tells of a network with retries what SimPy tells")
    func network() {
        let row = row(load: 0.85, servers: 2, customers: 60_000) {
            $0.capacity = 6
            $0.furtherStageSeconds = [0.8]
            $0.rules.retry = QueueRules.Retry(attemptsMax: 3, backoffSeconds: 4)
        }
        let figures: [(Estimate, Double, Double)] = [
            (row.shareRefused, 0.23406, 0.00139), (row.shareLost, 0.009480, 0.000192),
            (row.attempts, 1.29325, 0.00211), (row.queue.meanSojournSeconds, 5.0040, 0.0152),
            (row.queue.meanWaitSeconds, 3.2034, 0.0150),
        ]
        for (estimate, value, error) in figures {
            let own = (estimate.hi - estimate.lo) / 4
            #expect(abs(estimate.value - value) < 4 * (own * own + error * error).squareRoot(), "\(value)")
        }
    }

    @Test("attempts that are given up are work for nothing, and can bring a queue down that would hold")
    func timeouts() {
        let calm = row(load: 0.8) { $0.capacity = 100 }
        let impatient = row(load: 0.8, customers: 5000) {
            $0.capacity = 100
            $0.rules.timeoutSeconds = 5
            $0.rules.retry = QueueRules.Retry(attemptsMax: 5, backoffSeconds: 1)
        }
        #expect(impatient.shareTimedOut.lo > 0.2)
        #expect(impatient.servedPerSecond.hi < 0.7 * calm.servedPerSecond.lo)
        #expect(impatient.queue.utilisation.lo > 0.95)
    }

    @Test("covers the truth 90 to 99 times in 100, the same on any threads")
    func coverage() {
        // M/M/1/5 at 0.8 refuses ρ⁵(1 − ρ)/(1 − ρ⁶); of M/M/1 with classes the first wait 0.8/(1 − 0.4).
        let exact = pow(0.8, 5) * 0.2 / (1 - pow(0.8, 6))
        var (refused, first) = (0, 0)
        for seed in 1...100 {
            let bounded = row(load: 0.8, customers: 500, seed: UInt64(seed)) { $0.capacity = 5 }
            let classes = row(load: 0.8, customers: 500, seed: UInt64(seed)) {
                $0.priority = QueueSystem.Priority(share: 0.5)
            }
            if bounded.shareRefused.covers(exact) { refused += 1 }
            if classes.firstWaitSeconds.covers(0.8 / 0.6) { first += 1 }
        }
        #expect((90...99).contains(refused) && (90...99).contains(first), "\(refused), \(first)")
        let queue = QueueExperiment(
            arrivals: .poisson, service: .exponential, loads: [0.5], customers: 500, replications: 16)
        var system = QueueSystem()
        system.capacity = 3
        let experiment = SystemExperiment(queue, system: system)
        #expect(
            experiment.rows(threads: 1)[0].queue.p99Seconds == experiment.rows(threads: 3)[0].queue.p99Seconds
        )
    }
}
