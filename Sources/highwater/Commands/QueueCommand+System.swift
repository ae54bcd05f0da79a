import CommandLineKit
import Exchange
import Foundation
import Replay
import Reporting
import Units

/// The options of `queue` for what surrounds the queue.
enum SystemOptions {
    static let options: [Option] = [
        .value("capacity", placeholder: "n", help: "Customers in queue and service; more are refused."),
        .value(
            "balancer", placeholder: "rule", help: "A queue for each server, chosen by this rule.",
            choices: QueueRules.Balancer.allCases.map(\.rawValue)),
        .value(
            "priority", placeholder: "classes", help: "Some go first, as share=0.3,service=0.5."),
        .value("batch", placeholder: "n", help: "Customers that a server takes at once.", defaultText: "1"),
        .value("pause", placeholder: "pauses", help: "Servers stop, as every=10ms,length=200us."),
        .value("retry", placeholder: "rule", help: "The refused come back, as max=3,backoff=1ms."),
        .value("timeout", placeholder: "time", help: "Attempts are given up after this time."),
        .value("storm", placeholder: "storms", help: "Many come at once, as size=100,every=1s,spread=10ms."),
        .value("wave", placeholder: "wave", help: "The rate swings, as amplitude=0.5,period=1s."),
        .value("stages", placeholder: "times", help: "Further stages' mean service times, as 5us,3us."),
        .value(
            "fan-out", placeholder: "n", help: "Queues side by side in each further stage.", defaultText: "1"),
    ]

    static func system(_ context: Context) throws -> QueueSystem {
        let arguments = context.arguments
        var system = QueueSystem()
        system.capacity = try arguments.int("capacity", in: 1...1_000_000_000)
        system.rules.balancer = arguments.string("balancer").flatMap(QueueRules.Balancer.init)
        system.rules.batch = try arguments.int("batch", in: 1...100_000) ?? 1
        system.fanOut = try arguments.int("fan-out", in: 1...64) ?? 1
        system.rules.timeoutSeconds = try arguments.value(
            "timeout", expected: "a length of time, as 5ms", seconds)
        system.furtherStageSeconds =
            try arguments.value("stages", expected: "lengths of time, as 5us,3us") { text in
                let times = text.split(separator: ",", omittingEmptySubsequences: false).map {
                    seconds(String($0))
                }
                return times.contains { $0 == nil } ? nil : times.compactMap { $0 }
            } ?? []
        if let part = try settings(context, "priority", ["share"], ["service"]) {
            system.priority = QueueSystem.Priority(
                share: try part.number("share", 0...1),
                serviceRatio: try part.number("service", 1e-6...1e6, or: 1))
        }
        if let part = try settings(context, "pause", ["every", "length"], []) {
            system.rules.pause = QueueRules.Pause(
                everySeconds: try part.time("every"), lengthSeconds: try part.time("length"))
        }
        if let part = try settings(context, "retry", [], ["max", "backoff"]) {
            system.rules.retry = QueueRules.Retry(
                attemptsMax: Int(try part.number("max", 0...1000, or: 3)),
                backoffSeconds: try part.time("backoff", or: 1e-3))
        }
        if let part = try settings(context, "storm", ["size", "every"], ["spread"]) {
            system.storm = QueueSystem.Storm(
                size: Int(try part.number("size", 1...1e7)), everySeconds: try part.time("every"),
                spreadSeconds: try part.time("spread", or: 0))
        }
        if let part = try settings(context, "wave", ["amplitude", "period"], []) {
            system.wave = QueueSystem.Wave(
                amplitude: try part.number("amplitude", 0...1), periodSeconds: try part.time("period"))
        }
        try check(system, context)
        return system
    }

    private static func check(_ system: QueueSystem, _ context: Context) throws {
        func refuse(_ text: String) -> UsageError { UsageError(text, path: context.arguments.command) }
        if system.rules.retry != nil, system.capacity == nil, system.rules.timeoutSeconds == nil {
            throw refuse("'--retry' needs '--capacity' or '--timeout': nobody is refused")
        }
        if system.fanOut > 1, system.furtherStageSeconds.isEmpty {
            throw refuse("'--fan-out' needs '--stages'")
        }
        if system.wave != nil, (context.arguments.string("arrivals") ?? "poisson") != "poisson" {
            throw refuse("'--wave' is for poisson arrivals")
        }
        if let pause = system.rules.pause, pause.lengthSeconds >= pause.everySeconds {
            throw refuse("'--pause': the length has to be below the time from one pause to the next")
        }
    }

    private static func seconds(_ text: String) -> Double? {
        Duration(text: text).map(\.inSeconds).flatMap { $0 > 0 ? $0 : nil }
    }

    private struct Settings {
        var option: String
        var values: [String: String]
        var path: [String]

        private func invalid(_ key: String, _ expected: String) -> UsageError {
            UsageError(
                "The value '\(printable(values[key] ?? ""))' is invalid for '\(key)' of '--\(option)': expected "
                    + expected, path: path)
        }

        func number(_ key: String, _ range: ClosedRange<Double>, or fallback: Double? = nil) throws -> Double
        {
            guard let text = values[key] else { return fallback ?? range.lowerBound }
            guard let value = Double(text), range.contains(value) else {
                throw invalid(key, "a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }

        func time(_ key: String, or fallback: Double? = nil) throws -> Double {
            guard let text = values[key] else { return fallback ?? 0 }
            guard let value = Duration(text: text)?.inSeconds, value > 0 || (value == 0 && fallback == 0)
            else {
                throw invalid(key, "a length of time, as 5ms")
            }
            return value
        }
    }

    /// `key=value,…` of an option; nil where it is not given.
    private static func settings(
        _ context: Context, _ option: String, _ needed: [String], _ allowed: [String]
    ) throws -> Settings? {
        guard let text = context.arguments.string(option) else { return nil }
        var result = Settings(option: option, values: [:], path: context.arguments.command)
        let known = needed + allowed
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, known.contains(pair[0]), result.values[pair[0]] == nil else {
                throw UsageError(
                    "'\(printable(String(part)))' is not a setting of '--\(option)'; known are "
                        + known.map { "\($0)=…" }.joined(separator: ", ") + ", each once",
                    path: context.arguments.command)
            }
            result.values[pair[0]] = pair[1]
        }
        for key in needed where result.values[key] == nil {
            throw UsageError("'--\(option)' needs \(key)=…", path: context.arguments.command)
        }
        return result
    }
}
