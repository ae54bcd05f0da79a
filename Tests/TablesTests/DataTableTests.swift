import Foundation
import Tables
import Testing
import Units

@Suite("Tables")
struct DataTableTests {
    private static let hostile = ["a,b", "say \"x\"", "two\nlines", "=cmd()", "<script>", "../x", "ü\u{1}"]

    @Test("CSV quotes what must be quoted and nothing else")
    func csv() {
        var table = DataTable(columns: ["name", "y"])
        for name in Self.hostile { table.append([.text(name), .number(0.1)]) }
        table.append([.missing, .number(.nan)])
        let expected =
            "name,y\n\"a,b\",0.1\n\"say \"\"x\"\"\",0.1\n\"two\nlines\",0.1\n=cmd(),0.1\n<script>,0.1\n../x,0.1\nü\u{1},0.1\n,\n"
        #expect(String(decoding: table.bytes, as: UTF8.self) == expected)
        #expect(table.rowCount == 8)
    }

    @Test("JSON reads back to what went in")
    func json() throws {
        var table = DataTable(columns: ["name", "y", "ds"], format: .json)
        for name in Self.hostile { table.append([.text(name), .number(2.5), .time(Timestamp(seconds: 0))]) }
        table.append([.text("none"), .number(.infinity), .missing])
        table.finish()
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(table.bytes)) as? [[String: Any]])
        #expect(rows.map { $0["name"] as? String } == Self.hostile + ["none"])
        #expect(rows[0]["y"] as? Double == 2.5 && rows[0]["ds"] as? String == "1970-01-01T00:00:00Z")
        #expect(rows[7]["y"] is NSNull && rows[7]["ds"] is NSNull)
        var empty = DataTable(columns: ["a"], format: .json)
        empty.finish()
        #expect((try JSONSerialization.jsonObject(with: Data(empty.bytes)) as? [Any])?.isEmpty == true)
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
        #expect(NumberText.short(1_234_567) == "1.23M")
        #expect(NumberText.percent(0.1234) == "12.3 %")
        #expect(NumberText.time(seconds: 0.00125) == "1.25 ms")
        #expect(NumberText.estimate(Estimate(2, lo: 1, hi: 3)) == "2 (1 to 3)")
        #expect(NumberText.estimate(nil) == "none in range")
    }
}
