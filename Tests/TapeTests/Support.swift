import Foundation
import Tape
import TestSupport
import Units

/// A trade as the tests make them, before it becomes a `TradeEvent`.
struct Trade: Equatable {
    var nanoseconds: Int64
    var id: Int64?
    var price: Int64
    var quantity: Int64
    var isSell: Bool

    var event: TradeEvent {
        TradeEvent(
            time: Timestamp(nanoseconds: nanoseconds), isResolved: true, ids: id.map { $0...$0 },
            price: price,
            quantity: Int128(quantity), notional: Int128(price) * Int128(quantity) / 100_000_000,
            side: isSell ? .sell : .buy)
    }
}

let dayStart: Int64 = 1_723_075_200  // 2024-08-08T00:00:00Z
let btc = SeriesID("trades/binance-spot/BTCUSDT")

/// Random trades, ids rising with time, some in one millisecond, over a span of seconds from `dayStart`.
func randomTrades(_ count: Int, seed: UInt64, spanSeconds: Int64 = 200_000) -> [Trade] {
    var random = SplitMix64(seed: seed)
    var times = (0..<count).map { _ in
        dayStart * 1_000_000_000 + Int64.random(in: 0..<spanSeconds * 1000, using: &random) * 1_000_000
    }
    times.sort()
    return times.enumerated().map { index, time in
        Trade(
            nanoseconds: time, id: Int64(1000 + index),
            price: Int64.random(in: 1...9_000_000_000_000, using: &random),
            quantity: Int64.random(in: 0...500_000_000, using: &random), isSell: Bool.random(using: &random))
    }
}

/// Adds trades to a tape in one commit.
@discardableResult
func store(_ trades: [Trade], in path: String, as id: SeriesID = btc, source: UInt64) throws -> Int {
    let writer = try TapeWriter(path)
    let builder = TapeDeltaBuilder(known: writer.known)
    let handle = builder.eventSeries(id)
    let accepted = trades.filter { builder.add($0.event, to: handle) }.count
    writer.append(try builder.finish(source: ContentHash(low: source, high: 1), bytes: 1, format: "test"))
    try writer.commit()
    return accepted
}

/// Adds bars to a tape in one commit.
func storeBars(_ bars: [(start: Int64, count: Int64)], step: Int64, in path: String, source: UInt64) throws {
    let writer = try TapeWriter(path)
    let builder = TapeDeltaBuilder(known: writer.known)
    let handle = builder.barSeries(btc, stepSeconds: step)
    for bar in bars {
        _ = builder.addBar(TapeRow(start: bar.start, count: bar.count), to: handle)
    }
    writer.append(try builder.finish(source: ContentHash(low: source, high: 2), bytes: 1, format: "bars"))
    try writer.commit()
}

/// Every file below a folder with its bytes, the lock excepted.
func contents(_ folder: String) throws -> [String: Data] {
    var result: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name != "lock" {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
        if !isFolder.boolValue { result[name] = try Data(contentsOf: URL(filePath: folder + "/" + name)) }
    }
    return result
}
