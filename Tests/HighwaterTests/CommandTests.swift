import Foundation
import TestSupport
import Testing

/// The program from outside, as checks and users call it.
@Suite("Commands")
struct CommandTests {
    static let klines = """
        1609459200000,100,110,90,105,12.5,1609462799999,1300,6,5,650,0
        1609462800000,105,120,100,110,10,1609466399999,1100,5,4,550,0

        """

    @Test("help and version are printed, and every command has help")
    func help() throws {
        let top = try Tool.highwater(["--help"])
        #expect(top.code == 0 && top.output.hasPrefix("OVERVIEW: Plan an exchange's capacity"))
        #expect(try Tool.highwater(["--version"]).output == "0.1.0\n")
        for command in [
            "run", "init", "generate", "ingest", "merge", "show", "doctor", "forecast", "backtest", "surge",
            "queue", "bursts", "replay", "plan", "place", "whatif", "incidents", "book", "flow", "calibrate",
            "review",
            "explain",
            "diff", "verify", "describe", "config", "man",
            "config check", "config schema",
        ] {
            let help = try Tool.highwater(["help"] + command.split(separator: " ").map(String.init))
            #expect(help.code == 0 && help.output.contains("USAGE: highwater \(command)"), "\(command)")
            #expect(top.output.contains(command.split(separator: " ")[0]))
        }
    }

