import Foundation
import Tables
import Testing
import Units

@Suite("Tables")
struct DataTableTests {
    private static let hostile = ["a,b", "say \"x\"", "two\nlines", "=cmd()", "<script>", "../x", "ü\u{1}"]

    private struct Row: Sendable {
        var name: String?
        var y: Double?
        var ds: Timestamp?
        var interval: Estimate?
    }

    private static let schema = TableSchema<Row>(
        "rows.csv", of: "test", "A row.",
        [
            .text("name", in: .name, "Its name.", \.name),
            .number("y", in: "events", "Its count.", \.y),
            .time("ds", "Its start.", \.ds).only(with: "--time"),
            .estimate("e", in: .factor, "A figure.", \.interval).only(with: "--interval"),
        ])

    @Test("CSV quotes what must be quoted and nothing else")
    func csv() {
        let rows = Self.hostile.map { Row(name: $0, y: 0.1) } + [Row(name: nil, y: .nan)]
        let table = Self.schema.table(rows)
        let expected =
            "name,y\n\"a,b\",0.1\n\"say \"\"x\"\"\",0.1\n\"two\nlines\",0.1\n=cmd(),0.1\n<script>,0.1\n../x,0.1\nü\u{1},0.1\n,\n"
        #expect(String(decoding: table.bytes, as: UTF8.self) == expected)
        #expect(table.rowCount == 8)
    }

    @Test("JSON reads back to what went in")
    func json() throws {
        let rows =
            Self.hostile.map { Row(name: $0, y: 2.5, ds: Timestamp(seconds: 0)) }
            + [Row(name: "none", y: .infinity)]
        var table = Self.schema.table(rows, format: .json, with: ["--time"])
        table.finish()
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(table.bytes)) as? [[String: Any]])
        #expect(read.map { $0["name"] as? String } == Self.hostile + ["none"])
        #expect(read[0]["y"] as? Double == 2.5 && read[0]["ds"] as? String == "1970-01-01T00:00:00Z")
        #expect(read[7]["y"] is NSNull && read[7]["ds"] is NSNull)
        var empty = Self.schema.table([], format: .json)
        empty.finish()
        #expect((try JSONSerialization.jsonObject(with: Data(empty.bytes)) as? [Any])?.isEmpty == true)
    }

    @Test("a column that an option asks for is written only then, and an interval is three columns")
    func conditions() {
        let row = Row(name: "a", y: 1, ds: Timestamp(seconds: 60), interval: Estimate(2, lo: 1, hi: 3))
        func text(_ conditions: Set<String>) -> String {
            String(decoding: Self.schema.table([row], with: conditions).bytes, as: UTF8.self)
        }
        #expect(text([]) == "name,y\na,1\n")
        #expect(text(["--time"]) == "name,y,ds\na,1,1970-01-01T00:01:00Z\n")
        #expect(text(["--interval"]) == "name,y,e,e_lo,e_hi\na,1,2,1,3\n")
        let columns = Self.schema.description.columns
        #expect(columns.map(\.name) == ["name", "y", "ds", "e", "e_lo", "e_hi"])
        #expect(columns.map(\.type) == [.text, .number, .time, .number, .number, .number])
        #expect(
            columns.map(\.condition) == [nil, nil, "--time"] + [String?](repeating: "--interval", count: 3))
    }

    @Test(
        "numbers read the same everywhere",
        arguments: [
            (1234567.0, "1234567"), (0.1, "0.1"), (1 / 3.0, "0.333333333"), (-2.5e-7, "-2.5e-07"), (0, "0"),
        ])
    func numbers(value: Double, text: String) {
        #expect(NumberText.csv(value) == text)
        #expect(NumberText.csv(.nan).isEmpty)
    }

    @Test("figures for readers are short")
    func figures() {
        #expect(NumberText.figure(12_345.6) == "12,300")
        #expect(NumberText.figure(-0.000012345) == "−1.23e−05")
        #expect(NumberText.short(1_234_567) == "1.23M")
        #expect(NumberText.percent(0.1234) == "12.3 %")
        #expect(NumberText.percent(1e-19) == "under 0.0001 %")
        #expect(NumberText.percent(0) == "0 %")
        #expect(NumberText.time(seconds: 0.00125) == "1.25 ms")
        #expect(NumberText.estimate(Estimate(2, lo: 1, hi: 3)) == "2 (1 to 3)")
        #expect(NumberText.estimate(nil) == "none in range")
    }

    @Test("text that a spreadsheet would run gets an apostrophe, numbers and all else stay")
    func formulas() {
        let text = "a,=b\n-1.5,=1+1\n-x,\"=a,b\"\n+2e3,\"-\"\"q\"\"\"\n@x,y=z\n"
        let guarded = "a,'=b\n-1.5,'=1+1\n'-x,\"'=a,b\"\n+2e3,\"'-\"\"q\"\"\"\n'@x,y=z\n"
        #expect(String(decoding: DataTable.guardingFormulas(Array(text.utf8)), as: UTF8.self) == guarded)
        #expect(DataTable.guardingFormulas([]).isEmpty)
    }
}
