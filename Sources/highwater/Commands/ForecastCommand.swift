import CommandLineKit
import Files
import Forecasting
import Foundation
import Pipeline
import Reporting
import Tables
import Tape
import Units

/// Series for forecasts: from a table or from a tape.
struct ForecastInput {
    static let options: [Option] = [
        .value(
            "input", placeholder: "file", help: "A table unique_id,ds,y with integers or instants as ds.",
            completion: .file(extensions: ["csv"])),
        .value("tape", placeholder: "folder", help: "A tape, instead of a table.", completion: .directory),
        .value("series", placeholder: "pattern", help: "Which series of the tape.", defaultText: "*"),
        .value(
            "every", placeholder: "step", help: "The length of a step.", defaultText: "1h, or the table's"),
        .value(
            "season", placeholder: "steps", help: "Lengths of the seasons in steps, comma separated.",
            defaultText: "a day and a week, or 24,168 where ds only counts"),
    ]

    /// For what forecasts.
    static let noPooling = Option.flag(
        "no-pooling", help: "Let no series learn from others: each as if it were alone.")
    /// Planned events beside the series.
    static let events = Option.value(
        "events", placeholder: "file",
        help: "Planned events, past and future: start,end[,intensity,name].",
        completion: .file(extensions: ["csv"]))

    var series: [RegularSeries]
    /// By series, its prices; nil where there are none.
    var prices: [SeriesTable.Prices?]
    var hasCalendar: Bool
    var seasons: [Int]
    var identify: (SeriesID) -> String
    var time: (Timestamp) -> String

    /// Reads what was asked for; a tape is read at `tapeStep` seconds unless '--every' says otherwise.
    init(_ context: Context, tapeStep: Int64 = 3600) throws {
        let every = try context.seconds("every")
        switch (context.arguments.string("input"), context.arguments.string("tape")) {
        case (let path?, nil):
            let table = try SeriesTable.read(path: path, stepSeconds: every)
            series = table.series
            prices = table.prices
            hasCalendar = !table.isIndexed
            identify = table.uniqueID(of:)
            time = table.ds(_:)
            for duplicate in table.duplicates.prefix(3) {
                context.note(
                    "\(path):\(duplicate.line): '\(duplicate.uniqueID)' has this ds in line "
                        + "\(duplicate.firstLine) already; the first one counts")
            }
        case (nil, let path?):
            let tape = try Tape.open(path)
            let glob = Glob(context.arguments.string("series") ?? "*")
            let chosen = tape.series.filter { glob.matches($0.id.description) || glob.matches($0.id.name) }
            let step = every ?? tapeStep
            series = try chosen.map {
                try tape.regular($0.id, stepSeconds: step, partial: .missing, strays: .leaveOut)
            }
            prices = try series.map { try ForecastInput.prices($0, tape) }
            hasCalendar = true
            identify = \.description
            time = \.description
        default:
            throw UsageError("Give one of '--input' and '--tape'", path: context.arguments.command)
        }
        guard let first = series.first else {
            throw ToolError("there is no series to forecast", exit: .badInput)
        }
        seasons =
            try context.arguments.ints("season", in: 1...1_000_000)
            ?? (hasCalendar ? ForecastInput.dayAndWeek(stepSeconds: first.stepSeconds) : [24, 168])
    }

    /// A day and a week in steps, where they are more than one.
    private static func dayAndWeek(stepSeconds: Int64) -> [Int] {
        [86_400, 604_800].map { Int($0 / stepSeconds) }.filter { $0 > 1 }
    }

