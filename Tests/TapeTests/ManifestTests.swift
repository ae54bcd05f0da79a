import Foundation
import Tape
import TestSupport
import Testing
import Units

@Suite struct ManifestTests {
    static let names = [
        "plain", "a\"b\\c/d", "tab\tnew\nline\r", "\u{1}\u{1F}\u{7F}", "é😀", "\\u0041", "[[1,2]]",
    ]

    private func read(_ tape: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: tape + "/manifest.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func namesOfAnyTextAreWrittenAsJSONAndReadBack() throws {
        let folder = try TemporaryFolder()
        for (number, name) in Self.names.enumerated() {
            let id = SeriesID(kind: "trades", venue: "v", name: name)
            try store(randomTrades(3, seed: 1), in: folder.path("t"), as: id, source: UInt64(number))
        }
        let tape = try Tape.open(folder.path("t"))
        #expect(Set(tape.series.map(\.id.name)) == Set(Self.names))
        let written = try #require(try read(folder.path("t"))["series"] as? [[String: Any]])
        #expect(Set(written.compactMap { $0["name"] as? String }) == Set(Self.names))
    }

    @Test func spansAreThoseOfTheLogsAndStayThroughFurtherCommits() throws {
        let folder = try TemporaryFolder()
        let trades = randomTrades(4000, seed: 3, spanSeconds: 400_000)
        let parts = [trades[0..<1000], trades[1500..<2500], trades[3000..<4000]]
        for (number, part) in parts.enumerated() {
            try store(Array(part), in: folder.path("t"), source: UInt64(number))
        }
        let seconds = parts.map { part in part.map { $0.nanoseconds / 1_000_000_000 } }
        let ends = seconds.map { [$0.min() ?? 0, $0.max() ?? 0] }
        let series = try #require(try read(folder.path("t"))["series"] as? [[String: Any]])
        let written = try #require(series.first?["covered"] as? [[Int64]])
        // A day's span ends with it, so that the parts of one log touch or are cut at midnight alone.
        #expect(written.map(\.[0]).min() == ends[0][0] && written.map(\.[1]).max() == ends[2][1])
        let covered = try #require(try Tape.open(folder.path("t")).summary(of: btc)?.covered)
        #expect(covered.map { [$0.lowerBound.seconds, $0.upperBound.seconds] } == ends)
        #expect((series.first?["anonymous"] as? [[Int64]])?.isEmpty == true)
    }

    @Test func aManifestOfALaterVersionIsNamed() throws {
        let folder = try TemporaryFolder()
        try store(randomTrades(3, seed: 1), in: folder.path("t"), source: 1)
        let path = folder.path("t") + "/manifest.json"
        var text = try String(contentsOfFile: path, encoding: .utf8)
        text = text.replacingOccurrences(
            of: "\"version\":2", with: "\"later\":{\"a\":[1,{\"b\":\"]\"}]},\"version\":9")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: TapeError.unknownVersion(path: path, version: 9)) { try Tape.open(folder.path("t")) }
    }
}
