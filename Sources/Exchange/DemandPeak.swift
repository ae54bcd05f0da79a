/// The busiest step of one path, in messages that clients send.
public struct DemandPeak: Sendable, Equatable {
    public var path: Int
    public var step: Int
    /// Messages a second of all symbols together.
    public var perSecond: Double
}

extension DemandPaths {
    /// The busiest step of every path, the first of equals, by rising rate.
    ///
    /// - Parameter classes: The messages that count: `Topology.sent`.
    /// - Returns: One entry a path.
    public func peaks(of classes: Set<DemandClass>) -> [DemandPeak] {
        let perTrade = symbols.map { symbol in
            DemandClass.allCases.reduce(0) {
                classes.contains($1) ? $0 + symbol.mix.perTrade[$1] : $0
            }
        }
        return (0..<pathCount).map { path in
            (0..<stepCount).reduce(into: DemandPeak(path: path, step: 0, perSecond: -1)) { peak, step in
                let rate = symbols.indices.reduce(0) {
                    $0 + trades(path: path, symbol: $1, step: step) * perTrade[$1]
                }
                if rate > peak.perSecond { (peak.step, peak.perSecond) = (step, rate) }
            }
        }.sorted { ($0.perSecond, $0.path) < ($1.perSecond, $1.path) }
    }

    /// The peak hour, of which all multiples of demand are: the busiest step of the path whose busiest step is the median
    /// over paths, of two the lower one.
    public func medianPeak(of classes: Set<DemandClass>) -> DemandPeak {
        let peaks = peaks(of: classes)
        return peaks.isEmpty ? DemandPeak(path: 0, step: 0, perSecond: 0) : peaks[(peaks.count - 1) / 2]
    }
}

extension Topology {
    /// The classes of messages that clients send: those that enter somewhere, but for fills, which the exchange makes itself.
    public var sent: Set<DemandClass> {
        let entering = Set(sources.keys)
        return entering.count > 1 ? entering.subtracting([.trade]) : entering
    }
}
