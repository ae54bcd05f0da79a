import Exchange
import Glibc
import Numerics

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
        /// Pauses that are simulated one by one; those of a stage with rules are among these.
        var pause: QueueRules.Pause?
        /// nil: messages just wait, in one queue without bound.
        var surroundings: Surroundings?
        /// The servers' speed together.
        var capacity: Double { Double(servers) * speed }
        /// The same between pauses.
        var capacityBetweenPauses: Double { capacity / (1 - (pause?.share ?? 0)) }
    }

    /// What surrounds a queue that has rules.
    struct Surroundings {
        var rules: QueueRules
        /// Classes of the judged stream.
        var judged: Classes
        /// Those of the other stream; nil where none of it comes here.
        var other: Classes?
    }

    /// Service of a stream by class.
    struct Classes {
        /// Service of the messages that go first, and their share; nil where there is one class.
        var first: (service: ServiceDistribution, share: Double)?
        var others: ServiceDistribution

        /// A service time of a class.
        func service(isFirst: Bool, random: inout Random) -> Double {
            distribution(isFirst: isFirst).draw(&random)
        }

        /// The service of one class.
        func distribution(isFirst: Bool) -> ServiceDistribution {
            if isFirst, let first { return first.service }
            return others
        }
    }

    /// The queues, in the order in which they are passed.
    var stages: [Stage]
    /// The other stream's rate over the judged one's; 0 where there is none.
    var otherRatio = 0.0
    /// The time that the objective allows for all stages together, in seconds.
    var latencySeconds: Double
    /// The share of messages that may take longer.
    var shareAllowed: Double

    /// Whether some stage has rules, so that messages are simulated event by event.
    var isSurrounded: Bool { stages.contains { $0.surroundings != nil } }

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
    func quietShareOver() -> Double {
        stages.count > 1 ? drawnShareOver(pauses: []) : stages[0].service.survival(latencySeconds)
    }

    /// The share of messages that take longer than the objective allows in an idle exchange: they meet pauses all the
    /// same, and wait for what is left of them, which is exponential.
    func idleShareOver() -> Double {
        let pauses = stages.map { $0.pause ?? $0.surroundings?.rules.pause }
        return pauses.contains { $0 != nil } ? drawnShareOver(pauses: pauses) : quietShareOver()
    }

    /// The sum of lognormals has no closed form; the seed is fixed, since this is a number and not a sample.
    private func drawnShareOver(pauses: [QueueRules.Pause?]) -> Double {
        var random = stream(0, 31)
        let draws = 50_000
        let over = (0..<draws).count { _ in
            var time = stages.reduce(0) { $0 + $1.service.draw(&random) }
            for case let pause? in pauses where random.uniform() < pause.share {
                time += pause.lengthSeconds * random.exponential()
            }
            return time > latencySeconds
        }
        return Double(over) / Double(draws)
    }

    /// The time in which a queue forgets, near the rate at which a Poisson stream breaks the objective: 0.2 L² / (s/c),
    /// from the relaxation time 4 s / (c (1−ρ)²) of a single fast server and 1 − ρ = 4.6 s / (c L).
    var relaxationSeconds: Double {
        let quickest = stages.reduce(Double.infinity) { min($0, $1.service.meanSeconds / $1.capacity) }
        let plain = quickest > 0 ? 0.2 * latencySeconds * latencySeconds / quickest : 0
        return stages.reduce(plain) { $0 + ($1.surroundings?.memorySeconds ?? 0) }
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
