import CommandLineKit
import Files
import Forecasting
import Foundation
import Pipeline
import Reporting
import Tables
import Tape
import Units

/// Which series are read.
struct SeriesOptions: OptionGroup {
    @Option(
        .text, placeholder: "file", help: "Table unique_id,ds,y; ds is an integer or a timestamp.",
        completion: .file(extensions: ["csv"]))
    var input: String?
    @Option(.text, placeholder: "folder", help: "Read a tape instead of a table.", completion: .directory)
    var tape: String?
    @Option(.text, placeholder: "pattern", help: "Series of the tape to use, as a pattern.") var series = "*"
    @Option(
        .wholeSeconds, placeholder: "step", help: "Length of one time step.",
        defaultText: "1h, or as in the table")
    var every: Int64?
    @Option(
        .integers(in: 1...1_000_000), placeholder: "steps",
        help: "Season lengths in steps, comma separated.",
        defaultText: "detected per series; surge uses a day and a week, or 24,168 where ds is an integer")
    var season: [Int]?
}

/// Options of forecasts and of their backtest.
struct ForecastingOptions: OptionGroup {
    @Option(
        .text, placeholder: "file",
        help: "Table of planned events, past and future: start,end[,intensity,name].",
        completion: .file(extensions: ["csv"]))
    var events: String?
    @Flag(help: "Fit each series alone, without learning from the others.") var noPooling: Bool
    @Option(
        ValueReader(
            expected: "hours:SHARE or demand:SHARE with SHARE from 0.000001 to 0.5, such as hours:0.001"
        ) { CapacityTarget($0) },
        placeholder: "measure:share",
        help: "Also find the cheapest capacity that misses at most this share, such as hours:0.001 or "
            + "demand:0.001.")
    var target: CapacityTarget?
}

/// Series for forecasts: from a table or from a tape.
struct ForecastInput {
    var series: [RegularSeries]
    /// By series, its prices; nil where there are none.
    var prices: [SeriesTable.Prices?]
    var hasCalendar: Bool
    /// The seasons of '--season'; without it a day and a week.
    var seasons: [Int]
    /// Whether '--season' was given, or steps are months, whose seasons are known.
    var hasGivenSeasons: Bool
    var identify: (SeriesID) -> String
    var time: (Timestamp) -> String

    /// Series by their step, as places in `series`, the step of the first of them first.
    var placesByStep: [[Int]] {
        var steps: [Int64] = []
        for one in series where !steps.contains(one.stepSeconds) { steps.append(one.stepSeconds) }
        return steps.map { step in series.indices.filter { series[$0].stepSeconds == step } }
    }

    /// Reads what was asked for; a tape is read at `tapeStep` seconds unless '--every' says otherwise. Only with
    /// `mayMixSteps` may series have steps of their own.
    init(
        _ given: SeriesOptions, _ context: Context, tapeStep: Int64 = 3600, mayMixSteps: Bool = false
    ) throws {
        var monthSeasons: [Int]?
        let every = given.every
        switch (given.input, given.tape) {
        case (let path?, nil):
            let table = try SeriesTable.read(path: path, stepSeconds: every)
            series = table.series
            prices = table.prices
            hasCalendar = !table.isIndexed
            monthSeasons = table.monthSeasons
            identify = table.uniqueID(of:)
            time = table.ds(_:)
            for duplicate in table.duplicates.prefix(3) {
                context.note(
                    "\(path):\(duplicate.line): duplicate ds of '\(duplicate.uniqueID)', already in line "
                        + "\(duplicate.firstLine); the first row counts")
            }
            for gap in table.gaps.prefix(20) {
                context.note(
                    "\(path):\(gap.line): '\(gap.uniqueID)' has no rows in the \(gap.steps) steps before "
                        + "this one; they are filled from the seasonal pattern")
            }
        case (nil, let path?):
            let tape = try Tape.open(path)
            series = try ForecastInput.series(tape, matching: given.series, stepSeconds: every ?? tapeStep)
            prices = try series.map { try ForecastInput.prices($0, tape) }
            hasCalendar = true
            identify = \.description
            time = \.description
        default:
            throw context.refusal("Give either '--input' or '--tape'")
        }
        guard let first = series.first else {
            throw ToolError("there is no series to forecast", exit: .badInput)
        }
        if !mayMixSteps, let other = series.first(where: { $0.stepSeconds != first.stepSeconds }) {
            throw ToolError(
                "series '\(identify(other.id))' has steps of \(other.stepSeconds) s and "
                    + "'\(identify(first.id))' steps of \(first.stepSeconds) s; process them separately, or "
                    + "aggregate them with '--every'",
                exit: .badInput)
        }
        seasons =
            given.season ?? monthSeasons
            ?? (hasCalendar ? SeasonSearch.naturalSeasons(first.stepSeconds) : [24, 168])
        hasGivenSeasons = given.season != nil || monthSeasons != nil
    }

