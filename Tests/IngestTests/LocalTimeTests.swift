import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

/// Berlin, 2026-10-25: two o'clock comes twice, at 00:00 and at 01:00 UTC.
@Suite("The hour that summer time repeats")
struct LocalTimeTests {
    private static let clocks = [
        "00:30", "01:00", "01:30", "02:00", "02:20", "02:40", "02:59", "02:00", "02:20", "02:40", "02:59",
        "03:00",
        "03:30",
    ]
    private static let hours: [String: Double] = ["22": 1, "23": 2, "00": 4, "01": 4, "02": 2]

    private func counts(_ text: String, _ name: String) throws -> [String: Double] {
        let folder = try TemporaryFolder()
        let zone = try #require(LocalZone("Europe/Berlin"))
        let report = try ingest([try folder.write(text, to: name)], folder.path("tape")) { $0.zone = zone }
        #expect(report.quarantine.isEmpty, "\(name)")
        let tape = try Tape.open(folder.path("tape"))
        var found: [String: Double] = [:]
        for series in tape.series {
            for row in try tape.aggregate(series.id, everySeconds: 3600).rows {
                found[
                    String(Timestamp(seconds: row.start).description.dropFirst(11).prefix(2)), default: 0] +=
                    row.y
            }
        }
        return found
    }

    @Test("rows in order of time tell its two passes apart, in every format with a local clock")
    func passes() throws {
        let stamps = Self.clocks.map { "2026-10-25 \($0):00" }
        let rows: [(String, (String) -> String)] = [
            ("trades.csv", { "\($0),1,1" }), ("requests.csv", { "\($0),/a,200" }),
            ("x.log", { "h;\($0);GET /a HTTP/1.1;200" }),
        ]
        let headers = ["time,price,size\n", "time,path,status\n", ""]
        for ((name, row), header) in zip(rows, headers) {
            for newestFirst in [false, true] {
                let text = header + (newestFirst ? stamps.reversed() : stamps).map { row($0) + "\n" }.joined()
                #expect(try counts(text, name) == Self.hours, "\(name) \(newestFirst)")
            }
        }
        let haproxy = Self.clocks.map {
            "Oct 25 lb haproxy[1]: 1.2.3.4:5 [25/Oct/2026:\($0):00.123] f b/s 0/0/1/2/3 200 5 - - ---- 1/1/1/1/0 0/0 "
                + "\"GET /a HTTP/1.1\"\n"
        }
        #expect(try counts(haproxy.joined(), "haproxy.log") == Self.hours)
    }

    @Test("a series has both passes, by the order of its rows")
    func series() throws {
        let hourly = [0, 1, 2, 2, 3, 4, 5, 6].enumerated().map {
            "\(Self.pad($1)):00:00,\($0 + 1)"
        }
        for header in ["unique_id,ds,y\n", "Time,a,b\n", "timestamp,value\n"] {
            let text =
                header
                + hourly.map { row in
                    let parts = row.split(separator: ",")
                    let stamp = "2026-10-25 \(parts[0])"
                    return header.hasPrefix("unique")
                        ? "a,\(stamp),\(parts[1])\n"
                        : header.hasPrefix("Time,a") ? "\(stamp),\(parts[1]),0\n" : "\(stamp),\(parts[1])\n"
                }.joined()
            #expect(
                try counts(text, "x.csv")
                    == ["22": 1, "23": 2, "00": 3, "01": 4, "02": 5, "03": 6, "04": 7, "05": 8], "\(header)")
        }
    }

    private static func pad(_ hour: Int) -> String { hour < 10 ? "0\(hour)" : "\(hour)" }

    @Test("bars and counts have both passes with their own values, whichever end of time comes first")
    func barsBothWays() throws {
        // Berlin's hours from 22:00 to 04:00 UTC, by the half hour; each counts its own number.
        let clocks = [0, 1, 2, 2, 3, 4].flatMap { [Self.pad($0) + ":00", Self.pad($0) + ":30"] }
        let expected: [String: Double] = ["22": 3, "23": 7, "00": 11, "01": 15, "02": 19, "03": 23]
        let ends = [0, 1, 2, 2, 3, 4].flatMap { [Self.pad($0) + ":29:59", Self.pad($0) + ":59:59"] }
        let tables: [(name: String, header: String, row: (Int) -> String)] = [
            (
                "bars.csv", "time,open,high,low,close,volume,trades",
                { "2026-10-25 \(clocks[$0]):00,1,2,1,2,5,\($0 + 1)" }
            ),
            (
                "ends.csv", "open_time,open,high,low,close,volume,close_time,trades",
                { "2026-10-25 \(clocks[$0]):00,1,2,1,2,5,2026-10-25 \(ends[$0]),\($0 + 1)" }
            ),
            ("counts.csv", "time,requests", { "2026-10-25 \(clocks[$0]):00,\($0 + 1)" }),
        ]
        for table in tables {
            for newestFirst in [false, true] {
                let order = Array(clocks.indices)
                let rows = (newestFirst ? order.reversed() : order).map(table.row)
                let text = ([table.header] + rows).joined(separator: "\n") + "\n"
                #expect(try counts(text, table.name) == expected, "\(table.name) \(newestFirst)")
            }
        }
    }

    @Test("a row of which the order does not tell is quarantined, with its place and its text")
    func ambiguous() throws {
        let folder = try TemporaryFolder()
        let zone = try #require(LocalZone("Europe/Berlin"))
        let stamps = ["20:00", "02:30", "03:30", "05:00", "02:10", "06:00"].enumerated().map {
            "2026-10-\($0 == 0 ? "24" : "25") \($1):00"
        }
        let text = "time,price,size\n" + stamps.map { "\($0),1,1\n" }.joined()
        let report = try ingest([try folder.write(text, to: "x.csv")], folder.path("tape")) {
            $0.zone = zone
            $0.badRowShareMax = 1
        }
        #expect(report.quarantine.map(\.reason) == [.ambiguousTime, .ambiguousTime])
        #expect(report.quarantine.map(\.line) == [3, 6] && report.quarantine.map(\.column) == [1, 1])
        #expect(report.quarantine.first?.excerpt == "2026-10-25 02:30:00,1,1")
    }

    @Test("a row that contradicts another is quarantined with its text and its column")
    func conflictsHaveTexts() throws {
        let folder = try TemporaryFolder()
        for (name, text, place) in [
            ("x.csv", "unique_id,ds,y\na,0,1\na,60,2\na,60,9\na,120,3\n", 3),
            (
                "y.csv",
                "Time,a,b\n2026-01-05T00:00:00Z,1,1\n2026-01-05T00:01:00Z,1,1\n2026-01-05T00:01:00Z,2,1\n", 1
            ),
        ] {
            let path = try folder.write(text, to: name)
            let report = try ingest([path], folder.path("tape-" + name)) { $0.badRowShareMax = 1 }
            let row = try #require(report.quarantine.first)
            #expect(row.reason == .conflictingBar && row.line == 4 && row.column == place, "\(row)")
            #expect(row.excerpt == String(text.split(separator: "\n")[3]), "\(row)")
        }
    }
}
