import Exchange

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
    }

    /// The queues, in the order in which they are passed.
    var stages: [Stage]
    /// The other stream's rate over the judged one's; 0 where there is none.
    var otherRatio = 0.0
    /// The time that the objective allows for all stages together, in seconds.
    var latencySeconds: Double
    /// The share of messages that may take longer.
    var shareAllowed: Double

    /// Seconds of work over servers that one message a second of the judged stream brings, other stream included.
    func load(ofStage index: Int) -> Double {
        let stage = stages[index]
        let other = stage.other.map { $0.share * $0.service.meanSeconds * otherRatio } ?? 0
        return (stage.service.meanSeconds + other) / Double(stage.servers)
    }

    /// The rate at which the busiest stage has as much work as it can do.
    var stableRatePerSecond: Double {
        let load = stages.indices.reduce(0) { max($0, self.load(ofStage: $1)) }
        return load > 0 ? 1 / load : .infinity
    }

    /// The share of messages that take longer than the objective allows where nobody waits.
    func idleShareOver() -> Double {
        guard stages.count > 1 else { return stages[0].service.survival(latencySeconds) }
        // The sum of lognormals has no closed form; the seed is fixed, since this is a number and not a sample.
        var random = stream(0, 31)
        let draws = 50_000
        let over = (0..<draws).count { _ in
            stages.reduce(0) { $0 + $1.service.draw(&random) } > latencySeconds
        }
        return Double(over) / Double(draws)
    }

    /// The time in which a queue forgets, near the rate at which a Poisson stream breaks the objective: 0.2 L² / (s/c),
    /// from the relaxation time 4 s / (c (1−ρ)²) of a single fast server and 1 − ρ = 4.6 s / (c L).
    var relaxationSeconds: Double {
        let quickest = stages.reduce(Double.infinity) { min($0, $1.service.meanSeconds / Double($1.servers)) }
        return quickest > 0 ? 0.2 * latencySeconds * latencySeconds / quickest : 0
    }
}
