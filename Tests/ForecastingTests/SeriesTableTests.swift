import Forecasting
import Foundation
import Tables
import TestSupport
import Testing
import Units

@Suite("The table of series")
struct SeriesTableTests {
    private func read(_ text: String, step: Int64? = nil) throws -> SeriesTable {
        try SeriesTable(bytes: [UInt8](text.utf8), file: "in.csv", stepSeconds: step)
    }

    @Test("reads dates in any order, with holes, and prints them back")
    func dates() throws {
        let table = try read(
            "unique_id,ds,y\na,2024-01-01T02:00:00Z,3\na,2024-01-01 00:00:00,1\n"
                + "b,2024-01-01T00:00:00+01:00,7\n"
                + "a,2024-01-01T01:00:00Z,2\na,2024-01-01T04:00:00Z,\n")
        #expect(table.series.map(\.id.name) == ["a", "b"])
        let a = table.series[0]
        #expect(a.stepSeconds == 3600)
        #expect(Array(a.values.prefix(3)) == [1, 2, 3])
        #expect(a.values.count == 5 && a.values[3].isNaN && a.values[4].isNaN)
        #expect(!table.isIndexed)
        #expect(table.ds(a.end) == "2024-01-01T05:00:00Z")
        #expect(table.series[1].start == Timestamp(iso8601: "2023-12-31T23:00:00Z"))
        #expect(table.uniqueID(of: a.id) == "a")
    }

    @Test("small integers count intervals and stay integers")
    func indices() throws {
        let table = try read("unique_id,ds,y\nH1,701,5\nH1,702,6\nH1,704,7\n", step: 1800)
        #expect(table.isIndexed)
        #expect(table.series[0].stepSeconds == 1800)
        #expect(table.series[0].values.count == 4)
        #expect(table.ds(table.series[0].end) == "705")
    }

    @Test("large integers are instants in the unit that fits")
    func epochs() throws {
        for factor in ["", "000", "000000", "000000000"] {
            let table = try read("unique_id,ds,y\na,1704067200\(factor),1\na,1704070800\(factor),2\n")
            #expect(!table.isIndexed)
            #expect(table.series[0].start == Timestamp(iso8601: "2024-01-01T00:00:00Z"))
            #expect(table.series[0].stepSeconds == 3600)
        }
    }

    @Test("quoted fields, other columns, prices, and line ends of all kinds")
    func quoting() throws {
        let table = try read(
            "\u{FEFF}ds,\"unique_id\",note,y,high,low,close\r\n"
                + "0,\"a,\"\"b\"\"\",\"x\ny\",1,5,4,4.5\r\n1,\"a,\"\"b\"\"\",,2,7,,6\r\n"
        )
        #expect(table.uniqueID(of: table.series[0].id) == "a,\"b\"")
        #expect(table.series[0].values == [1, 2])
        let prices = try #require(table.prices[0])
        #expect(prices.high == [5, 7] && prices.close == [4.5, 6])
        #expect(prices.low[0] == 4 && prices.low[1].isNaN)
    }

    @Test("a repeated row is reported with both lines and counts once")
    func duplicates() throws {
        let table = try read("unique_id,ds,y\na,0,1\na,1,2\na,0,9\n")
        #expect(table.series[0].values == [1, 2])
        #expect(table.duplicates.map(\.line) == [4])
        #expect(table.duplicates.map(\.firstLine) == [2])
        #expect(table.duplicates.map(\.uniqueID) == ["a"])
    }

    @Test("rows finer than the step are added up")
    func aggregation() throws {
        let table = try read(
            "unique_id,ds,y\na,2024-01-01T00:00:00Z,1\na,2024-01-01T00:30:00Z,2\na,2024-01-01T01:00:00Z,4\n",
            step: 3600)
        #expect(table.series[0].values == [3, 4])
        #expect(table.mergedRowCount == 1)
    }

