import Foundation
import Ingest
import Pipeline
import Tape
import TestSupport
import Testing
import Units

@Suite struct DoctorTests {
    private func tape(_ files: [String: String], _ folder: TemporaryFolder) throws -> TapeDoctor {
        let paths = try files.sorted { $0.key < $1.key }.map { try folder.write($0.value, to: $0.key) }
        let report = try Ingestor().ingest(paths, into: folder.path("tape"))
        #expect(report.failures.isEmpty)
        return TapeDoctor(try Tape.open(folder.path("tape")))
    }

    /// Trades at about `rate` a second, without ids, over seconds that `include` picks; counts follow
    /// `random`.
    private func trades(
        seconds: Int, seed: UInt64, shift: Int = 0, include: (Int) -> Bool = { _ in true }
    ) -> String {
        var random = SplitMix64(seed: seed)
        var lines: [String] = []
        for second in 0..<seconds {
            let count = Int(-3 * log(1 - random.uniform())) + 1
            guard include(second) else { continue }
            for _ in 0..<count { lines.append("\(1_767_571_200 + second + shift),5.5,1") }
        }
        return lines.joined(separator: "\n")
    }

    @Test func aSoundTapeHasOnlyItsLengthToComplainOf() throws {
        let folder = try TemporaryFolder()
        let found = try tape(["AAA.csv": trades(seconds: 2000, seed: 1)], folder).findings()
        #expect(found.map(\.check) == [.short])
    }

    @Test func gapsAndSilencesAreTold() throws {
        let folder = try TemporaryFolder()
        // Silent for five minutes inside the log, and no log at all for a thousand seconds.
        let text = trades(seconds: 6000, seed: 2) {
            !(1000..<1300).contains($0) && !(3000..<4000).contains($0)
        }
        let found = try tape(["AAA.csv": text], folder).findings()
        let silence = try #require(found.first { $0.check == .silence && $0.figure == 300 })
        #expect(silence.from == Timestamp(seconds: 1_767_572_200))
        let all = found.filter { $0.check == .silence || $0.check == .gap }
        #expect(all.compactMap(\.figure).sorted() == [300, 1000])
    }

