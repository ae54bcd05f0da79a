import Foundation
import Ingest
import TestSupport
import Testing

/// A date in one place and the time of day in another: refused with the map that joins them.
@Suite("Dates and times of day in two places")
struct SplitTimeTests {
    @Test(
        "a date and a time of day in two columns are not read as rows at midnight",
        arguments: [
            ("date,time,price,qty", ",100,1", "%H:%M:%S"),
            ("Date,Time,Open,High,Low,Close,Trades", ",1,2,1,2,7", "%H:%M"),
            ("date,time,method,path,status", ",GET,/a,200", "%H:%M:%S"), ("date,clock,count", ",7", "%H:%M"),
            ("unique_id,ds,time,y", ",7", "%H:%M"), ("date,hour,count", ",7", "%H"),
            ("date,at,who", ",x", "%H:%M"),
        ])
    func splitTimes(_ header: String, _ rest: String, _ clock: String) throws {
        let start = header.hasPrefix("unique_id") ? "a," : ""
        let rows = (0..<40).map { row in
            let time =
                clock == "%H"
                ? "\(row % 24)" : "\(row % 24):\(10 + row % 50)" + (clock == "%H:%M" ? "" : ":05")
            return start + "2026-02-0\(3 + row / 24),\(time)\(rest)"
        }
        let text = header + "\n" + rows.joined(separator: "\n")
        let message = try #require(try MisreadTests.read(text, "x.csv").file.failure?.description)
        #expect(message.contains("join them with a map") && message.contains("\"time_of_day\""), "\(message)")
        // One row a day is a table of days.
        let days = (0..<20).map {
            start + "2026-02-\(10 + $0),\(10 + $0 % 9)\(clock == "%H" ? "" : ":30")\(rest)"
        }
        let daily = try MisreadTests.read(header + "\n" + days.joined(separator: "\n"), "x.csv").file
        #expect(daily.failure?.description.contains("join them") != true)
    }

    @Test("a map to the date of such a table says so too")
    func mappedSplitTimes() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<40).map { "2026-02-03,\(10 + $0 / 4):\(10 + $0),7" }
        let path = try folder.write("d,c,n\n" + rows.joined(separator: "\n"), to: "x.csv")
        let report = try ingest([path], folder.path("tape")) {
            $0.map = ColumnMap(kind: .counts, columns: ["time": .name("d"), "value": .name("n")])
        }
        let message = try #require(report.files.first?.failure?.description)
        #expect(message.contains("add \"time_of_day\": \"c\" to the map's columns"), "\(message)")
        let joined = try ingest([path], folder.path("joined")) {
            $0.map = ColumnMap(
                kind: .counts,
                columns: ["time": .name("d"), "time_of_day": .name("c"), "value": .name("n")])
        }
        #expect(joined.files.map(\.accepted) == [40])
    }

    @Test(
        "a date and a time of day behind two keys of JSON are not read as rows at midnight",
        arguments: ["date,time", "time,date", "d,clock_time"])
    func splitTimesOfJSON(_ keys: String) throws {
        let (date, clock) =
            keys.hasPrefix("time")
            ? ("date", "time") : ("\(keys.prefix { $0 != "," })", "\(keys.drop { $0 != "," }.dropFirst())")
        let objects = (0..<40).map { row in
            let first = "\"\(date)\":\"2026-02-03\"", second = "\"\(clock)\":\"10:\(10 + row):05\""
            return "{" + (keys.hasPrefix("time") ? "\(second),\(first)" : "\(first),\(second)")
                + ",\"price\":\"5\",\"qty\":1}"
        }
        for text in [objects.joined(separator: "\n"), "[" + objects.joined(separator: ",") + "]"] {
            let message = try #require(try MisreadTests.read(text, "x.json").file.failure?.description)
            #expect(
                message.contains(
                    "{ \"rows\": \"trades\", \"text\": \"json-lines\", \"columns\": { \"time\": \"\(date)\", "
                        + "\"time_of_day\": \"\(clock)\", \"price\": \"price\", \"quantity\": \"qty\" } }"),
                "\(message)")
        }
    }

    @Test("a time of day of digits alone, and one in front of its date, are told as well")
    func moreSplitTimes() throws {
        for (header, row) in [
            ("date,time,price,qty", { "20260203,\(101_000 + $0),5,1" }),
            ("time,date,price,qty", { "10:10:\(10 + $0),2026-02-03,5,1" }),
            ("date,time,price,qty", { "03/02/2026,10:10:\(10 + $0),5,1" }),
        ] as [(String, (Int) -> String)] {
            let text = header + "\n" + (0..<40).map(row).joined(separator: "\n")
            let message = try #require(try MisreadTests.read(text, "x.csv").file.failure?.description)
            #expect(
                message.contains("\"time\": \"date\", \"time_of_day\": \"time\", \"price\""), "\(message)")
            #expect(message.contains("day-first") == row(0).hasPrefix("03/"), "\(message)")
        }
    }
}
