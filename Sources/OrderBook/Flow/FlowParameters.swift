import Foundation
import Numerics

/// A stochastic model of order flow after Cont, Stoikov and Talreja (2010), calibrated to one symbol.
///
/// New orders arrive at each distance behind the best price of their side at a rate of its own, or better it, the more
/// often the wider the spread (placement about the own side's best: Mike and Farmer 2008). Every resting order is
/// cancelled at a rate that depends on its distance, and aggressors take from the best price on. All rates are shares of
/// one clock, whose ticks come in Hawkes bursts. In a surge orders live shorter, so that depth thins.
public struct FlowParameters: Sendable, Equatable {
    /// When something happens.
    public var arrivals: HawkesArrivals
    /// New orders over all events, both sides together.
    public var addShare: Double
    /// Of the new orders that do not better the best, the share at each distance behind it (`DistanceBuckets`).
    public var addDistances: [Double]
    /// The share of new orders that better the best price of their side, by the spread (`DistanceBuckets`).
    public var betterShares: [Double]
    /// A factor on `betterShares`.
    public var betterScale: Double
    /// By how much of the spread they do: equally likely, rising, between 0 and 1.
    public var betterParts: [Double]
    /// Cancels of one resting order at each distance, over all events.
    public var cancelShares: [Double]
    /// Aggressors over all events.
    public var takeShare: Double
    /// Sizes of new orders, in lots: equally likely, rising.
    public var addQuantities: [Int64]
    /// Sizes of aggressors, likewise.
    public var takeQuantities: [Int64]
    /// A factor on the sizes of aggressors that stop at the best level.
    public var takeScale: Double
    /// Orders, in the mean, that what was observed as a new order stands for: more than one where only levels are seen.
    public var ordersPerAdd: Double
    /// The share of aggressors that take from more than one level. The others stop at the end of the best one, as most do
    /// (selective liquidity taking: Taranto, Bormetti and Lillo 2014).
    public var sweepShare: Double
    /// The levels that those reach: equally likely, rising.
    public var deepLevels: [Int]
    /// Depth at the touch falls as the pace of events to the power of minus this.
    public var thinningExponent: Double
    /// Orders that rest at each distance, both sides together, in the mean: the book to start from.
    public var restingOrders: [Double]

    /// Seconds between two looks at the book, as it was observed; 0 where every event is one.
    public var lookSeconds: Double

    /// Parameters that follow from counts alone, before the spread and the size of aggressors are fitted.
    ///
    /// - Parameter flow: What was observed; it needs new orders and aggressors.
    public init(counting flow: ObservedFlow) {
        let count = Double(max(1, flow.events.count))
        let found = DistanceCounts(flow.events)
        let adds = found.bySpread.reduce(0, +)
        addShare = adds / count
        addDistances = found.behind.map { $0 / max(1, found.behind.reduce(0, +)) }
        // Spreads that were hardly seen borrow from the next narrower one.
        var share = found.bettering.reduce(0, +) / max(1, adds)
        betterShares = zip(found.bettering, found.bySpread).map { better, all in
            share =
                (better + FlowParameters.spreadPriorOrders * share) / (all + FlowParameters.spreadPriorOrders)
            return share
        }
        betterParts = FlowParameters.quantiles(found.parts)
        cancelShares = FlowParameters.cancelShares(found.cancels, resting: flow.restingOrders, count: count)
        takeShare = Double(flow.events.count { $0.kind == .take }) / count
        let takes = flow.events.filter { $0.kind == .take }
        deepLevels = FlowParameters.quantiles(takes.map(\.levels).filter { $0 > 1 })
        sweepShare = Double(takes.count { $0.levels > 1 }) / Double(max(1, takes.count))
        addQuantities = FlowParameters.sizes(flow.events.filter { $0.kind == .add })
        takeQuantities = FlowParameters.sizes(takes)
        takeScale = 1
        ordersPerAdd = 1
        betterScale = 1
        lookSeconds = flow.lookSeconds
        thinningExponent = FlowParameters.thinning(flow.touchByPace)
        restingOrders = flow.restingOrders
        arrivals = HawkesArrivals(
            ratePerSecond: flow.seconds > 0 ? Double(flow.times.count) / flow.seconds : 1,
            fitting: FlowParameters.windowsSeconds.map {
                ($0, FlowFacts.indexOfDispersion(flow.times, windowSeconds: $0))
            })
    }