    /// Trades by a local clock without a zone around the end of summer time: those of the repeated hour twice as many.
    private func localTrades(_ midnight: Int64, repeated: Range<Int>?, days: Range<Int> = 0..<1) -> String {
        var random = SplitMix64(seed: 11)
        var lines: [String] = []
        for second in days.lowerBound * 86_400..<days.upperBound * 86_400 {
            let isTwice = repeated.map { $0.contains(second) } ?? false
            for _ in 0..<(isTwice ? 2 : 1) where random.uniform() < 0.1 {
                lines.append("\(midnight + Int64(second)),5.5,1")
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test(
        "an hour that a local clock shows twice is told",
        arguments: [("2026-10-25", 2), ("2026-11-01", 1), ("2026-04-05", 2), ("2025-10-26", 3)])
    func repeatedHour(_ day: String, _ hour: Int) throws {
        let folder = try TemporaryFolder()
        let midnight = try #require(Timestamp(iso8601: day)).seconds
        let repeated = hour * 3600..<(hour + 1) * 3600
        let found = try tape(["AAA.csv": localTrades(midnight, repeated: repeated)], folder).findings()
        let clock = try #require(found.first { $0.check == .clock })
        #expect(clock.from?.seconds == midnight + Int64(hour) * 3600 && clock.message.contains("--zone"))
        #expect(found.filter { $0.check == .clock }.count == 1)
        // A log of that night alone, which begins with the hour.
        let short = localTrades(midnight, repeated: repeated).split(separator: "\n").filter {
            Int64($0.prefix(10)).map { $0 >= midnight + Int64(hour) * 3600 } ?? false
        }
        let alone = try TemporaryFolder()
        let night = try tape(["AAA.csv": short.joined(separator: "\n")], alone).findings()
        #expect(night.contains { $0.check == .clock })
    }

    @Test("no such hour on other days, without a doubling, or where every night has it")
    func noRepeatedHour() throws {
        let sunday = try #require(Timestamp(iso8601: "2026-10-25")).seconds
        let double = 2 * 3600..<3 * 3600
        let quiet = [
            localTrades(sunday + 86_400, repeated: double), localTrades(sunday, repeated: nil),
            // A job of two hours, and one by night.
            localTrades(sunday, repeated: 2 * 3600..<4 * 3600), localTrades(sunday, repeated: 5400..<9000),
            (-2..<3).map { localTrades(sunday + $0 * 86_400, repeated: double) }.joined(separator: "\n"),
        ]
        for text in quiet {
            let folder = try TemporaryFolder()
            let found = try tape(["AAA.csv": text], folder).findings()
            #expect(!found.contains { $0.check == .clock }, "\(found.map(\.message))")
        }
    }

    @Test func clocksThatDifferAreTold() throws {
        let folder = try TemporaryFolder()
        let found = try tape(
            [
                "kraken_AAA.csv": trades(seconds: 1500, seed: 3),
                "bitstamp_AAA.csv": trades(seconds: 1500, seed: 3, shift: 2),
                "kraken_BBB.csv": trades(seconds: 1500, seed: 4),
                "bitstamp_BBB.csv": trades(seconds: 1500, seed: 5),
            ], folder
        ).findings().filter { $0.check == .skew }
        #expect(found.count == 1 && found.first?.figure.map(abs) == 2 && found.first?.series?.name == "AAA")
    }

    @Test func oneLogUnderTwoNamesAndALogTakenInTwiceAreTold() throws {
        let folder = try TemporaryFolder()
        let text = trades(seconds: 400, seed: 6)
        let found = try tape(["AAA.csv": text, "BBB.csv": text + "\n"], folder).findings()
        #expect(found.contains { $0.check == .duplicates && $0.series?.name == "BBB" })
        let doubled = text.split(separator: "\n").flatMap { [$0, $0] }.joined(separator: "\n")
        let other = try TemporaryFolder()
        let twice = try tape(["CCC.csv": doubled], other).findings()
        #expect(twice.contains { $0.check == .duplicates && $0.severity == .error })
    }

    @Test("trades of one symbol under two names are told, even where each has trades that the other lacks")
    func tradesUnderTwoNames() throws {
        let folder = try TemporaryFolder()
        func rows(_ range: Range<Int>, seed: UInt64) -> String {
            range.map { second in
                var random = SplitMix64(seed: seed &+ UInt64(second))
                return "\(1_767_571_200 + second),\(100 + random.uniform()),\(1 + random.uniform())"
            }.joined(separator: "\n")
        }
        let found = try tape(
            [
                "BTC.csv": rows(0..<900, seed: 1), "BTCUSDT.csv": rows(300..<2000, seed: 1),
                "ETHUSDT.csv": rows(0..<2000, seed: 90_000),
            ], folder
        ).findings().filter { $0.check == .duplicates }
        #expect(found.count == 1 && found.first?.figure == 600 && found.first?.severity == .error)
        #expect(found.first?.message.contains("/BTC ") == true && found.first?.series?.name == "BTCUSDT")
    }

    @Test func refusedPeaksAreLowerBounds() throws {
        let folder = try TemporaryFolder()
        var lines: [String] = []
        for minute in 0..<60 {
            for index in 0..<(minute == 30 ? 200 : 20) {
                let status = minute == 30 && index >= 150 ? 429 : 200
                let stamp = "05/Jan/2026:09:\(minute < 10 ? "0" : "")\(minute):\(10 + index % 50)"
                lines.append("h - - [\(stamp) +0000] \"POST /api/v3/order HTTP/1.1\" \(status) 5")
            }
        }
        let found = try tape(["access.log": lines.joined(separator: "\n")], folder).findings()
        #expect(found.contains { $0.check == .censored && $0.unit == "share" })
    }

    @Test func missingAndEmptyBarsAndAWrongClockAreTold() throws {
        let folder = try TemporaryFolder()
        var rows = ["unique_id,ds,y"]
        for hour in 0..<600 where hour != 100 && hour != 101 {
            let start = 1_767_571_200 + hour * 3600 + (hour == 400 ? 600 : 0)
            rows.append("a,\(start),\((200..<204).contains(hour) ? 0 : 50 + hour % 7)")
        }
        let found = try tape(["x.csv": rows.joined(separator: "\n")], folder).findings()
        #expect(found.contains { $0.check == .gap && $0.figure == 7200 })
        #expect(found.contains { $0.check == .silence && $0.figure == 4 * 3600 })
        #expect(found.contains { $0.check == .clock && $0.figure == 1 })
    }

    @Test func damageIsTold() throws {
        let folder = try TemporaryFolder()
        let doctor = try tape(["AAA.csv": trades(seconds: 2000, seed: 1)], folder)
        let segments = folder.path("tape/segments")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: segments).first)
        var bytes = try Data(contentsOf: URL(filePath: segments + "/" + name))
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: URL(filePath: segments + "/" + name))
        let found = try TapeDoctor(try Tape.open(doctor.tape.path)).findings()
        #expect(found.map(\.check) == [.damage] && found.first?.message.contains(name) == true)
    }

    @Test func aMapIsReadFromItsFileWithPlacesInErrors() throws {
        let text =
            "{ \"rows\": \"trades\", // mine\n  \"columns\": { \"time\": \"t\", \"price\": 2, "
            + "\"quantity\": \"q\" },\n"
            + "  \"delimiter\": \"\\\\t\", \"time_unit\": \"ms\", \"side\": \"maker\" }"
        let map = try ColumnMapFile.read(Array(text.utf8), file: "map.json")
        #expect(map.kind == .trades && map.columns["price"] == .column(2) && map.delimiter == 0x09)
        #expect(map.clock == .epoch(nanoseconds: 1_000_000) && map.sideIsMakers)
        for (bad, line) in [
            ("{ \"rows\": \"trade\", \"columns\": {} }", 1),
            ("{ \"rows\": \"trades\",\n \"columns\": { \"tme\": 1 } }", 2),
            ("{ \"rows\": \"trades\",\n \"columns\": { \"time\": 1, \"price\": 2 } }", 2),
            (
                "{ \"rows\": \"counts\", \"columns\": { \"value\": 1 },\n \"start\": "
                    + "\"2026-01-05T00:00:00Z\" }",
                2
            ),
        ] {
            let error = #expect(throws: ConfigurationError.self) {
                try ColumnMapFile.read(Array(bad.utf8), file: "map.json")
            }
            #expect(error?.place?.line == line, "\(bad)")
        }
    }
}
