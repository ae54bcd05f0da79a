import Exchange
import Forecasting
import Foundation
import Generation
import Ingest
import Numerics
import Pipeline
import Tape
import Units

extension BenchGroup {
    /// Logs to tape.
    static let ingest = BenchGroup(
        name: "ingest", abstract: "Bytes of logs taken into a tape a second, the tape on disk included."
    ) { settings in
        let work = FileManager.default.temporaryDirectory.appending(
            path: "highwater-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: work) }
        let logs = work.appending(path: "logs").path
        if settings.input == nil {
            var made = GenerationSettings(
                symbols: 12, days: 2, tradesPerSecond: 40, requestsPerTrade: 1, seed: 1)
            made.threads = settings.threads
            _ = try Generation.generate(made, into: logs)
        }
        let inputs = settings.input.map { [$0] } ?? [logs + "/trades", logs + "/access"]
        var options = IngestOptions()
        options.threads = settings.threads
        return try inputs.map { input in
            var files: [FileReport] = []
            let seconds = try settings.medianSeconds {
                let tape = work.appending(path: "tape").path
                try? FileManager.default.removeItem(atPath: tape)
                files = try Ingestor(options).ingest([input], into: tape).files
            }
            let bytes = files.reduce(0) { $0 + $1.textBytes }
            let rows = files.reduce(0) { $0 + $1.rows }
            return BenchResult(
                name: "ingest \(settings.input ?? URL(filePath: input).lastPathComponent)",
                figures: [
                    ("bytes_per_second", Double(bytes) / seconds),
                    ("rows_per_second", Double(rows) / seconds),
                    ("bytes", Double(bytes)), ("seconds", seconds), ("threads", Double(settings.threads)),
                ])
        }
    }

    /// Forecasts.
    static let forecast = BenchGroup(
        name: "forecast", abstract: "Series forecast a second: all candidates, combined, with quantiles."
    ) { settings in
        let series = try settings.input.map { try SeriesTable.read(path: $0).series } ?? madeUp()
        let forecaster = Forecaster(
            ForecastSettings(horizon: 48, seasons: [24, 168], threads: settings.threads))
        var answered = 0
        let seconds = settings.medianSeconds {
            answered = forecaster.forecast(series).count { $0.isAnswered }
        }
        return [
            BenchResult(
                name: "forecast 48 steps",
                figures: [
                    ("series_per_second", Double(series.count) / seconds), ("series", Double(series.count)),
                    ("answered", Double(answered)), ("seconds", seconds),
                    ("threads", Double(settings.threads)),
                ])
        ]
    }

    /// The weekly run on the demo exchange's logs.
    static let run = BenchGroup(
        name: "run", abstract: "Weekly runs of the demo exchange a second, from its logs to the report."
    ) { settings in
        let work = FileManager.default.temporaryDirectory.appending(
            path: "highwater-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: work) }
        let logs = work.appending(path: "logs").path
        _ = try Generation.generate(DemoExchange.settings(seed: 1, threads: settings.threads), into: logs)
        let plan = try PlanFile(text: Array(DemoPlan.text.utf8), path: "demo")
        let seconds = try settings.medianSeconds {
            let run = WeeklyRun(plan: plan, dataRoot: logs, threads: settings.threads)
            try run.write(try run.run(), to: work.appending(path: "result").path)
        }
        return [
            BenchResult(
                name: "run demo",
                figures: [
                    ("runs_per_second", 1 / seconds), ("seconds", seconds),
                    ("threads", Double(settings.threads)),
                ]), try replayWeek(settings),
        ]
    }

    /// Two hundred seasonal series of 1,000 hours.
    private static func madeUp() -> [RegularSeries] {
        (0..<200).map { number in
            var random = Random(seed: 1, stream: UInt64(number))
            let values = (0..<1000).map { hour in
                let day = sin(2 * Double.pi * Double(hour % 24) / 24)
                let week = sin(2 * Double.pi * Double(hour % 168) / 168)
                return exp(5 + 0.5 * day + 0.2 * week + 0.2 * random.normal())
            }
            return RegularSeries(
                id: SeriesID("trades/bench/S\(number)"),
                start: Timestamp(seconds: 1_700_000_000 / 3600 * 3600),
                stepSeconds: 3600, values: values)
        }
    }
}
