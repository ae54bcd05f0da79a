import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite struct DirtTests {
    private let spot = "trades/binance-spot/BTCUSDT"

    @Test func lineEndsByteOrderMarksAndAMissingLastNewlineMakeNoDifference() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(50, seed: 1)
        let plain = rows.joined(separator: "\n") + "\n"
        let variants = [
            plain, rows.joined(separator: "\r\n") + "\r\n", "\u{FEFF}" + plain, rows.joined(separator: "\n"),
            "sep=,\n" + tradeHeader + "\n" + plain, "# banner\n\n" + plain,
        ]
        for (index, text) in variants.enumerated() {
            let path = try folder.write(text, to: "\(index)/BTCUSDT-trades.csv")
            let file = try #require(try ingest([path], folder.path("tape-\(index)")).files.first)
            #expect(file.rows == 50 && file.accepted == 50, "variant \(index)")
            let one = try Tape.open(folder.path("tape-0")).read(SeriesID(spot))
            let other = try Tape.open(folder.path("tape-\(index)")).read(SeriesID(spot))
            #expect(one == other)
        }
    }

    @Test func aTruncatedLastLineIsQuarantined() throws {
        let folder = try TemporaryFolder()
        let text = tradeRows(50, seed: 1).joined(separator: "\n") + "\n51,60000.1,0.5,0.5,17230"
        let report = try ingest([try folder.write(text, to: "BTCUSDT-trades.csv")], folder.path("tape"))
        #expect(report.files.map(\.accepted) == [50] && report.files.map(\.quarantined) == [1])
        #expect(report.quarantine.first?.line == 51)
    }

    @Test(arguments: ["gz", "zst", "xz", "bz2", "zip"])
    func compressedFilesReadAsPlainOnesAndAreTheSameSource(_ kind: String) throws {
        let folder = try TemporaryFolder()
        let text = tradeRows(3000, seed: 2).joined(separator: "\n")
        let path = try folder.write(text, to: "BTCUSDT-trades.csv")
        switch kind {
        case "gz": try run("gzip", "-k", path)
        case "zst": try run("zstd", "-q", path)
        case "xz": try run("xz", "-k", path)
        case "bz2": try run("bzip2", "-k", path)
        default:
            let zip =
                "import zipfile, sys; zipfile.ZipFile(sys.argv[1] + '.zip', 'w', 8).write(sys.argv[1], 'x.csv')"
            try run("python3", "-c", zip, path)
            guard FileManager.default.fileExists(atPath: path + ".zip") else { return }
        }
        // The name says nothing: the packed file is found out by its first bytes.
        let packed = folder.path("BTCUSDT-packed")
        try FileManager.default.moveItem(atPath: path + "." + kind, toPath: packed)
        let report = try ingest([packed, path], folder.path("tape"))
        #expect(report.files.map(\.accepted) == [3000, 0])
        #expect(report.files.map(\.isRepeated) == [false, true])
        #expect(report.files.first?.textBytes == text.utf8.count)
    }

    @Test(arguments: [60, 5000, 20_000]) func aTruncatedArchiveFailsAndChangesNothing(_ length: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            tradeRows(3000, seed: 2).joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        try run("gzip", path)
        let packed = try Data(contentsOf: URL(filePath: path + ".gz"))
        #expect(packed.count > length)
        try packed.prefix(length).write(to: URL(filePath: path + ".gz"))
        let report = try ingest([path + ".gz"], folder.path("tape"))
        guard case .decompression(_, "gzip", let message)? = report.files.first?.failure else {
            Issue.record("\(String(describing: report.files.first?.failure))")
            return
        }
        #expect(message.contains("unexpected end of file"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("tape")))
    }

    @Test func filesThatAreNoLogsEachSayWhy() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("", to: "empty.csv")
        let blank = try folder.write("\n\n  \n", to: "blank.csv")
        let binary = folder.path("binary.csv")
        try Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 * 37) }).write(to: URL(filePath: binary))
        let prose = try folder.write("Dear Sir,\nno log here\n", to: "letter.txt")
        let missing = folder.path("missing.csv")
        let report = try ingest([empty, blank, binary, prose, missing], folder.path("tape"))
        #expect(report.files[0].failure == .empty(path: empty))
        #expect(report.files[1].failure == .empty(path: blank))
        guard case .binary? = report.files[2].failure else { Issue.record("binary"); return }
        guard case .unrecognised(_, let near)? = report.files[3].failure else {
            Issue.record("prose"); return
        }
        #expect(near.contains("Dear Sir"))
        #expect(report.files[4].failure == .missing(path: missing))
        #expect(report.failures.count == 5)
    }

    @Test func aFileWithTooManyBadRowsFailsAsAWholeAndTheOthersGoOn() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(80, seed: 1)
        let bad = try folder.write(
            (rows + Array(repeating: "x,y", count: 20)).joined(separator: "\n"), to: "a/BTCUSDT.csv")
        let good = try folder.write(tradeRows(10, seed: 2).joined(separator: "\n"), to: "b/ETHUSDT.csv")
        let report = try ingest([bad, good], folder.path("tape"))
        guard case .tooManyBadRows(_, 20, 100, 0.1, let example)? = report.files[0].failure else {
            Issue.record("\(String(describing: report.files[0].failure))")
            return
        }
        #expect(example?.line == 81 && example?.reason == .fieldCount)
        #expect(report.files[0].accepted + report.files[0].duplicates + report.files[0].quarantined == 100)
        #expect(try Tape.open(folder.path("tape")).series.map(\.id.name) == ["ETHUSDT"])
    }

    @Test func logsWithoutIdsThatOverlapAreRefusedUnlessKept() throws {
        let folder = try TemporaryFolder()
        let first = (0..<100).map { "\(1_723_075_200 + $0 * 10),5.5,1" }
        let second = (50..<150).map { "\(1_723_075_200 + $0 * 10),5.5,1" }
        let third = (99..<150).map { "\(1_723_075_200 + $0 * 10),5.5,2" }
        let one = try folder.write(first.joined(separator: "\n"), to: "1/XBTEUR.csv")
        let two = try folder.write(second.joined(separator: "\n"), to: "2/XBTEUR.csv")
        let three = try folder.write(third.joined(separator: "\n"), to: "3/XBTEUR.csv")
        let refused = try ingest([one, two, three], folder.path("tape"))
        #expect(refused.files[1].failure == .overlap(path: two, series: "trades/generic/XBTEUR"))
        // The third shares one second with the first, as logs do that are cut in the middle of one.
        #expect(refused.files.map(\.accepted) == [100, 0, 51])
        let kept = try ingest([two], folder.path("tape")) { $0.overlap = .keep }
        #expect(kept.files.map(\.accepted) == [100])
        #expect(try events(folder.path("tape"), "trades/generic/XBTEUR") == 251)
    }

    @Test func stampsOfImpossibleYearsAreQuarantinedAndFarOnesCostOneRow() throws {
        let folder = try TemporaryFolder()
        var rows = tradeRows(60, seed: 1)
        rows.append("1001,60000,1,1,884541600000000,true")  // the year 30000
        rows.append("1002,60000,1,1,6942758400000,true")  // the year 2190
        let path = try folder.write(rows.joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.accepted == 61 && file.reasons == [.timeOutOfRange: 1])
        let tape = try Tape.open(folder.path("tape"))
        #expect(try tape.strays(of: SeriesID(spot)).count == 1)
        #expect(throws: TapeError.self) { try tape.regular(SeriesID(spot), stepSeconds: 1) }
        let sum = try tape.regular(SeriesID(spot), stepSeconds: 60, strays: .leaveOut).values.filter {
            !$0.isNaN
        }
        #expect(sum.reduce(0, +) == 60)
        let size = try contents(folder.path("tape")).values.reduce(0) { $0 + $1.count }
        #expect(size < 10_000)
    }

    @Test func aLineLongerThanTheBufferIsOneQuarantinedRow() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(50, seed: 1)
        let giants = [String(repeating: "9", count: 9 << 20), String(repeating: "x", count: 2 << 20)]
        let text = (rows[..<20] + giants + rows[20...]).joined(separator: "\n")
        let report = try ingest([try folder.write(text, to: "BTCUSDT-trades.csv")], folder.path("tape"))
        #expect(report.files.map(\.rows) == [52] && report.files.map(\.accepted) == [50])
        #expect(report.quarantine.map(\.reason) == [.lineTooLong, .lineTooLong])
        #expect(report.quarantine.map(\.line) == [21, 22])
    }

    @Test func aFloodOfMadeUpPathsMakesNoNewSeries() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 1)
        let lines = (0..<5000).map { _ in
            let path =
                String(random.next(), radix: 36)
                + ["/../etc", ".php", "?x=/orders", "%00", "\\x16"][Int.random(in: 0..<5, using: &random)]
            return "10.0.0.1 - - [05/Jan/2026:09:00:00 +0000] \"GET /\(path) HTTP/1.1\" 404 153 \"-\" \"x\""
        }
        let path = try folder.write(lines.joined(separator: "\n"), to: "access.log")
        _ = try ingest([path], folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        #expect(tape.series.map(\.id.description) == ["requests/http/other"])
    }

    @Test func requestsWithMarksAndGarbageAreRead() throws {
        let folder = try TemporaryFolder()
        let text = """
            h - - [05/Jan/2026:09:00:00 +0530] "GET /a"b" HTTP/1.0" 200 12
            h - bad[user] [05/Jan/2026:09:00:00 +0530] "\\x16\\x03" 400 0 "-" "-"
            h - - [05/Jan/2026:09:00:00 +0530] "-" 408 -
            "h - - [05/Jan/2026:09:00:00 +0530] "DELETE /v1/orders/7 HTTP/1.1" 200 3 "-" "w3af""
            h - - [05/Jan/2026:09:00:00 +0530] "GET / HTTP/1.0" 20 12
            h - - [32/Jan/2026:09:00:00 +0530] "GET / HTTP/1.0" 200 12
            """
        let path = try folder.write(text, to: "access.log")
        let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 0.5 }
        #expect(report.files.map(\.accepted) == [4])
        #expect(report.quarantine.map(\.reason) == [.status, .logLine])
        let tape = try Tape.open(folder.path("tape"))
        #expect(tape.series.map(\.id.name) == ["cancels", "other"])
        #expect(tape.span?.first.description == "2026-01-05T03:30:00Z")
    }

    @Test func aFolderIsWalkedInOrderAndHiddenFilesArePassedOver() throws {
        let folder = try TemporaryFolder()
        for name in ["b/ETHUSDT.csv", "a/BTCUSDT.csv", "a/.hidden.csv", "c/z/XRPUSDT.csv", "truth.json"] {
            try folder.write(tradeRows(5, seed: UInt64(name.count)).joined(separator: "\n"), to: "in/" + name)
        }
        let found = InputPath.walk([folder.path("in")]).map {
            String($0.path.dropFirst(folder.path("in").count + 1))
        }
        #expect(found == ["a/BTCUSDT.csv", "b/ETHUSDT.csv", "c/z/XRPUSDT.csv"])
    }

    @Test func aWantedFormatThatTheFileHasNotIsAnError() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(tradeRows(5, seed: 1).joined(separator: "\n"), to: "BTCUSDT.csv")
        let report = try ingest([path], folder.path("tape")) { $0.format = .accessLog }
        #expect(
            report.files.first?.failure
                == .otherFormat(path: path, wanted: "access-log", found: "binance-trades"))
    }
}
