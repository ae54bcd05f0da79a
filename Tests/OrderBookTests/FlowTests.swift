import Foundation
import Numerics
import OrderBook
import TestSupport
import Testing

@Suite("Order flow")
struct FlowTests {
    /// A flow made by hand: half new orders up to five ticks behind the best, a few that better it, cancels, aggressors.
    private static func handmade(seed: UInt64 = 5) -> ObservedFlow {
        var random = Random(seed: seed)
        var flow = ObservedFlow()
        var time = 0.0
        for _ in 0..<30_000 {
            time += random.exponential() / 100
            let luck = random.uniform()
            let size = Int64(1 + random.index(below: 50))
            let spread = Int64(1 + random.index(below: 3))
            let kind: ObservedFlow.Event.Kind = luck < 0.5 ? .add : luck < 0.94 ? .cancel : .take
            let better = kind == .add && spread > 1 && random.uniform() < 0.5
            let isDeep = random.uniform() < 0.04
            flow.times.append(time)
            flow.events.append(
                ObservedFlow.Event(
                    time: time, kind: kind,
                    distance: kind == .take ? 0 : better ? -1 : Int64(random.index(below: 6)), spread: spread,
                    quantity: size, fills: kind == .take ? isDeep ? 3 : random.uniform() < 0.2 ? 2 : 1 : 0,
                    levels: kind == .take ? isDeep ? 2 : 1 : 0))
        }
        for bucket in 0..<6 { flow.restingOrders[bucket] = 8 }
        flow.touchByPace = [(0.5, 800, 1000), (1, 560, 3000), (2, 400, 1000)]
        flow.spreadTicks = 2
        return flow
    }

