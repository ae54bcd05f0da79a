import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite(.enabled(if: RealData.isPresent, Comment(rawValue: RealData.absence)))
struct RealDataTests {
    @Test func everyTradeOfSixInstrumentsIsCountedAndProductsStayApart() throws {
        let folder = try TemporaryFolder()
        let root = RealData.path("trades/binance_trades_20240808")
        let names = [
            "spot_BTCUSDT": "binance-spot/BTCUSDT", "spot_ETHUSDT": "binance-spot/ETHUSDT",
            "usdm_BTCUSDT": "binance-usdm/BTCUSDT", "usdm_ETHUSDT": "binance-usdm/ETHUSDT",
            "cm_BTCUSD_PERP": "binance-coinm/BTCUSD_PERP", "cm_ETHUSD_PERP": "binance-coinm/ETHUSD_PERP",
        ]
        let paths = names.keys.sorted().map { "\(root)/\($0)-trades-20240808_09.csv.gz" }
        let report = try ingest(paths, folder.path("tape")) { $0.threads = 2 }
        #expect(report.failures.isEmpty && report.quarantine.isEmpty)
        let tape = try Tape.open(folder.path("tape"))
        for (name, series) in names {
            var slow: [Int64: Int64] = [:]
            for line in try lines(of: "\(root)/\(name)-trades-20240808_09.csv.gz").dropFirst() {
                slow[(Int64(line.split(separator: ",")[3]) ?? 0) / 1000, default: 0] += 1
            }
            let rows = try tape.read(SeriesID("trades/\(series)")).rows
            #expect(Dictionary(uniqueKeysWithValues: rows.map { ($0.start, $0.count) }) == slow)
        }
        let minutes = try tape.regular(SeriesID("trades/binance-spot/BTCUSDT"), stepSeconds: 60)
        #expect(minutes.values.reduce(0, +) == 19_904)
    }

    @Test(arguments: ["BTCUSDT-1h", "XRPUSDT-2h"]) func barsGiveTheCountsOfTheirFile(_ name: String) throws {
        let folder = try TemporaryFolder()
        let path = RealData.path("bars/binance_spot_klines/\(name).csv.gz")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.quarantined == 0 && file.duplicates == 0)
        var slow: [Int64: Double] = [:]
        for line in try lines(of: path).dropFirst() {
            let fields = line.split(separator: ",")
            slow[(Int64(fields[0]) ?? 0) / 1000] = Double(fields[8])
        }
        let id = SeriesID("trades/binance-spot/\(name.prefix(7))")
        let tape = try Tape.open(folder.path("tape"))
        let step: Int64 = name.hasSuffix("1h") ? 3600 : 7200
        #expect(tape.summary(of: id)?.resolutions.map(\.stepSeconds) == [step])
        let series = try tape.regular(id, stepSeconds: step)
        for (index, value) in series.values.enumerated() {
            let expected = slow[series.time(at: index).seconds]
            #expect(value == expected || (value.isNaN && expected == nil))
        }
        #expect(series.values.filter { !$0.isNaN }.count == slow.count)
    }

    @Test func repeatedDaysOfMinuteBarsAreDuplicates() throws {
        let folder = try TemporaryFolder()
        let path = RealData.path("bars/bitmex_xbtusd_1m/bitmex_XBTUSD_1m_2015.csv.gz")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        // 10,584 repeats, as the data's own description counts them.
        #expect(file.duplicates == 10_584 && file.quarantined == 0)
        #expect(file.accepted + file.duplicates == file.rows)
    }

    @Test func fourThousandLinesOfAnAccessLogAreAllRead() throws {
        let folder = try TemporaryFolder()
        let path = RealData.path("traffic/nasa_http_1995/nasa_jul95_first4000.clf.log")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.rows == 4000 && file.accepted == 4000)
        let tape = try Tape.open(folder.path("tape"))
        var requests: Int64 = 0
        var bytes: Int128 = 0
        var missing: Int64 = 0
        for summary in tape.series {
            for row in try tape.read(summary.id).rows {
                requests += row.count
                bytes += row.bytes
                missing += row.statuses.clientError
            }
        }
        let text = try lines(of: path).map { $0.split(separator: " ") }
        #expect(requests == Int64(text.count))
        let slowBytes: Int = text.reduce(0) { $0 + (Int($1.last ?? "0") ?? 0) }
        #expect(bytes == Int128(slowBytes))
        let slowMissing = text.filter { $0.dropLast().last?.hasPrefix("4") == true }.count
        #expect(missing == Int64(slowMissing))
        #expect(tape.span?.first.description == "1995-07-01T04:00:01Z")
    }

    @Test func aWholeFolderOfOtherVenuesIsRead() throws {
        let folder = try TemporaryFolder()
        let report = try ingest([RealData.path("trades")], folder.path("tape")) { $0.threads = 2 }
        let read = report.files.filter { $0.failure == nil }
        let published = [78_638, 12_477, 9999, 500_000, 10, 148, 486, 2331, 1000].reduce(0, +)
        #expect(read.map(\.accepted).reduce(0, +) == published)
        #expect(read.allSatisfy { $0.quarantined == 0 && $0.duplicates == 0 })
        // What is left are the notes.
        #expect(report.failures.allSatisfy { $0.path.hasSuffix("SOURCE.txt") })
        try Tape.open(folder.path("tape")).verify()
    }
}