    /// The planned events of '--events'; none without it.
    func events(_ context: Context) throws -> [PlannedEvent] {
        guard let path = context.arguments.string("events") else { return [] }
        guard hasCalendar else {
            throw UsageError(
                "'--events' needs series with instants; these only count their steps",
                path: context.arguments.command)
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

extension Command {
    /// Series to quantiles.
    static let forecast = Command(
        spec: CommandSpec(
            name: "forecast", abstract: "Forecast series, with calibrated quantiles.",
            options: ForecastInput.options + [
                .value("horizon", placeholder: "steps", help: "Steps ahead.", defaultText: "168"),
                .flag("explain", help: "Say on standard error which models made each forecast."),
                .value(
                    "candidates", placeholder: "file",
                    help: "Write every model's weight and loss, or why it has none, there.",
                    completion: .file(extensions: ["csv"])),
                ForecastInput.events, ForecastInput.noPooling, CapacityColumn.option, Output.format,
                Output.file,
            ]),
        run: { context in
            let target = try CapacityColumn.target(context)
            let input = try ForecastInput(context)
            let horizon =
                try context.arguments.int("horizon", in: 1...ForecastSettings.longestHorizon) ?? 168
            var settings = ForecastSettings(
                horizon: horizon, seasons: input.seasons, hasCalendar: input.hasCalendar,
                threads: context.threads)
            settings.isPooled = !context.arguments.flag("no-pooling")
            settings.events = try input.events(context)
            context.progress.begin("forecast", total: nil)
            let forecasts = Forecaster(settings).forecast(input.series)
            context.progress.finish()
            for forecast in forecasts {
                for note in forecast.notes { context.note("\(input.identify(forecast.id)): \(note)") }
                if context.arguments.flag("explain") { explain(forecast, input, context) }
            }
            if let path = context.arguments.string("candidates") {
                try ResultFile.write(candidates(forecasts, input).bytes, to: path)
            }
            let capacity = target.map { CapacityColumn($0, forecasts, input, horizon: horizon, context) }
            let table = RunReport.forecastTable(
                forecasts, identify: input.identify, time: input.time, capacity: capacity?.capacity,
                format: Output.format(context))
            try Output.write(table, context)
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
                    + (candidate.failure.map { ", no answer: \($0)" } ?? ""))
        }
    }

    /// A backtest of more origins than this is made with quick candidates only.
    private static let manyOrigins = 2000

    /// Rolling origins.
    static let backtest = Command(
        spec: CommandSpec(
            name: "backtest", abstract: "Score forecasts by rolling origin.",
            discussion: "The last K non-overlapping origins, each fitted on what lies before it alone.",
            options: ForecastInput.options + [
                .value("horizon", placeholder: "steps", help: "Steps ahead.", defaultText: "24"),
                .value("origins", placeholder: "k", help: "How many origins.", defaultText: "4"),
                .value(
                    "refit-every", placeholder: "n",
                    help: "Refit parameters every n origins; the state is always current.", defaultText: "1"),
                .value(
                    "forecasts", placeholder: "file", help: "Write every forecast there.",
                    completion: .file(extensions: ["csv"])),
                CalibrationTable.option, ForecastInput.events, ForecastInput.noPooling, CapacityColumn.option,
                Output.format, Output.file,
            ]),
        run: { context in
            let target = try CapacityColumn.target(context)
            let input = try ForecastInput(context)
            let horizon =
                try context.arguments.int("horizon", in: 1...ForecastSettings.longestHorizon) ?? 24
            let most = ForecastSettings.longestHorizon
            let originCount = try context.arguments.int("origins", in: 1...most) ?? 4
            let refitEvery = try context.arguments.int("refit-every", in: 1...most) ?? 1
            var settings = ForecastSettings(
                horizon: horizon, seasons: input.seasons, hasCalendar: input.hasCalendar,
                threads: context.threads)
            settings.isPooled = !context.arguments.flag("no-pooling")
            settings.events = try input.events(context)
            if originCount > manyOrigins {
                settings = settings.light()
                context.note(
                    "more than \(manyOrigins) origins: only quick candidates, on a history of "
                        + "\(settings.historyMaximum) steps")
            }
            context.progress.begin("backtest", total: nil)
            let report = Backtest(settings, originCount: originCount, refitEvery: refitEvery).run(
                input.series)
            let capacity = target.map {
                CapacityColumn($0, report, input, horizon: horizon, refitEvery: refitEvery, context)
            }
            context.progress.finish()
            for skipped in report.skipped.prefix(20) {
                context.note("\(input.identify(skipped.id)), origin \(skipped.origin): \(skipped.reason)")
            }
            if let path = context.arguments.string("forecasts") {
                try ResultFile.write(forecastRows(report, input, capacity).bytes, to: path)
            }
            if let path = context.arguments.string("calibration") {
                try CalibrationTable(report, input).write(to: path)
            }
            for note in capacity?.frontiers(report, input) ?? [] { context.note(note) }
            try Output.write(scores(report, input, Output.format(context)), context)
            return .success
        })

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
