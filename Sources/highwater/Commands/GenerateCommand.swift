import CommandLineKit
import Generation
import Tables
import Units

extension Command {
    /// Made-up logs.
    static let generate = Command(
        spec: CommandSpec(
            name: "generate", abstract: "Write made-up trade and access logs, with known surges.",
            discussion: """
                Trades follow daily and weekly seasons, self-exciting bursts and surges, which truth.json tells; \
                requests follow the same level.
                """,
            options: [
                .value("symbols", placeholder: "n", help: "How many symbols.", defaultText: "12"),
                .value("days", placeholder: "n", help: "How many days.", defaultText: "7"),
                .value(
                    "trades-per-second", placeholder: "rate", help: "Of all symbols together, on average.",
                    defaultText: "8"),
                .value(
                    "requests-per-trade", placeholder: "ratio", help: "Requests with each trade, on average.",
                    defaultText: "2"),
                .value(
                    "start", placeholder: "time", help: "The first day.", defaultText: "2025-12-01T00:00:00Z"),
                Output.dryRun,
                Output.folder,
            ]),
        run: { context in
            let arguments = context.arguments
            let output = try context.required("output", "the folder for the logs, as -o logs")
            var settings = GenerationSettings(
                symbols: try arguments.int("symbols", in: 1...5000) ?? 12,
                days: try arguments.int("days", in: 1...3660) ?? 7,
                tradesPerSecond: try arguments.double("trades-per-second", in: 0...1e6) ?? 8,
                requestsPerTrade: try arguments.double("requests-per-trade", in: 0...1000) ?? 2,
                seed: context.seed ?? 1)
            if let start = try context.time("start") { settings.start = start }
            settings.threads = context.threads
            let trades = settings.tradesPerSecond * 86_400 * Double(settings.days)
            if arguments.flag("dry-run") {
                context.note(
                    "about \(NumberText.short(trades)) trades and "
                        + "\(NumberText.short(trades * settings.requestsPerTrade)) requests into \(output)")
                return .success
            }
            context.progress.begin("generate", total: nil)
            let report = try Generation.generate(settings, into: output)
            context.progress.finish()
            context.note(report.description)
            return .success
        })
}
