import CommandLineKit
import Exchange
import Foundation
import Replay
import Reporting
import Units

/// The options of `queue` for what surrounds the queue.
struct SystemOptions: OptionGroup {
    @Option(
        .integer(in: 1...1_000_000_000), placeholder: "n",
        help: "Limit on customers waiting or in service; more are rejected.")
    var capacity: Int?
    @Option(
        .choice, placeholder: "rule", help: "Give each server its own queue, with this load-balancing rule.")
    var balancer: QueueRules.Balancer?
    @Option(.text, placeholder: "classes", help: "Add a priority class, such as share=0.3,service=0.5.")
    var priority: String?
    @Option(
        .integer(in: 1...100_000), placeholder: "n", help: "Customers that a server processes in one batch.")
    var batch = 1
    @Option(.text, placeholder: "pauses", help: "Add server pauses, such as every=10ms,length=200us.")
    var pause: String?
    @Option(.text, placeholder: "rule", help: "Retry rejected customers, such as max=3,backoff=1ms.")
    var retry: String?
    @Option(.seconds(as: "5ms"), placeholder: "time", help: "Abandon an attempt after this time.")
    var timeout: Double?
    @Option(.text, placeholder: "storms", help: "Add arrival storms, such as size=100,every=1s,spread=10ms.")
    var storm: String?
    @Option(
        .text, placeholder: "wave",
        help: "Vary the arrival rate as a sine wave, such as amplitude=0.5,period=1s.")
    var wave: String?
    @Option(
        .secondsList(expected: "durations such as 5us,3us"), placeholder: "times",
        help: "Mean service times of further stages, such as 5us,3us.")
    var stages: [Double]?
    @Option(.integer(in: 1...64), placeholder: "n", help: "Parallel queues in each further stage.")
    var fanOut = 1

    func system(for queue: QueueOptions, _ context: Context) throws -> QueueSystem {
        var system = QueueSystem()
        system.capacity = capacity
        system.rules.balancer = balancer
        system.rules.batch = batch
        system.fanOut = fanOut
        system.rules.timeoutSeconds = timeout
        system.furtherStageSeconds = stages ?? []
        if let part = try OptionSettings("priority", priority, needs: ["share"], allows: ["service"], context)
        {
            system.priority = QueueSystem.Priority(
                share: try part.number("share", 0...1),
                serviceRatio: try part.number("service", 1e-6...1e6, or: 1))
        }
        if let part = try OptionSettings("pause", pause, needs: ["every", "length"], allows: [], context) {
            system.rules.pause = QueueRules.Pause(
                everySeconds: try part.time("every"), lengthSeconds: try part.time("length"))
        }
        if let part = try OptionSettings("retry", retry, needs: [], allows: ["max", "backoff"], context) {
            system.rules.retry = QueueRules.Retry(
                attemptsMax: Int(saturating: try part.number("max", 0...1000, or: 3)),
                backoffSeconds: try part.time("backoff", or: 1e-3))
        }
        if let part = try OptionSettings(
            "storm", storm, needs: ["size", "every"], allows: ["spread"], context)
        {
            system.storm = QueueSystem.Storm(
                size: Int(saturating: try part.number("size", 1...1e7)), everySeconds: try part.time("every"),
                spreadSeconds: try part.time("spread", or: 0))
        }
        if let part = try OptionSettings("wave", wave, needs: ["amplitude", "period"], allows: [], context) {
            system.wave = QueueSystem.RateWave(
                amplitude: try part.number("amplitude", 0...1), periodSeconds: try part.time("period"))
        }
        try check(system, of: queue, context)
        return system
    }

    private func check(_ system: QueueSystem, of queue: QueueOptions, _ context: Context) throws {
        if retry != nil, capacity == nil, timeout == nil {
            throw context.refusal(
                "'--retry' needs '--capacity' or '--timeout'; otherwise nothing is rejected")
        }
        if fanOut > 1, system.furtherStageSeconds.isEmpty {
            throw context.refusal("'--fan-out' needs '--stages'")
        }
        if wave != nil, queue.arrivals != "poisson" {
            throw context.refusal("'--wave' needs poisson arrivals")
        }
        if let pause = system.rules.pause, pause.lengthSeconds >= pause.everySeconds {
            throw context.refusal("'--pause': 'length' must be shorter than 'every'")
        }
    }
}
