import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite struct FormatTests {
    private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Datasets/samples").path

    struct Sample: Sendable, CustomTestStringConvertible {
        let file: String
        let format: InputFormat
        let rows: Int
        let events: [String: Int64]
        var testDescription: String { file }
    }

    static let expected = [
        Sample(
            file: "BTCUSDT-trades-2026-01-05.csv", format: .binanceTrades, rows: 24,
            events: ["trades/binance-spot/BTCUSDT": 24]),
        Sample(
            file: "usdm_BTCUSDT-trades-2026-01-05.csv", format: .binanceTrades, rows: 20,
            events: ["trades/binance-usdm/BTCUSDT": 20]),
        Sample(
            file: "cm_BTCUSD_PERP-trades-2026-01-05.csv", format: .binanceTrades, rows: 12,
            events: ["trades/binance-coinm/BTCUSD_PERP": 12]),
        Sample(
            file: "ETHUSDT-aggTrades-2026-01-05.csv", format: .binanceAggTrades, rows: 15,
            events: [
                "trades/binance-spot/ETHUSDT": sum("ETHUSDT-aggTrades-2026-01-05.csv") { $0[4] - $0[3] + 1 }
            ]),
        Sample(
            file: "SOLUSDT-1h.csv", format: .binanceKlines, rows: 12,
            events: ["trades/binance-spot/SOLUSDT": sum("SOLUSDT-1h.csv") { $0[8] }]),
        Sample(
            file: "bitmex_XBTUSD_1m.csv", format: .bitmexBars, rows: 10,
            events: ["trades/bitmex/XBTUSD": sum("bitmex_XBTUSD_1m.csv") { $0[6] }]),
        Sample(
            file: "tardis_trades.csv", format: .tardisTrades, rows: 12,
            events: ["trades/deribit/BTC-PERPETUAL": 8, "trades/okex-swap/BTC-PERPETUAL": 4]),
        Sample(
            file: "XBTEUR.csv", format: .timePriceAmount, rows: 14, events: ["trades/generic/XBTEUR": 14]),
        Sample(
            file: "counts.csv", format: .series, rows: 60,
            events: [
                "trades/demo-spot/AAAUSD": sum("counts.csv", only: "trades") { $0[2] },
                "metrics/generic/support-calls": sum("counts.csv", only: "support") { $0[2] },
            ]),
        Sample(
            file: "api_gateway_requests.csv", format: .timestampValue, rows: 24,
            events: ["metrics/generic/api_gateway_requests": sum("api_gateway_requests.csv") { $0[1] }]),
        Sample(
            file: "access.log", format: .accessLog, rows: 24,
            events: [
                "requests/http/orders": 8, "requests/http/cancels": 2, "requests/http/account": 2,
                "requests/http/market-data": 4, "requests/http/stream": 2, "requests/http/auth": 2,
                "requests/http/static": 2, "requests/http/other": 2,
            ]),
    ]

    /// Sums a figure over the rows of a sample, read the obvious way.
    private static func sum(_ file: String, only prefix: String = "", _ figure: ([Int64]) -> Int64) -> Int64 {
        let rows = (try? lines(of: samples + "/" + file)) ?? []
        return rows.dropFirst().filter { $0.hasPrefix(prefix) }.reduce(0) { total, row in
            let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            return total + figure(fields.map { Int64(Double($0) ?? 0) })
        }
    }

    @Test(arguments: expected) func sampleIsFoundByItsContentAndCounted(_ sample: Sample) throws {
        let folder = try TemporaryFolder()
        let report = try ingest([Self.samples + "/" + sample.file], folder.path("tape"))
        let file = try #require(report.files.first)
        #expect(file.format == sample.format)
        #expect(file.rows == sample.rows && file.accepted == sample.rows)
        let tape = try Tape.open(folder.path("tape"))
        let found = tape.series.map { ($0.id.description, $0.resolutions.reduce(0) { $0 + $1.events }) }
        #expect(Dictionary(uniqueKeysWithValues: found) == sample.events)
    }

    @Test func coinMarginedNotionalIsTheFaceValueOfTheContracts() throws {
        let folder = try TemporaryFolder()
        let name = "cm_BTCUSD_PERP-trades-2026-01-05.csv"
        _ = try ingest([Self.samples + "/" + name], folder.path("tape"))
        let contracts = Self.sum(name) { $0[2] }
        let day = try Tape.open(folder.path("tape")).aggregate(
            SeriesID("trades/binance-coinm/BTCUSD_PERP"), everySeconds: 86_400)
        #expect(day.notionals == [Double(contracts * 100)])
        #expect(day.quantities == [Double(contracts)])
    }

    @Test func statusClassesAndBytesAreKeptAndRefusedRequestsCount() throws {
        let folder = try TemporaryFolder()
        _ = try ingest([Self.samples + "/access.log"], folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        let orders = try tape.aggregate(SeriesID("requests/http/orders"), everySeconds: 86_400)
        let row = try #require(orders.rows.first)
        #expect(row.count == 8 && row.statuses.success == 4)
        #expect(row.statuses.tooManyRequests == 2 && row.statuses.serverError == 2 && row.refused == 4)
        #expect(row.bytes == 2 * (412 + 63 + 409))
        #expect(tape.series.first?.covered.count == 1)
    }

    @Test func theUnitOfTimeIsFoundFromSecondsToNanoseconds() throws {
        for (digits, name) in [("", "s"), ("123", "ms"), ("123456", "us"), ("123456789", "ns")] {
            let folder = try TemporaryFolder()
            let rows = (0..<20).map { "\($0 + 1),5.5,1,5.5,\(1_723_075_200 + $0)\(digits),true,true" }
            let path = try folder.write(rows.joined(separator: "\n"), to: "BTCUSDT-trades-\(name).csv")
            let file = try #require(try ingest([path], folder.path("tape")).files.first)
            #expect(file.accepted == 20, "\(name)")
            #expect(file.first == Timestamp(seconds: 1_723_075_200), "\(name)")
        }
    }

    @Test func numbersInAnyNotationAreExact() throws {
        let folder = try TemporaryFolder()
        let rows = [
            "1723075200,1e2,1.5E-3", "1723075201,+100.0,0.0015", "1723075202, 100 ,15000e-7",
            "1723075203,100,.001500000000",
        ]
        let path = try folder.write(rows.joined(separator: "\n"), to: "X.csv")
        _ = try ingest([path], folder.path("tape"))
        let read = try Tape.open(folder.path("tape")).read(SeriesID("trades/generic/X"))
        #expect(read.rows.map { FixedPoint.text($0.quantity) } == Array(repeating: "0.0015", count: 4))
        #expect(read.rows.map { FixedPoint.text($0.notional) } == Array(repeating: "0.15", count: 4))
    }

    @Test func metricsKeepTheirFractionsAndTheirGaps() throws {
        let folder = try TemporaryFolder()
        let text =
            "unique_id,ds,y\na,2024-01-01,1.25\na,2024-01-02,\na,2024-01-03,NaN\na,2024-01-04,2\na,2024-01-05,0.5\n"
        let path = try folder.write(text, to: "x.csv")
        let file = try #require(try ingest([path], folder.path("tape")).files.first)
        #expect(file.rows == 5 && file.accepted == 5)
        let series = try Tape.open(folder.path("tape")).regular(SeriesID("a"), stepSeconds: 86_400)
        #expect(series.values[0] == 1.25 && series.values[3] == 2 && series.values[4] == 0.5)
        #expect(series.values[1].isNaN && series.values[2].isNaN)
    }

    @Test func quotedFieldsMayHoldDelimiters() throws {
        let folder = try TemporaryFolder()
        let text = "unique_id,ds,y\n\"a,\"\"b\"\"\",0,5\n\"a,\"\"b\"\"\",60,6\n"
        let path = try folder.write(text, to: "x.csv")
        _ = try ingest([path], folder.path("tape"))
        #expect(try Tape.open(folder.path("tape")).series.map(\.id.name) == ["a,\"b\""])
    }

    @Test func aBarThatMaintenanceCutShortKeepsItsPlace() throws {
        let folder = try TemporaryFolder()
        let hour = 3_600_000
        let rows = (0..<6).map { index in
            let open = 1_640_995_200_000 + index * hour
            let close = index == 3 ? open + 2_381_646 : open + hour - 1
            return "\(open),1,2,1,2,10,\(close),15,\(100 + index),5,7,0"
        }
        let path = try folder.write(rows.joined(separator: "\n"), to: "ADAUSDT-1h.csv")
        _ = try ingest([path], folder.path("tape"))
        let series = try Tape.open(folder.path("tape")).regular(
            SeriesID("trades/binance-spot/ADAUSDT"), stepSeconds: 3600)
        #expect(series.values == [100, 101, 102, 103, 104, 105])
    }

    @Test func aBarSeenTwiceIsADuplicateAndAChangedOneIsQuarantined() throws {
        let folder = try TemporaryFolder()
        let head = "unique_id,ds,y\n"
        let one = try folder.write(head + "a,0,1\na,60,2\na,120,3\na,60,2\n", to: "1.csv")
        let two = try folder.write(head + "a,60,2\na,120,9\na,180,4\na,240,5\n", to: "2.csv")
        let report = try ingest([one, two], folder.path("tape")) { $0.badRowShareMax = 0.5 }
        #expect(report.files.map(\.accepted) == [3, 2])
        #expect(report.files.map(\.duplicates) == [1, 1])
        #expect(report.quarantine.map(\.reason) == [.conflictingBar])
        #expect(report.quarantine.map(\.line) == [3])
        let again = try ingest([try folder.write(head + "a,0,1\na,60,7\n", to: "3.csv")], folder.path("tape"))
        {
            $0.badRowShareMax = 0.5
        }
        #expect(again.files.map(\.duplicates) == [1] && again.files.map(\.quarantined) == [1])
    }
}
