import Exchange
import Forecasting
import Ingest
import Numerics
import Planning
import Tape
import Units

/// Turns tapes into the demand that is planned for: forecasts, joint sample paths, the mix of messages and how they
/// bunch.
public struct DemandBuilder: Sendable {
    public var forecast: PlanFile.ForecastPlan
    /// What "now" is; nil: the end of the demand's data.
    public var asOf: Timestamp?
    /// The mix that was declared; nil: to be measured.
    public var mix: MessageMix?
    /// How arrivals bunch.
    public var bursts: PlanFile.Bursts
    /// Everything random follows from it.
    public var seed: UInt64
    /// Threads to use; the result does not depend on them.
    public var threads: Int

    /// A builder for what a plan file says.
    public init(plan: PlanFile, threads: Int) {
        forecast = plan.forecast
        asOf = plan.asOf
        mix = plan.mix
        bursts = plan.bursts
        seed = plan.seed
        self.threads = threads
    }

    /// What was built.
    public struct Result: Sendable {
        /// The instant that counts as now: the start of the first step ahead.
        public var asOf: Timestamp
        /// The history of each symbol that is planned for, in trades a step.
        public var histories: [RegularSeries]
        /// Their forecasts, in the same order.
        public var forecasts: [SeriesForecast]
        public var demand: DemandPaths
        /// Where the mix is from, in a sentence.
        public var mixOrigin: String
        /// What a reader has to know: symbols left out, short histories.
        public var notes: [String]
        /// How arrivals bunch, by symbol.
        var bursts: BurstMeasurement
        /// The busiest second of the logs; nil where they do not tell it, or nobody asked.
        var secondPeak: PlanOptions.HistoricalPeak?
        /// What came from then on tells nothing of that; nil: all raw logs do.
        var burstsUntil: Timestamp?
    }

    /// Builds the demand.
    ///
    /// - Parameters:
    ///   - tape: Trades by symbol.
    ///   - raw: A tape of raw trades that tell burstiness; nil: `tape` alone.
    ///   - traffic: Tapes of requests, each with the share of requests that it holds.
    ///   - arrivals: When orders came, where raw logs tell it; they may be later than the demand's end, unless `asOf` is
    ///     given: how arrivals bunch is no secret of one week.
    /// - Returns: The demand with what it was made from.
    /// - Throws: `DemandError` where nothing can be planned for, `TapeError` where a tape cannot be read.
    public func build(
        tape: Tape, raw: Tape?, traffic: [(tape: Tape, sampleShare: Double)], arrivals: [ArrivalSeries] = []
    ) throws -> Result {
        try build(tape: tape, raw: raw, traffic: traffic, arrivals: arrivals, knownBursts: nil)
    }

    /// The same, where it is known already how arrivals bunch.
    func build(
        tape: Tape, raw: Tape?, traffic: [(tape: Tape, sampleShare: Double)], arrivals: [ArrivalSeries] = [],
        knownBursts: BurstMeasurement?
    ) throws -> Result {
        let (chosen, now) = try chosen(in: tape)
        let step = forecast.stepSeconds
        var notes: [String] = []
        let histories = try histories(of: chosen, in: tape, until: now, notes: &notes)
        guard !histories.isEmpty else { throw DemandError.noHistory(before: now, notes: notes) }

        let settings = ForecastSettings(
            horizon: forecast.horizon, seasons: forecast.seasons, threads: threads)
        let all = Forecaster(settings).forecast(histories, from: now)
        let kept = all.indices.filter { all[$0].isAnswered && all[$0].start == now }
        for index in all.indices where !kept.contains(index) {
            notes.append(
                "\(all[index].id.description) is left out: its history is not enough to forecast from")
        }
        let forecasts = kept.map { all[$0] }
        let known = kept.map { histories[$0] }
        guard !forecasts.isEmpty else { throw DemandError.noHistory(before: now, notes: notes) }
        let paths = try JointPaths(
            pathCount: forecast.paths, seed: seed, seasons: forecast.seasons, threads: threads
        ).sample(forecasts, histories: known)
            .withPeaks(of: known, seasons: forecast.seasons, threads: threads)

        let measured = try MixMeasurement(trades: tape, traffic: traffic, step: step, until: now)
        let (mix, origin) = self.mix.map { ($0, "the plan file") } ?? measured.mix(notes: &notes)
        let until = asOf == nil ? nil : now
        let bursts =
            try knownBursts
            ?? BurstMeasurement(tapes: [raw, tape].compactMap { $0 }, arrivals: arrivals, until: until)
        let symbols = try known.map {
            let profile =
                switch self.bursts {
                case .measured: try bursts.profile(of: $0.id)
                case .poisson: BurstProfile.poisson
                case .profile(let given): given
                }
            return SymbolDemand(id: $0.id, mix: mix, bursts: profile)
        }
        let demand = DemandPaths(
            symbols: symbols, start: now, stepSeconds: step, stepCount: forecast.horizon,
            pathCount: paths.pathCount,
            tradesPerSecond: paths.values.map { $0.isFinite ? max(0, Double($0)) / Double(step) : 0 })
        return Result(
            asOf: now, histories: known, forecasts: forecasts, demand: demand, mixOrigin: origin,
            notes: notes, bursts: bursts, burstsUntil: until)
    }

