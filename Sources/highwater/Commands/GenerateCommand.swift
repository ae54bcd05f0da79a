import CommandLineKit
import Foundation
import Generation
import Tables
import Units

/// What `generate` is told.
struct GenerateOptions: OptionGroup {
    @Option(.integer(in: 1...5000), placeholder: "n", help: "Number of symbols.") var symbols = 12
    @Option(.integer(in: 1...3660), placeholder: "n", help: "Number of days.") var days = 7
    @Option(.number(in: 0...1e6), placeholder: "rate", help: "Mean rate over all symbols together.")
    var tradesPerSecond = 8.0
    @Option(.number(in: 0...1000), placeholder: "ratio", help: "Mean number of requests per trade.")
    var requestsPerTrade = 2.0
    @Option(.instant, placeholder: "time", help: "First day.", defaultText: "2025-12-01T00:00:00Z")
    var start: Timestamp?
    @Flag(.dryRun) var dryRun: Bool
    @Option(.folder(required: "the folder for the logs, such as -o logs")) var output: String
}

extension Command {
    /// Made-up logs.
    static let generate = Command(
        name: "generate", abstract: "Write synthetic trade and access logs with known surges.",
        discussion: """
            Trades have daily and weekly seasonality, self-exciting bursts, and surges, which truth.json \
            lists. Requests follow the same load level.
            """,
        examples: [
            "highwater generate --symbols 20 --days 28 --trades-per-second 50 -o logs"
        ],
        options: GenerateOptions.self,
        run: { given, context in
            let output = given.output
            var settings = GenerationSettings(
                symbols: given.symbols, days: given.days, tradesPerSecond: given.tradesPerSecond,
                requestsPerTrade: given.requestsPerTrade, seed: context.seed ?? 1)
            if let start = given.start { settings.start = start }
            settings.threads = context.threads
            let trades = settings.tradesPerSecond * 86_400 * Double(settings.days)
            let bytes = trades * (bytesPerTrade + settings.requestsPerTrade * bytesPerRequest)
            if given.dryRun {
                context.note(
                    "about \(NumberText.short(trades)) trades and "
                        + "\(NumberText.short(trades * settings.requestsPerTrade)) requests into \(output), \(NumberText.figure(bytes / 1e6)) MB"
                )
                return .success
            }
            if bytes > 1e9 {
                context.note(
                    "about \(NumberText.short(trades)) trades and "
                        + "\(NumberText.short(trades * settings.requestsPerTrade)) requests, "
                        + "\(NumberText.figure(bytes / 1e9)) GB, into \(output)")
            }
            if let free = freeBytes(near: output), bytes > 0.95 * free {
                throw ToolError(
                    "needs about \(NumberText.figure(bytes / 1e9)) GB, but only "
                        + "\(NumberText.figure(free / 1e9)) GB are free", file: output, exit: .failure)
            }
            context.progress.begin("generate", total: nil)
            let report = try Generation.generate(settings, into: output)
            context.progress.finish()
            context.note(report.description)
            return .success
        })

    /// What a row takes, in bytes, in the mean of what was generated.
    private static let bytesPerTrade = 70.0
    private static let bytesPerRequest = 130.0

    /// Bytes that are free where a folder is, or would be made; nil where that cannot be told.
    private static func freeBytes(near path: String) -> Double? {
        var folder = URL(filePath: path).standardizedFileURL
        while !fileExists(folder.path), folder.path != "/" { folder = folder.deletingLastPathComponent() }
        let found = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
        return (found?[.systemFreeSize] as? NSNumber)?.doubleValue
    }
}
