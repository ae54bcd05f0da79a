import Exchange
import Tape
import Units

/// How each symbol's arrivals bunch, from raw trades where there are any.
struct BurstMeasurement {
    private let tapes: [Tape]
    /// The symbol with the most raw trades, which stands for those that have none.
    private let busiest: BurstProfile?

    /// The windows that are looked at, in seconds; longer ones belong to the forecast.
    private static let windowsSeconds = [0.001, 0.01, 0.1, 1, 10, 60]
    /// A window counts where it fits in so often.
    private static let windowCountMin = 30
    /// A profile needs so many raw events.
    private static let eventsMin = 500.0

    /// Raw trades are looked for in these tapes, the first that has a symbol's deciding.
    init(tapes: [Tape]) throws {
        self.tapes = tapes
        var best: (events: Int64, id: SeriesID, tape: Tape)?
        for tape in tapes {
            for summary in tape.series where summary.id.kind == "trades" {
                let events = summary.resolutions.filter(\.isEvents).reduce(0) { $0 + $1.events }
                if events > best?.events ?? 0 { best = (events, summary.id, tape) }
            }
        }
        busiest = try best.flatMap { try BurstMeasurement.measure($0.id, in: $0.tape) }
    }

    /// The profile of a symbol's orders.
    func profile(of id: SeriesID) throws -> BurstProfile {
        for tape in tapes {
            if let found = try BurstMeasurement.measure(id, in: tape) { return found }
        }
        guard var borrowed = busiest else { return .standard }
        borrowed.origin = "as \(borrowed.origin)"
        return borrowed
    }

    /// What a tape tells of a symbol; nil where it holds too few raw trades of it.
    ///
    /// Fills of one order share its millisecond, so that milliseconds with a trade are counted: they come near to
    /// counting orders, which is what keeps a tier busy. A clock of whole seconds leaves the events themselves.
    private static func measure(_ id: SeriesID, in tape: Tape) throws -> BurstProfile? {
        guard tape.summary(of: id)?.hasEvents == true else { return nil }
        var points = try tape.burstiness(
            of: id, counting: .milliseconds, windowsSeconds: windowsSeconds)
        if points.isEmpty { points = try tape.burstiness(of: id, windowsSeconds: windowsSeconds) }
        points = points.filter { $0.windows >= windowCountMin }
        guard let last = points.last,
            last.meanRatePerSecond * last.windowSeconds * Double(last.windows) >= eventsMin
        else { return nil }
        // One rate for all windows, so that each keeps its own (D − 1) / (λ w).
        let rate = points[0].meanRatePerSecond
        return BurstProfile(
            measuredRatePerSecond: rate,
            points: points.map { point in
                BurstProfile.Point(
                    windowSeconds: point.windowSeconds,
                    indexOfDispersion: 1
                        + max(0, point.indexOfDispersion - 1) * rate / point.meanRatePerSecond)
            }, origin: "raw trades of \(id.description)")
    }
}
