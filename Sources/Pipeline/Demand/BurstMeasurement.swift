import Exchange
import Ingest
import Replay
import Tape
import Units

extension BurstProfile {
    /// Arrivals that are independent of each other, since the plan file says so.
    static var poisson: BurstProfile {
        BurstProfile(measuredRatePerSecond: 0, points: [], origin: "the plan file: poisson")
    }
}

/// How each symbol's arrivals bunch, from raw trades where there are any.
struct BurstMeasurement {
    private let tapes: [Tape]
    private let logs: [SeriesID: BurstProfile]
    /// The symbols with raw trades, those with the most first.
    private let ranked: [SeriesID]
    /// The symbol with the most raw trades, which stands for those that have none.
    private let busiest: BurstProfile?

    /// The windows that are looked at, in seconds; longer ones belong to the forecast.
    private static let windowsSeconds = [0.001, 0.01, 0.1, 1, 10, 60]
    /// A window counts where it fits in so often.
    private static let windowCountMin = 30
    /// A profile needs so many raw events.
    private static let eventsMin = 500

    /// Raw orders are looked for in logs first, then raw trades in tapes, the first that has a symbol's deciding.
    ///
    /// - Parameters:
    ///   - tapes: Tapes with raw trades.
    ///   - arrivals: When orders came, as logs have it.
    ///   - end: What came from then on is not known yet; nil: all is.
    /// - Throws: `TapeError` where a tape cannot be read.
    init(tapes: [Tape], arrivals: [ArrivalSeries], until end: Timestamp?) throws {
        self.tapes = tapes
        let logs = BurstMeasurement.measured(arrivals, until: end)
        self.logs = logs
        guard logs.isEmpty else {
            ranked = logs.sorted {
                ($1.value.measuredRatePerSecond, $0.key) < ($0.value.measuredRatePerSecond, $1.key)
            }.map(\.key)
            busiest = ranked.first.flatMap { logs[$0] }
            return
        }
        var found: [(events: Int64, id: SeriesID, tape: Tape)] = []
        for tape in tapes {
            for summary in tape.series where summary.id.kind == "trades" {
                let events = summary.resolutions.filter(\.isEvents).reduce(0) { $0 + $1.events }
                guard events > 0 else { continue }
                if let place = found.firstIndex(where: { $0.id == summary.id }) {
                    if events > found[place].events { found[place] = (events, summary.id, tape) }
                } else {
                    found.append((events, summary.id, tape))
                }
            }
        }
        found.sort { ($1.events, $0.id) < ($0.events, $1.id) }
        ranked = found.map(\.id)
        busiest = try found.first.flatMap { try BurstMeasurement.measure($0.id, in: $0.tape) }
    }

    /// The profile of a symbol's orders.
    func profile(of id: SeriesID) throws -> BurstProfile {
        if let own = try ownProfile(of: id) { return own }
        return busiest.map(BurstMeasurement.borrowed) ?? BurstMeasurement.standard
    }

    /// The profile of a symbol's orders from its own raw trades; nil where there are too few.
    func ownProfile(of id: SeriesID) throws -> BurstProfile? {
        if let found = logs[id] { return found }
        for tape in tapes where logs.isEmpty {
            if let found = try BurstMeasurement.measure(id, in: tape) { return found }
        }
        return nil
    }

    /// The symbols with the most raw trades, each with its own profile and with the one that it would be lent without
    /// them.
    ///
    /// - Parameter limit: So many symbols at the most.
    /// - Returns: Both profiles of each of them.
    /// - Throws: `TapeError` where a tape cannot be read.
    func leftOut(limit: Int) throws -> [(own: BurstProfile, lent: BurstProfile)] {
        var found: [BurstProfile] = []
        // One more, which stands for the first.
        for id in ranked where found.count <= limit {
            if let own = try ownProfile(of: id) { found.append(own) }
        }
        return found.indices.prefix(limit).map { place in
            let other = found.indices.first { $0 != place }
            return (found[place], other.map { found[$0] } ?? BurstMeasurement.standard)
        }
    }

    private static func borrowed(_ profile: BurstProfile) -> BurstProfile {
        var borrowed = profile
        borrowed.origin = "as \(profile.origin)"
        return borrowed
    }

    private static var standard: BurstProfile {
        var standard = BurstProfile.standard
        standard.sample = .standard
        return standard
    }

    /// The raw logs of trades that tell orders of a second apart and hold enough of them, as far as they are known.
    static func usable(
        _ arrivals: [ArrivalSeries], until end: Timestamp?
    ) -> [(id: SeriesID, nanoseconds: ArraySlice<Int64>)] {
        arrivals.compactMap { series in
            guard series.id.kind == "trades", series.isResolved else { return nil }
            let limit = end?.seconds ?? .max
            let last = series.nanoseconds.partitioningIndex { $0 / 1_000_000_000 >= limit }
            return last >= eventsMin ? (series.id, series.nanoseconds[..<last]) : nil
        }
    }

    /// Profiles of logs whose clock tells orders of a second apart; each knows the arrivals of all of them together.
    private static func measured(_ arrivals: [ArrivalSeries], until end: Timestamp?) -> [SeriesID:
        BurstProfile]
    {
        let known = usable(arrivals, until: end).map { id, nanoseconds -> (id: SeriesID, seconds: [Double]) in
            let origin = nanoseconds.first ?? 0
            // Whole seconds apart, so that a double holds the rest.
            return (id, nanoseconds.map { Double($0 - origin) / 1e9 + Double(origin) / 1e9 })
        }
        var market: ArrivalSample?
        if known.count > 1 {
            let first = known.map { $0.seconds[0] }.max() ?? 0
            let last = known.map { $0.seconds[$0.seconds.count - 1] }.min() ?? 0
            // Only while all logs run: what is missing is no lull.
            let merged = known.flatMap { $0.seconds.filter { $0 >= first && $0 <= last } }.sorted()
            market = ArrivalSample(seconds: merged, origin: "raw trades of \(known.count) symbols")
        }
        var result: [SeriesID: BurstProfile] = [:]
        for (id, seconds) in known {
            let origin = "raw trades of \(id.description)"
            var profile = BurstProfile(seconds: seconds, windowsSeconds: windowsSeconds, origin: origin)
            profile.sample = ArrivalSample(seconds: seconds, origin: origin)
            profile.market = market
            result[id] = profile
        }
        return result
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
            last.meanRatePerSecond * last.windowSeconds * Double(last.windows) >= Double(eventsMin)
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
