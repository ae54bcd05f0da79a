import Foundation
import Numerics

/// Where the customers of a system of queues come from.
protocol CustomerSource {
    /// The time from the last customer to the next; infinite after the last.
    mutating func nextGap() -> Double
    /// Whether the next customer goes first.
    mutating func nextIsFirst() -> Bool
    /// A service time of a station of mean 1: the next customer's own, or one for a later visit.
    mutating func nextService(isFirst: Bool, isOwn: Bool) -> Double
}

/// Customers of an experiment, without end; times are in mean service times of the first stage.
struct StreamedCustomers: CustomerSource {
    private var arrivals: CustomerStream
    private var services: CustomerStream
    private var random: Random
    private let gap: Double
    private let unit: Double
    private let system: QueueSystem
    private var now = 0.0

    /// Customers at a rate, storms not included.
    init(_ experiment: QueueExperiment, _ system: QueueSystem, ratePerSecond: Double, stream: UInt64) {
        self.system = system
        unit = experiment.meanServiceSeconds
        let stormRate = system.storm.map { Double($0.size) / $0.everySeconds } ?? 0
        gap = 1 / (max(ratePerSecond - stormRate, 1e-9 * ratePerSecond) * unit)
        arrivals = CustomerStream(
            experiment.arrivals, experiment.service, ratePerSecond: ratePerSecond, seed: experiment.seed,
            stream: 4 * stream)
        services = CustomerStream(
            experiment.arrivals, experiment.service, ratePerSecond: ratePerSecond, seed: experiment.seed,
            stream: 4 * stream + 1)
        random = Random(seed: experiment.seed, stream: 4 * stream + 3)
    }

    /// With a wave, by thinning (Lewis and Shedler 1979).
    mutating func nextGap() -> Double {
        guard let wave = system.wave else { return gap * Double(arrivals.nextGap()) }
        let last = now
        while true {
            now += gap / (1 + wave.amplitude) * Double(arrivals.nextGap())
            let rate = 1 + wave.amplitude * sin(2 * .pi * now * unit / wave.periodSeconds)
            if random.uniform() * (1 + wave.amplitude) < rate { return now - last }
        }
    }

    mutating func nextIsFirst() -> Bool {
        system.priority.map { random.uniform() < $0.share } ?? false
    }

    mutating func nextService(isFirst: Bool, isOwn: Bool) -> Double {
        Double(services.nextService()) * (isFirst ? system.priority?.serviceRatio ?? 1 : 1)
    }
}
