import Foundation
import TestSupport
import Testing

@Suite("Help pages and missing files")
struct HelpTests {
    private static let commands = [
        "run", "init", "generate", "ingest", "merge", "show", "doctor", "forecast", "backtest", "surge",
        "queue",
        "bursts", "replay", "plan", "place", "whatif", "incidents", "book", "flow", "calibrate", "review",
        "explain", "diff", "verify", "describe", "man", "config check", "config schema", "config reference",
    ]

    @Test("every help page has examples, whose command and options there are", arguments: commands)
    func examples(of command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let help = try Tool.highwater(["help"] + words).output
        let lines = help.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let examples = lines.filter { $0.hasPrefix("highwater \(command)") && !$0.hasPrefix("USAGE") }
        #expect(help.contains("EXAMPLES:") && !examples.isEmpty, "\(command)")
        for whole in examples {
            // What reads its output is not ours.
            let example = whole.prefix { $0 != "|" }
            // The shell takes the quotes, and --help at the end leaves all before it to be parsed, and nothing to be run.
            let binary = Tool.binaries.appending(path: "highwater").path
            let line = "'\(binary)' \(example.dropFirst("highwater ".count)) --help > /dev/null"
            let found = try Tool.run("/bin/bash", ["-c", line])
            #expect(found.code == 0, "\(example): \(found.errors)")
        }
    }

