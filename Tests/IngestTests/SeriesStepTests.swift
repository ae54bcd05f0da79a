import Foundation
import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite("The steps of series")
struct SeriesStepTests {
    private static let start: Int64 = 1_767_225_600

    private func steps(_ rows: [String]) throws -> (
        report: IngestReport, steps: [String: [Int64]], tape: Tape?
    ) {
        let folder = try TemporaryFolder()
        let path = try folder.write("unique_id,ds,y\n" + rows.joined(separator: "\n") + "\n", to: "x.csv")
        let report = try ingest([path], folder.path("tape"))
        guard report.failures.isEmpty else { return (report, [:], nil) }
        let tape = try Tape.open(folder.path("tape"))
        return (
            report,
            Dictionary(
                uniqueKeysWithValues: tape.series.map { ($0.id.name, $0.resolutions.map(\.stepSeconds)) }),
            tape
        )
    }

    @Test("each series of a table has its own")
    func ownSteps() throws {
        let hourly = (0..<100).map { "h,\(Self.start + Int64($0) * 3600),1" }
        let daily = (0..<30).map { "d,\(Self.start + Int64($0) * 86_400),24" }
        #expect(try steps(hourly + daily).steps == ["h": [3600], "d": [86_400]])
    }

    @Test("times that jitter are put on the step", arguments: [1, 20, 300] as [Int64])
    func jitter(_ most: Int64) throws {
        var random = SplitMix64(seed: UInt64(most))
        let rows = (0..<200).map {
            "j,\(Self.start + Int64($0) * 3600 + Int64.random(in: -most...most, using: &random)),\($0)"
        }
        let (report, found, _) = try steps(rows)
        #expect(found == ["j": [3600]] && report.files.map(\.accepted) == [200])
        let near = (0..<200).map { (index: Int) -> Int64 in
            Self.start + Int64(index) * 60 + (index % 3 == 0 ? 2 : -1)
        }
        let grid = TimeGrid(near)
        #expect(grid == .jittered(stepSeconds: 60, phase: 0))
        #expect(grid.place(Self.start + 62)?.start == Self.start + 60)
    }

    @Test("months and quarters are steps, at their ends and on a day")
    func months() throws {
        let ends = [
            "2024-12-31", "2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30",
        ]
        let starts = (1...9).map { "2025-0\($0)-01" }
        let quarters = ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31"]
        let (_, found, _) = try steps(
            ends.map { "e,\($0),1" } + starts.map { "s,\($0),1" } + quarters.map { "q,\($0),1" })
        let day: Int64 = 86_400
        #expect(found["e"] == [28 * day, 30 * day, 31 * day])
        #expect(found["s"] == [28 * day, 30 * day, 31 * day])
        #expect(found["q"] == [90 * day, 91 * day, 92 * day])
        let times = quarters.compactMap { Timestamp(iso8601: $0)?.seconds }
        #expect(TimeGrid(times) == .months(3, isAtEnd: true))
        #expect(TimeGrid(times).place(times[0])?.stepSeconds == 91 * day)
    }

    @Test("times that have no regular step are an error that names the row of the series")
    func noStep() throws {
        var random = SplitMix64(seed: 9)
        var time = Self.start
        let rows = (0..<60).map { _ in
            time += Int64.random(in: 100...9000, using: &random)
            return "odd,\(time),1"
        }
        let report = try steps(rows).report
        let message = try #require(report.files.first?.failure?.description)
        #expect(message.contains("have no regular step") && message.contains("'odd,"))
    }

    @Test(
        "a step that changes inside a series is an error, and leaves the others alone",
        arguments: [false, true])
    func changedStep(_ isDailyFirst: Bool) throws {
        let hours = (0..<72).map { Self.start + Int64($0) * 3600 }
        let days = (0..<20).map { Self.start + (isDailyFirst ? Int64($0) - 20 : Int64($0) + 3) * 86_400 }
        let changing = (isDailyFirst ? days + hours : hours + days).map { "c,\($0),1" }
        let (report, _, _) = try steps(changing)
        let message = try #require(report.files.first?.failure?.description)
        #expect(message.contains("two steps") && message.contains("'c,"))
        let steady = (0..<2000).map { "s,\(Self.start + Int64($0) * 3600),1" }
        let beside = try steps(steady + changing)
        #expect(beside.steps == ["s": [3600]])
        #expect(beside.report.files.map(\.quarantined) == [92])
        // Both at once: a sum of each day beside its hours.
        let sums = (0..<3).map { "b,\(Self.start + Int64($0) * 86_400),24" }
        let both = try steps(hours.map { "b,\($0),1" } + sums)
        #expect(both.report.files.first?.failure?.description.contains("two steps") == true)
    }

    @Test("holes are no jitter")
    func holes() {
        let kept = (0..<300).filter { (index: Int) -> Bool in index % 7 != 3 && index % 11 != 5 }
        let times = kept.map { Self.start + Int64($0) * 900 }
        #expect(TimeGrid(times) == .exact(stepSeconds: 900))
        #expect(TimeGrid([Self.start]) == .exact(stepSeconds: 3600))
        #expect(TimeGrid([]) == .exact(stepSeconds: 3600))
    }