    @Test("logs go in and come out again")
    func ingestAndShow() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.klines, to: "BTCUSDT-1h.csv")
        let tape = folder.path("tape")
        let ingest = try Tool.highwater(["ingest", file, "--tape", tape])
        #expect(ingest.code == 0, "\(ingest.errors)")
        #expect(
            ingest.output
                == "path,format,rows,accepted,duplicates,quarantined,bytes,first_ds,last_ds\n"
                + "\(file),binance-klines,2,2,0,0,\(Self.klines.utf8.count),2021-01-01T00:00:00Z,2021-01-01T01:00:00Z\n"
        )
        let again = rows(try Tool.highwater(["ingest", file, "--tape", tape]).output)
        #expect(again[1][3] == "0" && again[1][4] == "2")
        let show = rows(try Tool.highwater(["show", "--tape", tape, "--every", "1d"]).output)
        #expect(show[0].prefix(5) == ["unique_id", "ds", "y", "quantity", "notional"])
        #expect(
            show[1].prefix(5) == [
                "trades/binance-spot/BTCUSDT", "2021-01-01T00:00:00Z", "11", "22.5", "2400",
            ])
        let json = try Tool.highwater(["show", "--tape", tape, "--format", "json"]).output
        let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        #expect(parsed?.count == 2 && parsed?[0]["y"] as? Int == 6)
    }

    @Test(
        "bad input has an error with its place and the exit code of the contract, and leaves nothing behind",
        arguments: [
            (["fly"], 64, "Unknown command 'fly'"),
            (["queue", "--laod", "0.5"], 64, "Unknown option '--laod'. Did you mean '--load'?"),
            (["queue", "--load", "high"], 64, "The value 'high' is invalid for '--load'"),
            (["queue", "--service", "normal"], 64, "unknown service process 'normal'"),
            (["queue", "--retry", "max=2"], 64, "'--retry' needs '--capacity' or '--timeout'"),
            (["queue", "--pause", "evry=1s"], 64, "'evry=1s' is not a setting of '--pause'"),
            (["queue", "--servers", "5000"], 64, "invalid for '--servers'"),
            (["calibrate", "--input", "loadtest.csv"], 65, "loadtest.csv:3:3: 'x' is not a number"),
            (["calibrate", "--input", "loads.csv"], 65, "there is no column 'throughput'"),
            (
                ["calibrate", "--input", "loads.csv", "--model", "work"], 65,
                "expected the columns kind and service_ns"
            ),
            (["calibrate"], 64, "Missing expected option '--input'"),
            (["ingest", "nowhere.csv", "--tape", "TAPE"], 65, "nowhere.csv: no such file or folder"),
            (["ingest", "empty.csv", "--tape", "TAPE"], 65, "empty.csv: empty"),
            (["ingest", "binary.csv", "--tape", "TAPE"], 65, "binary.csv: not text"),
            (["forecast", "--input", "nowhere.csv"], 65, "nowhere.csv"),
            (["forecast", "--input", "."], 65, "is a folder, not a file"),
            (["forecast", "--input", "table.csv"], 65, "table.csv:3:"),
            (["forecast"], 64, "Give either '--input' or '--tape'"),
            (["show", "--tape", "."], 65, "no tape here"),
            (["run", "plan.json", "-o", "OUT"], 78, "plan.json:2:3: unknown key 'tierz'"),
            (["run", "nowhere.json", "-o", "OUT"], 78, "nowhere.json: no such file"),
            (["run", "-o", "OUT"], 64, "Missing expected argument '<plan>' (or use --demo)"),
            (["run", "--demo"], 64, "Missing expected option '--output'"),
            (
                ["run", "--demo", "sound.json", "-o", "OUT"], 64,
                "takes no plan file, but 'sound.json' is given"
            ),
            (["show", "TAPE"], 64, "did you mean 'show --tape TAPE'?"),
            (
                ["whatif", "sound.json"], 64,
                "'sound.json' is a plan file, not a scenario; give it with --plan"
            ),
            (["config", "check", "plan.json"], 78, "plan.json:2:3"),
            (["place", "--input", "loads.csv", "--capacity", "10"], 65, "loads.csv:3:3: 'x' is not a load"),
            (["place", "--input", "loads.csv", "--capacity", "0"], 64, "invalid for '--capacity'"),
            (["whatif", "-o", "OUT"], 64, "Give a scenario file or an --event"),
            (["whatif", "--event", "surge:y=5", "-o", "OUT"], 64, "column 7: 'surge' has no key 'y'"),
            (["whatif", "--sweep", "surge.y=1:2:1"], 64, "'surge' has no key 'y'"),
            (["whatif", "--find", "surg.x"], 64, "unknown event 'surg'; did you mean 'surge'?"),
            (["whatif", "--compare", "--event", "surge:x=5"], 64, "--compare needs two scenarios"),
            (["generate", "--days", "0", "-o", "OUT"], 64, "invalid for '--days'"),
        ])
    func badInput(arguments: [String], code: Int, message: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("", to: "empty.csv")
        try Data([0, 1, 2, 0, 255, 254, 0, 3]).write(to: folder.url.appending(path: "binary.csv"))
        _ = try folder.write("unique_id,ds,y\na,2024-01-01T00:00:00Z,1\na,yesterday,2\n", to: "table.csv")
        _ = try folder.write("{ \"seed\": 1,\n  \"tierz\": [] }", to: "plan.json")
        _ = try folder.write(
            "{ \"sources\": [{ \"paths\": [\"logs\"], \"use\": \"demand\" }] }", to: "sound.json")
        _ = try folder.write("load,throughput\n1,2\n2,x\n", to: "loadtest.csv")
        _ = try folder.write("symbol,load\na,1\nb,x\n", to: "loads.csv")
        let before = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        let outcome = try Tool.highwater(arguments, in: folder.url)
        #expect(outcome.code == Int32(code), "\(outcome.errors)")
        #expect(outcome.errors.contains("Error: ") && outcome.errors.contains(message), "\(outcome.errors)")
        let after = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(after.filter { $0 != "TAPE" } == before)
    }

    @Test("an ingest that takes nothing in leaves no tape where there was none, and an old one as it was")
    func emptyIngest() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("", to: "empty.csv")
        let tape = folder.path("tape")
        #expect(try Tool.highwater(["ingest", empty, "--tape", tape]).code == 65)
        #expect(!FileManager.default.fileExists(atPath: tape))
        let counts = try folder.write(
            "unique_id,ds,y\nrequests/x/y,2026-01-05T00:00:00Z,5\n", to: "counts.csv")
        #expect(try Tool.highwater(["ingest", counts, "--tape", tape]).code == 0)
        let before = try Tool.highwater(["show", "--tape", tape]).output
        #expect(try Tool.highwater(["ingest", empty, "--tape", tape]).code == 65)
        #expect(try Tool.highwater(["show", "--tape", tape]).output == before)
    }

    @Test("a truncated last line is quarantined, with its place")
    func truncated() throws {
        let folder = try TemporaryFolder()
        var text = "id,price,qty,quote_qty,time,is_buyer_maker\n"
        for id in 1...30 { text += "\(id),10,1,10,\(1_700_000_000_000 + id * 1000),true\n" }
        let file = try folder.write(text + "31,10,1,1", to: "spot_X-trades.csv")
        let outcome = try Tool.highwater([
            "ingest", file, "--tape", folder.path("tape"), "--quarantine", folder.path("bad.csv"),
        ])
        #expect(outcome.code == 0)
        #expect(rows(outcome.output)[1][2...5] == ["31", "30", "0", "1"])
        let bad = try String(contentsOfFile: folder.path("bad.csv"), encoding: .utf8)
        // The row ends in column 9, where more fields are missing.
        #expect(bad.contains(",32,10,\(text.utf8.count),wrong number of fields,"))
    }

    @Test("a reader that goes away is no failure")
    func brokenPipe() throws {
        let command =
            "'\(Tool.binaries.appending(path: "highwater").path)' config schema | head -c 10; exit ${PIPESTATUS[0]}"
        let outcome = try Tool.run("/bin/bash", ["-c", command])
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
    }

    @Test("place keeps the capacity and tells the bound")
    func place() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("symbol,load\n=cmd(),6\n\"a,b\",5\nc,4\nd,3\n", to: "loads.csv")
        let outcome = try Tool.highwater(["place", "--input", file, "--capacity", "9"])
        #expect(outcome.code == 0 && outcome.errors.contains("bins 2, lower bound 2"))
        #expect(outcome.output.hasPrefix("symbol,shard,load\n=cmd(),"))
        #expect(outcome.output.contains("\n\"a,b\","))
        let few = try Tool.highwater(["place", "--input", file, "--capacity", "9", "--shards", "1"])
        #expect(few.code == 1 && few.output.contains("\nc,0,4\n"))
        #expect(
            few.errors.contains(
                "does not fit: the fullest of 1 shards is at 2 times its capacity; at least 2 shards are needed"
            ))
        let large = try Tool.highwater(["place", "--input", file, "--capacity", "5.5"])
        #expect(large.code == 1 && large.errors.contains("'=cmd()' alone exceeds the capacity of one shard"))
    }

    @Test("a plan file is written from logs, is valid, and runs")
    func initAndRun() throws {
        let folder = try TemporaryFolder()
        let logs = folder.path("logs")
        let made = try Tool.highwater([
            "generate", "--symbols", "2", "--days", "15", "--trades-per-second", "0.3",
            "--requests-per-trade",
            "0.2", "-o", logs,
        ])
        #expect(made.code == 0, "\(made.errors)")
        let plan = folder.path("plan.json")
        let initialised = try Tool.highwater(["init", "--from-logs", logs, "-o", plan])
        #expect(initialised.code == 0, "\(initialised.errors)")
        #expect(try Tool.highwater(["init", "--from-logs", logs, "-o", plan]).code == 1)
        #expect(try Tool.highwater(["config", "check", plan]).code == 0)
        let run = try Tool.highwater([
            "run", plan, "--data-root", logs, "-o", folder.path("out"), "--fail-on", "headroom<0d",
        ])
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("HOLDS") && !run.output.contains("\u{1B}"))
        let failing = try Tool.highwater([
            "run", plan, "--data-root", logs, "-o", folder.path("out"), "--fail-on", "never",
        ])
        #expect(failing.code == 64)
        let replay = try Tool.highwater([
            "ingest", logs + "/trades", "--tape", folder.path("tape"),
        ])
        #expect(replay.code == 0)
        let saturation = try Tool.highwater([
            "replay", "--tape", folder.path("tape"), "-o", folder.path("replay"), "--horizon", "1d",
        ])
        #expect(
            saturation.code == 0 && saturation.output.contains("single writer BTCUSDT"),
            "\(saturation.errors)")
        let planned = try Tool.highwater([
            "plan", "--tape", folder.path("tape"), "-o", folder.path("planned"), "--horizon", "1d",
        ])
        #expect(planned.code == 0)
        #expect(FileManager.default.fileExists(atPath: folder.path("planned/placement.csv")))
        let disturbed = try Tool.highwater([
            "whatif", "--tape", folder.path("tape"), "--event", "surge:x=5,ramp=4m,hold=20m", "-o",
            folder.path("whatif"), "--replications", "4",
        ])
        #expect(disturbed.code == 0, "\(disturbed.errors)")
        let verdict = try String(contentsOfFile: folder.path("whatif/verdict.csv"), encoding: .utf8)
        let answered = try Tool.highwater([
            "whatif", "--tape", folder.path("tape"), "--event", "surge:x=5,ramp=4m,hold=20m",
            "--replications", "4", "--format", "csv",
        ])
        #expect(answered.code == 0 && answered.output == verdict, "\(answered.errors)")
        #expect(verdict.hasPrefix("scenario,held,first_tier,binding_resource,seconds_to_saturation,"))
        let told = try Tool.highwater([
            "whatif", "--tape", folder.path("tape"), "--event", "surge:x=5,ramp=4m,hold=20m",
            "--replications", "4",
        ])
        // Plan, whose nodes, which hour and what it does without the event come first, wrapped to the width.
        let first = told.output.split(separator: "\n").prefix(2).joined(separator: " ")
        #expect(told.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(first.contains(": today's nodes, 20") && first.contains("Z (peak hour), "), "\(first)")
        #expect(first.contains(" messages/s; ") && first.contains("without events"), "\(first)")
        for name in ["timeline.csv", "report.html", "report.ipynb"] {
            #expect(FileManager.default.fileExists(atPath: folder.path("whatif/" + name)), "\(name)")
        }
    }

    @Test("capacity stands beside forecasts and in backtests, and a target that is none is a usage error")
    func capacity() throws {
        let folder = try TemporaryFolder()
        var table = "unique_id,ds,y,high,low,close\n"
        var random = SplitMix64(seed: 3)
        for hour in 0..<(24 * 7 * 10) {
            let price = 100 + random.uniform()
            let day = 1 + 0.5 * sin(2 * Double.pi * Double(hour) / 24)
            table += "a,\(1_704_067_200 + hour * 3600),\(Int(500 * day * (1 + random.uniform()))),"
            table += "\(price + 1),\(price - 1),\(price)\n"
        }
        let file = try folder.write(table, to: "a.csv")
        let forecast = try Tool.highwater([
            "forecast", "--input", file, "--horizon", "24", "--target", "hours:0.01",
        ])
        #expect(forecast.code == 0, "\(forecast.errors)")
        let lines = rows(forecast.output)
        #expect(lines[0].last == "capacity" && lines.count == 25)
        #expect(lines.dropFirst().allSatisfy { Double($0.last ?? "").map { $0 > 0 } ?? false })
        let out = folder.path("forecasts.csv")
        let backtest = try Tool.highwater([
            "backtest", "--input", file, "--horizon", "24", "--origins", "3", "--target", "demand:0.01",
            "--forecasts", out,
        ])
        #expect(backtest.code == 0, "\(backtest.errors)")
        let written = rows(try String(contentsOfFile: out, encoding: .utf8))
        #expect(written.count == 1 + 72 && written[0].prefix(4) == ["unique_id", "origin", "ds", "y"])
        #expect(written[0].last == "capacity")
        #expect(try Tool.highwater(["forecast", "--input", file, "--target", "hours:2"]).code == 64)
        for what in ["events", "returns", "hawkes", "price"] {
            let surge = try Tool.highwater(["surge", "--input", file, "--what", what])
            #expect(surge.code == 0 && surge.output.hasPrefix("unique_id,"), "\(what): \(surge.errors)")
        }
    }
}
