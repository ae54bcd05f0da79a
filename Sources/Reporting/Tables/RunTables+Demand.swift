import Forecasting
import Tables
import Units

extension RunTables {
    /// One step of one series as a table shows it.
    public struct ForecastStep: Sendable {
        let forecast: SeriesForecast
        let step: Int
        let name: String
        let ds: String
        let capacity: Double?
    }

    /// Quantiles of the demand, at the standard levels.
    public static let forecast = TableSchema<ForecastStep>(
        "forecast.csv", of: "run, forecast", "A series in one step ahead.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("ds", in: .step, "The start of the step.", \.ds),
            .number("mean", in: "events per step", "The expected value.") { $0.forecast.mean[$0.step] },
            .list(
                ForecastSettings.standardLevels.enumerated().map { place, level in
                    .number(
                        ForecastSettings.columnName(ofLevel: level), in: "events per step",
                        "The \(NumberText.percent(level)) quantile."
                    ) { $0.forecast.quantiles[place][$0.step] }
                }),
            .number(
                "capacity", in: "events per step",
                "The cheapest capacity that is expected to meet the target.", \.capacity
            ).only(with: "--target"),
        ])

    /// A row of `surge.csv`: an event, or a return level.
    public struct SurgeRow: Sendable {
        let id: SeriesID
        let kind: String
        var event: SurgeEvent?
        /// The length of a step, in seconds.
        var step = 1.0
        var level: ReturnLevelRow?
    }

    /// Surges and outages that were seen, and how high each series rises.
    public static let surge = TableSchema<SurgeRow>(
        "surge.csv", of: "run", "An event that was seen, or how high a series rises once in a given time.",
        [
            .text("unique_id", in: .name, "The series.") { $0.id.description },
            .text("kind", in: .word, "surge, outage, brownout, level-shift or return_level.", \.kind),
            .time("onset", "The start of the event's first step.") { $0.event?.onset },
            .time("peak_at", "The step farthest from the baseline.") { $0.event?.peakAt },
            .time("end", "The start of the first step after it.") { $0.event?.end },
            .number("baseline_per_second", in: .perSecond, "The baseline at the peak.") { row in
                row.event.map { $0.baseline / row.step }
            },
            .number("peak_per_second", in: .perSecond, "The value at the peak.") { row in
                row.event.map { $0.peak / row.step }
            },
            .number("ratio", in: .factor, "Peak over baseline.") { $0.event?.ratio },
            .integer("ramp_seconds", in: .seconds, "From the onset to four fifths of the excess.") {
                $0.event.map { Int($0.rampSeconds) }
            },
            .integer("hold_seconds", in: .seconds, "From then to the last step with half of it.") {
                $0.event.map { Int($0.holdSeconds) }
            },
            .integer("decay_seconds", in: .seconds, "From then to the end.") {
                $0.event.map { Int($0.decaySeconds) }
            },
            .number("return_days", in: "d", "A level that is reached once in so many days.") {
                $0.level?.days
            },
            .estimate("level_per_second", in: .perSecond, "That level.") { $0.level?.perSecond },
        ])

    /// What went in.
    public static let inputs = TableSchema<InputSummary>(
        "inputs.csv", of: "run", "A file that was read.",
        [
            .text("path", in: .name, "The file.", \.path),
            .text("use", in: .word, "What it was read for: demand, burstiness or traffic.", \.use),
            .text("format", in: .word, "Its format, as FORMATS.md names it.", \.format),
            .integer("rows", in: "rows", "Rows of the file.", \.rows),
            .integer("accepted", in: "rows", "Rows that were taken in.", \.accepted),
            .integer("duplicates", in: "rows", "Rows that were there already.", \.duplicates),
            .integer("quarantined", in: "rows", "Rows that could not be read.", \.quarantined),
        ])

    /// Rows that were not taken in.
    public static let quarantine = TableSchema<QuarantineEntry>(
        "quarantine.csv", of: "run, ingest --quarantine", "A row that could not be read.",
        [
            .text("path", in: .name, "The file.", \.path),
            .integer("line", in: "lines", "The line, from 1.", \.line),
            .integer(
                "column", in: "bytes", "Where on the line the fault lies, from 1; empty where it is the row.",
                \.column),
            .integer("byte_offset", in: "bytes", "Where the line starts.", \.byteOffset),
            .text("reason", in: .prose, "What is wrong.", \.reason),
            // In quotation marks, so that a spreadsheet takes none for a formula.
            .text("excerpt", in: .prose, "The row's first bytes, in quotation marks.") {
                quoted($0.excerpt)
            },
        ])
}

/// Text in quotation marks, control characters as `\\u{1b}`.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        result +=
            scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return result + "\""
}
