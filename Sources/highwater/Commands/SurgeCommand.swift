import CommandLineKit
import Forecasting
import Pipeline
import Tables
import Units

extension Command {
    /// Surges, outages and return levels.
    static let surge = Command(
        spec: CommandSpec(
            name: "surge", abstract: "Find surges and outages, and how high a series rises once in a time.",
            discussion: "events: surges, outages, brown-outs and shifts of level. returns: what is surpassed "
                + "once in a time. hawkes: how events bring others. price: how demand answers price moves.",
            options: ForecastInput.options + [
                .value(
                    "events", placeholder: "file",
                    help: "For hawkes: a table unique_id,ds with the time of every event.",
                    completion: .file(extensions: ["csv"])),
                .value(
                    "what", placeholder: "table", help: "Which table.", defaultText: "events",
                    choices: ["events", "returns", "hawkes", "price"]), Output.format, Output.file,
            ]),
        run: { context in
            let format = Output.format(context)
            let what = context.arguments.string("what")
            if what == "hawkes" {
                try Output.write(HawkesTable(context).table(format), context)
                return .success
            }
            let input = try ForecastInput(context)
            let table =
                switch what {
                case "returns": returns(input, format)
                case "price": prices(input, format)
                default: events(input, format)
                }
            try Output.write(table, context)
            return .success
        })

    private static func events(_ input: ForecastInput, _ format: DataTable.Format) -> DataTable {
        var table = DataTable(
            columns: [
                "unique_id", "kind", "onset", "peak_at", "end", "baseline", "peak", "ratio", "ramp_seconds",
                "hold_seconds", "decay_seconds",
            ], format: format)
        let detector = SurgeDetector(seasons: input.seasons)
        for event in input.series.flatMap({ detector.events(in: $0) }) {
            table.append([
                .text(input.identify(event.id)), .text(event.kind.rawValue), .text(input.time(event.onset)),
                .text(input.time(event.peakAt)), .text(input.time(event.end)), .number(event.baseline),
                .number(event.peak), .number(event.ratio), .count(Int(event.rampSeconds)),
                .count(Int(event.holdSeconds)), .count(Int(event.decaySeconds)),
            ])
        }
        return table
    }

    private static func returns(_ input: ForecastInput, _ format: DataTable.Format) -> DataTable {
        var table = DataTable(
            columns: [
                "unique_id", "return_days", "level", "level_lo", "level_hi", "threshold", "clusters", "shape",
                "failure",
            ], format: format)
        for series in input.series {
            let fitted = Result { try ReturnLevels(series, block: input.seasons.first ?? 24) }
            for days in [30, 365.25, 1826.25] {
                var cells: [DataTable.Cell] = [.text(input.identify(series.id)), .number(days)]
                switch fitted {
                case .success(let levels):
                    let level = levels.level(days: days)
                    cells += [
                        .optional(level?.value), .optional(level?.lo), .optional(level?.hi),
                        .number(levels.threshold), .count(levels.clusterCount), .number(levels.tail.shape),
                        .missing,
                    ]
                case .failure(let error):
                    cells += [.missing, .missing, .missing, .missing, .missing, .missing, .text("\(error)")]
                }
                table.append(cells)
            }
        }
        return table
    }

    /// How demand answers price moves of one step.
    private static func prices(_ input: ForecastInput, _ format: DataTable.Format) -> DataTable {
        var table = DataTable(
            columns: [
                "unique_id", "price_move", "demand_factor", "demand_factor_lo", "demand_factor_hi",
                "is_extrapolated", "elasticity", "elasticity_lo", "elasticity_hi", "fall_factor", "explained",
                "failure",
            ], format: format)
        for (series, prices) in zip(input.series, input.prices) {
            let name = DataTable.Cell.text(input.identify(series.id))
            let response: PriceResponse
            do throws(ModelFailure) {
                response = try PriceResponse(series, prices: prices, seasons: input.seasons)
            } catch {
                table.append(
                    [name] + [DataTable.Cell](repeating: .missing, count: 10) + [.text(error.reason)])
                continue
            }
            for move in [-0.5, -0.25, -0.1, -0.05, -0.02, -0.01, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5] {
                let factor = response.factor(move: move)
                table.append([
                    name, .number(move), .number(factor.value), .number(factor.lo), .number(factor.hi),
                    .flag(abs(move) > response.largestMove), .number(response.elasticity.value),
                    .number(response.elasticity.lo), .number(response.elasticity.hi),
                    .number(response.fallFactor), .number(response.explained), .missing,
                ])
            }
        }
        return table
    }
}
