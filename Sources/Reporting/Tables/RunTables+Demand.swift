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
        "forecast.csv", of: "run, forecast", "One step of a series' forecast.",
        [
            .text("unique_id", in: .name, "The series.", \.name),
            .text("ds", in: .step, "Start of the step.", \.ds),
            .number("mean", in: "events per step", "Expected value.") { $0.forecast.mean[$0.step] },
            .list(
                ForecastSettings.standardLevels.enumerated().map { place, level in
                    .number(
                        ForecastSettings.columnName(ofLevel: level), in: "events per step",
                        "The \(NumberText.percent(level)) quantile."
                    ) { $0.forecast.quantiles[place][$0.step] }
                }),
            .number(
                "capacity", in: "events per step",
                "Cheapest capacity expected to meet the target.", \.capacity
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
        "surge.csv", of: "run", "A detected event, or a return level of a series.",
        [
            .text("unique_id", in: .name, "The series.") { $0.id.description },
            .text("kind", in: .word, "surge, outage, brownout, level-shift or return_level.", \.kind),
            .time("onset", "Start of the event's first step.") { $0.event?.onset },
            .time("peak_at", "Start of the step farthest from the baseline.") { $0.event?.peakAt },
            .time("end", "Start of the first step after the event.") { $0.event?.end },
            .number("baseline_per_second", in: .perSecond, "Baseline at the peak.") { row in
                row.event.map { $0.baseline / row.step }
            },
            .number("peak_per_second", in: .perSecond, "Value at the peak.") { row in
                row.event.map { $0.peak / row.step }
            },
            .number("ratio", in: .factor, "Peak over baseline.") { $0.event?.ratio },
            .integer(
                "ramp_seconds", in: .seconds,
                "Time from onset until four fifths of the peak excess is reached."
            ) {
                $0.event.map { Int($0.rampSeconds) }
            },
            .integer(
                "hold_seconds", in: .seconds, "Time from there to the last step with half of the peak excess."
            ) {
                $0.event.map { Int($0.holdSeconds) }
            },
            .integer("decay_seconds", in: .seconds, "Time from there to the end.") {
                $0.event.map { Int($0.decaySeconds) }
            },
            .number("return_days", in: "d", "Return period: the level is reached once in this many days.") {
                $0.level?.days
            },
            .estimate("level_per_second", in: .perSecond, "Return level.") { $0.level?.perSecond },
        ])

    /// What went in.
    public static let inputs = TableSchema<InputSummary>(
        "inputs.csv", of: "run", "A file that was read.",
        [
            .text("path", in: .name, "The file.", \.path),
            .text("use", in: .word, "Use of the file: demand, burstiness or traffic.", \.use),
            .text("format", in: .word, "Its format, as named in FORMATS.md.", \.format),
            .integer("rows", in: "rows", "Rows in the file.", \.rows),
            .integer("accepted", in: "rows", "Rows that were used.", \.accepted),
            .integer("duplicates", in: "rows", "Rows that were already there.", \.duplicates),
            .integer("quarantined", in: "rows", "Rows that could not be read.", \.quarantined),
            .text(
                "hash", in: "hexadecimal", "Hash of its text after decompression, of 128 bits.", \.contentHash
            ),
        ])

    /// Rows that were not taken in.
    public static let quarantine = TableSchema<QuarantineEntry>(
        "quarantine.csv", of: "run, ingest --quarantine", "A row that could not be read.",
        [
            .text("path", in: .name, "The file.", \.path),
            .integer("line", in: "lines", "Line number, counted from 1.", \.line),
            .integer(
                "column", in: "bytes",
                "Position of the fault in the line, from 1; empty if the whole row is at fault.",
                \.column),
            .integer("byte_offset", in: "bytes", "Offset of the start of the line.", \.byteOffset),
            .text("reason", in: .prose, "What is wrong.", \.reason),
            // In quotation marks, so that a spreadsheet takes none for a formula.
            .text("excerpt", in: .prose, "First bytes of the row, in quotation marks.") {
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