    @Test("Hawkes arrivals scatter as their formula says, at every window")
    func hawkesFormula() {
        var flow = Self.handmade()
        let arrivals = HawkesArrivals(
            ratePerSecond: 200,
            components: [
                .init(share: 0.6, branchingRatio: 0.6, decayPerSecond: 500),
                .init(share: 0.4, branchingRatio: 0.8, decayPerSecond: 20),
            ])
        var parameters = FlowParameters(counting: flow)
        parameters.arrivals = arrivals
        flow = ObservedFlow(generating: parameters, events: 600_000, seed: 3)
        for window in FlowFacts.windowsSeconds {
            let formula = arrivals.indexOfDispersion(windowSeconds: window)
            let counted = FlowFacts.indexOfDispersion(flow.times, windowSeconds: window)
            #expect(
                abs(counted / formula - 1) < (window < 0.5 ? 0.06 : 0.12), "\(window): \(counted), \(formula)"
            )
        }
        #expect(abs(FlowFacts(flow).ratePerSecond / 200 - 1) < 0.03)
    }

    @Test("a measured curve of dispersion is fitted, and a Poisson stream has none")
    func dispersionFit() {
        let curve = [(0.001, 8.0), (0.01, 24.0), (0.1, 64.0), (1.0, 158.0)]
        let fitted = HawkesArrivals(
            ratePerSecond: 119, fitting: curve.map { (windowSeconds: $0.0, index: $0.1) })
        for (window, index) in curve {
            #expect(abs(fitted.indexOfDispersion(windowSeconds: window) / index - 1) < 0.02)
        }
        #expect(abs(fitted.components.reduce(0) { $0 + $1.share } - 1) < 1e-12)
        #expect(fitted.components.allSatisfy { (0..<1).contains($0.branchingRatio) && $0.decayPerSecond > 0 })
        let plain = HawkesArrivals(ratePerSecond: 5, fitting: [(0.1, 1), (1, 0.9)])
        #expect(plain.indexOfDispersion(windowSeconds: 10) == 1)
    }

    @Test("the index of dispersion is that of counts in windows, silences and all")
    func indexOfDispersion() {
        var random = SplitMix64(seed: 2)
        let times = (0..<4000).map { _ in Double.random(in: 0..<100, using: &random) }.sorted()
        let origin = times[0]
        var counts = [Double](repeating: 0, count: Int((times[3999] - origin) / 0.7))
        for time in times where Int((time - origin) / 0.7) < counts.count {
            counts[Int((time - origin) / 0.7)] += 1
        }
        let mean = counts.reduce(0, +) / Double(counts.count)
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(counts.count - 1)
        #expect(abs(FlowFacts.indexOfDispersion(times, windowSeconds: 0.7) - variance / mean) < 1e-9)
        #expect(FlowFacts.indexOfDispersion([], windowSeconds: 1).isNaN)
        // One far stamp must not allocate the gap.
        #expect(FlowFacts.indexOfDispersion([0, 1, 1e12], windowSeconds: 1e-3) > 0)
    }

    @Test("a model calibrated on a generated flow generates its facts again")
    func roundTrip() {
        var truth = FlowParameters(counting: Self.handmade())
        truth.takeScale = 0.7
        let flow = ObservedFlow(generating: truth, events: 60_000, seed: 8)
        var observed = flow
        observed.restingOrders = truth.restingOrders
        let fitted = FlowCalibration(eventsPerTrial: 20_000, seed: 4).parameters(of: observed)
        let (real, made) = (
            FlowFacts(flow), FlowFacts(ObservedFlow(generating: fitted, events: 60_000, seed: 9))
        )
        #expect(abs(real.addShare - made.addShare) < 0.02 && abs(real.takeShare - made.takeShare) < 0.01)
        #expect(abs(real.shareOverOneFill - made.shareOverOneFill) < 0.03)
        #expect(abs(real.shareOverOneLevel - made.shareOverOneLevel) < 0.015)
        #expect(abs(real.fillsPerAggressor / made.fillsPerAggressor - 1) < 0.08)
        #expect(abs(real.spreadTicks / made.spreadTicks - 1) < 0.2)
    }

    @Test("the same seed gives the same orders, and a surge comes faster to a thinner book")
    func surge() {
        let parameters = FlowParameters(counting: Self.handmade())
        #expect(abs(parameters.thinningExponent - 0.5) < 0.02)
        var (one, two) = (OrderFlow(parameters, seed: 6), OrderFlow(parameters, seed: 6))
        for _ in 0..<2000 { #expect(one.next() == two.next()) }
        #expect(one.book.stateHash() == two.book.stateHash())
        let calm = ObservedFlow(generating: parameters, events: 60_000, seed: 1)
        let wild = ObservedFlow(generating: parameters, events: 60_000, seed: 1, surge: 4)
        #expect(abs(FlowFacts(wild).ratePerSecond / FlowFacts(calm).ratePerSecond - 4) < 0.3)
        let thinner = wild.touchByPace[0].lots / calm.touchByPace[0].lots
        #expect((0.3...0.75).contains(thinner), "\(thinner)")
    }

    @Test("frames of a capture become orders, cancels and aggressors")
    func capture() throws {
        let lines = [
            #"1000000000 {"lastUpdateId":1,"bids":[["100.0","5.0"],["99.5","2.0"]],"asks":[["100.5","3.0"],["101.0","4.0"]]}"#,
            #"1100000000 {"stream":"x@depth","data":{"b":[["100.0","6.0"],["99.5","0.0"]],"a":[]}}"#,
            #"1200000000 {"stream":"x@trade","data":{"p":"100.5","q":"3.0","T":12,"m":false}}"#,
            #"1200000001 {"stream":"x@trade","data":{"p":"101.0","q":"1.0","T":12,"m":false}}"#,
            #"1300000000 {"stream":"x@depth","data":{"b":[["100.5","1.0"]],"a":[["100.5","0.0"],["101.0","3.0"]]}}"#,
            #"1400000000 {"stream":"x@trade","data":{"p":"100.5","q":"0.5","T":14,"m":true}}"#,
        ]
        let messages = try lines.map { try #require(CaptureMessage(line: $0)) }
        let flow = ObservedFlow(capture: messages)
        #expect(flow.times.count == 6)
        let kinds = flow.events.map(\.kind)
        // The level that fell by what had traded is no cancel; the bid inside the spread betters the best by one tick.
        #expect(kinds.count { $0 == .cancel } == 1)
        #expect(flow.events.filter { $0.kind == .take }.map(\.fills) == [2, 1])
        #expect(flow.events.filter { $0.kind == .take }.map(\.levels) == [2, 1])
        #expect(flow.events.contains { $0.kind == .add && $0.distance == -1 && $0.spread == 2 })
        #expect(CaptureMessage(line: "no frame") == nil && CaptureMessage(line: "12 {") == nil)
    }

    @Test(
        "the generated flow has the facts of NASDAQ's GOOG",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func lobster() throws {
        let (messages, rows) = try RealFlow.lobster()
        var prices = messages.filter { $0.type <= 4 }.map(\.price)
        prices += (rows[0].asks + rows[0].bids).compactMap { $0?.price }
        let flow = ObservedFlow(
            lobster: Array(messages.dropFirst()), first: rows[0], rows: { rows[$0 + 1] },
            tick: LobsterReplay.tick(of: prices))
        let real = FlowFacts(flow)
        // The published ranges of GOOG, AMZN and AAPL on that day.
        #expect(
            (1.28...1.36).contains(real.fillsPerAggressor) && (1.03...1.06).contains(real.levelsPerAggressor))
        #expect(
            (0.027...0.044).contains(real.shareOverOneLevel) && (0.19...0.23).contains(real.shareOverOneFill))
        let fitted = FlowCalibration(eventsPerTrial: 20_000).parameters(of: flow)
        let made = FlowFacts(ObservedFlow(generating: fitted, events: 200_000, seed: 2))
        #expect(abs(made.fillsPerAggressor / real.fillsPerAggressor - 1) < 0.08)
        #expect(abs(made.levelsPerAggressor / real.levelsPerAggressor - 1) < 0.03)
        #expect(abs(made.shareOverOneFill - real.shareOverOneFill) < 0.03)
        #expect(abs(made.shareOverOneLevel - real.shareOverOneLevel) < 0.01)
        for (one, other) in zip(made.indexOfDispersion, real.indexOfDispersion) {
            #expect(abs(one / other - 1) < 0.35, "\(made.indexOfDispersion) \(real.indexOfDispersion)")
        }
    }
}

