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
}
