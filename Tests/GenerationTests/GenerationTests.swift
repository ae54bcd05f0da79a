import Foundation
import Generation
import Ingest
import Tape
import TestSupport
import Testing
import Units

@Suite("Made-up logs")
struct GenerationTests {
    private func settings(days: Int = 2, rate: Double = 3, seed: UInt64 = 4) -> GenerationSettings {
        var settings = GenerationSettings(
            symbols: 4, days: days, tradesPerSecond: rate, requestsPerTrade: 0.5, seed: seed)
        settings.surges = []
        return settings
    }

    private func bytes(_ folder: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            if let data = FileManager.default.contents(atPath: folder + "/" + name) { found[name] = data }
        }
        return found
    }

    @Test("equal settings give equal bytes on any number of threads, other seeds others")
    func determinism() throws {
        let folder = try TemporaryFolder()
        var made = settings(days: 1, rate: 0.5)
        _ = try generate(made, into: folder.path("one"))
        made.threads = 2
        _ = try generate(made, into: folder.path("two"))
        made.seed = 5
        _ = try generate(made, into: folder.path("three"))
        let one = try bytes(folder.path("one"))
        #expect(try one == bytes(folder.path("two")))
        #expect(try one != bytes(folder.path("three")))
        #expect(Set(one.keys).isSuperset(of: ["truth.json", "access/access-2025-12-01.log"]))
    }

    @Test("every row is read, raw and by the minute are one series, and the counts are those of truth.json")
    func isRead() throws {
        let folder = try TemporaryFolder()
        var made = settings(days: 3, rate: 2)
        made.rawDays = 1
        let report = try generate(made, into: folder.path("logs"))
        var options = IngestOptions()
        options.threads = 2
        let ingested = try Ingestor(options).ingest(
            [folder.path("logs/history.csv"), folder.path("logs/trades"), folder.path("logs/access")],
            into: folder.path("tape"))
        #expect(ingested.failures.isEmpty && ingested.quarantine.isEmpty)
        let tape = try Tape.open(folder.path("tape"))
        let trades = tape.series.filter { $0.id.kind == "trades" }
        #expect(trades.map(\.id.name).sorted() == ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"])
        #expect(trades.allSatisfy { Set($0.resolutions.map(\.isEvents)) == [true, false] })
        let total = trades.flatMap(\.resolutions).reduce(0) { $0 + Int($1.events) }
        #expect(total == report.trades)
        let requests = tape.series.filter { $0.id.kind == "requests" }.flatMap(\.resolutions)
        #expect(requests.reduce(0) { $0 + Int($1.events) } == report.requests)
        let truth = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: folder.path("logs/truth.json")))) as? [String: Any])
        #expect(truth["trades"] as? Int == report.trades && truth["requests"] as? Int == report.requests)
    }

    @Test("the mean rates are those that were asked for, raw and by the minute", arguments: [1, 2, 3])
    func rates(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var made = settings(days: 14, rate: 2, seed: seed)
        made.rawDays = 7
        let report = try generate(made, into: folder.path("logs"))
        let expected = 2.0 * 14 * 86_400
        // Counts scatter by the index of dispersion, which is 8.4.
        let error = (8.4 * expected).squareRoot()
        #expect(abs(Double(report.trades) - expected) < 5 * error)
        let rawTrades = report.files.filter { $0.name.hasPrefix("trades/") }.reduce(0) { $0 + $1.rows }
        let ratio = Double(report.requests) / Double(rawTrades)
        #expect(abs(ratio / 0.5 - 1) < 0.03)
    }

    @Test("raw hours in the middle are trade by trade, all other minutes are counts, and none is both")
    func rawHours() throws {
        let folder = try TemporaryFolder()
        var made = settings(days: 2, rate: 2)
        made.rawDays = 0
        made.rawHours = 22..<26
        made.surges = []
        let report = try generate(made, into: folder.path("logs"))
        // Midnight parts the stretch in two.
        let raw = report.files.filter { $0.name.hasPrefix("trades/") }
        #expect(raw.count == 2 * made.symbols)
        _ = try Ingestor().ingest(
            [folder.path("logs/history.csv"), folder.path("logs/trades")], into: folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        var sum = 0.0
        for summary in tape.series {
            let values = try tape.regular(summary.id, stepSeconds: 3600).values
            #expect(values.count == 48 && values.allSatisfy { $0 > 0 })
            sum += values.reduce(0, +)
        }
        #expect(Int(sum) == report.trades)
        let expected = 2.0 * 4 * 3600
        let found = Double(raw.reduce(0) { $0 + $1.rows })
        // The season is within a factor of 1.6 of its mean at midnight.
        #expect(found > expected / 2.5 && found < expected * 1.6)
    }

    @Test("a level that grows is higher at the end by what was asked for, with the same mean")
    func growth() throws {
        let folder = try TemporaryFolder()
        var made = settings(days: 28, rate: 2)
        made.rawDays = 0
        made.surges = []
        var level = made
        level.growthPerWeek = 0.3
        let reports = try [made, level].map { try generate($0, into: folder.path("logs")) }
        #expect(abs(Double(reports[1].trades) / Double(reports[0].trades) - 1) < 0.02)
        let growth = try (0..<2).map { index -> Double in
            _ = try generate(index == 0 ? made : level, into: folder.path("logs"))
            _ = try Ingestor().ingest([folder.path("logs/history.csv")], into: folder.path("tape\(index)"))
            let tape = try Tape.open(folder.path("tape\(index)"))
            let days = try tape.series.map { try tape.regular($0.id, stepSeconds: 86_400).values }
            return days.reduce(0) { $0 + $1.suffix(7).reduce(0, +) }
                / days.reduce(0) { $0 + $1.prefix(7).reduce(0, +) }
        }
        #expect(abs(log(growth[1] / growth[0]) - 0.9) < 0.02)
    }

    @Test("counts scatter as the process and its fills say: 1 / (1 − n)², stretched by fills")
    func dispersion() throws {
        let folder = try TemporaryFolder()
        var made = GenerationSettings(
            symbols: 1, days: 2, tradesPerSecond: 5, requestsPerTrade: 0, seed: 9)
        made.surges = []
        _ = try generate(made, into: folder.path("logs"))
        _ = try Ingestor().ingest([folder.path("logs/trades")], into: folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        let series = try tape.regular(tape.series[0].id, stepSeconds: 30).values
        // Half hours hold still enough; the scatter within them is the process's own.
        var excess: [Double] = []
        for start in stride(from: 0, to: series.count - 60, by: 60) {
            let part = series[start..<start + 60]
            let mean = part.reduce(0, +) / 60
            let variance = part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 59
            excess.append(variance / mean)
        }
        let found = excess.reduce(0, +) / Double(excess.count)
        // (2 m − 1) − m + m / (1 − n)² with m = 1.3 and n = 0.6; windows of 30 s miss a little of it.
        let expected = 0.3 + 1.3 * 6.25
        #expect((0.75 * expected...1.15 * expected).contains(found))
        let fast = try tape.burstiness(of: tape.series[0].id, windowsSeconds: [0.01])
        #expect(fast[0].indexOfDispersion > 1.3)
    }

    @Test("a surge has its factor, and its time")
    func surge() throws {
        let folder = try TemporaryFolder()
        var made = settings(days: 1, rate: 5)
        made.surges = [
            SurgeSpec(
                label: "listing", onsetSeconds: 43_200, rampSeconds: 60, holdSeconds: 3600, decaySeconds: 60,
                factor: 6)
        ]
        _ = try generate(made, into: folder.path("logs"))
        _ = try Ingestor().ingest([folder.path("logs/trades")], into: folder.path("tape"))
        let tape = try Tape.open(folder.path("tape"))
        var ratio = 0.0
        var weight = 0.0
        for summary in tape.series {
            let values = try tape.regular(summary.id, stepSeconds: 1800).values
            ratio += values[25]
            weight += values[22]
        }
        // Every symbol follows with 0.7 to 1.3 of the surge; the season rises a little meanwhile.
        let range: ClosedRange<Double> = 4.5...9.4
        #expect(range.contains(ratio / weight))
    }

    @Test("the seasons are there: afternoons over nights, weekdays over weekends")
    func seasons() throws {
        let folder = try TemporaryFolder()
        var made = settings(days: 28, rate: 3)
        made.rawDays = 0
        _ = try generate(made, into: folder.path("logs"))
        let report = try Ingestor().ingest([folder.path("logs/history.csv")], into: folder.path("tape"))
        #expect(report.quarantine.isEmpty)
        let tape = try Tape.open(folder.path("tape"))
        var hours = [Double](repeating: 0, count: 24)
        var days = [Double](repeating: 0, count: 7)
        for summary in tape.series {
            let series = try tape.regular(summary.id, stepSeconds: 3600)
            for (index, value) in series.values.enumerated() {
                let time = series.time(at: index)
                hours[time.hourOfDay] += value
                days[(time.date.weekday) % 7] += value
            }
        }
        #expect(hours[15] / hours[3] > 1.6 && hours[15] / hours[3] < 3.2)
        let sorted = days.sorted()
        // The two weekend days are the two lowest, at some 70 %.
        #expect(sorted[1] < 0.88 * sorted[2])
    }

    @Test("settings out of range are refused and nothing is left behind")
    func limits() throws {
        let folder = try TemporaryFolder()
        for change: (inout GenerationSettings) -> Void in [
            { $0.symbols = 0 }, { $0.days = 0 }, { $0.tradesPerSecond = -1 },
            {
                $0.tradesPerSecond = 1e6; $0.days = 3000
            },
            { $0.start = Timestamp(seconds: 5) }, { $0.requestsPerTrade = .nan },
            { $0.start = Timestamp(seconds: 7_258_032_000) },
        ] {
            var made = settings()
            change(&made)
            #expect(throws: GenerationError.self) { try generate(made, into: folder.path("logs")) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test("the demo is a dozen symbols over half a year with three surges")
    func demo() {
        let demo = DemoExchange.settings(seed: 1, threads: 1)
        #expect(demo.symbols == 12 && demo.days == 182 && demo.surges?.count == 3)
        #expect(demo.rawHours == 3470..<3472 && demo.rawDays == 0)
        #expect(demo.end == Timestamp(iso8601: "2026-01-26T00:00:00Z"))
    }
}
