import Exchange
import Glibc

/// One queue, or several in a row that the judged stream passes one after the other.
struct QueueChain {
    /// One queue of the row.
    struct Stage {
        /// Messages served at the same time.
        var servers: Int
        /// Service of the judged stream's messages.
        var service: ServiceDistribution
        /// Service of the other stream's messages that come here, and the share of them that does.
        var other: (service: ServiceDistribution, share: Double)?
        /// Work that a server does in a second: above 1 for batches, below for pauses.
        var speed = 1.0
        /// The servers' speed together.
        var capacity: Double { Double(servers) * speed }
    }

    /// What surrounds a single queue that has rules.
    struct Surroundings {
        /// The rules.
        var rules: QueueRules
        /// Service of the messages that go first, and their share; nil where there is one class.
        var first: (service: ServiceDistribution, share: Double)?
        /// Service of the others.
        var others: ServiceDistribution
    }

    /// The queues, in the order in which they are passed.
    var stages: [Stage]
    /// The other stream's rate over the judged one's; 0 where there is none.
    var otherRatio = 0.0
    /// The time that the objective allows for all stages together, in seconds.
    var latencySeconds: Double
    /// The share of messages that may take longer.
    var shareAllowed: Double
    /// nil: messages just wait. For a single stage.
    var surroundings: Surroundings?

    /// Seconds of work over servers that one message a second of the judged stream brings, other stream included.
    func load(ofStage index: Int) -> Double {
        let stage = stages[index]
        let other = stage.other.map { $0.share * $0.service.meanSeconds * otherRatio } ?? 0
        return (stage.service.meanSeconds + other) / stage.capacity
    }

    /// The rate at which the busiest stage has as much work as it can do.
    var stableRatePerSecond: Double {
        let load = stages.indices.reduce(0) { max($0, self.load(ofStage: $1)) }
        return load > 0 ? 1 / load : .infinity
    }

    /// The share of messages that take longer than the objective allows where nobody waits.
    func idleShareOver() -> Double {
        guard stages.count > 1 else { return idleShareOver(of: stages[0].service) }
        // The sum of lognormals has no closed form; the seed is fixed, since this is a number and not a sample.
        var random = stream(0, 31)
        let draws = 50_000
        let over = (0..<draws).count { _ in
            stages.reduce(0) { $0 + $1.service.draw(&random) } > latencySeconds
        }
        return Double(over) / Double(draws)
    }

    /// Pauses come to idle queues too: a message meets one with the share of time that is paused, and waits for what is
    /// left of it, which is exponential.
    private func idleShareOver(of service: ServiceDistribution) -> Double {
        let over = service.survival(latencySeconds)
        guard let pause = surroundings?.rules.pause else { return over }
        let services = service.table(count: 512)
        let overInPause = services.reduce(0) {
            $0 + exp(-max(0, latencySeconds - $1) / pause.lengthSeconds) / Double(services.count)
        }
        let paused = min(1, pause.lengthSeconds / pause.everySeconds)
        return (1 - paused) * over + paused * overInPause
    }

    /// The time in which a queue forgets, near the rate at which a Poisson stream breaks the objective: 0.2 L² / (s/c),
    /// from the relaxation time 4 s / (c (1−ρ)²) of a single fast server and 1 − ρ = 4.6 s / (c L).
    var relaxationSeconds: Double {
        let quickest = stages.reduce(Double.infinity) { min($0, $1.service.meanSeconds / $1.capacity) }
        let plain = quickest > 0 ? 0.2 * latencySeconds * latencySeconds / quickest : 0
        return plain + (surroundings?.memorySeconds ?? 0)
    }
}

extension QueueChain.Surroundings {
    /// The time in which a message may come back, and a pause is over.
    var memorySeconds: Double {
        var seconds = 4 * (rules.pause?.lengthSeconds ?? 0)
        if let retry = rules.retry {
            let attempts = Double(min(retry.attemptsMax, 20))
            seconds += retry.backoffSeconds * (pow(2, attempts) - 1)
            seconds += (rules.timeoutSeconds ?? 0) * (attempts + 1)
        }
        return seconds
    }
}