    /// The series of a tape that match a pattern, by their id or their name.
    private static func series(
        _ tape: Tape, matching pattern: String, stepSeconds: Int64
    ) throws -> [RegularSeries] {
        let glob = Glob(pattern)
        return try tape.series.filter { glob.matches($0.id.description) || glob.matches($0.id.name) }.map {
            try tape.regular($0.id, stepSeconds: stepSeconds, partial: .missing, strays: .leaveOut)
        }
    }

    /// Says which seasons were found in the series, where they were looked for.
    func noteSeasons(_ found: [[Int]], _ context: Context) {
        guard !hasGivenSeasons else { return }
        var counts: [[Int]: Int] = [:]
        for seasons in found { counts[seasons, default: 0] += 1 }
        let ordered = counts.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
        }
        for (seasons, count) in ordered {
            let lengths = seasons.map(String.init).joined(separator: " and of ")
            let what = seasons.isEmpty ? "no season" : "a season of \(lengths) steps"
            context.note("\(what) found in \(count) series")
        }
    }

    /// The planned events of '--events'; none without it.
    func events(_ path: String?, _ context: Context) throws -> [PlannedEvent] {
        guard let path else { return [] }
        guard hasCalendar else {
            throw context.refusal("'--events' needs series with timestamps, but these have integer steps")
        }
        return try PlannedEvent.read(path: path)
    }

    /// The prices of a tape's series on its own steps; nil where the tape has none.
    private static func prices(_ series: RegularSeries, _ tape: Tape) throws -> SeriesTable.Prices? {
        let rows = try tape.aggregate(
            series.id, everySeconds: series.stepSeconds, from: series.start, to: series.end
        ).rows
        guard rows.contains(where: { $0.prices != nil }) else { return nil }
        var high = [Double](repeating: .nan, count: series.values.count)
        var low = high
        var close = high
        for row in rows {
            let place = Int((row.start - series.start.seconds) / series.stepSeconds)
            guard let prices = row.prices, high.indices.contains(place) else { continue }
            high[place] = Double(prices.high)
            low[place] = Double(prices.low)
            close[place] = Double(prices.close.price)
        }
        return SeriesTable.Prices(high: high, low: low, close: close)
    }
}

/// What `forecast` is told.
struct ForecastOptions: OptionGroup {
    let input = SeriesOptions()
    @Option(
        .integer(in: 1...ForecastSettings.longestHorizon), placeholder: "steps", help: "Steps to forecast.")
    var horizon = 168
    @Flag(help: "Print each forecast's model weights to standard error.") var explain: Bool
    @Option(
        .text, placeholder: "file", help: "Write every model's weight and loss, or why it failed, to FILE.",
        completion: .file(extensions: ["csv"]))
    var candidates: String?
    let forecasting = ForecastingOptions()
    let output = TableOutput()
}

