import Foundation
import TestSupport
import Testing

/// Shares of an ingest, the merging of their tapes, and ingests that are killed.
@Suite("Shards and broken-off ingests")
struct ShardTests {
    /// Trades of a symbol on a day, 50 ms apart.
    private func trades(_ count: Int, firstID: Int, day: Int) -> String {
        (0..<count).map { index in
            let time = 1_723_075_200_000 + day * 86_400_000 + index * 50
            return "\(firstID + index),100.\(index % 90 + 10),0.5,50.1,\(time),\(index % 2 == 0)\n"
        }.joined()
    }

    private func logs(_ folder: TemporaryFolder, rows: Int) throws -> String {
        for (number, symbol) in ["BTCUSDT", "ETHUSDT", "SOLUSDT"].enumerated() {
            for day in 0..<2 {
                let text = trades(rows, firstID: day * rows + number, day: day)
                try folder.write(text, to: "logs/\(symbol)-trades-2024-08-0\(8 + day).csv")
            }
        }
        return folder.path("logs")
    }

    private func contents(_ tape: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: tape) where name != "lock" {
            result[name] = FileManager.default.contents(atPath: tape + "/" + name)
        }
        return result
    }

    @Test("the tapes of all shards merge to the tape of one ingest")
    func mergesShards() throws {
        let folder = try TemporaryFolder()
        let logs = try logs(folder, rows: 3000)
        _ = try Tool.highwater(["ingest", logs, "--tape", folder.path("one")])
        for index in 0..<2 {
            let tape = folder.path("shard-\(index)")
            let outcome = try Tool.highwater(["ingest", logs, "--tape", tape, "--shard", "\(index)/2"])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let missing = try Tool.highwater(["merge", folder.path("shard-0"), "-o", folder.path("out")])
        #expect(missing.code == 65 && missing.errors.contains("shard 1/2 is missing"))
        let merged = try Tool.highwater([
            "merge", folder.path("shard-1"), folder.path("shard-0"), "-o", folder.path("out"),
        ])
        #expect(merged.code == 0, "\(merged.errors)")
        #expect(merged.output.hasPrefix("path,tapes,series,rows,events,first_ds,last_ds\n"))
        #expect(merged.output.contains(",2,3,") && merged.output.contains(",18000,"))
        let one = try contents(folder.path("one"))
        let out = try contents(folder.path("out"))
        #expect(one == out)
        let other = try Tool.highwater(["ingest", logs, "--tape", folder.path("shard-1")])
        #expect(other.code == 65 && other.errors.contains("this tape is shard 1/2"))
    }

    @Test(
        "the batch system's variables choose the shard where they are clear, and are refused where they are not",
        arguments: [
            (
                [
                    "SLURM_ARRAY_TASK_ID": "11", "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_MAX": "12",
                    "SLURM_ARRAY_TASK_COUNT": "3",
                ], [], 0, 2
            ),
            (["AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "2"], [], 0, 4),
            (["AWS_BATCH_JOB_ARRAY_INDEX": "5", "AWS_BATCH_JOB_ARRAY_SIZE": "6"], [], 0, 0),
            (["JOB_COMPLETION_INDEX": "1"], ["--shards", "3"], 0, 2),
            (["JOB_COMPLETION_INDEX": "1"], [], 0, 6),
            (["SLURM_ARRAY_TASK_ID": "4"], ["--shard", "0/1"], 0, 6),
            (["SLURM_ARRAY_TASK_ID": "4"], [], 64, 0),
            (
                [
                    "SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "9",
                    "SLURM_ARRAY_TASK_COUNT": "3",
                ], [], 64, 0
            ),
            (
                [
                    "JOB_COMPLETION_INDEX": "1", "AWS_BATCH_JOB_ARRAY_INDEX": "0",
                    "AWS_BATCH_JOB_ARRAY_SIZE": "3",
                ], ["--shards", "3"], 64, 0
            ),
            ([:], ["--shards", "3"], 64, 0), ([:], ["--shard", "3/3"], 64, 0),
            ([:], ["--shard", "0/2", "--shards", "3"], 64, 0),
        ] as [([String: String], [String], Int32, Int)])
    func environmentChoosesTheShard(
        environment: [String: String], arguments: [String], code: Int32, files: Int
    ) throws {
        let folder = try TemporaryFolder()
        let logs = try logs(folder, rows: 20)
        let outcome = try Tool.highwater(
            ["ingest", logs, "--tape", folder.path("tape")] + arguments, environment: environment)
        #expect(outcome.code == code, "\(outcome.errors)")
        let found = max(0, outcome.output.split(separator: "\n").count - 1)
        // Two days of one symbol and month belong together.
        #expect(found == files)
    }

    @Test("an ingest that is killed at any time leaves a readable tape, and repeating it finishes the job")
    func surviveBeingKilled() throws {
        let folder = try TemporaryFolder()
        let logs = try logs(folder, rows: 60_000)
        let first = logs + "/BTCUSDT-trades-2024-08-08.csv"
        _ = try Tool.highwater(["ingest", first, "--tape", folder.path("expected")])
        let started = ContinuousClock().now
        _ = try Tool.highwater(["ingest", logs, "--tape", folder.path("expected")])
        let whole = ContinuousClock().now - started
        let expected = try contents(folder.path("expected"))
        let tape = folder.path("tape")
        for trial in 0..<12 {
            try? FileManager.default.removeItem(atPath: tape)
            _ = try Tool.highwater(["ingest", first, "--tape", tape])
            let process = Process()
            process.executableURL = Tool.binaries.appending(path: "highwater")
            process.arguments = ["ingest", logs, "--tape", tape]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            let wait = whole * trial / 12
            usleep(
                UInt32(wait.components.seconds * 1_000_000 + wait.components.attoseconds / 1_000_000_000_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let list = try Tool.highwater(["show", "--tape", tape, "--list"])
            #expect(list.code == 0 && list.output.contains("BTCUSDT"), "\(list.errors)")
            let again = try Tool.highwater(["ingest", logs, "--tape", tape])
            #expect(again.code == 0, "\(again.errors)")
            let repeated = try contents(tape)
            #expect(repeated == expected, "trial \(trial)")
        }
    }

    @Test("audited ingests print each file's digest, and the plain ones do not")
    func auditsFiles() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(trades(10, firstID: 1, day: 0), to: "BTCUSDT-trades.csv")
        let outcome = try Tool.highwater(["ingest", file, "--tape", folder.path("tape"), "--audit"])
        let digest = try Tool.run("/usr/bin/env", ["sha256sum", file]).output.prefix(64)
        #expect(outcome.output.split(separator: "\n")[0].hasSuffix("last_ds,sha256"))
        #expect(outcome.output.contains("," + digest + "\n"))
    }

    @Test("standard input is read as a file is, whether it is one or a pipe")
    func readsStandardInput() throws {
        let folder = try TemporaryFolder()
        let text = trades(2000, firstID: 1, day: 0)
        let file = try folder.write(text, to: "BTCUSDT-trades.csv")
        let options = ["--symbol", "BTCUSDT", "--venue", "binance-spot"]
        _ = try Tool.highwater(["ingest", file, "--tape", folder.path("file")] + options)
        let direct = try Tool.highwater(
            ["ingest", "-", "--tape", folder.path("stdin")] + options, input: text)
        #expect(direct.code == 0, "\(direct.errors)")
        let program = Tool.binaries.appending(path: "highwater").path
        let piped = try Tool.run(
            "/bin/sh",
            [
                "-c", "cat \"$1\" | \"$2\" ingest - --tape \"$3\" --symbol BTCUSDT --venue binance-spot",
                "sh",
                file, program, folder.path("pipe"),
            ])
        #expect(piped.code == 0, "\(piped.errors)")
        let expected = try contents(folder.path("file"))
        #expect(try contents(folder.path("stdin")) == expected)
        #expect(try contents(folder.path("pipe")) == expected)
    }

    @Test("the shards of a replay merge to the files of one replay")
    func mergesReplays() throws {
        let folder = try TemporaryFolder()
        var rows = "unique_id,ds,y\n"
        for hour in 0..<(24 * 21) {
            for (name, level) in [("trades/x/A", 900), ("\"trades/x/B,1\"", 300)] {
                let season = hour % 24 < 12 ? 1 : 2
                rows += "\(name),\(1_767_571_200 + 3600 * hour),\(level * season + hour * 7919 % 50)\n"
            }
        }
        let series = try folder.write(rows, to: "series.csv")
        let tape = folder.path("tape")
        #expect(try Tool.highwater(["ingest", series, "--tape", tape]).code == 0)
        let plan = try folder.write(
            """
            { "sources": [{ "use": "demand", "paths": ["series.csv"] }], "topology": {
                "tiers": [
                  { "name": "gateway", "kind": "link", "nodes": 2, "shape": "c7i.large",
                    "service": { "order": { "mean": "3ms" } }, "objective": { "latency": "50ms" } },
                  { "name": "matching", "kind": "shard", "nodes": 2, "shape": "c7i.large",
                    "service": { "order": { "mean": "2ms" } }, "objective": { "latency": "50ms" } } ],
                "sources": { "order": "gateway" },
                "edges": [{ "from": "gateway", "to": "matching", "carries": { "order": 1 } }] } }
            """, to: "plan.json")
        func replay(_ name: String, _ more: [String]) throws -> String {
            let outcome = try Tool.highwater(
                ["replay", "--tape", tape, "--plan", plan, "--horizon", "1d", "-o", folder.path(name)] + more)
            #expect(outcome.code == 0, "\(outcome.errors)")
            return folder.path(name)
        }
        let one = try replay("one", [])
        let shards = try (0..<2).map { try replay("shard-\($0)", ["--shard", "\($0)/2"]) }
        let merged = try Tool.highwater(["merge", shards[1], shards[0], "-o", folder.path("out")])
        #expect(merged.code == 0, "\(merged.errors)")
        #expect(try contents(one) == contents(folder.path("out")))
        let missing = try Tool.highwater(["merge", shards[0], "-o", folder.path("no")])
        #expect(missing.code == 65 && missing.errors.contains("shard 1/2 is missing"))
        let twice = try Tool.highwater(["merge", shards[0], shards[0], "-o", folder.path("no")])
        #expect(twice.code == 65 && twice.errors.contains("shard 0/2 is also in"))
        // The same share of a replay with another seed.
        let text = try String(contentsOfFile: shards[1] + "/shard.json", encoding: .utf8)
        let inputs = try #require(text.firstRange(of: "\"inputs\" : \""))
        _ = try folder.write(
            text.replacingCharacters(in: inputs.upperBound..<text.index(after: inputs.upperBound), with: "x"),
            to: "shard-1/shard.json")
        let mixed = try Tool.highwater(["merge", shards[0], shards[1], "-o", folder.path("no")])
        #expect(mixed.code == 65 && mixed.errors.contains("another replay"), "\(mixed.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("no")))
    }
}
