import Foundation
import Tape
import TestSupport
import Testing
import Units

@Suite struct StoreTests {
    /// What the tape should hold, computed the obvious way.
    private func slowRows(_ trades: [Trade]) -> [Int64: [Trade]] {
        Dictionary(grouping: trades) { Int64(($0.nanoseconds / 1_000_000_000)) }
    }

    @Test(arguments: [1, 2, 3]) func rowsEqualASlowSumInAnyOrderOfArrival(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(3000, seed: seed, spanSeconds: 100_000)
        var random = SplitMix64(seed: seed)
        #expect(try store(trades.shuffled(using: &random), in: folder.path("t"), source: 1) == trades.count)
        let rows = try Tape.open(folder.path("t")).read(btc).rows
        let slow = slowRows(trades)
        #expect(rows.map(\.start) == slow.keys.sorted())
        for row in rows {
            let group = try #require(slow[row.start])
            #expect(row.count == Int64(group.count))
            #expect(row.quantity == group.reduce(0) { $0 + Int128($1.quantity) })
            #expect(row.quantitySquares == group.reduce(0) { $0 + Int128($1.quantity) * Int128($1.quantity) })
            #expect(row.sells == Int64(group.filter(\.isSell).count))
            #expect(row.buys + row.sells == row.count)
            let ordered = group.sorted { ($0.nanoseconds, $0.id ?? 0) < ($1.nanoseconds, $1.id ?? 0) }
            #expect(row.prices?.open.price == ordered.first?.price)
            #expect(row.prices?.close.price == ordered.last?.price)
            #expect(row.prices?.high == group.map(\.price).max())
            #expect(row.prices?.low == group.map(\.price).min())
        }
    }

    @Test func disjointPartsInAnyOrderMakeTheSameBytesAsOneCommit() throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(4000, seed: 9)
        try store(trades, in: folder.path("whole"), source: 1)
        var random = SplitMix64(seed: 10)
        let parts = Dictionary(grouping: trades) { _ in Int.random(in: 0..<5, using: &random) }
        for order in [[0, 1, 2, 3, 4], [4, 2, 0, 3, 1]] {
            let path = folder.path("parts-\(order)")
            for index in order { try store(parts[index] ?? [], in: path, source: UInt64(index + 10)) }
            let one = try contents(folder.path("whole")).filter { $0.key.hasPrefix("segments/") }
            let two = try contents(path).filter { $0.key.hasPrefix("segments/") }
            #expect(one == two)
            let merged = try Tape.open(path).read(btc)
            let whole = try Tape.open(folder.path("whole")).read(btc)
            #expect(merged == whole)
        }
        let rising = try contents(folder.path("parts-[0, 1, 2, 3, 4]"))
        let mixed = try contents(folder.path("parts-[4, 2, 0, 3, 1]"))
        #expect(rising == mixed)
    }

    @Test func idsSeenBeforeAreDuplicatesInAnyOrder() throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(5000, seed: 4)
        var random = SplitMix64(seed: 11)
        let doubled = (trades + trades.filter { _ in Bool.random(using: &random) }).shuffled(using: &random)
        #expect(try store(doubled, in: folder.path("t"), source: 1) == trades.count)
        #expect(try store(Array(trades[1000..<1500]), in: folder.path("t"), source: 2) == 0)
        #expect(try Tape.open(folder.path("t")).summary(of: btc)?.resolutions.first?.events == 5000)
    }

    @Test func readingARangeGivesTheRowsInside() throws {
        let folder = try TemporaryFolder()
        try store(randomTrades(2000, seed: 6), in: folder.path("t"), source: 1)
        let tape = try Tape.open(folder.path("t"))
        let all = try tape.read(btc).rows
        let from = Timestamp(seconds: dayStart + 80_000)
        let to = Timestamp(seconds: dayStart + 95_000)
        let part = try tape.read(btc, from: from, to: to).rows
        #expect(part == all.filter { $0.time >= from && $0.time < to })
        #expect(!part.isEmpty)
    }

    @Test func hostileNamesComeBackAsTheyWere() throws {
        let folder = try TemporaryFolder()
        let names = [
            "../../etc/passwd", "a/b\nc", "\u{0}", "<b>&\"'", "", "日本", String(repeating: "x", count: 5000),
        ]
        for (index, name) in names.enumerated() {
            let id = SeriesID(kind: "trades", venue: "v", name: name)
            try store(randomTrades(10, seed: 1), in: folder.path("t"), as: id, source: UInt64(index))
        }
        let tape = try Tape.open(folder.path("t"))
        #expect(Set(tape.series.map(\.id.name)) == Set(names))
        for summary in tape.series { #expect(try tape.read(summary.id).counts.reduce(0, +) == 10) }
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
        #expect(files.allSatisfy { $0.hasPrefix("t") && $0.count < 80 })
    }

    @Test func sumsSaturateInsteadOfTrapping() throws {
        let folder = try TemporaryFolder()
        let writer = try TapeWriter(folder.path("t"))
        let builder = TapeDeltaBuilder(known: writer.known)
        let handle = builder.eventSeries(btc)
        for _ in 0..<3 {
            let giant = TradeEvent(
                time: Timestamp(seconds: dayStart), isResolved: true, count: .max, ids: nil, price: .max,
                quantity: .max, notional: .max, side: .buy)
            #expect(builder.add(giant, to: handle))
        }
        writer.append(try builder.finish(source: ContentHash(low: 1, high: 1), bytes: 1, format: "test"))
        try writer.commit()
        let row = try #require(try Tape.open(folder.path("t")).read(btc).rows.first)
        #expect(row.count == .max && row.buys == .max)
        #expect(FixedPoint.value(row.quantity) == .infinity)
        #expect(FixedPoint.text(row.notional) == "inf")
    }

    @Test func fixedPointTextIsExact() {
        #expect(FixedPoint.text(150_000_000) == "1.5")
        #expect(FixedPoint.text(1) == "0.00000001")
        #expect(FixedPoint.text(-20_000_000_000) == "-200")
        #expect(FixedPoint.value(Int128(1) << 100) == 0x1p100 / 1e8)
    }
}
