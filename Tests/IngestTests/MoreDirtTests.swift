import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite struct MoreDirtTests {
    @Test func aQuotedFieldMayRunOverLinesAndABrokenMarkSpoilsOnlyItsOwn() throws {
        let folder = try TemporaryFolder()
        var text = "unique_id,ds,y\n\"two\nlines, and a \"\"mark\"\"\",2026-01-05T00:00:00Z,5\n"
        text +=
            "plain,2026-01-05T00:00:00Z,1\n\"never "
            + "closed,2026-01-05T01:00:00Z,2\nplain,2026-01-05T01:00:00Z,3\n"
        let report = try ingest([try folder.write(text, to: "x.csv")], folder.path("tape")) {
            $0.badRowShareMax = 1
        }
        let file = try #require(report.files.first)
        #expect(file.rows == 4 && file.accepted == 3 && file.quarantined == 1)
        #expect(report.quarantine.map(\.line) == [5] && report.quarantine.map(\.reason) == [.quotes])
        let names = try Tape.open(folder.path("tape")).series.map(\.id.name)
        #expect(names == ["plain", "two\nlines, and a \"mark\""])
    }

    /// The row lies across the end of the reader's block of 4 MiB.
    @Test func aQuotedFieldMayRunOverTheEndOfABlock() throws {
        let folder = try TemporaryFolder()
        let filler = "a,2026-01-05T00:00:00Z,1\n"
        let repeats = (4 << 20) / filler.utf8.count - 1
        var text = "unique_id,ds,y\n" + String(repeating: filler, count: repeats)
        text +=
            "\"b" + String(repeating: "\nb", count: 200)
            + "\",2026-01-05T00:00:00Z,7\nc,2026-01-05T00:00:00Z,8\n"
        let report = try ingest([try folder.write(text, to: "x.csv")], folder.path("tape"))
        let file = try #require(report.files.first)
        #expect(file.rows == repeats + 2 && file.quarantined == 0 && file.duplicates == repeats - 1)
        let tape = try Tape.open(folder.path("tape"))
        #expect(tape.series.map(\.resolutions[0].events) == [1, 7, 8])
    }

    @Test func stampsMayChangeTheirUnitInOneFile() throws {
        let folder = try TemporaryFolder()
        let start: Int64 = 1_735_689_540
        let rows = (0..<120).map { index -> String in
            let second = start + Int64(index)
            let stamp = index < 60 ? "\(second)123" : index < 100 ? "\(second)123456" : "\(second)"
            return "\(index + 1),5.5,1,5.5,\(stamp),true,true"
        }
        let path = try folder.write(rows.joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.accepted == 120 && file.quarantined == 0)
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/binance-spot/BTCUSDT"))
        #expect(read.rows.map(\.start) == (0..<120).map { start + $0 })
    }

    @Test func hashedNegativeIdsAreIds() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<40).map {
            "\(-9_000_000_000_000_000_000 + $0 % 30 * 7919),5.5,1,5.5,\(1_723_075_200_000 + $0),true"
        }
        let path = try folder.write(rows.joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.accepted == 30 && file.duplicates == 10)
    }

    @Test func aZoneTellsTheClockOfTimesWithoutOne() throws {
        let rows = ["2026-07-01 09:30:00", "2026-07-01 09:30:00+02:00", "2026-01-05 09:30:00"]
        let expected = ["2026-07-01T14:30:00Z", "2026-07-01T07:30:00Z", "2026-01-05T15:30:00Z"]
        for (row, first) in zip(rows, expected) {
            let folder = try TemporaryFolder()
            let path = try folder.write("time,price,size\n\(row),1,2\n", to: "x.csv")
            let zone = try #require(LocalZone("America/Chicago"))
            let report = try ingest([path], folder.path("tape")) { $0.zone = zone }
            #expect(report.files.first?.first?.description == first)
        }
        #expect(LocalZone("+05:30") != nil && LocalZone("Mars/Olympus") == nil && LocalZone("") == nil)
    }

    /// Chicago, 2026-11-01: one o'clock comes twice, and is taken as the first; two o'clock on 2026-03-08
    /// never comes.
    @Test func hoursThatSummerTimeRepeatsOrSkipsAreRead() throws {
        let folder = try TemporaryFolder()
        let text =
            "time,price,size\n2026-11-01 00:30:00,1,1\n2026-11-01 01:30:00,1,1\n2026-11-01 02:30:00,1,1\n"
            + "2026-03-08 01:59:59,1,1\n2026-03-08 03:00:00,1,1\n"
        let path = try folder.write(text, to: "x.csv")
        let zone = try #require(LocalZone("America/Chicago"))
        _ = try ingest([path], folder.path("tape")) { $0.zone = zone }
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/generic/x"))
        #expect(
            read.starts.map(\.description) == [
                "2026-03-08T07:59:59Z", "2026-03-08T08:00:00Z", "2026-11-01T05:30:00Z",
                "2026-11-01T06:30:00Z",
                "2026-11-01T08:30:00Z",
            ])
    }

    @Test func aBannerAboveTheHeaderIsNoRow() throws {
        let folder = try TemporaryFolder()
        let text = "https://www.example.com/data\ntime,price,size\n2026-01-05T00:00:00Z,1,2\n"
        let file = try #require(
            try ingest([try folder.write(text, to: "x.csv")], folder.path("tape")).files.first)
        #expect(file.format == .trades && file.rows == 1 && file.accepted == 1)
    }

    @Test func documentsThatBreakOffSayWhere() throws {
        let folder = try TemporaryFolder()
        let whole = try DifferentialTests.text(of: "kraken_http_trades.json")
        let path = try folder.write(String(whole.prefix(900)), to: "kraken.json")
        let report = try ingest([path], folder.path("tape"))
        guard case .malformed(_, let line, let column, let message)? = report.files.first?.failure else {
            Issue.record("\(String(describing: report.files.first?.failure))")
            return
        }
        #expect(line == whole.prefix(900).split(separator: "\n", omittingEmptySubsequences: false).count)
        #expect(column > 0 && message.contains("ends too early"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("tape")))
    }

    @Test func eachFileOfAnArchiveIsReadByItself() throws {
        let folder = try TemporaryFolder()
        try folder.write(tradeRows(30, seed: 1).joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        try folder.write(tradeRows(20, seed: 2).joined(separator: "\n"), to: "-*[a]?.csv")
        try folder.write("no log\n", to: "README.txt")
        let script = """
            import zipfile, sys, os
            z = zipfile.ZipFile(sys.argv[1] + '/all.zip', 'w')
            z.write(sys.argv[1] + '/BTCUSDT-trades.csv', 'BTCUSDT-trades.csv', 8)
            z.write(sys.argv[1] + '/-*[a]?.csv', '../-*[a]?.csv', 0)
            z.write(sys.argv[1] + '/README.txt', 'README.txt', 8)
            """
        try run("python3", "-c", script, folder.url.path)
        guard FileManager.default.fileExists(atPath: folder.path("all.zip")) else { return }
        let report = try ingest([folder.path("all.zip")], folder.path("tape"))
        #expect(report.files.map(\.accepted) == [30, 20, 0])
        #expect(report.files[1].path == folder.path("all.zip") + "/../-*[a]?.csv")
        #expect(report.files.allSatisfy { $0.archive == folder.path("all.zip") })
        // A byte of the packed text is flipped: the checksum of the archive tells.
        var bytes = try Data(contentsOf: URL(filePath: folder.path("all.zip")))
        bytes[200] ^= 0x10
        try bytes.write(to: URL(filePath: folder.path("all.zip")))
        let damaged = try ingest([folder.path("all.zip")], folder.path("other"))
        guard case .decompression? = damaged.files.first?.failure else {
            Issue.record("\(String(describing: damaged.files.first?.failure))")
            return
        }
        #expect(damaged.files[1].accepted == 20)
    }

    @Test func anEmptyFolderIsAnErrorOfItsOwn() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("in"), withIntermediateDirectories: true)
        let report = try ingest([folder.path("in")], folder.path("tape"))
        #expect(report.failures.count == 1)
    }

    @Test func coinbaseSidesAreTurnedAndOthersAreNot() throws {
        let folder = try TemporaryFolder()
        let one = try folder.write(
            "trade_id,side,size,price,time\n1,sell,2,5,2026-01-05T00:00:00Z\n", to: "BTC-USD.csv")
        let two = try folder.write(
            "id,side,amount,price,time\n1,sell,2,5,2026-01-05T00:00:00Z\n", to: "ETH-USD.csv")
        _ = try ingest([one, two], folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        #expect(try tape.read(SeriesID("trades/coinbase/BTC-USD")).rows.map(\.buys) == [1])
        #expect(try tape.read(SeriesID("trades/generic/ETH-USD")).rows.map(\.sells) == [1])
    }

    @Test func absentKrakenMinutesHadNoTradesButYearsAreNotFilled() throws {
        let folder = try TemporaryFolder()
        let day: Int64 = 1_767_571_200
        let rows = [0, 1, 4, 60 * 24 * 400].map { "\(day + Int64($0) * 60),1,2,1,2,5,9" }
        let path = try folder.write(rows.joined(separator: "\n"), to: "XBTUSD_1.csv")
        _ = try ingest([path], folder.path("tape"))
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/kraken/XBTUSD"))
        #expect(read.counts == [9, 9, 0, 0, 9, 9])
    }

    @Test func rulesPutRequestsIntoClassesOfOnesOwn() throws {
        let folder = try TemporaryFolder()
        let rules = try RouteTable.rules(
            "# own\nPOST /api/v?/order* orders\n* /internal/* internal # ours\n", path: "rules")
        let log = ["POST /api/v3/order?x=1", "GET /internal/health", "GET /api/v3/depth"].map {
            "h - - [05/Jan/2026:09:00:00 +0000] \"\($0) HTTP/1.1\" 200 5"
        }
        let path = try folder.write(log.joined(separator: "\n"), to: "access.log")
        _ = try ingest([path], folder.path("tape")) { $0.routes = RouteTable(rules: rules) }
        let names = try Tape.open(folder.path("tape")).series.map(\.id.name)
        #expect(names == ["internal", "market-data", "orders"])
        #expect(throws: IngestConfigurationError.self) { try RouteTable.rules("POST /x\n", path: "rules") }
    }

    @Test func aMapNamesWhatNoFormatFits() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(
            "banner\nwhen|px|vol|who|no\n1767571200500|5|2|S|1\n1767571201500|6|3|B|2\n1767571201500|6|3|B|2\n",
            to: "a.txt")
        var map = ColumnMap(
            kind: .trades,
            columns: [
                "time": .name("when"), "price": .name("px"), "quantity": .column(3), "side": .name("who"),
                "id": .name("no"),
            ])
        map.skipLines = 1
        map.sideIsMakers = true
        map.venue = "mine"
        let report = try ingest([csv], folder.path("tape")) { $0.map = map }
        #expect(report.files.map(\.accepted) == [2] && report.files.map(\.duplicates) == [1])
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/mine/a"))
        #expect(read.rows.map(\.buys) == [1, 0] && read.quantities == [2, 3])

        let lines = try folder.write(
            "{\"d\":{\"t\":1767571200,\"p\":\"7\",\"q\":1}}\n{\"d\":{\"t\":1767571260,\"p\":\"7\",\"q\":2}}\n",
            to: "b.jsonl")
        var nested = ColumnMap(
            kind: .trades, columns: ["time": .name("d.t"), "price": .name("d.p"), "quantity": .name("d.q")])
        nested.text = .jsonLines
        let other = try ingest([lines], folder.path("tape")) { $0.map = nested }
        #expect(other.files.map(\.accepted) == [2])

        let numbers = try folder.write("5\n6\n7\n", to: "c.txt")
        var counts = ColumnMap(kind: .counts, columns: ["value": .column(1)])
        counts.hasHeader = false
        counts.clock = .steps(start: Timestamp(seconds: 1_767_571_200), stepSeconds: 300, first: 1)
        _ = try ingest([numbers], folder.path("tape")) { $0.map = counts }
        let series = try Tape.open(folder.path("tape")).read(SeriesID("metrics/generic/c"))
        #expect(series.counts == [5, 6, 7] && series.stepSeconds == [300, 300, 300])

        map.columns["quantity"] = nil
        let lacking = try ingest([csv], folder.path("tape")) { $0.map = map }
        #expect(lacking.files.first?.failure?.description.contains("no 'quantity'") == true)

        map.columns["quantity"] = .column(3)
        map.columns["price"] = .name("pxx")
        let failed = try ingest([csv], folder.path("tape")) { $0.map = map }
        #expect(failed.files.first?.failure?.description.contains("did you mean 'px'") == true)
    }

    @Test(arguments: [ColumnMap.Kind.trades, .bars]) func aMapThatCountsRowsNeedsNoColumnOfTimes(
        _ kind: ColumnMap.Kind
    ) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("5,2,7,4,6,3\n6,3,7,5,6,8\n", to: "a.txt")
        var map = ColumnMap(
            kind: kind,
            columns: kind == .trades
                ? ["price": .column(1), "quantity": .column(2)]
                : [
                    "open": .column(1), "volume": .column(2), "high": .column(3), "low": .column(4),
                    "close": .column(5), "count": .column(6),
                ])
        map.hasHeader = false
        map.clock = .steps(start: Timestamp(seconds: 1_767_571_200), stepSeconds: 60, first: 1)
        let report = try ingest([path], folder.path("tape")) { $0.map = map }
        #expect(report.files.map(\.accepted) == [2])
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/generic/a"))
        #expect(read.rows.map(\.start) == [1_767_571_200, 1_767_571_260])
        #expect(read.counts == (kind == .trades ? [1, 1] : [3, 8]) && read.quantities == [2, 3])
    }
}
