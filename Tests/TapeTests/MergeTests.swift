import Foundation
import Tape
import TestSupport
import Testing
import Units

@Suite struct MergeTests {
    private let eth = SeriesID("trades/binance-spot/ETHUSDT")

    /// One delta of some trades of two series.
    private func delta(_ trades: [Trade], _ writer: TapeWriter, source: UInt64) throws -> TapeDelta {
        let builder = TapeDeltaBuilder(known: writer.known, store: writer.store)
        let handles = [builder.eventSeries(btc), builder.eventSeries(eth)]
        for trade in trades { _ = builder.add(trade.event, to: handles[Int(trade.price % 2)]) }
        return try builder.finish(source: ContentHash(low: source, high: 7), bytes: 5, format: "test")
    }

    private func write(_ parts: [Int: [Trade]], to path: String) throws {
        let writer = try TapeWriter(path)
        for (number, trades) in parts.sorted(by: { $0.key < $1.key }) {
            writer.append(try delta(trades, writer, source: UInt64(number)))
        }
        try writer.commit(threads: 2)
    }

    /// Days of more rows than a page takes whole, and of fewer.
    private func trades(_ seed: UInt64) -> [Trade] {
        randomTrades(12_000, seed: seed, spanSeconds: 70_000)
            + randomTrades(500, seed: seed + 1, spanSeconds: 900_000)
            .map { trade in
                var later = trade
                later.nanoseconds += 86_400 * 1_000_000_000
                later.id = (trade.id ?? 0) + 1_000_000
                return later
            }
    }

