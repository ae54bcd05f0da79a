import Glibc
import Units

/// Sample paths of what every symbol will ask for, all symbols of one path surging together.
public struct DemandPaths: Sendable {
    /// The symbols, in order.
    public let symbols: [SymbolDemand]
    /// The start of the first step.
    public let start: Timestamp
    /// Seconds of a step, as 3600.
    public let stepSeconds: Int64
    /// Steps of a path.
    public let stepCount: Int
    /// Number of paths.
    public let pathCount: Int
    /// Trades a second, in mean over the step: `[path][symbol][step]`, flat.
    public let tradesPerSecond: [Double]

    /// Paths from their parts; the values must be `pathCount × symbols.count × stepCount`, finite and not negative.
    public init(
        symbols: [SymbolDemand], start: Timestamp, stepSeconds: Int64, stepCount: Int, pathCount: Int,
        tradesPerSecond: [Double]
    ) {
        precondition(
            tradesPerSecond.count == pathCount * symbols.count * stepCount, "one value a path, symbol, step")
        self.symbols = symbols
        self.start = start
        self.stepSeconds = stepSeconds
        self.stepCount = stepCount
        self.pathCount = pathCount
        self.tradesPerSecond = tradesPerSecond
    }

    /// Trades a second of one symbol in one step of one path.
    public func trades(path: Int, symbol: Int, step: Int) -> Double {
        tradesPerSecond[(path * symbols.count + symbol) * stepCount + step]
    }

    /// Messages a second of one symbol, by class, before any tier.
    public func rates(path: Int, symbol: Int, step: Int) -> ClassRates {
        symbols[symbol].mix.perTrade * trades(path: path, symbol: symbol, step: step)
    }

    /// Messages a second of all symbols together, by class.
    public func totalRates(path: Int, step: Int) -> ClassRates {
        symbols.indices.reduce(.zero) { $0 + rates(path: path, symbol: $1, step: step) }
    }

    /// The start of a step.
    public func time(ofStep step: Int) -> Timestamp {
        start.advanced(bySeconds: Int64(step) * stepSeconds)
    }
}

/// What is known of a symbol's demand beside its level.
public struct SymbolDemand: Sendable, Equatable {
    /// The series that counts its trades.
    public var id: SeriesID
    /// Messages with each trade.
    public var mix: MessageMix
    /// How its arrivals bunch below the step.
    public var bursts: BurstProfile

    public init(id: SeriesID, mix: MessageMix, bursts: BurstProfile) {
        self.id = id
        self.mix = mix
        self.bursts = bursts
    }
}

/// How strongly arrivals bunch, by window: the index of dispersion of counts where they were measured.
///
/// For a doubly stochastic stream of rate λ, counts in a window w have an index of dispersion D = 1 + λ w C², with C
/// the coefficient of variation of the rate averaged over the window. `carriedVarianceFactor` says how C changes with
/// the level.
public struct BurstProfile: Sendable, Equatable {
    /// One measured window.
    public struct Point: Sendable, Equatable {
        public var windowSeconds: Double
        /// Variance of the counts over their mean.
        public var indexOfDispersion: Double

        public init(windowSeconds: Double, indexOfDispersion: Double) {
            self.windowSeconds = windowSeconds
            self.indexOfDispersion = indexOfDispersion
        }
    }

    /// The mean rate at which the points were measured, in arrivals a second.
    public var measuredRatePerSecond: Double
    /// The points, by rising window.
    public var points: [Point]
    /// Where it was measured, or that it is the default; for the reports.
    public var origin: String
    /// The arrivals themselves, where a log tells them.
    public var sample: ArrivalSample?
    /// The arrivals of all streams of the exchange together, where logs tell them.
    public var market: ArrivalSample?

    /// A profile; the points are put in order of their windows.
    public init(measuredRatePerSecond: Double, points: [Point], origin: String) {
        self.measuredRatePerSecond = measuredRatePerSecond
        self.points = points.sorted { $0.windowSeconds < $1.windowSeconds }
        self.origin = origin
    }

    /// The rate's squared coefficient of variation over a window of the points: (D − 1) / (λ w), at least 0.
    public func rateVariance(ofPoint index: Int) -> Double {
        let point = points[index]
        let expected = measuredRatePerSecond * point.windowSeconds
        return expected > 0 ? max(0, (point.indexOfDispersion - 1) / expected) : 0
    }

    /// How D − 1 grows with the level over a window: as its power of this exponent.
    ///
    /// Bursts shorter than a second are mostly batches and reactions to one event, whose size does not grow with the
    /// number of traders (exponent 0, as for a Hawkes process whose base rate grows); over ten seconds and more the
    /// rate itself moves for all (exponent 1). Measured on adds and cancels of GOOG on 2012-06-21 (LOBSTER) over
    /// fifths of the day by level: 0.27, 0.39, 0.24, 0.33 at 1 ms, 10 ms, 100 ms, 1 s, more than 1 at 10 s; from its
    /// executions to all its messages, 30 times as many: 0.35, 0.39, 0.49, 0.58, 0.67; from its messages to those of
    /// Binance spot BTCUSDT, 19 times as many: 0.42, 0.47, 0.52, 0.60 up to 1 s. Taken a little above their mean,
    /// which is the safe side: 0.3, 0.4, 0.5, 0.6, then 1 from 10 s on; linear in the window's logarithm.
    public static func growthExponent(windowSeconds: Double) -> Double {
        guard windowSeconds > 0.001 else { return 0.3 }
        let decades = log10(windowSeconds)
        if decades <= 0 { return min(0.6, 0.6 + 0.1 * decades) }
        return min(1, 0.6 + 0.4 * decades)
    }

    /// C² at a level over C² at the measured one, for a window: the ratio of levels to the exponent's power less 1.
    public func carriedVarianceFactor(toRate ratePerSecond: Double, windowSeconds: Double) -> Double {
        guard measuredRatePerSecond > 0, ratePerSecond > 0 else { return 1 }
        let exponent = BurstProfile.growthExponent(windowSeconds: windowSeconds)
        return pow(ratePerSecond / measuredRatePerSecond, exponent - 1)
    }

    /// Where there are no raw logs: Binance spot BTCUSDT on 2024-08-08, messages out at 119 a second: 7.9 at 1 ms, 24
    /// at 10 ms, 64 at 100 ms, 158 at 1 s.
    public static let standard = BurstProfile(
        measuredRatePerSecond: 119,
        points: [
            Point(windowSeconds: 0.001, indexOfDispersion: 7.9),
            Point(windowSeconds: 0.01, indexOfDispersion: 24),
            Point(windowSeconds: 0.1, indexOfDispersion: 64), Point(windowSeconds: 1, indexOfDispersion: 158),
        ],
        origin: "default: Binance spot BTCUSDT, 2024-08-08")
}