    @Test("what is wrong is told with its place")
    func errors() throws {
        func thrown(_ text: String) throws -> TableError {
            do {
                _ = try read(text)
            } catch let error as TableError { return error }
            throw Missing()
        }
        let number = try thrown("unique_id,ds,y\na,0,1\nb,1,2x\n")
        #expect((number.line, number.column) == (3, 5))
        #expect(number.description.hasPrefix("in.csv:3:5: "))
        let date = try thrown("unique_id,ds,y\na,2024-13-01,1\n")
        #expect((date.line, date.column) == (2, 3))
        #expect(try thrown("unique_id,timestamp,y\na,0,1\n").message.contains("timestamp"))
        let empty = try thrown("")
        #expect(empty.line == 1)
        #expect(try thrown("unique_id,ds,y\na,0\n").message.contains("fields"))
        #expect(try thrown("unique_id,ds,y\na,0,1\na,2024-01-01,2\n").line == 3)
        #expect(try thrown("unique_id,ds,y\n\"a,0,1\n").message.contains("mark is not closed"))
        #expect(try thrown("unique_id,ds,y\na,0,inf\n").line == 2)
        #expect(try thrown("unique_id,ds,y\u{0}\n").message.contains("not a text file"))
        #expect(try thrown("unique_id,ds,y\na,9223372036854775807,1\n").line == 2)
    }

