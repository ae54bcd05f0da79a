import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

/// The tape does not depend on the order of files, on shards, or on where an ingest was broken off.
@Suite struct OrderTests {
    /// Files of several symbols and days, without repeats.
    private func logs(_ folder: TemporaryFolder, seed: UInt64) throws -> [String] {
        var paths: [String] = []
        for (number, symbol) in ["BTCUSDT", "ETHUSDT", "SOLUSDT"].enumerated() {
            let rows = tradeRows(3000, seed: seed + UInt64(number), firstID: 1)
            for part in 0..<3 {
                let text = rows[part * 1000..<part * 1000 + 1000].joined(separator: "\n")
                paths.append(
                    try folder.write(text, to: "logs/\(symbol)-trades-2024-08-0\(8 + part / 2)-\(part).csv"))
            }
        }
        return paths
    }

    @Test(arguments: [1, 2, 3])
    func filesInAnyOrderMakeTheSameTape(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let paths = try logs(folder, seed: seed)
        _ = try ingest(paths, folder.path("expected"))
        let expected = try contents(folder.path("expected"))
        var random = SplitMix64(seed: seed)
        for trial in 0..<4 {
            let shuffled = paths.shuffled(using: &random)
            _ = try ingest(shuffled, folder.path("\(trial)")) { $0.threads = trial + 1 }
            let found = try contents(folder.path("\(trial)"))
            #expect(found == expected)
        }
    }

    @Test(arguments: [1, 2, 5])
    func shardsMergeToTheTapeOfOneIngest(count: Int) throws {
        let folder = try TemporaryFolder()
        let paths = try logs(folder, seed: 9)
        // A month beside its days: repeats fall into one shard.
        let month = tradeRows(3000, seed: 9, firstID: 1).joined(separator: "\n")
        let monthly = try folder.write(month, to: "logs/BTCUSDT-trades-2024-08.csv")
        _ = try ingest([folder.path("logs")], folder.path("expected"))
        var read: [String] = []
        for index in 0..<count {
            let report = try ingest([folder.path("logs")], folder.path("shard-\(index)")) {
                $0.shard = IngestShard(index: index, count: count)
            }
            read += report.files.map(\.path)
        }
        #expect(read.sorted() == (paths + [monthly]).sorted())
        try TapeMerge.merge(
            (0..<count).reversed().map { folder.path("shard-\($0)") }, into: folder.path("merged"))
        let merged = try contents(folder.path("merged"))
        let expected = try contents(folder.path("expected"))
        #expect(merged == expected)
        #expect(try events(folder.path("merged"), "trades/binance-spot/BTCUSDT") == 3000)
    }

    @Test func shardsAreReadFromTheirText() {
        #expect(IngestShard("0/1") == IngestShard(index: 0, count: 1))
        #expect(IngestShard("3/4") == IngestShard(index: 3, count: 4))
        for text in ["4/4", "-1/4", "1", "1/2/3", "a/b", "", "1/0", "1 /2"] {
            #expect(IngestShard(text) == nil, "\(text)")
        }
    }

    @Test func auditDigestsAreThoseOfTheFiles() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("1,2.5,3,7.5,1723075200000,true\n", to: "BTCUSDT-trades.csv")
        let report = try ingest([path], folder.path("tape")) { $0.audits = true }
        // By an independent implementation of SHA-256.
        #expect(report.files[0].sha256 == "4125076ca55d2aa7a7512c4b90c801e02eb2fd10e006caee482e534d6e504295")
        #expect(try ingest([path], folder.path("other")).files[0].sha256 == nil)
    }
}
