import Exchange
import Forecasting
import Replay
import Tables
import Units

extension RunReport {
    /// Every CSV of the result, by file name.
    ///
    /// Tidy tables in RFC 4180: snake_case columns with units, instants in ISO 8601 and UTC, a missing value
    /// empty.
    public func tables() -> [(name: String, table: DataTable)] {
        let own: [(name: String, table: DataTable)] = [
            ("forecast.csv", RunReport.forecastTable(forecasts, identify: \.description)),
            ("surge.csv", surgeTable()),
            ("saturation.csv", RunReport.saturationTable(replay.saturation)),
            ("latency_curve.csv", RunReport.latencyTable(replay.latencyCurve)),
            ("verdict.csv", VerdictTable.table(scenarios.map(\.verdict))),
            ("inputs.csv", inputTable()),
            ("quarantine.csv", RunReport.quarantineTable(quarantine)),
        ]
        return own + RunReport.planTables(plan)
    }

    /// `unique_id,ds,mean,q025,…`, in events a step; with capacities, one list a forecast, also `capacity`.
    public static func forecastTable(
        _ forecasts: [SeriesForecast], identify: (SeriesID) -> String,
        time: (Timestamp) -> String = { $0.description }, capacity: [[Double]]? = nil,
        format: DataTable.Format = .csv
    ) -> DataTable {
        let levels = forecasts.first?.levels ?? ForecastSettings.standardLevels
        var table = DataTable(
            columns: ["unique_id", "ds", "mean"] + levels.map(ForecastSettings.columnName(ofLevel:))
                + (capacity == nil ? [] : ["capacity"]),
            format: format)
        for (place, forecast) in forecasts.enumerated() {
            let id = identify(forecast.id)
            for step in forecast.mean.indices {
                table.append(
                    [.text(id), .text(time(forecast.time(ofStep: step))), .number(forecast.mean[step])]
                        + forecast.quantiles.map { .number($0[step]) }
                        + (capacity.map { [.number($0[place][step])] } ?? []))
            }
        }
        return table
    }

    private func surgeTable() -> DataTable {
        var table = DataTable(columns: [
            "unique_id", "kind", "onset", "peak_at", "end", "baseline_per_second", "peak_per_second", "ratio",
            "ramp_seconds", "hold_seconds", "decay_seconds", "return_days", "level_per_second",
            "level_per_second_lo", "level_per_second_hi",
        ])
        let step = Double(demand.stepSeconds)
        for event in surges {
            table.append([
                .text(event.id.description), .text(event.kind.rawValue), .time(event.onset),
                .time(event.peakAt), .time(event.end), .number(event.baseline / step),
                .number(event.peak / step), .number(event.ratio), .count(Int(event.rampSeconds)),
                .count(Int(event.holdSeconds)), .count(Int(event.decaySeconds)), .missing, .missing,
                .missing, .missing,
            ])
        }
        for row in returnLevels {
            table.append(
                [.text(row.id.description), .text("return_level")]
                    + [DataTable.Cell](repeating: .missing, count: 9) + [
                        .number(row.days), .optional(row.perSecond?.value), .optional(row.perSecond?.lo),
                        .optional(row.perSecond?.hi),
                    ])
        }
        return table
    }

    /// `saturation.csv` of the contract.
    public static func saturationTable(_ points: [SaturationPoint]) -> DataTable {
        var table = DataTable(columns: [
            "tier", "shard", "kind", "load_multiplier", "load_multiplier_lo", "load_multiplier_hi",
            "rate_per_second", "rate_per_second_lo", "rate_per_second_hi", "binding_resource", "reached_at",
        ])
        for point in points {
            table.append([
                .text(point.tier), .optional(point.shard), .text(point.kind.rawValue),
                .optional(point.loadMultiplier?.value), .optional(point.loadMultiplier?.lo),
                .optional(point.loadMultiplier?.hi), .optional(point.ratePerSecond?.value),
                .optional(point.ratePerSecond?.lo), .optional(point.ratePerSecond?.hi),
                .text(point.bindingResource), .optional(point.reachedAt),
            ])
        }
        return table
    }

    /// `latency_curve.csv`: times in microseconds.
    public static func latencyTable(_ points: [LatencyCurvePoint]) -> DataTable {
        var columns = ["tier", "shard", "load_multiplier", "rate_per_second", "utilisation"]
        for name in ["p50_us", "p99_us", "p999_us", "share_over_slo"] {
            columns += [name, "\(name)_lo", "\(name)_hi"]
        }
        var table = DataTable(columns: columns)
        for point in points {
            var cells: [DataTable.Cell] = [
                .text(point.tier), .optional(point.shard), .number(point.loadMultiplier),
                .number(point.ratePerSecond), .number(point.utilisation),
            ]
            for seconds in [point.p50Seconds, point.p99Seconds, point.p999Seconds] {
                cells += [
                    .number(seconds.value * 1e6), .number(seconds.lo * 1e6), .number(seconds.hi * 1e6),
                ]
            }
            let share = point.shareOverObjective
            table.append(cells + [.number(share.value), .number(share.lo), .number(share.hi)])
        }
        return table
    }

    private func inputTable() -> DataTable {
        var table = DataTable(columns: [
            "path", "use", "format", "rows", "accepted", "duplicates", "quarantined",
        ])
        for input in inputs {
            table.append([
                .text(input.path), .text(input.use), .text(input.format), .count(input.rows),
                .count(input.accepted), .count(input.duplicates), .count(input.quarantined),
            ])
        }
        return table
    }

    /// `quarantine.csv`: rows that were not taken in, their first bytes in quotation marks, so that a
    /// spreadsheet takes none for a formula.
    public static func quarantineTable(_ entries: [QuarantineEntry]) -> DataTable {
        var table = DataTable(columns: ["path", "line", "column", "byte_offset", "reason", "excerpt"])
        for entry in entries {
            table.append([
                .text(entry.path), .count(entry.line), entry.column.map { .count($0) } ?? .missing,
                .count(entry.byteOffset), .text(entry.reason), .text(quoted(entry.excerpt)),
            ])
        }
        return table
    }
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
