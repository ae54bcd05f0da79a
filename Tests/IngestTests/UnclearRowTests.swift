import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

/// Rows and maps of which it is unclear what they say: none is read as one of the things that they may say.
@Suite("Rows and maps that are unclear")
struct UnclearRowTests {
    /// 2026-02-03T03:41:11Z.
    private static let start: Int64 = 1_770_090_071

    private static func trades(_ text: ColumnMap.Text = .jsonLines) -> ColumnMap {
        var map = ColumnMap(
            kind: .trades, columns: ["time": .name("t"), "price": .name("p"), "quantity": .name("q")])
        map.text = text
        map.symbol = "X"
        return map
    }

    private static func read(
        _ text: String, _ map: ColumnMap?, _ name: String = "x.json", zone: LocalZone = .utc
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

    @Test("a number of JSON has a point, whatever the decimal mark of the texts beside it")
    func numbersOfJSON() throws {
        var map = Self.trades()
        map.decimalMark = .comma
        let object = "{\"t\":\(Self.start),\"p\":1.250,\"q\":\"1.250\"}\n"
        let rows = try Self.read(object, map).rows
        #expect(rows.map { $0.prices?.open.price } == [125_000_000])
        #expect(rows.map(\.quantity) == [125_000_000_000])
        map.columns = ["time": .column(1), "price": .column(2), "quantity": .column(3)]
        let array = try Self.read("[\(Self.start),1.250,\"1,5\"]\n", map).rows
        #expect(array.map { $0.prices?.open.price } == [125_000_000])
        #expect(array.map(\.quantity) == [150_000_000])
    }

    @Test("a key that is there twice makes a bad row that names it, in every kind of text")
    func repeatedKeys() throws {
        var map = Self.trades()
        let good = "{\"t\":\(Self.start),\"p\":5,\"q\":1}"
        for (bad, word) in [
            ("{\"t\":\(Self.start),\"p\":5,\"p\":6,\"q\":1}", "p"),
            ("{\"t\":\(Self.start),\"p\":5,\"p\":null,\"q\":1}", "p"),
            ("{\"q\":1,\"t\":\(Self.start),\"p\":5,\"q\":2}", "q"),
        ] {
            let (report, rows) = try Self.read("\(good)\n\(bad)\n", map)
            #expect(rows.map(\.count) == [1])
            #expect(report.quarantine.map(\.reason) == [.repeatedKey] && report.quarantine.map(\.line) == [2])
            #expect(report.quarantine.first?.explanation.hasSuffix(": '\(word)'") == true)
        }
        // Keys that no one asked for may repeat.
        let other = "{\"x\":1,\"x\":2,\"t\":\(Self.start),\"p\":5,\"q\":1}\n"
        #expect(try Self.read(other, map).report.quarantine.isEmpty)
        map.columns["price"] = .name("a.p")
        let nested = "{\"a\":{\"p\":5},\"t\":\(Self.start),\"a\":{\"b\":1},\"q\":1}\n"
        #expect(try Self.read(nested, map).report.quarantine.map(\.reason) == [.repeatedKey])

        let logfmt = try Self.read("t=\(Self.start) p=5 q=1 p=6\n", Self.trades(.logfmt), "x.log")
        #expect(logfmt.report.quarantine.map(\.reason) == [.repeatedKey])
        #expect(logfmt.report.quarantine.first?.explanation.hasSuffix(": 'p'") == true)
        let ltsv = try Self.read("t:\(Self.start)\tp:5\tq:1\tq:1\n", Self.trades(.ltsv), "x.ltsv")
        #expect(ltsv.report.quarantine.map(\.reason) == [.repeatedKey])
    }

    @Test("a number of JSON says nothing of the marks in texts beside it, and has a point itself")
    func countsOfJSON() throws {
        func text(_ value: (Int) -> String) -> String {
            (0..<30).map {
                "{\"unique_id\":\"a\",\"ds\":\"\(MisreadTests.iso($0 * 60))\",\"y\":\(value($0))}\n"
            }
            .joined()
        }
        // Of 1,270 it is open whether it is a thousand; a third of the rows are bad, and none is read as more than 5.
        let open = text { $0 % 3 == 0 ? "\"1,270\"" : "5" }
        var pair = ColumnMap(kind: .counts, columns: ["time": .name("ds"), "value": .name("y")])
        pair.text = .jsonLines
        for map in [nil, pair] {
            let (report, rows) = try Self.read(open, map)
            #expect(
                report.files.map(\.accepted) == [20] && rows.map(\.count) == Array(repeating: 5, count: 20))
            #expect(report.quarantine.allSatisfy { $0.reason == .value } && report.quarantine.count == 10)
        }
        let arrays = (0..<30).map { "[\(Self.start + Int64($0) * 60),\($0 % 3 == 0 ? "\"1,270\"" : "5")]" }
        let document = try Self.read("[" + arrays.joined(separator: ",\n") + "]", nil)
        #expect(document.rows.map(\.count) == Array(repeating: 5, count: 20))
        #expect(document.report.quarantine.map(\.reason) == Array(repeating: .value, count: 10))
        // Decimal commas in texts, and numbers with a point.
        let (mixed, rows) = try Self.read(text { $0 % 2 == 0 ? "\"11,5\"" : "1.250" }, pair)
        #expect(mixed.quarantine.isEmpty)
        #expect(rows.map(\.count) == (0..<30).map { $0 % 2 == 0 ? 11 : 1 })
        #expect(rows.map(\.countFraction) == (0..<30).map { $0 % 2 == 0 ? 50_000_000 : 25_000_000 })
    }

    @Test("a key that is there twice is found inside an array of objects two levels deep")
    func repeatedKeysInDepth() throws {
        var map = Self.trades()
        map.columns["price"] = .name("a.b.p")
        let good = "{\"t\":\(Self.start),\"q\":1,\"a\":[{\"b\":[{\"p\":5}]}]}"
        let bad = "{\"t\":\(Self.start),\"q\":1,\"a\":[{\"b\":[{\"p\":5,\"p\":6}]}]}"
        let above = "{\"t\":\(Self.start),\"q\":1,\"a\":[{\"b\":[{\"p\":5}],\"b\":[]}]}"
        let (report, rows) = try Self.read("\(good)\n\(bad)\n\(above)\n", map)
        #expect(rows.map(\.count) == [1])
        #expect(report.quarantine.map(\.reason) == [.repeatedKey, .repeatedKey])
        #expect(report.quarantine.map(\.line) == [2, 3])
        let key = try #require(bad.range(of: "\"p\":6")?.lowerBound)
        // The column is that of the repeated key, behind its mark.
        #expect(report.quarantine.first?.column == bad.distance(from: bad.startIndex, to: key) + 2)
        #expect(report.quarantine.first?.explanation.hasSuffix(": 'p'") == true)
        #expect(report.quarantine.last?.explanation.hasSuffix(": 'b'") == true)
    }

    @Test("a label that is there twice is named, with its place, and one that no one asked for may repeat")
    func repeatedLabels() throws {
        let row = "t:\(Self.start)\tp:5\tq:1"
        let (report, rows) = try Self.read(
            "\(row)\n\(row)\tp:5\n\(row)\tx:1\tx:2\n", Self.trades(.ltsv), "x.ltsv")
        #expect(rows.map(\.count) == [2])
        #expect(report.quarantine.map(\.reason) == [.repeatedKey] && report.quarantine.map(\.line) == [2])
        #expect(report.quarantine.first?.column == row.utf8.count + 2)
        #expect(report.quarantine.first?.explanation.hasSuffix(": 'p'") == true)
    }

    @Test("dates that may begin with the day are told where the time of day stands in another column")
    func openDates() throws {
        var map = ColumnMap(
            kind: .trades,
            columns: [
                "time": .name("d"), "time_of_day": .name("c"), "price": .name("p"), "quantity": .name("q"),
            ])
        map.symbol = "X"
        func text(_ date: String) -> String { "d,c,p,q\n\(date),03:41:11,5,1\n\(date),03:41:12,5,1\n" }
        func failure(_ date: String) throws -> String {
            try Self.read(text(date), map, "x.csv").report.files.first?.failure?.description ?? ""
        }
        let open = try failure("03/02/2026")
        #expect(open.contains("'03/02/2026' add \"dates\": \"day-first\" or \"month-first\""), "\(open)")
        // There is no month 25.
        #expect(try failure("25/02/2026").hasSuffix("add \"dates\": \"day-first\""))
        #expect(try failure("02/25/2026").hasSuffix("add \"dates\": \"month-first\""))
        map.dateOrder = .dayFirst
        #expect(
            try Self.read(text("03/02/2026"), map, "x.csv").rows.map(\.start) == [Self.start, Self.start + 1])
        map.dateOrder = nil
        map.text = .jsonLines
        let json = "{\"d\":\"3.2.2026\",\"c\":\"03:41:11\",\"p\":5,\"q\":1}\n"
        let message = try Self.read(json, map).report.files.first?.failure?.description ?? ""
        #expect(message.contains("'3.2.2026' add \"dates\""), "\(message)")
    }

    @Test("a number names an element of an array, and of several without one none is picked")
    func elements() throws {
        var map = Self.trades()
        let row = "{\"t\":\(Self.start),\"p\":5,\"q\":[2,3]}\n"
        #expect(try Self.read(row, map).report.quarantine.map(\.reason) == [.severalValues])
        map.columns["quantity"] = .name("q.1")
        #expect(try Self.read(row, map).rows.map(\.quantity) == [200_000_000])
        map.columns["quantity"] = .name("q.2")
        #expect(try Self.read(row, map).rows.map(\.quantity) == [300_000_000])
    }

    @Test("every element of an array is a row, or a bad row with its place")
    func oddElements() throws {
        let good = "{\"t\":\(Self.start),\"p\":5,\"q\":1}"
        let text = "[\(good),\n7,\n \"a, b]\",\nnull,\n[1,2],\n\(good)]"
        let (report, rows) = try Self.read(text, Self.trades())
        #expect(rows.map(\.count) == [2])
        #expect(report.files.map(\.rows) == [6])
        #expect(report.quarantine.map(\.reason) == [.json, .json, .json, .json])
        #expect(report.quarantine.map(\.line) == [2, 3, 4, 5])
        #expect(report.quarantine.map(\.column) == [1, 2, 1, 1])
        #expect(report.quarantine.map(\.excerpt) == ["7", "\"a, b]\"", "null", "[1,2]"])
    }

    @Test("text behind a closing quotation mark makes a bad row")
    func stuckText() throws {
        let (report, rows) = try Self.read(
            "t=\(Self.start) p=\"5\"7 q=1\nt=\(Self.start) p=\"5\" q=1\n", Self.trades(.logfmt), "x.log")
        #expect(rows.map(\.count) == [1])
        #expect(report.quarantine.map(\.reason) == [.quotes] && report.quarantine.map(\.line) == [1])
    }

    @Test("numbers that would become zero, or do not fit, are bad rows that say the bound")
    func bounds() throws {
        let rows = ["1e-9,1", "5,1e-9", "1e12,1", "0,1", "5,1e30", "5,0"]
        let text = "t,p,q\n" + rows.map { "\(Self.start),\($0)\n" }.joined()
        let (report, found) = try Self.read(text, Self.trades(.table), "x.csv")
        #expect(found.map(\.count) == [1])
        #expect(
            report.quarantine.map(\.reason) == [
                .priceTooSmall, .quantityTooSmall, .priceTooLarge, .price, .quantityTooLarge,
            ])
        var map = Self.trades(.table)
        map.scales = ["quantity": 1e-9]
        let small = try Self.read("t,p,q\n\(Self.start),5,1\n", map, "x.csv")
        #expect(small.report.quarantine.map(\.reason) == [.quantityTooSmall])
        // The factor makes it large before anything is rounded.
        map.scales = ["quantity": 1e9]
        let large = try Self.read("t,p,q\n\(Self.start),5,0.000000001\n", map, "x.csv")
        #expect(large.rows.map(\.quantity) == [100_000_000])
    }

    @Test("a bar has its open and its close within its range")
    func bars() throws {
        let rows = ["3,2,1,2", "1,2,1,3", "1,1,2,1", "1,2,1,2"]
        let text =
            "time,open,high,low,close,volume,trades\n"
            + rows.enumerated().map { "\(1_770_076_800 + $0 * 60),\($1),5,1\n" }.joined()
            + "1770077040,1,2,1,2,-5,1\n"
        let report = try Self.read(text, nil, "bars.csv").report
        #expect(report.quarantine.map(\.reason) == [.barPrice, .barPrice, .priceRange, .quantity])
        // 1770076800, is eleven bytes.
        #expect(report.quarantine.map(\.column).prefix(2) == [12, 18])
        #expect(report.files.map(\.accepted) == [1])
    }

    @Test("a local time that the clock skips in spring is a bad row")
    func skippedHour() throws {
        // Berlin, 2026-03-29: from two to three o'clock there is nothing.
        let zone = try #require(LocalZone("Europe/Berlin"))
        let clocks = ["01:59:59", "02:00:00", "02:59:59", "03:00:00"]
        let text = "time,price,size\n" + clocks.map { "2026-03-29 \($0),1,1\n" }.joined()
        let (report, rows) = try Self.read(text, nil, "x.csv", zone: zone)
        #expect(report.quarantine.map(\.reason) == [.skippedTime, .skippedTime])
        #expect(report.quarantine.map(\.line) == [3, 4])
        #expect(rows.map(\.start) == [1_774_745_999, 1_774_746_000])
    }

    @Test("digits of a time of day are not guessed from the first rows")
    func clockDigits() throws {
        var map = ColumnMap(
            kind: .trades,
            columns: [
                "time": .name("d"), "time_of_day": .name("c"), "price": .name("p"), "quantity": .name("q"),
            ])
        map.symbol = "X"
        let text = "d,c,p,q\n20260203,0,5,1\n20260203,930,5,1\n20260203,93000,5,1\n20260203,153000,5,1\n"
        let message = try Self.read(text, map, "x.csv").report.files.first?.failure?.description ?? ""
        #expect(message.contains("\"time_of_day_digits\""), "\(message)")
        map.clockDigits = .seconds
        let midnight = Self.start - 13_271
        #expect(
            try Self.read(text, map, "x.csv").rows.map { $0.start - midnight } == [0, 570, 34_200, 55_800])
        map.clockDigits = nil
        let padded = "d,c,p,q\n20260203,153000,5,1\n20260203,93000,5,1\n"
        // Of two widths, none is taken.
        #expect(try Self.read(padded, map, "x.csv").report.files.first?.failure != nil)
    }

    @Test(
        "times are read in more writings",
        arguments: [
            "2026-02-03 03:41:11 AM", "2026-02-03 3:41:11 a.m.", "2026-2-3 03:41:11",
            "2026-02-03 04:41:11 CET",
            "2026-02-03 12:41:11 JST",
        ])
    func writings(_ time: String) throws {
        let rows = try Self.read("t,p,q\n\(time),5,1\n", Self.trades(.table), "x.csv").rows
        #expect(rows.map(\.start) == [Self.start], "\(time)")
    }

    @Test("the end of a day is the midnight of the next, and numbers of times may have an exponent")
    func moreTimes() throws {
        let table = Self.trades(.table)
        let midnight = Self.start - 13_271
        let end = try Self.read("t,p,q\n2026-02-02T24:00:00Z,5,1\n", table, "x.csv")
        #expect(end.rows.map(\.start) == [midnight])
        let exponent = try Self.read("{\"t\":1.770090071e9,\"p\":5,\"q\":1}\n", Self.trades())
        #expect(exponent.rows.map(\.start) == [Self.start])
        let comma = try Self.read("t;p;q\n\(Self.start),5;5;1\n", table, "x.csv")
        #expect(comma.rows.map { $0.prices?.open.nanoseconds } == [Self.start * 1_000_000_000 + 500_000_000])
    }

    @Test("an abbreviation of several zones is read by the clock of the file alone")
    func zoneNames() throws {
        let text = "t,p,q\n2026-02-02 22:41:11 EST,5,1\n"
        let open = try Self.read(text, Self.trades(.table), "x.csv")
        #expect(open.report.quarantine.map(\.reason) == [.zoneName])
        var map = Self.trades(.table)
        map.zone = LocalZone("America/New_York")
        #expect(try Self.read(text, map, "x.csv").rows.map(\.start) == [Self.start])
        map.zone = LocalZone("Asia/Tokyo")
        #expect(try Self.read(text, map, "x.csv").report.quarantine.map(\.reason) == [.zoneName])
    }

    @Test("a name over two columns is refused where it is used, with its place")
    func repeatedNames() throws {
        let text = "t,p,x,x,p,q\n\(Self.start),5,1,1,6,1\n"
        let message = try Self.read(text, Self.trades(.table), "x.csv").report.files.first?.failure?
            .description
        #expect(message?.contains("x.csv:1:9: the header has 'p' more than once, as columns 2, 5") == true)
        let known = "time,price,size,price\n2026-02-03T03:41:11Z,5,1,6\n"
        let other = try Self.read(known, nil, "y.csv").report.files.first?.failure?.description
        #expect(other?.contains("y.csv:1:17: the header has 'price'") == true)
        let unused = "time,price,size,x,x\n2026-02-03T03:41:11Z,5,1,6,7\n"
        #expect(try Self.read(unused, nil, "z.csv").report.files.map(\.accepted) == [1])
    }

    @Test("one column for two values is refused, however it is named")
    func sharedColumns() throws {
        var map = Self.trades(.table)
        map.columns["quantity"] = .column(2)
        let message = try Self.read("t,p,q\n\(Self.start),5,1\n", map, "x.csv").report.files.first?.failure
        #expect(message?.description.contains("'price' and 'quantity' are both column 2") == true)
    }

    @Test("no more is in flight than there are connections, however late the requests of a test are")
    func overload() throws {
        let text = """
            Running 1m test @ http://127.0.0.1:19234
              4 threads and 64 connections
              Thread calibration: mean lat.: 3.565ms, rate sampling interval: 12ms
              Thread Stats   Avg      Stdev     99%   +/- Stdev
                Latency     20.50s    1.72s   38.05s   74.66%
              60000 requests in 1.00m, 3.89MB read
            Requests/sec:   1000.00

            """
        let folder = try TemporaryFolder()
        let log = try #require(try LoadTestLog.read(path: try folder.write(text, to: "wrk2.txt")))
        #expect(log.levels.map(\.load) == [64])
        #expect(log.notes.contains { $0.contains("overloaded") })
    }
}
