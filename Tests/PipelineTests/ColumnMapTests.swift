import Ingest
import Pipeline
import Tape
import TestSupport
import Testing
import Units

/// What a map's file may say, and what its errors name.
@Suite("Column map files")
struct ColumnMapTests {
    private static func read(_ text: String) throws -> ColumnMap {
        try ColumnMapFile.read(Array(text.utf8), file: "map.json")
    }

    @Test("every key of a map is read")
    func keys() throws {
        let map = try Self.read(
            """
            { "rows": "trades", "text": "logfmt", "dates": "day-first", "time_unit": "ms", "decimal": ",",
              "columns": { "time": "date", "time_of_day": "clock", "price": "px", "side": "s" },
              "sides": { "buy": ["K", "achat", 1], "sell": ["V", -1] },
              "scale": { "price": 0.01 }, "constants": { "quantity": 2.5 } }
            """)
        #expect(map.text == .logfmt && map.dateOrder == .dayFirst && map.decimalMark == .comma)
        #expect(map.columns["time_of_day"] == .name("clock") && map.clock == .epoch(nanoseconds: 1_000_000))
        #expect(map.sides == ColumnMap.SideWords(buy: ["K", "achat", "1"], sell: ["V", "-1"]))
        #expect(map.scales == ["price": 0.01] && map.constants == ["quantity": "2.5"])
    }

