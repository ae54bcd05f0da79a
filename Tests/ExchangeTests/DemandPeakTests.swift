import Exchange
import Testing
import Units

@Suite("The peak hour")
struct DemandPeakTests {
    /// Two symbols over two steps, with other messages for each trade.
    private static func demand(_ paths: [[[Double]]]) -> DemandPaths {
        let mixes = [
            MessageMix(ordersPerTrade: 2, cancelsPerTrade: 1, queriesPerTrade: 0),
            MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 5),
        ]
        return DemandPaths(
            symbols: mixes.enumerated().map {
                SymbolDemand(id: SeriesID("trades/test/S\($0)"), mix: $1, bursts: .standard)
            }, start: Timestamp(seconds: 0), stepSeconds: 3600, stepCount: 2, pathCount: paths.count,
            tradesPerSecond: paths.flatMap { $0.flatMap { $0 } })
    }

    @Test("is the busiest step of the lower median path, in messages that clients send")
    func medianPeak() {
        // Orders and cancels: 3 for each trade of the first symbol, 1 of the second; by path and step 33 and 31, 9 and 13,
        // 60 and 6, 22 and 22.
        let demand = Self.demand([
            [[10, 10], [3, 1]], [[3, 1], [0, 10]], [[20, 2], [0, 0]], [[7, 7], [1, 1]],
        ])
        let sent: Set<DemandClass> = [.order, .cancel]
        #expect(demand.peaks(of: sent).map(\.perSecond) == [13, 22, 33, 60])
        let peak = demand.medianPeak(of: sent)
        #expect(peak.path == 3 && peak.step == 0 && peak.perSecond == 22)
        // With queries the second symbol weighs six: 48 and 36, 9 and 63, 60 and 6, 27 and 27.
        let all = demand.medianPeak(of: [.order, .cancel, .query])
        #expect(all.path == 0 && all.step == 0 && all.perSecond == 48)
    }

    @Test("counts no fills, which the exchange makes itself, unless nothing else enters")
    func sent() {
        #expect(Topology.standard.sent == [.order, .cancel, .query])
        #expect(Topology(tiers: [], sources: [.trade: "feed"], edges: []).sent == [.trade])
    }
}
