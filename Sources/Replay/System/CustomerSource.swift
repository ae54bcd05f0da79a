import Foundation
import Numerics

/// What a customer brings to a stage.
struct StageVisit: BitwiseCopyable {
    /// Whether the customer goes first where there are classes.
    var isFirst: Bool
    /// The service time, of a station of mean 1; nil: drawn when it begins.
    var service: Double?
}

/// One who comes.
struct Newcomer {
    /// What the source knows the customer by.
    var key = 0
    /// The stage that is entered.
    var stage = 0
    /// Whether the customer is counted at all.
    var isJudged = true
    /// What is brought there.
    var visit: StageVisit
}

/// Where the customers of a network of queues come from.
protocol CustomerSource {
    /// The time from the last customer to the next; infinite after the last.
    mutating func nextGap() -> Double
    /// The next customer.
    mutating func next() -> Newcomer
    /// What a customer brings to a further stage; nil where it is passed by.
    mutating func visit(_ key: Int, stage: Int, isFirst: Bool) -> StageVisit?
    /// A service time of a station of mean 1 that no customer brought: of a further stage, or of a later attempt.
    mutating func service(stage: Int, isJudged: Bool, isFirst: Bool) -> Double
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

    mutating func next() -> Newcomer {
        let isFirst = system.priority.map { random.uniform() < $0.share } ?? false
        let service = service(stage: 0, isJudged: true, isFirst: isFirst)
        return Newcomer(visit: StageVisit(isFirst: isFirst, service: service))
    }

    /// Everybody passes all stages.
    mutating func visit(_ key: Int, stage: Int, isFirst: Bool) -> StageVisit? {
        StageVisit(isFirst: isFirst, service: nil)
    }

    mutating func service(stage: Int, isJudged: Bool, isFirst: Bool) -> Double {
        Double(services.nextService()) * (isFirst ? system.priority?.serviceRatio ?? 1 : 1)
    }
}