    @Test(
        "keys that contradict each other are errors with their place",
        arguments: [
            (
                "\"columns\": { \"price\": 1, \"quantity\": 2,\n\"time_of_day\": 3 }, \"start\": \"2026-01-05T00:00:00Z\", \"step\": \"1m\"",
                "needs a 'time'"
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 1, \"quantity\": 2 },\n\"scale\": { \"volume\": 2 }",
                "not among the columns"
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 1, \"quantity\": 2 },\n\"constants\": { \"price\": 2 }",
                "both a column and a constant"
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 1 },\n\"constants\": { \"quantity\": \"many\" }",
                "must be a number, not 'many'"
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 1, \"quantity\": 2 },\n\"constants\": { \"side\": \"K\" }",
                "buy or sell, not 'K'"
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 1, \"quantity\": 2 },\n\"sides\": { \"buy\": [\"K\"], \"sell\": [\"V\"] }",
                "needs a 'side'"
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 1, \"quantity\": 2, \"side\": 3 },\n\"sides\": { \"buy\": [\"K\"], \"sell\": [\"k\"] }",
                "both sides"
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 1, \"quantity\": 2, \"side\": 2 },\n\"sides\": { \"buy\": [\"K\"], \"sell\": [\"V\"] }",
                "sign of the quantity"
            ),
            ("\"columns\": { \"time\": 1, \"price\": 1, \"quantity\": 2 },\n\"decimal\": \";\"", "'.'"),
        ])
    func contradictions(_ keys: String, _ expected: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read("{ \"rows\": \"trades\", \(keys) }")
        }
        #expect(error?.place?.line == 2, "\(keys)")
        if expected != "'.'" { #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")") }
    }

    @Test(
        "settings that exclude each other are errors at their place that name both",
        arguments: [
            // The keys of a map from its second line on; where the error is; what it names.
            (
                "\"columns\": { \"price\": 1, \"quantity\": 2 }, \"start\": \"2026-01-05T00:00:00Z\", \"step\": \"1m\",\n  \"time_unit\": \"ms\"",
                "map.json:3:16:", ["'time_unit'", "'start'"]
            ),
            (
                "\"columns\": { \"time\": \"d\", \"time_of_day\": \"c\", \"price\": \"p\", \"quantity\": \"q\" },\n\"time_unit\": \"ms\", \"time_of_day_digits\": \"HHMMSS\"",
                "map.json:3:14:", ["'time_unit'", "'time_of_day_digits'"]
            ),
            (
                "\"columns\": { \"time\": \"t\", \"price\": \"p\", \"quantity\": \"q\" },\n\"time_of_day_digits\": \"HHMM\"",
                "map.json:3:23:", ["'time_of_day_digits'", "'time_of_day'"]
            ),
            (
                "\"columns\": { \"time\": \"t\", \"price\": \"p\", \"quantity\": \"q\" }, \"text\": \"ltsv\",\n\"delimiter\": \";\"",
                "map.json:3:14:", ["'delimiter'", "'text'", "ltsv"]
            ),
            (
                "\"columns\": { \"time\": \"t\", \"price\": \"p\", \"quantity\": \"q\" }, \"text\": \"logfmt\",\n\"skip_lines\": 2",
                "map.json:3:15:", ["'skip_lines'", "'text'", "logfmt"]
            ),
            (
                "\"columns\": { \"time\": \"t\", \"price\": \"p\", \"quantity\": \"q\" }, \"text\": \"logfmt\",\n \"delimiter\": \" \"",
                "map.json:3:15:", ["'delimiter'", "'text'", "logfmt"]
            ),
            (
                "\"columns\": { \"time\": \"t\", \"price\": \"p\", \"quantity\": \"q\" },\n\"delimiter\": \",\", \"text\": \"json-lines\"",
                "map.json:3:14:", ["'delimiter'", "'text'", "json-lines"]
            ),
            (
                "\"columns\": { \"time\": \"t\", \"price\": \"p\", \"quantity\": \"q\" },\n\"first\": 0",
                "map.json:3:10:", ["'first'", "'start'"]
            ),
            (
                "\"columns\": { \"time\": \"t\", \"price\": \"p\",\n  \"quantity\": \"p\" }",
                "map.json:3:3:", ["'price'", "'quantity'"]
            ),
            (
                "\"columns\": { \"time\": 1, \"price\": 2,\n\"quantity\": 3, \"id\": 2 }",
                "map.json:3:16:", ["'price'", "'id'"]
            ),
        ])
    func exclusions(_ keys: String, _ place: String, _ named: [String]) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read("{ \"rows\": \"trades\",\n\(keys) }")
        }
        let text = error?.description ?? ""
        #expect(text.hasPrefix(place), "\(text)")
        for name in named { #expect(text.contains(name), "\(text)") }
    }

    @Test("settings that go together are read")
    func together() throws {
        // Lines in front of JSON may be skipped, and a signed quantity is its own side.
        let json = try Self.read(
            "{ \"rows\": \"trades\", \"text\": \"json-lines\", \"skip_lines\": 1, \"zone\": \"+05:30\", "
                + "\"columns\": { \"time\": \"t\", \"price\": \"p\", \"quantity\": \"q.1\", \"side\": \"q.1\" } }"
        )
        #expect(json.skipLines == 1 && json.zone == LocalZone("+05:30"))
        let rows = try Self.read(
            "{ \"rows\": \"counts\", \"columns\": { \"value\": 1 }, \"start\": \"2026-01-05T00:00:00Z\", "
                + "\"step\": \"1m\", \"first\": 0 }")
        // 2026-01-05T00:00:00Z.
        #expect(rows.clock == .steps(start: Timestamp(seconds: 1_767_571_200), stepSeconds: 60, first: 0))
    }

    @Test(
        "the map that a refusal shows reads the file",
        arguments: [
            ("date,time,price,qty", ",100,1", 40), ("Date,Time,Open,High,Low,Close,Trades", ",1,2,1,2,7", 40),
            ("date,time,method,path,status", ",GET,/a,200", 40), ("date,clock,count", ",7", 40),
            ("date,at,who", ",x", 40),
        ])
    func shownMapsRead(_ header: String, _ rest: String, _ count: Int) throws {
        let folder = try TemporaryFolder()
        let rows = (0..<count).map { "2026-02-03,10:\(10 + $0):00\(rest)" }
        let path = try folder.write(header + "\n" + rows.joined(separator: "\n") + "\n", to: "X.csv")
        let refused = try Ingestor(IngestOptions()).ingest([path], into: folder.path("refused"))
        let message = try #require(refused.files.first?.failure?.description)
        let start = try #require(message.firstIndex(of: "{"))
        let end = try #require(message.lastIndex(of: "}"))
        var options = IngestOptions()
        options.map = try Self.read(String(message[start...end]))
        let report = try Ingestor(options).ingest([path], into: folder.path("tape"))
        #expect(report.files.map(\.accepted) == [count], "\(message)")
        let tape = try Tape.open(folder.path("tape"))
        // 2026-02-03T10:10:00Z, and a minute more for each row.
        let found = try tape.read(try #require(tape.series.first).id).rows.map(\.start)
        #expect(found == (0..<count).map { 1_770_113_400 + Int64($0) * 60 })
    }
}
