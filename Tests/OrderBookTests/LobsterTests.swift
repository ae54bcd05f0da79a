import Foundation
import OrderBook
import TestSupport
import Testing

@Suite("LOBSTER messages")
struct LobsterTests {
    @Test("levels leave the window and come back as the book file has them")
    func window() throws {
        let rows = [
            "1020,5,1000,5,1030,7,990,8", "1010,3,1000,5,1020,5,990,8", "1020,5,1000,5,1030,9,990,8",
            "1020,5,1000,2,1030,9,990,8",
        ].map { Substring($0) }
        let messages = ["0.1,1,1,5,1000,1", "0.2,1,2,3,1010,-1", "0.3,3,2,3,1010,-1", "0.4,4,77,3,1000,1"].map
        { Substring($0) }
        var replay = LobsterReplay(first: LobsterRow(line: rows[0]), tick: 10)
        #expect(replay.row(levels: 2) == rows[0])
        for index in 1..<4 {
            replay.apply(
                try #require(LobsterMessage(line: messages[index])), row: LobsterRow(line: rows[index]))
            #expect(replay.row(levels: 2) == rows[index])
        }
        #expect(replay.mismatches == 0)
    }

    @Test("ticks are the largest common divisor")
    func ticks() {
        #expect(LobsterReplay.tick(of: [5_859_400, 5_798_700]) == 100)
        #expect(LobsterReplay.tick(of: [30, 45]) == 15 && LobsterReplay.tick(of: []) == 1)
    }

    @Test(
        "every row of the public sample is reproduced, from its first row and its last levels alone",
        .enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
    func sample() throws {
        let folder = try TemporaryFolder()
        let archive = RealData.path("lob/lobster/LOBSTER_SampleFile_GOOG_2012-06-21_10.zip")
        #expect(try Tool.run("/usr/bin/env", ["unzip", "-q", archive, "-d", folder.url.path]).code == 0)
        func lines(_ name: String) throws -> [Substring] {
            try String(
                contentsOfFile: folder.path("GOOG_2012-06-21_34200000_57600000_\(name)_10.csv"),
                encoding: .utf8
            )
            .split(separator: "\n").map { $0.hasSuffix("\r") ? $0.dropLast() : $0 }
        }
        let rows = try lines("orderbook")
        let messages = try lines("message").compactMap(LobsterMessage.init)
        #expect(messages.count == rows.count && rows.count == 147_916)
        var replay = LobsterReplay(first: LobsterRow(line: rows[0]), tick: 100)
        var wrong = 0
        for index in 1..<rows.count {
            // The rest of the row is hidden from the replay.
            let fields = rows[index].split(separator: ",")
            let masked = [Substring](repeating: "0", count: fields.count - 4) + fields.suffix(4)
            replay.apply(messages[index], row: LobsterRow(line: Substring(masked.joined(separator: ","))))
            if replay.row(levels: 10) != rows[index] { wrong += 1 }
        }
        #expect(wrong == 0 && replay.mismatches == 0)
    }
}