    @Test(arguments: [1, 2, 3])
    func mergingIsAssociativeCommutativeAndEqualsOneIngest(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: seed)
        var parts: [Int: [Trade]] = [:]
        for trade in trades(seed) { parts[Int.random(in: 0..<4, using: &random), default: []].append(trade) }
        try write(parts, to: folder.path("whole"))
        let whole = try contents(folder.path("whole"))
        for (number, trades) in parts { try write([number: trades], to: folder.path("\(number)")) }
        func merge(_ names: [String], _ name: String) throws {
            try TapeMerge.merge(names.map { folder.path($0) }, into: folder.path(name))
        }
        try merge(["0", "1", "2", "3"], "all")
        try merge(["3", "1", "0", "2"], "other order")
        try merge(["0", "1"], "left")
        try merge(["left", "2"], "left again")
        try merge(["left again", "3"], "from the left")
        try merge(["2", "3"], "right")
        try merge(["1", "right"], "right again")
        try merge(["0", "right again"], "from the right")
        for name in ["all", "other order", "from the left", "from the right"] {
            let merged = try contents(folder.path(name))
            #expect(merged == whole, "\(name)")
        }
        try Tape.open(folder.path("all")).verify()
    }

    @Test func rowsOfAnyOrderMakeTheSamePages() throws {
        let folder = try TemporaryFolder()
        let rising = trades(5)
        var random = SplitMix64(seed: 6)
        try write([0: rising], to: folder.path("rising"))
        try write([0: rising.reversed()], to: folder.path("falling"))
        try write([0: rising.shuffled(using: &random)], to: folder.path("shuffled"))
        let expected = try contents(folder.path("rising"))
        #expect(try contents(folder.path("falling")) == expected)
        #expect(try contents(folder.path("shuffled")) == expected)
    }

    @Test func repeatingAMergeChangesNothingAndAnotherTapeIsNotOverwritten() throws {
        let folder = try TemporaryFolder()
        let all = randomTrades(200, seed: 4)
        try write([0: Array(all[..<100])], to: folder.path("a"))
        try write([1: Array(all[100...])], to: folder.path("b"))
        try TapeMerge.merge([folder.path("a"), folder.path("b")], into: folder.path("out"))
        let before = try contents(folder.path("out"))
        try TapeMerge.merge([folder.path("b"), folder.path("a")], into: folder.path("out"))
        #expect(try contents(folder.path("out")) == before)
        #expect(throws: TapeError.self) { try TapeMerge.merge([folder.path("a")], into: folder.path("out")) }
        #expect(try contents(folder.path("out")) == before)
    }

    @Test func sharedTradeIDsAreRefusedAndNamed() throws {
        let folder = try TemporaryFolder()
        let all = randomTrades(300, seed: 4, spanSeconds: 1000).map { trade in
            var even = trade
            even.price -= trade.price % 2
            return even
        }
        try write([0: Array(all[..<200])], to: folder.path("a"))
        try write([1: Array(all[150...])], to: folder.path("b"))
        let error = #expect(throws: TapeError.self) {
            try TapeMerge.merge([folder.path("a"), folder.path("b")], into: folder.path("out"))
        }
        #expect(error?.description.contains("trade ids 1150 to 1199") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    }

    @Test func logsWithoutIDsThatOverlapAreRefusedUnlessKept() throws {
        let folder = try TemporaryFolder()
        let all = randomTrades(400, seed: 4, spanSeconds: 5000).map { trade in
            var plain = trade
            plain.id = nil
            return plain
        }
        try store(Array(all[..<250]), in: folder.path("a"), source: 1)
        try store(Array(all[150...]), in: folder.path("b"), source: 2)
        let paths = [folder.path("a"), folder.path("b")]
        let error = #expect(throws: TapeError.self) { try TapeMerge.merge(paths, into: folder.path("out")) }
        #expect(error?.description.contains("--overlap keep") == true)
        try TapeMerge.merge(paths, into: folder.path("out"), keepsOverlap: true)
        #expect(try Tape.open(folder.path("out")).summary(of: btc)?.resolutions.first?.events == 500)
    }

    @Test func equalBarsCountOnceAndDifferentOnesAreRefused() throws {
        let folder = try TemporaryFolder()
        try storeBars([(dayStart, 5), (dayStart + 60, 6)], step: 60, in: folder.path("a"), source: 1)
        try storeBars([(dayStart + 60, 6), (dayStart + 120, 7)], step: 60, in: folder.path("b"), source: 2)
        try storeBars([(dayStart + 120, 8)], step: 60, in: folder.path("c"), source: 3)
        try TapeMerge.merge([folder.path("a"), folder.path("b")], into: folder.path("out"))
        #expect(try Tape.open(folder.path("out")).read(btc).counts == [5, 6, 7])
        #expect(throws: TapeError.self) {
            try TapeMerge.merge([folder.path("b"), folder.path("c")], into: folder.path("no"))
        }
    }

    @Test func shardsAreMergedOnlyWhenAllAreThere() throws {
        let folder = try TemporaryFolder()
        let all = randomTrades(300, seed: 4)
        func shard(_ index: Int, of count: Int, inputs: String, _ name: String) throws {
            let writer = try TapeWriter(
                folder.path(name), shard: TapeShard(index: index, count: count, inputs: inputs))
            let trades = Array(all[(index * 100)..<(index * 100 + 100)])
            writer.append(try delta(trades, writer, source: UInt64(index)))
            try writer.commit()
        }
        for index in 0..<3 { try shard(index, of: 3, inputs: "x", "\(index)") }
        try shard(1, of: 3, inputs: "y", "other files")
        try shard(1, of: 2, inputs: "x", "of two")
        try write([2: Array(all[200...])], to: folder.path("plain"))
        func complaint(_ names: [String]) -> String {
            let error = #expect(throws: TapeError.self) {
                try TapeMerge.merge(names.map { folder.path($0) }, into: folder.path("out"))
            }
            return error?.description ?? ""
        }
        #expect(complaint(["0", "2"]).contains("shard 1/3 is missing"))
        #expect(complaint(["0", "1", "2", "2"]).contains("both shard 2/3"))
        #expect(complaint(["0", "other files", "2"]).contains("different files"))
        #expect(complaint(["0", "of two", "2"]).contains("shard 1/2"))
        #expect(complaint(["0", "1", "plain"]).contains("is not a shard"))
        try TapeMerge.merge(["2", "0", "1"].map { folder.path($0) }, into: folder.path("out"))
        try write(
            [0: Array(all[..<100]), 1: Array(all[100..<200]), 2: Array(all[200...])], to: folder.path("one"))
        let merged = try contents(folder.path("out"))
        let one = try contents(folder.path("one"))
        #expect(merged == one)
        #expect(throws: TapeError.self) { try TapeWriter(folder.path("1")) }
        #expect(throws: TapeError.self) {
            try TapeWriter(folder.path("1"), shard: TapeShard(index: 0, count: 3, inputs: "x"))
        }
    }
}