extension FlowTests {
    @Test(
        "the generated flow has the facts of Binance's captures",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)),
        arguments: ["spot_btcusdt", "spot_ethusdt", "usdm_btcusdt", "usdm_ethusdt"])
    func captures(name: String) throws {
        let messages = try RealFlow.capture("ws/binance_ws_20240808/binance_\(name)_20240808.jsonl.gz")
        let flow = ObservedFlow(capture: messages)
        let real = FlowFacts(flow)
        let fitted = FlowCalibration(eventsPerTrial: 40_000).parameters(of: flow)
        let made = FlowFacts(ObservedFlow(generating: fitted, events: 200_000, seed: 2))
        #expect(abs(made.fillsPerAggressor / real.fillsPerAggressor - 1) < 0.15)
        #expect(abs(made.shareOverOneFill - real.shareOverOneFill) < 0.06)
        #expect(abs(made.shareOverOneLevel - real.shareOverOneLevel) < 0.02)
        for (one, other) in zip(made.indexOfDispersion, real.indexOfDispersion) {
            #expect((0.5...2).contains(one / other), "\(made.indexOfDispersion) \(real.indexOfDispersion)")
        }
    }
}

/// The real flow that tests read.
enum RealFlow {
    /// The frames of a compressed capture.
    static func capture(_ path: String) throws -> [CaptureMessage] {
        try output(of: ["gzip", "-dc", RealData.path(path)]).compactMap { CaptureMessage(line: $0) }
    }

    /// The messages and the rows of the LOBSTER sample.
    static func lobster() throws -> (messages: [LobsterMessage], rows: [LobsterRow]) {
        let archive = try #require(RealData.folder).appending(
            path: "lob/lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip")
        let messages = try lines(archive, "*message*").compactMap { LobsterMessage(line: $0) }
        let rows = try lines(archive, "*orderbook*").compactMap { LobsterRow(line: $0) }
        return (messages, rows)
    }

    private static func lines(_ archive: URL, _ pattern: String) throws -> [Substring] {
        try output(of: ["unzip", "-p", archive.path, pattern])
    }

    private static func output(of arguments: [String]) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
            $0.hasSuffix("\r") ? $0.dropLast() : $0
        }
    }
}