    @Test(
        "a missing file ends every command with 65 where it is data, and with 78 where it is configuration",
        arguments: [
            (65, ["ingest", "nope", "--tape", "T"]), (65, ["init", "--from-logs", "nope"]),
            (65, ["merge", "nope", "-o", "T"]), (65, ["show", "--tape", "nope"]),
            (65, ["show", "run", "nope"]),
            (65, ["show", "ledger", "nope"]), (65, ["doctor", "--tape", "nope"]),
            (65, ["forecast", "--input", "nope"]), (65, ["forecast", "--tape", "nope"]),
            (65, ["backtest", "--input", "nope"]), (65, ["surge", "--input", "nope"]),
            (65, ["queue", "--arrivals", "file:nope"]), (65, ["queue", "--service", "file:nope"]),
            (65, ["bursts", "nope", "--service", "5us", "--servers", "1"]),
            (65, ["replay", "--tape", "nope", "-o", "T"]), (65, ["plan", "--tape", "nope", "-o", "T"]),
            (65, ["place", "--input", "nope", "--capacity", "1"]),
            (65, ["whatif", "-e", "surge:x=2", "--tape", "nope"]),
            (65, ["book", "--input", "nope", "--format-in", "lobster"]), (65, ["flow", "--input", "nope"]),
            (65, ["calibrate", "--input", "nope"]), (65, ["review", "--run", "nope", "--tape", "nope"]),
            (65, ["explain", "--run", "nope", "--tier", "a"]), (65, ["diff", "nope", "nope"]),
            (65, ["verify", "nope"]), (78, ["run", "nope", "-o", "T"]), (78, ["whatif", "nope"]),
            (78, ["whatif", "-e", "surge:x=2", "--plan", "nope"]),
            (78, ["backtest", "--plan", "nope", "-o", "T"]),
            (78, ["incidents", "nope"]), (78, ["config", "check", "nope"]),
            (78, ["ingest", "log.csv", "--tape", "T", "--map", "nope"]),
            (78, ["ingest", "log.csv", "--tape", "T", "--routes", "nope"]),
        ])
    func missingFiles(code: Int, arguments: [String]) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("1,5,1,5,1723075200000,true\n", to: "log.csv")
        let found = try Tool.highwater(arguments, in: folder.url)
        #expect(found.code == Int32(code), "\(found.code): \(found.errors)")
        #expect(found.errors.contains("nope"), "\(found.errors)")
    }

    @Test("config check tells all errors of all files with their lines, and what can never hold")
    func configCheck() throws {
        let folder = try TemporaryFolder()
        let bad = try folder.write("{ \"sources\": [],\n\t\"seed\": -1,\n  \"tierz\": 1 }\n", to: "bad.json")
        let slow = try folder.write(
            """
            { "sources": [{ "use": "demand", "paths": ["gone/*.csv"] }],
              "plan": { "zones": ["a"], "survives_zone_loss": true },
              "topology": { "tiers": [{ "name": "gateway", "kind": "pool", "nodes": 2, "shape": "c7i.large",
                "service": { "order": { "mean": "10ms", "cv": 0.5 } },
                "objective": { "quantile": 0.99, "latency": "5ms" } }],
                "sources": { "order": "gateway" }, "edges": [] } }
            """, to: "slow.json")
        let found = try Tool.highwater(["config", "check", bad, slow, "--data-root", folder.url.path])
        #expect(found.code == 78)
        for message in [
            "bad.json:2:10: 'seed'", "  \"seed\": -1,\n" + String(repeating: " ", count: 11) + "^",
            "bad.json:3:3: unknown key 'tierz'",
            "slow.json:1:", "matches 'gone/*.csv'", "slow.json:2:51: the loss of the only zone",
            "slow.json:5:49: 'gateway' can never hold its objective",
        ] {
            #expect(found.errors.contains(message), "\(message): \(found.errors)")
        }
        // A cv of 2 leaves many messages that are fast: 400 / (400 + 25) = 0.94 of them are under 5 ms at most.
        let text = try String(contentsOfFile: slow, encoding: .utf8)
            .replacingOccurrences(of: "0.5", with: "2").replacingOccurrences(of: "0.99", with: "0.9")
            .replacingOccurrences(of: "\"a\"", with: "\"a\", \"b\"")
        let sound = try folder.write(text, to: "sound.json")
        let other = try Tool.highwater(["config", "check", sound])
        #expect(other.code == 0, "\(other.errors)")
    }

    @Test("a headroom beyond what is looked at, and a condition that is none, are usage errors")
    func conditions() throws {
        let far = try Tool.highwater(["run", "plan.json", "-o", "out", "--fail-on", "headroom<500d"])
        #expect(far.code == 64 && far.errors.contains("headroom<182d"), "\(far.errors)")
        for words in [
            ["run", "--demo", "-o", "-"], ["generate", "-o", "-"], ["plan", "--tape", "t", "-o", "-"],
            ["doctor", "--tape", "t", "--fail-on", "gaps"],
            ["review", "--run", "r", "--tape", "t", "--fail-on", "p-came>5"],
        ] {
            #expect(try Tool.highwater(words).code == 64, "\(words)")
        }
    }

    @Test("doctor ends with 3 on what it was asked about alone")
    func doctor() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "unique_id,ds,y\ntrades/x/A,2026-01-05T00:00:00Z,5\ntrades/x/A,2026-01-05T01:00:00Z,6\n",
            to: "a.csv")
        let tape = folder.path("tape")
        #expect(try Tool.highwater(["ingest", file, "--tape", tape]).code == 0)
        // Two hours are too little history, and nothing else is wrong with them.
        #expect(try Tool.highwater(["doctor", "--tape", tape]).code == 0)
        for (condition, code) in [("short", 3), ("note", 3), ("skew", 0), ("error", 0)] {
            let found = try Tool.highwater(["doctor", "--tape", tape, "--fail-on", condition])
            #expect(found.code == Int32(code), "\(condition): \(found.output) \(found.errors)")
            #expect(found.errors.contains("\(condition) failed") == (code == 3))
        }
    }

    @Test("a stray file beside logs lets the command after ingest run, a log that cannot be read does not")
    func strays() throws {
        let folder = try TemporaryFolder()
        try folder.write("1,5,1,5,1723075200000,true\n2,5,1,5,1723075200001,true\n", to: "logs/BTCUSDT.csv")
        for name in ["notes.docx", "BTCUSDT.csv~", "backup.bak", "state.json"] {
            try folder.write("hello, this is no log\n", to: "logs/" + name)
        }
        let logs = folder.path("logs")
        let found = try Tool.highwater(["ingest", logs, "--tape", folder.path("one")])
        #expect(found.code == 0 && found.errors.contains("skipped: not a log"), "\(found.errors)")
        try folder.write("hello, this is no log\n", to: "logs/other.csv")
        #expect(try Tool.highwater(["ingest", logs, "--tape", folder.path("two")]).code == 65)
        let told = try Tool.highwater(["ingest", logs, "--tape", folder.path("three"), "--strays", "skip"])
        #expect(told.code == 0 && told.errors.contains("other.csv"), "\(told.errors)")
        let named = try Tool.highwater([
            "ingest", logs + "/other.csv", logs + "/BTCUSDT.csv", "--tape", folder.path("four"), "--strays",
            "skip",
        ])
        #expect(named.code == 65)
    }
}
