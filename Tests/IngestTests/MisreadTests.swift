import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

/// Texts that look like one thing and are another: read as what they are, or refused with a word.
@Suite("Logs that could be read as something else")
struct MisreadTests {
    static let start = 1_769_904_000

    static func iso(_ seconds: Int) -> String { Timestamp(seconds: Int64(start + seconds)).description }

    /// Ingests one text and returns what became of it and what the tape holds, by series.
    static func read(
        _ text: String, _ name: String = "x.csv", _ change: (inout IngestOptions) -> Void = { _ in }
    ) throws -> (file: FileReport, sums: [String: Double]) {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "in/" + name)
        let report = try ingest([path], folder.path("tape"), change)
        let file = try #require(report.files.first)
        guard file.failure == nil else { return (file, [:]) }
        let tape = try Tape.open(folder.path("tape"))
        var sums: [String: Double] = [:]
        for series in tape.series {
            sums[series.id.description] = try tape.read(series.id).rows.reduce(0) { $0 + $1.y }
        }
        return (file, sums)
    }

    static func table(_ header: String, count: Int = 30, every: Int = 60, _ row: (Int, String) -> String)
        -> String
    {
        header + "\n" + (0..<count).map { row($0, iso($0 * every)) + "\n" }.joined()
    }

    // MARK: Numbers

    @Test(
        "numbers with a unit are no events, in a table at a step and in one that jitters",
        arguments: [
            "70.5 req/s", "٧٠", "７０", "∞", "½", "45 %", "45%", "1.2K", "1.2 kreq/s", "3 rps", "12 ops",
            "1.5 Mil", "70,5 req/s",
            "$70.50", "€70,50", "~70", "<70", "(70)", "USD 70", "R$ 70", "± 7", "£1.2k",
            "12 ms",
            "2.5 MiB",
        ])
    func unitsAreRefused(_ value: String) throws {
        for jitter in [0, 7] {
            let text = Self.table("Time,value") { index, time in
                "\(jitter == 0 ? time : Self.iso(index * 60 + index * 5 % 13 - jitter)),\"\(value)\""
            }
            let (file, _) = try Self.read(text)
            guard case .unrecognised(_, let near)? = file.failure else {
                Issue.record("\(value) is read as \(String(describing: file.format?.rawValue))")
                continue
            }
            #expect(near.contains("'value'") && near.contains("without formatting"), "\(near)")
        }
        let wide = Self.table("Time;a;b") { "\($1);\(value);\($0)" }
        #expect(try Self.read(wide).file.failure != nil)
    }

    @Test("events keep their marks, units or not")
    func eventsStayEvents() throws {
        var at = 0
        let text = Self.table("time,took,size") { index, _ in
            at += index * index % 97 + 1
            return "\(Self.iso(at)),\(index) ms,1.5 MiB"
        }
        let (file, sums) = try Self.read(text)
        #expect(file.format == .events && file.failure == nil)
        #expect(sums.values.reduce(0, +) == 30)
    }

    @Test("marks between thousands and decimal commas are read where the column leaves no doubt")
    func numberStyles() throws {
        let styles: [(cell: (Int) -> String, delimiter: String, sum: Double)] = [
            ({ "1 \(270 + $0)" }, ";", 38_535), ({ "1\u{A0}\(270 + $0)" }, ";", 38_535),
            ({ "1\u{202F}\(270 + $0)" }, "\t", 38_535), ({ "1'\(270 + $0)" }, ";", 38_535),
            ({ "1_\(270 + $0)" }, ",", 38_535), ({ "\($0),5" }, ";", 450),
            ({ "1.\(270 + $0),5" }, ";", 38_550),
            ({ "\"1,\(270 + $0).5\"" }, ",", 38_550),
            // Below a thousand without a mark, from there on with one.
            ({ $0 < 15 ? "\(900 + $0)" : "\"1,0\($0)\"" }, ",", 28_935),
            ({ $0 < 15 ? "\(900 + $0)" : "1.0\($0)" }, ";", 13_605 + 15 * 1.022),
        ]
        for (cell, delimiter, sum) in styles {
            let text = Self.table("Time\(delimiter)value") { "\($1)\(delimiter)\(cell($0))" }
            let (file, sums) = try Self.read(text)
            #expect(file.failure == nil && file.quarantined == 0, "\(cell(20))")
            #expect(abs((sums.values.first ?? 0) - sum) < 1e-6, "\(cell(20)) \(sums)")
        }
        for cell in ["1,270", "12,345"] {
            let open = Self.table("Time;value") { "\($1);\($0 < 3 ? cell : "1,\(300 + $0)")" }
            #expect(try Self.read(open).file.failure != nil, "\(cell) may be of thousands or of decimals")
        }
    }

    @Test("numbers of spreadsheets' days, of shares and of loads are no seconds of 1970")
    func smallNumbers() throws {
        for rows in [(0..<30).map { "\(46_054 + $0)" }, (0..<30).map { "\(46_054 + Double($0) / 24)" }] {
            for header in ["time,value", "Time,a,b", "unique_id,ds,y"] {
                let text = rows.enumerated().map { index, time in
                    header.hasPrefix("u")
                        ? "a,\(time),\(index)"
                        : header.hasSuffix("b") ? "\(time),\(index),1" : "\(time),\(index)"
                }
                let (file, _) = try Self.read(([header] + text).joined(separator: "\n"))
                #expect(file.failure?.description.contains("spreadsheet") == true, "\(header) \(rows[1])")
            }
        }
        for text in ["load,throughput\n1,10\n2,19\n4,36\n", "user,score\n1,5\n2,6\n", "p,ms\n50,3\n99,9\n"] {
            guard case .unrecognised? = try Self.read(text).file.failure else {
                Issue.record("\(text)"); continue
            }
        }
        // What counts on, or is called a time, does.
        for name in ["step", "Second", "time", "ds", "t"] {
            #expect(try Self.read("\(name),y\n0,5\n1,6\n2,7\n").sums.values.first == 18, "\(name)")
        }
    }

    @Test("a JSON document in one line is no header without rows")
    func documentsAreNoHeaders() throws {
        for text in [
            "{\"metrics\":{\"a\":{\"count\":5,\"rate\":2.0}}}", "{\"a\":1,\"b\":2}\n", "[1,2]",
            "[{\"a\":1,\"b\":2}]",
            "[[1,2],[3,4]]", "Data from somewhere, of some day.\n", "MIT License; see LICENSE\n",
        ] {
            #expect(try Self.read(text, "x.json").file.failure != nil, "\(text)")
        }
    }

    // MARK: Times

    @Test(
        "a time that names its month is read wherever a column of times may stand",
        arguments: [
            "03/Feb/2026:03:41:11 +1000", "[03/Feb/2026:03:41:11 +1000]", "Tue, 03 Feb 2026 03:41:11 +1000",
            "3 Feb 2026 03:41:11+10:00", "Feb 3, 2026 3:41:11 AM +1000", "3-Feb-2026 03:41:11 +1000",
            "2026-02-03T03:41:11+10:00", "2026/02/03 03:41:11 +1000", "2026.02.03 03:41:11 +1000",
            "20260203T034111+1000",
            "Mon Feb  2 17:41:11 2026", "Mon, 02 Feb 2026 17:41:11 GMT", "20260202174111",
            "20260202 17:41:11Z",
        ])
    func namedMonths(_ time: String) throws {
        let request = "GET /a HTTP/1.1"
        let texts: [(String, InputFormat?)] = [
            ("{\"time_local\":\"\(time)\",\"request\":\"\(request)\",\"status\":200}\n", .jsonRequests),
            ("time_local\trequest\tstatus\n\(time)\t\(request)\t200\n", .requestTable),
            ("1.2.3.4|\(time)|\(request)|200|5\n", .accessTable),
            ("1.2.3.4 | - | \(time) | \"\(request)\" | 200 | 5\n", .accessTable),
            ("1.2.3.4;\(time);GET;/a;200;5\n", .accessTable), ("u\t\(time)\t\(request)\t200\n", .accessTable),
        ]
        for (text, format) in texts {
            let (file, sums) = try Self.read(text, "x.log")
            #expect(file.failure == nil && file.format == format, "\(text)")
            #expect(file.first?.description == "2026-02-02T17:41:11Z", "\(text)")
            #expect(sums.values.reduce(0, +) == 1)
        }
        var map = ColumnMap(
            kind: .requests, columns: ["time": .column(1), "path": .column(2), "status": .column(3)])
        map.hasHeader = false
        map.delimiter = 0x7C
        let (file, _) = try Self.read("\(time) | /a | 200 |\n", "x.log") { $0.map = map }
        #expect(file.failure == nil && file.first?.description == "2026-02-02T17:41:11Z")
    }

    @Test("dates of numbers alone are read as a map says, and not without one")
    func numericDates() throws {
        let texts: [(String, DateOrder)] = [
            ("03/02/2026 17:41:11", .dayFirst), ("02/03/2026 5:41:11 PM", .monthFirst),
            ("3.2.2026 17:41:11", .dayFirst),
            ("03-02-26, 17:41:11Z", .dayFirst), ("2/3/2026 17:41:11", .monthFirst),
            ("03.02.2026T18:41:11+01:00", .dayFirst),
        ]
        for (time, order) in texts {
            for header in ["time;path;status", "t;path;status"] {
                let text = header + "\n\"\(time)\";/a;200\n\"\(time)\";/b;200\n"
                #expect(try Self.read(text).file.failure != nil, "\(time)")
                var map = ColumnMap(
                    kind: .requests,
                    columns: ["time": .column(1), "path": .name("path"), "status": .name("status")])
                map.dateOrder = order
                let (file, _) = try Self.read(text) { $0.map = map }
                #expect(file.failure == nil && file.first?.description == "2026-02-03T17:41:11Z", "\(time)")
            }
        }
    }

    @Test("an escaped mark in a request does not shift the status")
    func escapedMarks() throws {
        let folder = try TemporaryFolder()
        let lines = [
            #"h - - [05/Jan/2026:09:00:00 +0000] "GET /a\" 500 1 HTTP/1.1" 200 5"#,
            #"h - - [05/Jan/2026:09:00:00 +0000] "GET /a\\" 200 5"#,
            #"h - - [05/Jan/2026:09:00:00 +0000] "GET /a\" 404 "x\" 503 HTTP/1.1" 200 5 "-" "-""#,
            #"h - - [05/Jan/2026:09:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "\" 500 1""#,
        ]
        let path = try folder.write(lines.joined(separator: "\n"), to: "access.log")
        let report = try ingest([path], folder.path("tape"))
        #expect(report.files.map(\.accepted) == [4])
        let row = try #require(
            try Tape.open(folder.path("tape")).aggregate(SeriesID("requests/http/other"), everySeconds: 60)
                .rows.first)
        #expect(row.statuses.success == 4 && row.statuses.serverError == 0)
    }

    // MARK: Recognition

    @Test("one strange line in front does not make another format of a log")
    func strangeFirstLines() throws {
        let line = "127.0.0.1 - - [03/Feb/2026:03:41:11 +0000] \"GET /a HTTP/1.1\" 200 5\n"
        let log = String(repeating: line, count: 20)
        for first in [
            "127.0.0.1 - - [03/Feb/9999:03:41:11 +0000] \"GET / HTTP/1.1\" 200 1\n", "{\n", "[\n", "x\n",
        ] {
            let (file, _) = try Self.read(first + log, "x.log")
            #expect(file.format == .accessLog && file.accepted == 20, "\(first)")
        }
        let far = String(repeating: line.replacingOccurrences(of: "2026", with: "9999"), count: 20)
        let (file, _) = try Self.read(far, "x.log")
        #expect(file.format == .accessLog && file.accepted == 0)
        guard case .tooManyBadRows? = file.failure else {
            Issue.record("\(String(describing: file.failure))"); return
        }
        let objects =
            "starting\n"
            + (0..<9).map { "{\"time\":\(Self.start + $0),\"path\":\"/\",\"status\":200}\n" }.joined()
        #expect(try Self.read(objects, "x.log").file.accepted == 9)
    }

    @Test("a bracket behind a time is no frame of a WebSocket")
    func bracketsAreNoFrames() throws {
        let text = (0..<20).map { "\(Self.iso($0)) [info] served {x} in 5 ms\n" }.joined()
        #expect(try Self.read(text, "x.log").file.format != .webSocketCapture)
    }

    @Test("answers of exchanges are read as what they hold")
    func answers() throws {
        let ohlc = (0..<5).map {
            "[\(Self.start + $0 * 60),\"5\",\"7\",\"4\",\"6\",\"5.5\",\"1.5\",\($0 + 1)]"
        }
        let kraken = "{\"error\":[],\"result\":{\"XBTUSD\":[\(ohlc.joined(separator: ","))],\"last\":1}}"
        let (file, sums) = try Self.read(kraken, "x.json")
        #expect(file.format == .krakenOHLC && sums == ["trades/kraken/XBTUSD": 15])

        let klines = (0..<4).map {
            "[\((Self.start + $0 * 60) * 1000),\"5\",\"7\",\"4\",\"6\",\"1\",\((Self.start + $0 * 60) * 1000 + 59_999),"
                + "\"9\",\($0 + 1),\"1\",\"1\",\"0\"]"
        }
        for separator in [",", ",\n", ",\n  "] {
            let text = "[" + klines.joined(separator: separator) + "]"
            let (file, sums) = try Self.read(text, "BTCUSDT.json")
            #expect(
                file.format == .binanceKlines && sums == ["trades/binance-spot/BTCUSDT": 10], "\(separator)")
        }
        let bybit =
            "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
            + "1769904000.5,BTCUSDT,Buy,1,5,PlusTick,6d7b1c0a-1111-4222-8333-444455556666,1,1,5\n"
        #expect(try Self.read(bybit).sums == ["trades/bybit/BTCUSDT": 1])
    }

    @Test("answers that tell an error, or nothing, are refused with what they say")
    func errorAnswers() throws {
        let answers = [
            (
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:5: parse error\"}",
                "1:5: parse error"
            ),
            (
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}",
                "empty Prometheus response"
            ),
            (
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"2\"]}]}}",
                "query_range"
            ),
            ("{\"error\":[\"EQuery:Unknown asset pair\"]}", "Unknown asset pair"),
            ("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}", "Invalid symbol."),
        ]
        for (text, said) in answers {
            let (file, _) = try Self.read(text, "x.json")
            #expect(file.failure?.description.contains(said) == true, "\(text)")
        }
        let line = "{\"time\":\(Self.start),\"path\":\"/\",\"status\":502,\"error\":\"upstream timed out\"}\n"
        #expect(try Self.read(line, "x.json").file.accepted == 1)
    }

    @Test("native histograms of Prometheus count their observations")
    func nativeHistograms() throws {
        let text =
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"lat\"},"
            + "\"values\":[[\(Self.start),\"3\"]],\"histograms\":[[\(Self.start),{\"count\":\"59\",\"sum\":\"1\","
            + "\"buckets\":[[0,\"1\",\"2\",\"3\"]]}],[\(Self.start + 60),{\"count\":\"61\",\"sum\":\"1\"}]]},"
            + "{\"histograms\":[[\(Self.start),{\"count\":\"7\",\"sum\":\"1\"}]],\"metric\":{\"__name__\":\"b\"}}]}}"
        let (file, sums) = try Self.read(text, "x.json")
        #expect(file.rows == 4 && file.accepted == 4)
        #expect(
            sums == [
                "metrics/prometheus/lat": 3, "metrics/prometheus/lat_count": 120,
                "metrics/prometheus/b_count": 7,
            ])
    }

    @Test("a map may say that a negative quantity is a sale")
    func negativeQuantities() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("t,p,q\n1769904000,5,-2\n1769904001,5,3\n1769904002,5,0\n", to: "X.csv")
        for (isMakers, buys) in [(false, [0, 1, 0]), (true, [1, 0, 0])] as [(Bool, [Int64])] {
            var map = ColumnMap(
                kind: .trades,
                columns: [
                    "time": .name("t"), "price": .name("p"), "quantity": .name("q"), "side": .name("q"),
                ])
            map.sideIsMakers = isMakers
            let tape = folder.path("tape-\(isMakers)")
            #expect(try ingest([path], tape) { $0.map = map }.files.map(\.accepted) == [3])
            let rows = try Tape.open(tape).read(SeriesID("trades/generic/X"))
            #expect(rows.rows.map(\.buys) == buys && rows.quantities == [2, 3, 0])
        }
        let plain = ColumnMap(
            kind: .trades, columns: ["time": .name("t"), "price": .name("p"), "quantity": .name("q")])
        let report = try ingest([path], folder.path("other")) {
            $0.map = plain
            $0.badRowShareMax = 1
        }
        #expect(report.quarantine.map(\.reason) == [.quantity])
    }
}