    @Test(
        "a used column that the header names twice is an error at the second, and an unused one is not",
        arguments: [
            ("unique_id,ds,y,y\na,0,1,2\n", 16, "'y' more than once, as columns 3, 4"),
            ("ds,unique_id, ds,y\n0,a,1,2\n", 14, "'ds' more than once, as columns 1, 3"),
            ("unique_id;ds;y;low;x;low\na;0;1;2;3;4\n", 22, "'low' more than once, as columns 4, 6"),
        ])
    func repeatedColumns(_ text: String, _ column: Int, _ words: String) throws {
        let error = #expect(throws: TableError.self) { try read(text) }
        #expect(error?.line == 1 && error?.column == column)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        let events = #expect(throws: TableError.self) {
            try EventTable(bytes: Array("unique_id,ds,ds\na,1704067200,1704067201\n".utf8), file: "e.csv")
        }
        #expect(events?.description.hasPrefix("e.csv:1:14: the header has 'ds' more than once") == true)
        let planned = #expect(throws: TableError.self) {
            try PlannedEvent.table(Array("start,end,name,end\n".utf8), file: "p.csv")
        }
        #expect(planned?.description.hasPrefix("p.csv:1:16: the header has 'end' more than once") == true)
        #expect(try read("unique_id,ds,y,x,x\na,0,1,u,v\na,1,2,u,v\n").series.map(\.values) == [[1, 2]])
    }

    @Test("a stray time makes an error, not a giant table")
    func strayTime() {
        #expect(throws: TableError.self) {
            try read("unique_id,ds,y\na,0,1\na,1,1\na,99999999,1\n")
        }
        #expect(throws: TableError.self) {
            try read("unique_id,ds,y\na,1970-01-01,1\na,2199-12-30,1\n", step: 1)
        }
        #expect(throws: TableError.self) { try read("unique_id,ds,y\na,0,1\n", step: 0) }
        #expect(throws: TableError.self) { try read("unique_id,ds,y\na,-9223372036854775808,1\n") }
    }

    @Test("random bytes never trap")
    func randomBytes() {
        var random = SplitMix64(seed: 4)
        let alphabet = Array("unique_id,ds,y\n\"\r0123456789-T:Z.e+naifH ".utf8)
        for _ in 0..<3000 {
            var bytes = Array("unique_id,ds,y\n".utf8)
            for _ in 0..<Int(random.next() % 80) {
                bytes.append(alphabet[Int(random.next() % UInt64(alphabet.count))])
            }
            let table = try? SeriesTable(bytes: bytes, file: "fuzz")
            #expect((table?.series.reduce(0) { $0 + $1.values.count } ?? 0) < 2_000_000)
        }
    }

    @Test("each series has its own step, and one that a step cannot cut is named")
    func ownSteps() throws {
        let hourly = (0..<30).map {
            "h,2026-01-0\(1 + $0 / 24)T\($0 % 24 < 10 ? "0" : "")\($0 % 24):00:00Z,1\n"
        }
        let daily = (1...9).map { "d,2026-01-0\($0)T00:00:00Z,24\n" }
        let text = "unique_id,ds,y\n" + (hourly + daily).joined()
        let table = try read(text)
        #expect(table.series.map(\.stepSeconds) == [3600, 86_400])
        #expect(table.series.map(\.values.count) == [30, 9])
        #expect(table.series[1].values.reduce(0, +) == 9 * 24)
        #expect(throws: TableError.self) { try read(text, step: 3600) }
        #expect(
            try read(text, step: 86_400).series.map(\.values) == [[24, 6], Array(repeating: 24, count: 9)])
        do {
            _ = try read(text, step: 3600)
        } catch let error as TableError { #expect(error.description.contains("'d'")) }
    }

    @Test(
        "times that jitter are put on the step, and those that keep none are an error that names the series")
    func jitter() throws {
        let rows = (0..<48).map { index in
            let second = 1_767_225_600 + index * 3600 + index * 37 % 41 - 20
            return "j,\(second),\(index)\n"
        }
        let table = try read("unique_id,ds,y\n" + rows.joined())
        #expect(table.series[0].stepSeconds == 3600 && table.series[0].values == (0..<48).map(Double.init))
        #expect(table.series[0].start.description == "2026-01-01T00:00:00Z")
        let odd = (0..<40).map { "odd,\(1_767_225_600 + $0 * $0 * 71 + $0 * 13),1\n" }
        do {
            _ = try read("unique_id,ds,y\n" + odd.joined())
            Issue.record("read")
        } catch let error as TableError {
            #expect(error.message.contains("'odd'") && error.message.contains("--every"))
        }
        #expect(try read("unique_id,ds,y\n" + odd.joined(), step: 86_400).series[0].stepSeconds == 86_400)
    }

    @Test("month ends and quarter ends are steps, and are written back as what they are")
    func months() throws {
        let ends = ["2025-01-31", "2025-02-28", "2025-03-31", "2025-05-31"]
        let table = try read("unique_id,ds,y\n" + ends.enumerated().map { "m,\($1),\($0)\n" }.joined())
        let series = table.series[0]
        #expect(series.values.count == 5 && series.values[3].isNaN && series.values[4] == 3)
        #expect(table.ds(series.end) == "2025-06-30T00:00:00Z" && table.monthSeasons == [12])
        #expect(table.ds(series.time(at: 37)) == "2028-02-29T00:00:00Z")
        let quarters = ["2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30"]
        let other = try read("unique_id,ds,y\n" + quarters.map { "q,\($0),1\n" }.joined())
        #expect(other.series[0].values == [1, 1, 1, 1] && other.monthSeasons == [4])
        #expect(other.ds(other.series[0].end) == "2025-12-31T00:00:00Z")
        #expect(throws: TableError.self) {
            try read(
                "unique_id,ds,y\n" + ends.map { "m,\($0),1\n" }.joined()
                    + quarters.map { "q,\($0),1\n" }.joined())
        }
    }

    @Test("fields that are too many, hexadecimal numbers and other delimiters are not read as something else")
    func strictness() throws {
        for bad in ["a,0,11,5\n", "a,0,0x10\n", "a,0,1e400\n", "a,0,1_000\n", "a,0, 5 x\n", "a,0,infinity\n"]
        {
            #expect(throws: TableError.self, "\(bad)") { try read("unique_id,ds,y\n" + bad) }
        }
        #expect(throws: TableError.self) { try read("unique_id;ds;y\na;0;11,5\n") }
        for delimiter in [";", "\t", "|"] {
            let text = "unique_id,ds,y\na,0,1.5\na,1,-2e1\na,2,nan\n".replacingOccurrences(
                of: ",", with: delimiter)
            #expect(Array(try read(text).series[0].values.prefix(2)) == [1.5, -20], "\(delimiter)")
        }
        #expect(try read("unique_id,ds,y\na,0,1,,\na,1,2\n").series[0].values == [1, 2])
    }

    @Test("long silences are told")
    func gaps() throws {
        let table = try read(
            "unique_id,ds,y\na,2025-01-01,1\na,2025-01-02,1\na,2025-01-03,1\na,2025-10-27,1\na,2025-10-28,1\n"
        )
        #expect(table.gaps.map(\.uniqueID) == ["a"] && table.gaps.map(\.line) == [5])
        #expect(table.gaps.map(\.steps) == [296])
    }

    @Test("a missing file and a folder are told apart")
    func files() throws {
        let folder = try TemporaryFolder()
        for (path, reason) in [(folder.path("none.csv"), "no such file"), (folder.url.path, "folder")] {
            do {
                _ = try SeriesTable.read(path: path)
                Issue.record("read \(path)")
            } catch { #expect(error.message.contains(reason)) }
        }
    }

    private struct Missing: Error {}
}