/// What `backtest` is told.
struct BacktestOptions: OptionGroup {
    let input = SeriesOptions()
    @Option(
        .integer(in: 1...ForecastSettings.longestHorizon), placeholder: "steps", help: "Steps to forecast.")
    var horizon = 24
    @Option(
        .integer(in: 1...ForecastSettings.longestHorizon), placeholder: "k",
        help: "Number of forecast origins.")
    var origins = 4
    @Option(
        .integer(in: 1...ForecastSettings.longestHorizon), placeholder: "n",
        help: "Refit parameters every n origins; the state is always updated.")
    var refitEvery = 1
    @Option(
        .text, placeholder: "file", help: "Write every forecast to FILE.",
        completion: .file(extensions: ["csv"]))
    var forecasts: String?
    @Option(
        .text, placeholder: "file",
        help: "Write how often q90, q99 and q999 were exceeded, by volatility of the week before, to FILE, "
            + "and plot all levels from q50 up beside it (.svg).",
        completion: .file(extensions: ["csv"]))
    var calibration: String?
    @Option(
        .text, placeholder: "file",
        help:
            "Replan past weeks with this plan file instead; write tables, a plot and a page into the --output "
            + "folder.",
        completion: .file(extensions: ["json"]))
    var plan: String?
    @Option(.dataRoot) var dataRoot: String?
    @Option(.integer(in: 1...1000), placeholder: "n", help: "Number of past weeks that --plan replans.")
    var weeks = 52
    let forecasting = ForecastingOptions()
    let output = TableOutput()
}

extension Command {
    /// Series to quantiles.
    static let forecast = Command(
        name: "forecast", abstract: "Forecast time series with calibrated quantiles.",
        examples: [
            "highwater forecast --tape tape --horizon 168 --season 24,168 --every 1h -o forecast.csv"
        ],
        options: ForecastOptions.self,
        run: { given, context in
            let target = given.forecasting.target
            let input = try ForecastInput(given.input, context, mayMixSteps: true)
            let horizon = given.horizon
            let events = try input.events(given.forecasting.events, context)
            context.progress.begin("forecast", total: nil)
            var placed: [(place: Int, forecast: SeriesForecast)] = []
            for places in input.placesByStep {
                let series = places.map { input.series[$0] }
                var settings = ForecastSettings(
                    horizon: horizon, seasons: input.hasGivenSeasons ? input.seasons : nil,
                    hasCalendar: input.hasCalendar, threads: context.threads)
                settings.isPooled = !given.forecasting.noPooling
                settings.events = events
                placed += zip(places, Forecaster(settings).forecast(series)).map { ($0, $1) }
            }
            let forecasts = placed.sorted { $0.place < $1.place }.map(\.forecast)
            context.progress.finish()
            input.noteSeasons(forecasts.map(\.seasons), context)
            for forecast in forecasts {
                for note in forecast.notes { context.note("\(input.identify(forecast.id)): \(note)") }
                if given.explain { explain(forecast, input, context) }
            }
            if let path = given.candidates {
                try ResultFile.write(candidates(forecasts, input).bytes, to: path)
            }
            let capacity = target.map { CapacityColumn($0, forecasts, input, horizon: horizon, context) }
            let table = RunReport.forecastTable(
                forecasts, identify: input.identify, time: input.time, capacity: capacity?.capacity,
                format: given.output.format)
            try given.output.write(table)
            guard forecasts.contains(where: \.isAnswered) else {
                throw ToolError("no series could be forecast", exit: .badInput)
            }
            return .success
        })

    private static func candidates(_ forecasts: [SeriesForecast], _ input: ForecastInput) -> DataTable {
        CommandTables.candidates.table(
            forecasts.flatMap { forecast in
                let name = input.identify(forecast.id)
                let notes = forecast.notes.isEmpty ? nil : forecast.notes.joined(separator: "; ")
                let all = CommandTables.CandidateRow(
                    name: name, model: "combined", weight: forecast.isAnswered ? 1 : 0, reason: notes)
                return [all]
                    + forecast.candidates.map {
                        CommandTables.CandidateRow(
                            name: name, model: $0.model, weight: $0.weight, loss: $0.relativeLoss,
                            reason: $0.failure)
                    }
            })
    }

    private static func explain(_ forecast: SeriesForecast, _ input: ForecastInput, _ context: Context) {
        for candidate in forecast.candidates {
            let loss = candidate.relativeLoss.isFinite ? NumberText.figure(candidate.relativeLoss) : "–"
            context.note(
                "\(input.identify(forecast.id)): \(candidate.model) weight "
                    + "\(NumberText.percent(candidate.weight)), loss \(loss)"
                    + (candidate.failure.map { ", no forecast: \($0)" } ?? ""))
        }
    }

    /// A backtest of more origins than this is made with quick candidates only.
    private static let manyOrigins = 2000

