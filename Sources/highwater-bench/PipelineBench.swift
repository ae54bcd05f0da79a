import Exchange
import Forecasting
import Files
import Foundation
import Generation
import Numerics
import Pipeline
import Units

extension BenchGroup {
    static let forecast = BenchGroup(
        name: "forecast",
        abstract: "Series forecast per second: all models, combined, with quantiles; and with joint paths."
    ) { settings in
        let series = try settings.input.map { try SeriesTable.read(path: $0).series }
        return [
            point(series ?? madeUp(count: 414, hours: 900), settings),
            try joint(series ?? madeUp(count: 2000, hours: 26 * 168), settings),
        ]
    }

    /// All candidates at ten origins, combined, with intervals: two days ahead.
    private static func point(_ series: [RegularSeries], _ settings: BenchSettings) -> BenchResult {
        let forecaster = Forecaster(
            ForecastSettings(horizon: 48, seasons: [24, 168], threads: settings.threads))
        var answered = 0
        let seconds = settings.medianSeconds {
            answered = forecaster.forecast(series).count { $0.isAnswered }
        }
        return BenchResult(
            name: "forecast 48 steps with intervals",
            figures: [
                ("series_per_second", Double(series.count) / seconds), ("series", Double(series.count)),
                ("answered", Double(answered)), ("seconds", seconds), ("threads", Double(settings.threads)),
            ])
    }

    /// The same a week ahead, and a thousand joint paths of all series; once, since it takes long.
    private static func joint(_ series: [RegularSeries], _ settings: BenchSettings) throws -> BenchResult {
        var once = settings
        once.repetitions = 1
        let forecaster = Forecaster(
            ForecastSettings(horizon: 168, seasons: [24, 168], threads: settings.threads))
        let sampler = JointPaths(pathCount: 1000, seed: 1, seasons: [24, 168], threads: settings.threads)
        var pathSeconds = 0.0
        let seconds = try once.medianSeconds {
            let forecasts = forecaster.forecast(series)
            pathSeconds = try once.medianSeconds { _ = try sampler.sample(forecasts, histories: series) }
        }
        return BenchResult(
            name: "forecast 168 steps with 1000 joint paths",
            figures: [
                ("series_per_second", Double(series.count) / seconds), ("series", Double(series.count)),
                ("seconds", seconds), ("path_seconds", pathSeconds), ("threads", Double(settings.threads)),
            ])
    }

    /// The weekly run on the demo exchange's logs.
    static let run = BenchGroup(
        name: "run", abstract: "Weekly runs of the demo exchange per second, from its logs to the report."
    ) { settings in
        let folder = try WorkFolder()
        defer { withExtendedLifetime(folder) {} }
        let work = URL(filePath: folder.path)
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

    /// Seasonal series, each with noise of its own.
    private static func madeUp(count: Int, hours: Int) -> [RegularSeries] {
        (0..<count).map { number in
            var random = Random(seed: 1, stream: UInt64(number))
            let values = (0..<hours).map { hour in
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
