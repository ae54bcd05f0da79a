import CommandLineKit
import Forecasting
import Pipeline
import Tables
import Units

/// What `surge` is told.
struct SurgeOptions: OptionGroup {
    /// A table that it prints.
    enum Table: String, CaseIterable, Sendable {
        case events
        case returns
        case hawkes
        case price
    }

    let input = SeriesOptions()
    @Option(
        .text, placeholder: "file", help: "For hawkes: table unique_id,ds with the time of every event.",
        completion: .file(extensions: ["csv"]))
    var events: String?
    @Option(.choice, placeholder: "table", help: "Table to print.") var what = Table.events
    let output = TableOutput()
}

extension Command {
    /// Surges, outages and return levels.
    static let surge = Command(
        name: "surge", abstract: "Detect surges and outages, and estimate return levels.",
        discussion: "events: surges, outages, brown-outs and level shifts. returns: levels reached once in "
            + "30 days, a year or five years; values of steps of a week or more are taken as the "
            + "maxima of their step. hawkes: how events trigger further events (self-excitation). "
            + "price: how demand responds to price moves.",
        examples: [
            "highwater surge --tape tape --what events"
        ],
        options: SurgeOptions.self,
        run: { given, context in
            let format = given.output.format
            let table =
                switch given.what {
                case .events: events(try ForecastInput(given.input, context), format)
                case .returns: returns(try ForecastInput(given.input, context), format)
                case .price: prices(try ForecastInput(given.input, context), format)
                case .hawkes: try HawkesTable(given, context).table(format)
                }
            try given.output.write(table)
            return .success
        })

    private static func events(_ input: ForecastInput, _ format: DataTable.Format) -> DataTable {
        let detector = SurgeDetector(seasons: input.seasons)
        let rows = input.series.flatMap { detector.events(in: $0) }.map {
            CommandTables.SurgeRow(
                event: $0, name: input.identify($0.id), onset: input.time($0.onset),
                peakAt: input.time($0.peakAt), end: input.time($0.end))
        }
        return CommandTables.surges.table(rows, format: format)
    }

    private static func returns(_ input: ForecastInput, _ format: DataTable.Format) -> DataTable {
        var table = CommandTables.returns.writer(format: format)
        for series in input.series {
            var row = CommandTables.ReturnRow(
                name: input.identify(series.id), days: 0, stepSeconds: series.stepSeconds)
            do throws(ModelFailure) {
                // Values of long steps are maxima already.
                if series.stepSeconds >= BlockMaxima.leastStepSeconds {
                    row.maxima = try BlockMaxima(series.values)
                } else {
                    row.levels = try ReturnLevels(series, block: input.seasons.first ?? 24)
                }
            } catch {
                row.failure = error.reason
            }
            for days in [30, 365.25, 1826.25] {
                row.days = days
                table.append(row)
            }
        }
        return table.table
    }

    /// How demand answers price moves of one step.
    private static func prices(_ input: ForecastInput, _ format: DataTable.Format) -> DataTable {
        var table = CommandTables.prices.writer(format: format)
        for (series, prices) in zip(input.series, input.prices) {
            var row = CommandTables.PriceRow(name: input.identify(series.id))
            do throws(ModelFailure) {
                row.response = try PriceResponse(series, prices: prices, seasons: input.seasons)
            } catch {
                row.failure = error.reason
                table.append(row)
                continue
            }
            for move in [-0.5, -0.25, -0.1, -0.05, -0.02, -0.01, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5] {
                row.move = move
                table.append(row)
            }
        }
        return table.table
    }
}