    /// New orders that the next narrower spread counts for. Chosen, not measured.
    private static let spreadPriorOrders = 10.0
    /// Windows over which the arrivals' dispersion is fitted. Chosen, not measured.
    private static let windowsSeconds = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]
    /// The most values that stand for a distribution. Chosen, not measured.
    private static let quantilesMax = 512
    /// Orders seen to rest from which a distance has a share of its own, and the most times the mean that it is.
    /// Chosen, not measured.
    private static let restingOrdersMin = 100.0
    private static let cancelFactorMax = 50.0

    private static func sizes(_ events: [ObservedFlow.Event]) -> [Int64] {
        let sizes = quantiles(events.map(\.quantity).filter { $0 > 0 })
        return sizes.isEmpty ? [1] : sizes
    }

    /// Equally likely values.
    private static func quantiles<Value: Comparable>(_ values: [Value]) -> [Value] {
        let sorted = values.sorted()
        let count = min(quantilesMax, sorted.count)
        return (0..<count).map { sorted[(2 * $0 + 1) * sorted.count / (2 * count)] }
    }

    /// Cancels of one order, by distance; where hardly an order was seen to rest, as at the next distance nearer that has
    /// figures, and never more than fifty times the mean, so that a few stray cancels do not stand for a rule.
    private static func cancelShares(_ cancels: [Double], resting: [Double], count: Double) -> [Double] {
        let mean = cancels.reduce(0, +) / max(1e-9, count * resting.reduce(0, +))
        var last = mean
        return zip(cancels, resting).map { cancels, resting in
            if resting * count >= restingOrdersMin {
                last = min(cancelFactorMax * mean, cancels / (count * resting))
            }
            return last
        }
    }

    /// Minus the slope of log depth on log pace, by weighted least squares; between 0 and 1.
    private static func thinning(_ points: [(pace: Double, lots: Double, weight: Double)]) -> Double {
        let usable = points.filter { $0.pace > 0 && $0.lots > 0 && $0.weight > 0 }
        let weight = usable.reduce(0) { $0 + $1.weight }
        guard usable.count > 1, weight > 0 else { return 0 }
        let x = usable.reduce(0) { $0 + $1.weight * log($1.pace) } / weight
        let y = usable.reduce(0) { $0 + $1.weight * log($1.lots) } / weight
        let square = usable.reduce(0) { $0 + $1.weight * (log($1.pace) - x) * (log($1.pace) - x) }
        let cross = usable.reduce(0) { $0 + $1.weight * (log($1.pace) - x) * (log($1.lots) - y) }
        return square > 0 ? min(1, max(0, -cross / square)) : 0
    }
}

/// Events by where they were, in `DistanceBuckets`.
private struct DistanceCounts {
    /// New orders behind the best price, and cancels, by distance.
    private(set) var behind = [Double](repeating: 0, count: DistanceBuckets.count)
    private(set) var cancels = [Double](repeating: 0, count: DistanceBuckets.count)
    /// New orders that better the best price, and all of them, by spread.
    private(set) var bettering = [Double](repeating: 0, count: DistanceBuckets.count)
    private(set) var bySpread = [Double](repeating: 0, count: DistanceBuckets.count)
    /// By how much of the spread they better it.
    private(set) var parts: [Double] = []

    init(_ events: [ObservedFlow.Event]) {
        for event in events {
            let bucket = DistanceBuckets.index(of: event.distance)
            switch event.kind {
            case .add:
                let spread = DistanceBuckets.index(of: event.spread)
                bySpread[spread] += 1
                // Without a seed book the best prices are not known at first: what lies beyond the other side betters
                // nothing.
                if event.distance < 0, event.spread > 1, -event.distance < event.spread {
                    bettering[spread] += 1
                    parts.append(Double(-event.distance) / Double(event.spread))
                } else {
                    behind[bucket] += 1
                }
            case .cancel: cancels[bucket] += 1
            case .take: break
            }
        }
    }
}
