import Foundation
import Tape
import TestSupport
import Testing
import Units

@Suite struct SafetyTests {
    @Test func aFlippedBitInAnyByteIsFoundAndItsFileNamed() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        try store(randomTrades(40, seed: 2, spanSeconds: 100), in: path, source: 1)
        for (name, data) in try contents(path) {
            for position in data.indices {
                var damaged = data
                damaged[position] ^= 1 << UInt8(position % 8)
                try damaged.write(to: URL(filePath: path + "/" + name))
                let error = #expect(throws: TapeError.self, "byte \(position) of \(name)") {
                    try Tape.open(path).verify()
                }
                #expect(error?.description.contains(name) == true, "byte \(position) of \(name)")
            }
            try data.write(to: URL(filePath: path + "/" + name))
        }
        try Tape.open(path).verify()
    }

    @Test func readingADamagedBlockNamesTheFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        try store(randomTrades(40, seed: 2, spanSeconds: 100), in: path, source: 1)
        let name = try #require(try contents(path).keys.first { $0.hasPrefix("segments/") })
        var data = try Data(contentsOf: URL(filePath: path + "/" + name))
        data[20] ^= 1
        try data.write(to: URL(filePath: path + "/" + name))
        let error = #expect(throws: TapeError.self) { try Tape.open(path).read(btc) }
        #expect(error?.description.contains(name) == true)
    }

    @Test(
        "a segment that is cut short while the tape is open is an error that names it",
        arguments: [0, 8, 100])
    func cutShortWhileOpen(length: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        try store(randomTrades(4000, seed: 2), in: path, source: 1)
        let tape = try Tape.open(path)
        #expect(try tape.read(btc).counts.reduce(0, +) == 4000)
        let pages = try Tape.open(path)
        for name in try contents(path).keys where name.hasPrefix("segments/") {
            let file = try FileHandle(forWritingTo: URL(filePath: path + "/" + name))
            try file.truncate(atOffset: UInt64(length))
            try file.close()
        }
        for open in [tape, pages] {
            let error = #expect(throws: TapeError.self) { try open.read(btc) }
            #expect(error?.description.contains("segments/") == true)
            #expect(throws: TapeError.self) { try open.verify() }
        }
    }

    @Test func whatAKilledWriterLeavesBehindIsIgnoredAndSwept() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        try store(randomTrades(300, seed: 2), in: path, source: 1)
        let before = try contents(path)
        try folder.write("half a segm", to: "t/segments/.tmp-2024-08-08.events.0123456789abcdef.segment")
        try folder.write("whole, but not in the manifest", to: "t/segments/2024-08-09.events.feed.segment")
        try folder.write("{\"checks", to: "t/.tmp-manifest.json")
        #expect(try Tape.open(path).read(btc).counts.reduce(0, +) == 300)
        _ = try TapeWriter(path)
        #expect(try contents(path) == before)
    }

    @Test func aSecondWriterIsRefusedUntilTheFirstIsGone() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        do {
            let first = try TapeWriter(path)
            #expect(throws: TapeError.locked(path: path)) { try TapeWriter(path) }
            try first.commit()
        }
        _ = try TapeWriter(path)
    }

    @Test func aTapeThatLostItsManifestIsNotSweptAway() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t")
        try store(randomTrades(30, seed: 2), in: path, source: 1)
        try FileManager.default.removeItem(atPath: path + "/manifest.json")
        let before = try contents(path)
        #expect(throws: TapeError.self) { try TapeWriter(path) }
        #expect(try contents(path) == before)
    }

    @Test func aFolderWithoutATapeSaysSo() throws {
        let folder = try TemporaryFolder()
        #expect(throws: TapeError.notATape(path: folder.path("x"))) { try Tape.open(folder.path("x")) }
    }

    @Test func anUnknownSeriesSuggestsNearOnes() throws {
        let folder = try TemporaryFolder()
        try store(randomTrades(30, seed: 2), in: folder.path("t"), source: 1)
        let tape = try Tape.open(folder.path("t"))
        let wrong = SeriesID("trades/binance-usdm/BTCUSDT")
        #expect(throws: TapeError.unknownSeries(wrong, nearest: [btc])) { try tape.read(wrong) }
    }
}
