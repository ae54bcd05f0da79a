import Foundation
import TestSupport
import Testing

/// What people do with the folder of a finished run.
@Suite("A finished run")
struct RunFolderTests {
    private static func rows(_ path: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { first, _ in first } }
    }

    @Test("a run is shown, explained, compared and verified from its folder")
    func folder() throws {
        let folder = try TemporaryFolder()
        let logs = folder.path("logs")
        let made = try Tool.highwater([
            "generate", "--symbols", "2", "--days", "15", "--trades-per-second", "0.3",
            "--requests-per-trade", "0.2", "-o", logs,
        ])
        #expect(made.code == 0, "\(made.errors)")
        let plan = folder.path("plan.json")
        let drawn = try Tool.highwater(["init", "--from-logs", logs, "-o", plan])
        #expect(drawn.code == 0, "\(drawn.errors)")
        let text = try String(contentsOfFile: plan, encoding: .utf8)
            .replacingOccurrences(of: "\"horizon\": \"7d\"", with: "\"horizon\": \"1d\"")
            .replacingOccurrences(of: "\"paths\": 500", with: "\"paths\": 100")
        _ = try folder.write(text, to: "plan.json")
        let ledger = folder.path("ledger.jsonl")
        func run(_ name: String, _ plan: String) throws -> String {
            let outcome = try Tool.highwater([
                "run", plan, "--data-root", logs, "-o", folder.path(name), "--seed", "5",
                "--ledger", ledger,
            ])
            #expect(outcome.code == 0, "\(outcome.errors)")
            return outcome.output
        }
        let (one, two) = (folder.path("one"), folder.path("two"))
        let first = try run("one", plan)
        #expect(text.contains("\"spare_nodes\": 1"))
        _ = try run(
            "two",
            folder.write(
                text.replacingOccurrences(of: "\"spare_nodes\": 1", with: "\"spare_nodes\": 3"),
                to: "two.json"))
        #expect(try Tool.highwater(["show", "run", one]).output == first)
        #expect(try Tool.highwater(["show", "run"]).code == 64)
        #expect(try Tool.highwater(["show"]).code == 64)
        #expect(try Tool.highwater(["show", "run", logs]).code == 65)
        try list(ledger, [one, two])
        try explain(one)
        try compare(one, two)
        try fold(one, folder)
        try "tier\n".write(toFile: two + "/risk.csv", atomically: false, encoding: .utf8)
        let tampered = try Tool.highwater(["verify", two, "--data-root", logs])
        #expect(tampered.code == 1 && tampered.output.hasPrefix("risk.csv:1: was 'tier', is 'tier,"))
        #expect(tampered.errors.contains("the inputs are the same"))
        // All other files are the same, byte for byte.
        #expect(tampered.output.split(separator: "\n").count == 1)
    }

    @Test("past plans from a backtest of the same plan are those that a run makes itself")
    func pastPlans() throws {
        let folder = try TemporaryFolder()
        var rows = "unique_id,ds,y\n"
        for hour in 0..<(24 * 12) {
            let time = "2023-11-\(13 + hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00:00Z"
            rows += "trades/x/A,\(time),\(36_000 + hour % 24 * 1000 + hour * 7919 % 1300)\n"
        }
        _ = try folder.write(rows, to: "series.csv")
        let text = """
            { "sources": [{ "use": "demand", "paths": ["series.csv"] }],
              "forecast": { "horizon": "1d", "seasons": ["1d"], "paths": 100 } }
            """
        let plan = try folder.write(text, to: "plan.json")
        let (own, past, given) = (folder.path("own"), folder.path("past"), folder.path("given"))
        func run(_ options: [String]) throws -> Tool.Outcome { try Tool.highwater(["run", plan] + options) }
        #expect(try run(["--past-weeks", "2", "-o", own]).code == 0)
        #expect(try Tool.highwater(["backtest", "--plan", plan, "--weeks", "2", "-o", past]).code == 0)
        let outcome = try run(["--backtest", past, "-o", given])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("past plans") && outcome.output.contains("the last 2 plans"))
        #expect(try Tool.highwater(["show", "run", given]).output == outcome.output)
        func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        let weeks = try read(own + "/plan_backtest.csv")
        #expect(weeks.split(separator: "\n").count == 3)
        #expect(try read(past + "/plan_backtest.csv") == weeks)
        #expect(try read(given + "/plan_backtest.csv") == weeks)
        // The backtest's own rules are more, and the run's are among them.
        let rules = try read(past + "/plan_rules.csv")
        #expect(try read(given + "/plan_rules.csv") == rules)
        for line in try read(own + "/plan_rules.csv").split(separator: "\n") {
            #expect(rules.contains(line), "\(line)")
        }
        for name in ["plan_backtest.svg", "report.html"] {
            #expect(try read(past + "/" + name).contains("<svg"), "\(name)")
        }
        for made in [own, given] {
            let verified = try Tool.highwater(["verify", made, "--data-root", folder.url.path])
            #expect(verified.code == 0, "\(made): \(verified.output)")
        }
        // Another seed, or both ways at once.
        let other = try run(["--backtest", past, "--seed", "9", "-o", folder.path("other")])
        #expect(other.code == 65 && other.errors.contains("seed 1 instead of 9"))
        #expect(try run(["--backtest", past, "--past-weeks", "1", "-o", folder.path("both")]).code == 64)
    }

    /// A ledger has one line a run, with what its tables say.
    private func list(_ ledger: String, _ runs: [String]) throws {
        #expect(
            try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").count == runs.count)
        let shown = try Tool.highwater(["show", "ledger", ledger])
        #expect(shown.code == 0, "\(shown.errors)")
        let lines = shown.output.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(lines.count == runs.count + 1)
        let column = try #require(lines[0].firstIndex(of: "cost_usd"))
        for (line, run) in zip(lines.dropFirst(), runs) {
            let paid = try Self.rows(run + "/cost.csv").filter { $0["purchase"] != "today" }
                .compactMap { Double($0["cost_usd"] ?? "") }.reduce(0, +)
            // Rows are in cents.
            #expect(abs((Double(line[column]) ?? -1) - paid) < 0.1)
        }
        #expect(try Tool.highwater(["show", "ledger", runs[0] + "/plan.csv"]).code == 65)
    }

    private func explain(_ run: String) throws {
        let outcome = try Tool.highwater(["explain", "--run", run, "--tier", "gateway"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let plan = try Self.rows(run + "/plan.csv").filter { $0["tier"] == "gateway" }
        let busiest = plan.max {
            Double($0["utilisation_q99"] ?? "") ?? 0 < Double($1["utilisation_q99"] ?? "") ?? 0
        }
        let start = try #require(busiest?["ds"])
        let nodes = plan.filter { $0["ds"] == start }.compactMap { Int($0["nodes"] ?? "") }.reduce(0, +)
        #expect(outcome.output.hasPrefix("gateway from \(start): \(nodes) × "))
        let ladder = try Self.rows(run + "/ladder.csv").filter { $0["tier"] == "gateway" }
        let steps = ladder.compactMap { Int($0["nodes"] ?? "") }
        #expect(ladder.count == 6 && steps == steps.sorted() && (steps.last ?? 0) >= nodes)
        for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100) }
        let wrong = try Tool.highwater(["explain", "--run", run, "--tier", "gatway"])
        #expect(wrong.code == 64 && wrong.errors.contains("Did you mean 'gateway'?"))
    }

    /// Keys that only one of two plan files sets are one line for each object.
    private func fold(_ one: String, _ folder: TemporaryFolder) throws {
        let bare = folder.path("bare")
        try FileManager.default.copyItem(atPath: one, toPath: bare)
        let manifest = URL(filePath: bare + "/manifest.json")
        var content = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: manifest)) as? [String: Any])
        content["plan_text"] = "{ \"sources\": [{ \"use\": \"demand\", \"paths\": [\"logs\"] }] }"
        try JSONSerialization.data(withJSONObject: content).write(to: manifest)
        for (runs, words) in [([one, bare], "are no longer set"), ([bare, one], "are set that were not")] {
            let found = try Tool.highwater(["diff"] + runs)
            let lines = found.errors.split(separator: "\n").filter { $0.hasPrefix("rule ") }
            #expect(found.code == 0 && lines.count < 30, "\(lines.count): \(found.errors)")
            #expect(lines.contains { $0.hasPrefix("rule topology: ") && $0.contains(words) }, "\(lines)")
            // The table still has each of them.
            let keys = found.output.split(separator: "\n").filter { $0.hasPrefix("rule,topology.") }
            #expect(keys.count > 30)
        }
    }

    private func compare(_ one: String, _ two: String) throws {
        let same = try Tool.highwater(["diff", one, one, "--exit-code"])
        #expect(same.code == 0 && same.errors.contains("nothing changed"))
        #expect(same.output.split(separator: "\n").count == 1)
        let other = try Tool.highwater(["diff", one, two, "--exit-code", "--all"])
        #expect(other.code == 2)
        let cost = try #require(other.output.split(separator: "\n").first { $0.hasPrefix("all,cost,") })
            .split(separator: ",")
        for (place, run) in [(3, one), (4, two)] {
            let paid = try Self.rows(run + "/cost.csv").filter { $0["purchase"] != "today" }
                .compactMap { Double($0["cost_usd"] ?? "") }.reduce(0, +)
            #expect(abs((Double(cost[place]) ?? -1) - paid) < 1e-6)
        }
        let increase = (Double(cost[4]) ?? 0) / (Double(cost[3]) ?? 1) - 1
        #expect(other.errors.contains("rule plan.spare_nodes: 1 to 3"))
        let limit = try Tool.highwater(["diff", one, two, "--fail-on", "cost-increase>0%"])
        #expect(limit.code == (increase > 0 ? 3 : 0))
        #expect(limit.errors.contains("cost-increase failed") == (increase > 0))
        #expect(try Tool.highwater(["diff", one]).code == 64)
        #expect(try Tool.highwater(["diff", one, two, "--fail-on", "cost"]).code == 64)
    }
}
