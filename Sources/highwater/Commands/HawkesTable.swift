import CommandLineKit
import Forecasting
import Numerics
import Tables
import Units

/// `surge --what hawkes`: how events of each series bring others, by both kernels.
struct HawkesTable {
    /// A series to fit: its name, the length of a step, and how to fit a kernel.
    private struct Task: Sendable {
        let name: String
        let stepSeconds: Int64?
        let fit: @Sendable (HawkesKernel.Form) throws(ModelFailure) -> HawkesFit
    }

    private let tasks: [Task]
    private let threads: Int

    /// Times of events from '--events'; otherwise counts, from a tape at the second.
    init(_ given: SurgeOptions, _ context: Context) throws {
        threads = context.threads
        if let path = given.events {
            tasks = try EventTable.read(path: path).series.map { events in
                let season = HawkesTable.season(events)
                return Task(name: events.name, stepSeconds: nil) { (form) throws(ModelFailure) in
                    try HawkesFit(
                        times: events.times, seconds: events.times.last ?? 0, form: form, season: season)
                }
            }
            return
        }
        let input = try ForecastInput(given.input, context, tapeStep: 1)
        tasks = input.series.map { series in
            let step = series.stepSeconds
            // Below an hour the season is the day; otherwise the longest that is seen four times.
            let seasons = step < 3600 && 86_400 % step == 0 ? [Int(86_400 / step)] : input.seasons
            let season = seasons.sorted().last { 4 * $0 <= series.values.count } ?? 1
            return Task(name: input.identify(series.id), stepSeconds: step) { (form) throws(ModelFailure) in
                try HawkesFit(counts: series, form: form, season: season)
            }
        }
    }

    /// The shape of the day by the hour, where there are four days.
    private static func season(_ events: EventTable.Events) -> HawkesSeason {
        let day = 86_400.0
        guard let last = events.times.last, last >= 4 * day else { return .none }
        var counts = [Double](repeating: 1, count: 24)
        for time in events.times {
            counts[min(Int(saturating: (time / day - (time / day).rounded(.down)) * 24), 23)] += 1
        }
        return HawkesSeason(seconds: day, shape: counts)
    }

    func table(_ format: DataTable.Format) -> DataTable {
        let forms = HawkesKernel.Form.allCases
        let rows = Parallel.map(tasks.count * forms.count, threads: threads) { index in
            HawkesTable.row(tasks[index / forms.count], forms[index % forms.count])
        }
        return CommandTables.hawkes.table(rows, format: format)
    }

    private static func row(_ task: Task, _ form: HawkesKernel.Form) -> CommandTables.HawkesRow {
        var row = CommandTables.HawkesRow(name: task.name, form: form, stepSeconds: task.stepSeconds)
        do throws(ModelFailure) {
            row.fit = try task.fit(form)
        } catch {
            row.failure = error.reason
        }
        return row
    }
}