    @Test("few rows that keep a step are read at it", arguments: [0.1, 0.03, 0.01])
    func fewRows(_ share: Double) throws {
        var random = SplitMix64(seed: 5)
        let kept = (0..<4000).filter { _ in random.uniform() < share }
        let (report, found, _) = try steps(kept.map { "s,\(Self.start + Int64($0) * 3600),7" })
        #expect(report.files.map(\.accepted) == [kept.count] && found == ["s": [3600]])
    }

    @Test("the error of a changed step is at the row where it changes")
    func placeOfTheChange() throws {
        let times =
            (0..<120).map { Self.start + Int64($0) * 3600 }
            + (0..<48).map { Self.start + Int64($0 + 5) * 86_400 }
        // Line 1 is the header; the last hour is in line 121, and what follows an hour later in line 122.
        let message = try #require(
            try steps(times.map { "c,\($0),1" }).report.files.first?.failure?.description)
        #expect(message.contains("line 123") && message.contains("changes here"), "\(message)")
    }

    private func read(_ text: String, _ name: String) throws -> (file: FileReport, tape: Tape?) {
        let folder = try TemporaryFolder()
        let report = try ingest([try folder.write(text, to: name)], folder.path("tape"))
        return (try #require(report.files.first), try? Tape.open(folder.path("tape")))
    }

    @Test("a changed step in a document of one line is an error too")
    func changeInADocument() throws {
        let hours = (0..<120).map { "[\(Self.start + Int64($0) * 3600),\"5\"]" }
        let days = (0..<48).map { "[\(Self.start + Int64($0 + 5) * 86_400),\"90\"]" }
        let text =
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"job\":\"a\"},"
            + "\"values\":[\((hours + days).joined(separator: ","))]}]}}"
        let file = try read(text, "x.json").file
        #expect(file.failure?.description.contains("two steps and changes here") == true)
        #expect(file.accepted == 0 && file.quarantined == 168)
    }

    private func bar(_ time: Int64, _ symbol: String = "") -> String { "\(time)\(symbol),1,2,1,2,5,7" }

    @Test("bars without an end are all of one length, or an error")
    func bars() throws {
        let hours = (0..<120).map { Self.start + Int64($0) * 3600 }
        let days = (0..<48).map { Self.start + Int64($0 + 5) * 86_400 }
        let header = "time,open,high,low,close,volume,count\n"
        let changed = try read(header + (hours + days).map { bar($0) }.joined(separator: "\n"), "BTCUSDT.csv")
        let message = try #require(changed.file.failure?.description)
        #expect(message.contains(":123:") && message.contains("'BTCUSDT'") && message.contains("86400 s"))
        #expect(changed.tape == nil)
        let whole = try read(header + hours.map { bar($0) }.joined(separator: "\n"), "BTCUSDT.csv")
        #expect(whole.file.accepted == 120)
        // Two symbols, each with a step of its own.
        let names = "time,symbol,open,high,low,close,volume,count\n"
        let both = hours.map { bar($0, ",AAA") } + days.map { bar($0, ",BBB") }
        let two = try #require(
            try read(names + both.joined(separator: "\n"), "x.csv").file.failure?.description)
        #expect(two.contains("'BBB'") && two.contains("step of 86400 s"), "\(two)")
        // A thin market leaves out bars at random.
        var random = SplitMix64(seed: 8)
        let thin = hours.filter { _ in random.uniform() < 0.2 }.map { bar($0, ",CCC") }
        let sparse = try read(names + (hours.map { bar($0, ",AAA") } + thin).joined(separator: "\n"), "x.csv")
            .file
        #expect(sparse.failure == nil && sparse.accepted == 120 + thin.count)
    }

    @Test("counters of Prometheus are no counts", arguments: ["x_total", "x_count", "x_bucket", "x"])
    func counters(_ name: String) throws {
        func answer(_ metric: String, _ values: [Int]) -> String {
            let pairs = values.enumerated().map { "[\(Self.start + Int64($0) * 60),\"\($1)\"]" }
            return "{\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":\(metric),\"values\":["
                + pairs.joined(separator: ",") + "]}]}}"
        }
        let rising = (0..<30).map { 1000 + $0 * 37 }
        let file = try read(answer("{\"__name__\":\"\(name)\"}", rising), "x.json").file
        if name == "x" {
            #expect(file.accepted == 30)
        } else {
            #expect(file.failure?.description.contains("export its `increase`") == true)
        }
        // What falls is none, nor what lost its name in a query.
        let falling = (0..<30).map { 1000 - $0 * 7 }
        #expect(try read(answer("{\"__name__\":\"\(name)\"}", falling), "x.json").file.accepted == 30)
        #expect(try read(answer("{\"job\":\"a\"}", rising), "x.json").file.accepted == 30)
    }
}