    /// The series that are planned for, and the instant that counts as now.
    func chosen(in tape: Tape) throws -> (series: [SeriesSummary], now: Timestamp) {
        let glob = Glob(forecast.symbols)
        let trades = tape.series.filter { $0.id.kind == "trades" }
        let chosen = trades.filter { glob.matches($0.id.name) || glob.matches($0.id.description) }
        guard !trades.isEmpty else { throw DemandError.noTrades(found: tape.series.map(\.id)) }
        guard !chosen.isEmpty else {
            throw DemandError.noSymbol(pattern: forecast.symbols, known: trades.map(\.id))
        }
        let step = forecast.stepSeconds
        guard let end = chosen.map(\.end).max() else { throw DemandError.noTrades(found: []) }
        // A log whose last line comes just before the end of a step holds the whole step.
        return (chosen, (asOf ?? end.advanced(bySeconds: step / 100)).floored(toSeconds: step))
    }

    private func histories(
        of chosen: [SeriesSummary], in tape: Tape, until now: Timestamp, notes: inout [String]
    ) throws -> [RegularSeries] {
        let from = forecast.historySeconds.map { now.advanced(bySeconds: -$0) }
        var found: [RegularSeries] = []
        for summary in chosen {
            let name = summary.id.description
            let step = forecast.stepSeconds
            guard summary.resolutions.contains(where: { step % $0.stepSeconds == 0 }) else {
                notes.append("\(name) is left out: its bars do not fit the time step")
                continue
            }
            let series = try tape.regular(
                summary.id, stepSeconds: step, from: from, to: now, partial: .missing, strays: .leaveOut)
            let latest = series.values.lastIndex { $0.isFinite }.map { series.time(at: $0) }
            guard let latest else {
                notes.append("\(name) is left out: it has no complete step before \(now.description)")
                continue
            }
            let silence = now.seconds - latest.seconds - forecast.stepSeconds
            guard silence <= Int64(forecast.horizon) * forecast.stepSeconds else {
                notes.append("\(name) is left out: no data since \(latest.description)")
                continue
            }
            found.append(series)
        }
        return found
    }
}

/// Why there is no demand to plan for.
public enum DemandError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No series counts trades; those that there are.
    case noTrades(found: [SeriesID])
    /// No symbol matches; those that there are.
    case noSymbol(pattern: String, known: [SeriesID])
    /// No series can be planned for; why each was left out.
    case noHistory(before: Timestamp, notes: [String])

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .noTrades(let found):
            "no series has trade counts; the demand logs contain "
                + (found.isEmpty ? "nothing" : DemandError.list(found))
        case .noSymbol(let pattern, let known):
            "no symbol matches '\(pattern)'; the symbols are \(DemandError.list(known))"
        case .noHistory(let instant, let notes):
            "no symbol can be planned for from \(instant.description) on: "
                + notes.prefix(3).joined(separator: "; ") + (notes.count > 3 ? "; …" : "")
        }
    }

    private static func list(_ ids: [SeriesID]) -> String {
        ids.prefix(8).map(\.description).joined(separator: ", ") + (ids.count > 8 ? ", …" : "")
    }
}
