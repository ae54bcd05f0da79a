import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

/// What a person can name in an odd log: each map is read to the rows that were written into the text by hand.
@Suite("Column maps for odd logs")
struct MappedRowTests {
    /// 2026-02-03T03:41:11Z.
    private static let start: Int64 = 1_770_090_071

    private static func trades(_ columns: [String: ColumnMap.Place]) -> ColumnMap {
        var map = ColumnMap(kind: .trades, columns: columns)
        map.symbol = "X"
        return map
    }

    /// Ingests a text by a map, and returns its report and the rows of the tape's only series.
    private static func read(
        _ text: String, _ map: ColumnMap, _ name: String = "x.csv", zone: LocalZone = .utc
    ) throws -> (report: IngestReport, rows: [TapeRow]) {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: name)
        let report = try ingest([path], folder.path("tape")) {
            $0.map = map
            $0.zone = zone
            $0.badRowShareMax = 1
        }
        guard report.files.first?.failure == nil else { return (report, []) }
        let tape = try Tape.open(folder.path("tape"))
        guard let series = tape.series.first, tape.series.count == 1 else { return (report, []) }
        return (report, try tape.read(series.id).rows)
    }

    private static func failure(_ text: String, _ map: ColumnMap) throws -> String {
        try read(text, map).report.files.first?.failure?.description ?? ""
    }

    // MARK: A date and a time of day

    @Test(
        "a date and a time of day in two columns are one time",
        arguments: [
            ("2026-02-03", "03:41:11"), ("2026-02-03", "3:41:11"), ("2026-02-03", "3:41:11 AM"),
            ("2026/02/03", "03:41:11.000"), ("20260203", "034111"),
            ("3-Feb-2026", "03:41:11"), ("03FEB2026", "03:41:11"), ("2026-02-03T00:00:00", "03:41:11"),
            ("2026-02-03", "04:41:11+01:00"), ("2026-02-03", "034111.0"),
        ])
    func splitTimes(_ date: String, _ clock: String) throws {
        let rows = (0..<3).map { "\($0 + 1);\(date);\(clock);5;\($0 + 1)" }
        let map = Self.trades([
            "time": .name("d"), "time_of_day": .name("c"), "price": .name("p"), "quantity": .name("q"),
            "id": .name("i"),
        ])
        let (report, found) = try Self.read("i;d;c;p;q\n" + rows.joined(separator: "\n"), map)
        #expect(report.files.map(\.accepted) == [3], "\(report.files)")
        #expect(found.map(\.start) == [Self.start] && found.map(\.count) == [3], "\(date) \(clock)")
        #expect(found.map(\.quantity) == [600_000_000])
    }

    @Test("fractions, a zone and the order of day and month hold for two columns as for one")
    func splitTimeSettings() throws {
        var map = Self.trades([
            "time": .column(1), "time_of_day": .column(2), "price": .column(3), "quantity": .column(4),
        ])
        map.hasHeader = false
        let fine = try Self.read("20260203,034111250000,5,1\n20260203,034112000001,5,1\n", map)
        #expect(
            fine.rows.map { $0.prices?.open.nanoseconds } == [
                Self.start * 1_000_000_000 + 250_000_000, (Self.start + 1) * 1_000_000_000 + 1000,
            ])
        // Winter in Berlin is an hour ahead.
        let zone = try #require(LocalZone("Europe/Berlin"))
        let local = try Self.read("2026-02-03,04:41:11.123456,5,1\n", map, zone: zone)
        #expect(local.rows.map(\.start) == [Self.start])
        map.dateOrder = .dayFirst
        #expect(try Self.read("03/02/2026,03:41:11,5,1\n", map).rows.map(\.start) == [Self.start])
        map.dateOrder = .monthFirst
        #expect(try Self.read("2/3/26,3:41:11 AM,5,1\n", map).rows.map(\.start) == [Self.start])
        // 3 h 41 min 11 s are 13,271 s.
        map.dateOrder = nil
        map.clock = .epoch(nanoseconds: 1_000_000)
        #expect(try Self.read("2026-02-03,13271000,5,1\n", map).rows.map(\.start) == [Self.start])
    }

    @Test("hours beside a date are the hours of counts")
    func hours() throws {
        let text = "d,h,n\n" + (0..<48).map { "2026-02-0\(3 + $0 / 24),\($0 % 24),\($0)\n" }.joined()
        let map = ColumnMap(
            kind: .counts, columns: ["time": .name("d"), "time_of_day": .name("h"), "value": .name("n")])
        let (_, rows) = try Self.read(text, map)
        let midnight = Self.start - 13_271
        #expect(rows.map(\.start) == (0..<48).map { midnight + Int64($0) * 3600 })
        #expect(rows.map(\.count) == (0..<48).map { Int64($0) })
    }

    @Test("what is no date or no time of day is quarantined where it stands")
    func badSplitTimes() throws {
        let map = Self.trades([
            "time": .name("d"), "time_of_day": .name("c"), "price": .name("p"), "quantity": .name("q"),
        ])
        let text = """
            d,c,p,q
            2026-02-03,03:41:11,5,1
            2026-02-30,03:41:11,5,1
            2026-02-03,24:00:01,5,1
            2026-02-03,,5,1
            2026-02-03,03:41:12,x,1
            2026-02-03,03:41:11,5,1
            2026-02-03,03:41:11,5,1

            """
        let (report, rows) = try Self.read(text, map)
        #expect(rows.map(\.start) == [Self.start])
        #expect(report.quarantine.map(\.line) == [3, 4, 5, 6])
        #expect(report.quarantine.map(\.column) == [1, 12, 12, 21])
        #expect(report.quarantine.map(\.reason) == [.time, .time, .time, .price])
    }

    @Test("a date and a time of day behind two keys of JSON are one time")
    func splitTimesOfJSON() throws {
        var map = Self.trades([
            "time": .name("at.date"), "time_of_day": .name("at.clock"), "price": .name("p"),
            "quantity": .name("q"),
        ])
        map.text = .jsonLines
        let row = #"{"at":{"date":20260203,"clock":"03:41:11"},"p":5,"q":1}"#
        let bad = #"{"at":{"date":20260203,"clock":"03:71:11"},"p":5,"q":1}"#
        for text in ["\(row)\n\(bad)\n\(row)\n", "[\(row),\n\(bad),\n\(row)]"] {
            let (report, rows) = try Self.read(text, map, "x.json")
            #expect(rows.map(\.start) == [Self.start] && rows.map(\.count) == [2])
            #expect(report.quarantine.map(\.line) == [2] && report.quarantine.map(\.reason) == [.time])
            // The text of the clock begins behind its mark.
            #expect(report.quarantine.map(\.column) == [33])
        }
    }

    // MARK: Words and numbers

    @Test("the words of a map tell the side, and any other word is named")
    func sides() throws {
        var map = Self.trades([
            "time": .name("t"), "price": .name("p"), "quantity": .name("q"), "side": .name("s"),
        ])
        map.sides = .init(buy: ["K", "achat", "B", "LONG", "1"], sell: ["V", "vente", "S", "-1"])
        let words = ["K", "k", "Achat", "LONG", "1", "V", "vente", "-1", "", "buy"]
        let text = "t,p,q,s\n" + words.enumerated().map { "\(Self.start + Int64($0)),5,1,\($1)\n" }.joined()
        let (report, rows) = try Self.read(text, map)
        #expect(rows.map(\.buys) == [1, 1, 1, 1, 1, 0, 0, 0, 0])
        #expect(rows.map(\.sells) == [0, 0, 0, 0, 0, 1, 1, 1, 0])
        // 1770090080,5,1, is fifteen bytes.
        #expect(report.quarantine.map(\.line) == [11] && report.quarantine.map(\.column) == [16])
        #expect(report.quarantine.map(\.reason) == [.sideWord])
        #expect(report.quarantine.first?.explanation.hasSuffix(": 'buy'") == true)
        map.sideIsMakers = true
        #expect(try Self.read(text, map).rows.map(\.sells).prefix(6) == [1, 1, 1, 1, 1, 0])
    }

    @Test("a map's decimal comma is read where the numbers alone leave it open")
    func decimalCommas() throws {
        var map = Self.trades(["time": .name("t"), "price": .name("p"), "quantity": .name("q")])
        map.decimalMark = .comma
        let text = """
            t;p;q
            \(Self.start);1,270;1.270
            \(Self.start + 1);1.270,5;"12 345,25"
            \(Self.start + 2);5;1,5E-3
            \(Self.start + 3);1.5;1
            \(Self.start + 4);5;1,2,3

            """
        let (report, rows) = try Self.read(text, map)
        #expect(rows.map { $0.prices?.open.price } == [127_000_000, 127_050_000_000, 500_000_000])
        #expect(rows.map(\.quantity) == [127_000_000_000, 1_234_525_000_000, 150_000])
        #expect(report.quarantine.map(\.reason) == [.price, .quantity])
        #expect(report.quarantine.map(\.column) == [12, 14])

        map.decimalMark = .point
        let (_, others) = try Self.read("t;p;q\n\(Self.start);1,270;1'270.5\n", map)
        #expect(others.map { $0.prices?.open.price } == [127_000_000_000])
        #expect(others.map(\.quantity) == [127_050_000_000])
    }

    @Test("bars and counts have decimal commas by a map")
    func decimalCommasOfBarsAndCounts() throws {
        var bars = ColumnMap(
            kind: .bars,
            columns: [
                "time": .name("t"), "open": .name("o"), "high": .name("h"), "low": .name("l"),
                "close": .name("c"),
                "count": .name("n"), "volume": .name("v"),
            ])
        bars.decimalMark = .comma
        bars.symbol = "X"
        let text =
            "t;o;h;l;c;n;v\n"
            + (0..<4).map { "\(1_770_076_800 + $0 * 60);1,5;2,500;1,25;1,5;1.270;3,125\n" }.joined()
        let (_, rows) = try Self.read(text, bars)
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == 1270 && $0.quantity == 312_500_000 })
        #expect(rows.first?.prices?.high == 250_000_000)

        var counts = ColumnMap(kind: .counts, columns: ["time": .name("t"), "value": .name("n")])
        counts.decimalMark = .comma
        // All of them may be thousands or decimals.
        let values = (0..<6).map { "\(1_770_076_800 + $0 * 60);1,27\($0)\n" }.joined()
        let (_, points) = try Self.read("t;n\n" + values, counts)
        #expect(points.map(\.count) == [1, 1, 1, 1, 1, 1])
        #expect(points.map(\.countFraction) == (0..<6).map { 27_000_000 + 100_000 * $0 })
        counts.decimalMark = .point
        #expect(
            try Self.read("t;n\n" + values, counts).rows.map(\.count) == [1270, 1271, 1272, 1273, 1274, 1275])
    }

    @Test("a factor turns cents, lots and small units into prices and quantities")
    func factors() throws {
        var map = Self.trades(["time": .name("t"), "price": .name("p"), "quantity": .name("q")])
        map.scales = ["price": 0.01, "quantity": 100]
        let text = "t,p,q\n\(Self.start),123457,2.5\n\(Self.start + 1),-,1\n"
        let (report, rows) = try Self.read(text, map)
        #expect(
            rows.map { $0.prices?.open.price } == [123_457_000_000]
                && rows.map(\.quantity) == [25_000_000_000])
        #expect(report.quarantine.map(\.reason) == [.price])
        // 12345678901 · 1e-9 is 12.345678901, rounded to the eighth decimal.
        map.scales = ["quantity": 1e-9]
        let (_, small) = try Self.read("t,p,q\n\(Self.start),5,12345678901\n", map)
        #expect(small.map(\.quantity) == [1_234_567_890])
    }

    @Test("constants stand for values that no column gives")
    func constants() throws {
        var map = Self.trades(["time": .name("t"), "quantity": .name("q")])
        map.constants = ["price": "1", "side": "sell"]
        let (_, rows) = try Self.read("t,q\n\(Self.start),7\n", map)
        #expect(rows.map(\.sells) == [1] && rows.map(\.notional) == [700_000_000])

        var requests = ColumnMap(kind: .requests, columns: ["time": .column(1), "path": .column(2)])
        requests.constants = ["status": "200", "method": "GET"]
        requests.hasHeader = false
        let (_, served) = try Self.read(
            "\(Self.start),/api/v3/depth\n\(Self.start),/api/v3/depth\n", requests)
        #expect(served.map(\.statuses.success) == [2])
        map.constants = [:]
        #expect(try Self.failure("t,q\n\(Self.start),7\n", map).contains("no 'price'"))
    }

    // MARK: Labels and arrays

    @Test("LTSV and logfmt are read by their labels")
    func labels() throws {
        var map = ColumnMap(
            kind: .requests,
            columns: [
                "time": .name("time"), "path": .name("req"), "status": .name("status"),
                "bytes": .name("size"),
            ])
        map.text = .ltsv
        let ltsv =
            "host:1.2.3.4\ttime:[03/Feb/2026:03:41:11 +0000]\treq:GET /a HTTP/1.1\tstatus:200\tsize:5\n"
            + "time:[03/Feb/2026:03:41:11 +0000]\tstatus:503\treq:GET /a?x=1:2 HTTP/1.1\tsize:7\n"
            + "time:[03/Feb/2026:03:41:11 +0000]\treq:GET /a HTTP/1.1\tstatus:2x0\tsize:7\nno label here\n"
        let (report, rows) = try Self.read(ltsv, map, "access.ltsv")
        #expect(rows.map(\.start) == [Self.start] && rows.map(\.bytes) == [12])
        #expect(rows.map(\.statuses.success) == [1] && rows.map(\.statuses.serverError) == [1])
        #expect(report.quarantine.map(\.reason) == [.status, .labels])
        #expect(report.quarantine.map(\.line) == [3, 4] && report.quarantine.map(\.column) == [62, 0])

        map.text = .logfmt
        let logfmt =
            "Feb  3 03:41:11 gw app: time=2026-02-03T03:41:11Z req=\"GET /a \\\"b\\\" HTTP/1.1\" status=200 size=5 ok\n"
            + "time=2026-02-03T03:41:11Z status=503 req=/a size=7\n"
            + "time=2026-02-03T03:41:11Z status=200 req=\"/a size=7\n"
        let (other, lines) = try Self.read(logfmt, map, "app.log")
        #expect(lines.map(\.start) == [Self.start] && lines.map(\.bytes) == [12] && lines.map(\.count) == [2])
        #expect(other.quarantine.map(\.reason) == [.labels] && other.quarantine.map(\.line) == [3])
    }

    @Test("lines of JSON arrays, and an array of arrays, are read by place")
    func arrays() throws {
        var map = Self.trades([
            "time": .column(1), "price": .column(3), "quantity": .column(4), "side": .column(2),
        ])
        map.text = .jsonLines
        map.sides = .init(buy: ["K"], sell: ["V"])
        let rows = [
            "[\(Self.start), \"K\", \"5\", 2, null]", "[\(Self.start), \"V\", \"5\", 1]",
            "[\(Self.start), \"V\", \"x\", 1]",
        ]
        for text in [rows.joined(separator: "\n"), "[" + rows.joined(separator: ",\n") + "]"] {
            let (report, found) = try Self.read(text, map, "x.json")
            #expect(found.map(\.buys) == [1] && found.map(\.sells) == [1])
            #expect(found.map(\.quantity) == [300_000_000])
            #expect(report.quarantine.map(\.reason) == [.price] && report.quarantine.map(\.line) == [3])
            #expect(report.quarantine.map(\.column) == [20])
        }
        map.columns["price"] = .name("p")
        #expect(try Self.failure(rows[0] + "\n", map).contains("JSON arrays; give its place"))
    }

    @Test("a map whose values are not there says which, in every kind of text")
    func mistakes() throws {
        var map = Self.trades([
            "time": .name("d"), "time_of_day": .name("clok"), "price": .name("p"), "quantity": .name("q"),
        ])
        #expect(
            try Self.failure("d,clock,p,q\n2026-02-03,03:41:11,5,1\n", map).contains("did you mean 'clock'"))
        map.columns["time_of_day"] = .name("clock")
        let odd = try Self.failure("d,clock,p,q\n2026-02-03,1234567890123,5,1\n", map)
        #expect(odd.contains("\"time_unit\""), "\(odd)")
        map.columns["time"] = nil
        #expect(try Self.failure("d,clock,p,q\n2026-02-03,03:41:11,5,1\n", map).contains("needs a 'time'"))
        map.columns = ["time": .column(1), "price": .name("p"), "quantity": .name("q")]
        map.text = .logfmt
        #expect(try Self.failure("d=1\n", map).contains("logfmt needs a key name"))
        // A date of numbers alone needs its order.
        let plain = Self.trades(["time": .name("d"), "price": .name("p"), "quantity": .name("q")])
        #expect(try Self.failure("d,p,q\n03/02/2026 03:41:11,5,1\n", plain).contains("day-first"))
    }
}
