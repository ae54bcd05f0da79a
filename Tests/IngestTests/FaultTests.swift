import Foundation
import Ingest
import TestSupport
import Testing

/// A bad row's column points at the field that is at fault.
@Suite struct FaultTests {
    /// A sample, a text in it of which the last occurrence is replaced, and where the fault then begins: the
    /// last occurrence of the third text.
    static let faults: [(sample: String, good: String, bad: String, place: String, reason: BadRow)] = [
        ("SOLUSDT-1h.csv", "91569.90", "91569..90", "91569..90", .price),
        ("SOLUSDT-1h.csv", "1767610800000,9", "17676108000x0,9", "17676108000x0", .time),
        ("SOLUSDT-1h.csv", ",625.96606", ",-625.96606", "-625.96606", .quantity),
        ("counts.csv", "T05:00:00Z,33", "T05:00:00Z,33x", "33x", .value),
        ("counts.csv", "2026-01-06T05:00:00Z", "2026-01-06T25:00:00Z", "2026-01-06T25:", .time),
        ("coinbase_BTC-USD.csv", "93147.72", "\"-93147,72\"", "\"-93147,72", .price),
        ("coinbase_BTC-USD.csv", "880001,sell", "880001,both", "both", .side),
        ("tardis_incremental_book_L2.csv", "false,bid", "maybe,bid", "maybe", .flag),
        ("grafana.csv", "856.94", "856.9k", "856.9k", .value),
        ("GOOG_2026-01-05_34200000_57600000_message_1.csv", ",7,0,0", ",9,0,0", "9,0,0", .kind),
        ("requests.tsv", "1767603605", "yesterday", "yesterday", .time),
        ("requests.tsv", "200\t1993", "200\t19x3", "19x3", .responseSize),
        ("access_table.csv", ",302,", ",3o2,", "3o2", .status),
        ("access.log", "200 30211", "200 3021x", "3021x", .responseSize),
        ("access.log", "200 30211", "2000 30211", "2000 30211", .status),
        ("alb.log", " 404 404 729", " 4o4 404 729", "4o4 404", .status),
        ("envoy.log", "HTTP/2\" 404 - via", "HTTP/2\" 4x4 - via", "4x4", .status),
        ("haproxy.log", "429 7656", "429 76b6", "76b6", .responseSize),
        ("cloudfront.log", "\t403\t", "\t4o3\t", "4o3", .status),
        ("envoy.jsonl", "\"response_code\": 503", "\"response_code\": \"5o3\"", "5o3", .status),
        ("coinbase_BTC-USD.jsonl", "\"93154.26\"", "\"9315a\"", "9315a", .price),
        ("coinbase_BTC-USD.jsonl", "70039, \"time\"", "70039,, \"time\"", ", \"time\"", .json),
        ("nginx_plus_status.jsonl", "1767571298248", "\"soon\"", "soon", .time),
        ("binance_usdm_btcusdt.ws.jsonl", "1767571203492861534", "x767571203492861534", "x767571", .time),
        ("binance_usdm_btcusdt.ws.jsonl", "\"E\":1767571203492}}", "\"E\":1767571203492]}", "]}", .json),
        ("prometheus.json", "\"796\"", "\"79x\"", "79x", .value),
    ]

    @Test(arguments: faults.indices)
    func theColumnOfABadRowPointsAtItsFault(_ index: Int) throws {
        let fault = Self.faults[index]
        var text = try DifferentialTests.text(of: fault.sample)
        let range = try #require(text.range(of: fault.good, options: .backwards), "\(fault.sample)")
        text.replaceSubrange(range, with: fault.bad)
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: fault.sample)
        let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 1 }
        try #require(report.quarantine.count == 1, "\(fault.sample) \(report)")
        let row = report.quarantine[0]
        #expect(row.reason == fault.reason, "\(fault.sample)")
        let place = try #require(text.range(of: fault.place, options: .backwards)).lowerBound
        let before = text[..<place].utf8
        let lineStart = before.lastIndex(of: 0x0A).map { before.index(after: $0) } ?? before.startIndex
        #expect(row.column == before.distance(from: lineStart, to: before.endIndex) + 1, "\(fault.sample)")
        #expect(row.line == before.filter { $0 == 0x0A }.count + 1, "\(fault.sample)")
    }

    @Test func aRowOfTooManyFieldsPointsAtTheFirstThatIsTooMany() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(20, seed: 1) + ["21,1.5,2,3,1723075300000,true,7,8", "22,1.5"]
        let path = try folder.write(rows.joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 1 }
        #expect(report.quarantine.map(\.column) == [31, 7])
    }

    @Test func aFileThatFailsNamesLineAndColumnOfItsFirstBadRow() throws {
        let folder = try TemporaryFolder()
        let rows = tradeRows(4, seed: 1) + ["5,1.5,2,3,1723075300000,perhaps"]
        let path = try folder.write(rows.joined(separator: "\n"), to: "BTCUSDT-trades.csv")
        let failure = try ingest([path], folder.path("tape")).files.first?.failure
        #expect(failure?.description.contains("line 5, column 25: the side is not buy or sell") == true)
    }
}