    /// Rolling origins.
    static let backtest = Command(
        name: "backtest", abstract: "Score forecasts by rolling-origin evaluation.",
        discussion: """
            Scores the last K non-overlapping origins; each forecast sees only the data before its origin. \
            With --plan, replans past weeks with what was known then, and compares each plan with the load \
            that came.
            """,
        examples: [
            "highwater backtest --input series.csv --horizon 24 --season 24,168 --origins 8"
        ],
        options: BacktestOptions.self,
        run: { given, context in
            if let path = given.plan { return try planBacktest(path, given, context) }
            let target = given.forecasting.target
            let input = try ForecastInput(given.input, context)
            let horizon = given.horizon
            var settings = ForecastSettings(
                horizon: horizon, seasons: input.hasGivenSeasons ? input.seasons : nil,
                hasCalendar: input.hasCalendar,
                threads: context.threads)
            settings.isPooled = !given.forecasting.noPooling
            settings.events = try input.events(given.forecasting.events, context)
            if given.origins > manyOrigins {
                settings = settings.light()
                context.note(
                    "more than \(manyOrigins) origins: using only fast models and a history of eight times the "
                        + "longest season")
            }
            context.progress.begin("backtest", total: nil)
            let report = Backtest(settings, originCount: given.origins, refitEvery: given.refitEvery).run(
                input.series)
            let capacity = target.map {
                CapacityColumn($0, report, input, horizon: horizon, refitEvery: given.refitEvery, context)
            }
            context.progress.finish()
            input.noteSeasons(report.seasons, context)
            for skipped in report.skipped.prefix(20) {
                context.note("\(input.identify(skipped.id)), origin \(skipped.origin): \(skipped.reason)")
            }
            if let path = given.forecasts {
                try ResultFile.write(forecastRows(report, input, capacity).bytes, to: path)
            }
            if let path = given.calibration {
                try CalibrationTable(report, input).write(to: path)
            }
            for note in capacity?.frontiers(report, input) ?? [] { context.note(note) }
            try given.output.write(scores(report, input, given.output.format))
            return .success
        })

    private static func planBacktest(
        _ path: String, _ given: BacktestOptions, _ context: Context
    ) throws -> ExitStatus {
        guard let folder = given.output.destination.file, folder != "-" else {
            throw context.refusal("'--plan' needs an output folder, such as '-o backtest'")
        }
        let plan = try PlanSource.plan(at: path, context)
        let progress = context.progress
        let backtest = PlanBacktest(
            plan: plan, dataRoot: PlanSource.dataRoot(given.dataRoot, plan), weeks: given.weeks,
            threads: context.threads,
            progress: { done, all in progress.begin("week \(done) of \(all)", total: nil) })
        let report = try backtest.run()
        progress.finish()
        guard !report.weeks.isEmpty else {
            throw ToolError("no past week has a week of history before it", exit: .badInput)
        }
        var files = report.files(title: "\(plan.name): past plans")
        files.append(("manifest.json", backtest.manifest(report, files: files.map(\.name))))
        try context.write(files, to: folder, isDryRun: false)
        context.note(report.sentence)
        return .success
    }

    private static func scores(
        _ report: BacktestReport, _ input: ForecastInput, _ format: DataTable.Format
    ) -> DataTable {
        CommandTables.backtest.table(report.scores.map { (input.identify($0.id), $0) }, format: format)
    }

    private static func forecastRows(
        _ report: BacktestReport, _ input: ForecastInput, _ capacity: CapacityColumn?
    ) -> DataTable {
        var table = CommandTables.backtestForecasts.writer(with: capacity == nil ? [] : ["--target"])
        for (place, entry) in report.forecasts.enumerated() {
            let forecast = entry.forecast
            let places = ForecastSettings.standardLevels.compactMap { forecast.levels.firstIndex(of: $0) }
            for step in forecast.mean.indices where step < entry.actual.count {
                table.append(
                    CommandTables.BacktestStep(
                        entry: entry, name: input.identify(forecast.id), origin: input.time(forecast.start),
                        ds: input.time(forecast.time(ofStep: step)), step: step, places: places,
                        capacity: capacity?.capacity[place][step]))
            }
        }
        return table.table
    }
}
