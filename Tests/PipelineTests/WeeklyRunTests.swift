import Exchange
import Foundation
import Generation
import Ingest
import Pipeline
import Reporting
import Tape
import TestSupport
import Testing
import Units
import WhatIf

@Suite("The weekly run")
struct WeeklyRunTests {
    /// A small exchange: three weeks, three symbols, one raw day.
    private func logs(_ folder: TemporaryFolder, seed: UInt64 = 2) throws -> String {
        var settings = GenerationSettings(
            symbols: 3, days: 21, tradesPerSecond: 2, requestsPerTrade: 0.5, seed: seed)
        settings.rawDays = 1
        settings.surges = []
        _ = try generate(settings, into: folder.path("logs"))
        return folder.path("logs")
    }

    private func plan(_ extra: String = "") throws -> PlanFile {
        let text = """
            { "name": "small", "seed": 3,
              "sources": [
                { "use": "demand", "paths": ["history.csv", "trades"] },
                { "use": "traffic", "paths": ["access/*.log"], "sample_share": 0.05 }],
              "forecast": { "horizon": "2d", "paths": 60 }\(extra) }
            """
        return try PlanFile(text: Array(text.utf8), path: "plan.json")
    }

    private func files(_ folder: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            found[name] = FileManager.default.contents(atPath: folder + "/" + name)
        }
        return found
    }

    @Test("equal input, plan and seed give equal bytes, whatever the number of threads")
    func determinism() throws {
        let folder = try TemporaryFolder()
        let root = try logs(folder)
        // A name that is longer than a plot is wide, with what Markdown and HTML would take for their own.
        let name = "<b>x3</b> ](x) " + String(repeating: "and so on ", count: 40)
        let plan = try plan(
            ", \"plan\": { \"past_weeks\": 1 }, \"scenarios\": [{ \"name\": \"\(name)\", \"events\": [\"surge:x=3,hold=2m\"] }]"
        )
        for threads in [1, 2] {
            let run = WeeklyRun(plan: plan, dataRoot: root, threads: threads)
            try run.write(try run.run(), to: folder.path("out\(threads)"))
        }
        let one = try files(folder.path("out1"))
        let two = try files(folder.path("out2"))
        #expect(Set(one.keys) == Set(two.keys))
        for (name, data) in one { #expect(data == two[name], "\(name) differs") }
        let expected = [
            "manifest.json", "forecast.csv", "surge.csv", "saturation.csv", "latency_curve.csv", "plan.csv",
            "placement.csv", "cost.csv", "compliance.csv", "maintenance.csv", "risk.csv", "excuses.csv",
            "capacity.csv", "break_levels.csv", "work.csv", "quarantine.csv", "summary.md", "runbook.md",
            "report.html", "verdict.csv", "ladder.csv", "headroom.csv", "bursts.csv", "plan_backtest.csv",
            "plan_rules.csv", "regret.csv", "margins.csv", "thresholds.csv", "risk_register.csv",
            "ladder_hours.csv",
            "exports/keda/gateway.yaml",
            "exports/aws-scheduled-actions.json", "exports/highwater.tfvars.json",
            "exports/prometheus-rules.yaml",
            "exports/maintenance.ics", "exports/placement.json", "exports/grafana-dashboard.json",
            "exports/capacity-buffer/gateway.yaml",
        ]
        #expect(Set(one.keys).isSuperset(of: expected))
        #expect(one["plan.csv"]?.starts(with: Data("tier,zone,ds,nodes,".utf8)) == true)
        let page = String(decoding: one["report.html"] ?? Data(), as: UTF8.self)
        let inputs = String(decoding: one["inputs.csv"] ?? Data(), as: UTF8.self)
        #expect(inputs.contains("\nhistory.csv,demand,series,") && !inputs.contains(root))
        #expect(page.contains("<svg") && !page.contains("http://") && !page.contains("https://"))
        try checkNotebook(#require(one["report.ipynb"]))
        try checkHeadroom(one)
        try checkGrounds(one)
        try checkLadder(one)
        try checkHourLadder(one)
        try checkThresholds(one)
        try checkPlacementFile(one)
    }

    /// The placement file has each symbol of placement.csv, once, on the same shard.
    private func checkPlacementFile(_ files: [String: Data]) throws {
        let data = try #require(files["exports/placement.json"])
        let content = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let tiers = try #require(content["tiers"] as? [String: [String: Any]])
        var written: [String] = []
        for (tier, body) in tiers {
            for (shard, body) in try #require(body["shards"] as? [String: [String: Any]]) {
                for symbol in try #require(body["symbols"] as? [String]) {
                    written.append("\(tier) \(shard) \(symbol)")
                }
            }
        }
        let rows = try rows("placement.csv", files).map {
            "\($0["tier"] ?? "") \($0["shard"] ?? "") \($0["symbol"] ?? "")"
        }
        #expect(written.sorted() == rows.sorted() && !rows.isEmpty)
    }

    private func rows(_ name: String, _ files: [String: Data]) throws -> [[String: String]] {
        let lines = String(decoding: try #require(files[name]), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { first, _ in first } }
    }

    /// Headroom is measured against the same load that saturates today's queues, and days follow from the chances.
    private func checkHeadroom(_ files: [String: Data]) throws {
        let headroom = try rows("headroom.csv", files)
        let saturation = try rows("saturation.csv", files).filter {
            $0["kind"] == "slo" && $0["tier"] != "journey"
        }
        // All shards of a tier together are a row of their own, after theirs, and last no longer than the first of them.
        let isSharded = Set(headroom.filter { $0["shard"] != "" }.map { $0["tier"] })
        let queues = headroom.filter { $0["shard"] != "" || !isSharded.contains($0["tier"]) }
        #expect(queues.count == saturation.count { $0["rate_per_second"] != "" } && !queues.isEmpty)
        for row in headroom {
            #expect((row["order"] == "") == (row["nodes_to_add"] == ""))
            let chances = ["p_before_arrival", "p_before_arrival_week_later"].compactMap {
                Double(row[$0] ?? "")
            }
            #expect(chances.count == (row["nodes_to_add"] == "" ? 0 : 2) && chances == chances.sorted())
        }
        for row in queues {
            let point = try #require(
                saturation.first { $0["tier"] == row["tier"] && $0["shard"] == row["shard"] })
            #expect(point["rate_per_second"] == row["held_per_second"])
            let chance = try #require(Double(row["p_26_weeks"] ?? ""))
            #expect((0...1).contains(chance))
            #expect((row["days"] != "") == (chance >= 0.5) && (row["days_lo"] != "") == (chance >= 0.025))
            let days = ["days_lo", "days", "days_hi"].compactMap { Double(row[$0] ?? "") }
            #expect(days == days.sorted() && days.allSatisfy { (0...182).contains($0) })
        }
    }

    /// What the verdict rests on is one text in the summary, on the page and on the first screen, and follows from the
    /// tables.
    private func checkGrounds(_ files: [String: Data]) throws {
        let weeks = try rows("plan_backtest.csv", files)
        #expect(weeks.count == 1 && weeks[0]["week"] == "2025-12-20T00:00:00Z")
        let bursts = try rows("bursts.csv", files)
        // Three symbols with raw logs, and no two of the five tiers alike.
        #expect(bursts.count == 15 && bursts.allSatisfy { $0["level"] == "1" && $0["trace_p99_us"] != "" })
        let rules = try rows("plan_rules.csv", files)
        #expect(rules.contains { $0["rule"] == "plan" && $0["factor"] == "0.01" })
        let holds = weeks[0]["said_holds"] == "true"
        let broke = weeks[0]["broke"] == "true"
        let start =
            holds
            ? "the last plan would \(broke ? "not " : "")have held (99 % promised)"
            : "the last plan said that it would not hold"
        for name in ["summary.md", "report.html", "manifest.json"] {
            let text = String(decoding: try #require(files[name]), as: UTF8.self)
            #expect(text.lowercased().contains("past plans") && text.contains(start), "\(name)")
            #expect(text.contains("the raw logs of 3 symbols"), "\(name)")
        }
    }

    /// The ladder of each hour rises to the nodes that run in it.
    private func checkHourLadder(_ files: [String: Data]) throws {
        let plan = try rows("plan.csv", files)
        let hours = try rows("ladder_hours.csv", files)
        #expect(hours.count == Set(plan.map { $0["tier"] }).count * 48)
        for row in hours {
            let running = plan.filter { $0["tier"] == row["tier"] && $0["ds"] == row["ds"] }
                .compactMap { Int($0["nodes"] ?? "") }.reduce(0, +)
            let steps = ["nodes_objective", "nodes_losses", "nodes_running"].compactMap { Int(row[$0] ?? "") }
            #expect(steps.last == running && steps == steps.sorted(), "\(row)")
        }
    }

    /// A later alert leaves less time, and comes less often for nothing.
    private func checkThresholds(_ files: [String: Data]) throws {
        let all = try rows("thresholds.csv", files)
        #expect(!all.isEmpty)
        for (queue, rows) in Dictionary(grouping: all, by: { "\($0["tier"] ?? "") \($0["shard"] ?? "")" }) {
            #expect(rows.compactMap { Double($0["alert_level"] ?? "") } == [0.5, 0.6, 0.7, 0.8, 0.9])
            let leads = rows.compactMap { Double($0["lead_seconds_surge"] ?? "") }
            #expect((leads.isEmpty || leads.count == 5) && leads == leads.sorted(by: >), "\(queue)")
            for row in rows where row["lead_seconds_surge"] != "" {
                let breaksAt = Double(row["surge_breaks_at"] ?? "") ?? 0
                let level = Double(row["alert_level"] ?? "") ?? 1
                // The load rises by four times the median in four minutes.
                let expected = 60 * (breaksAt - max(1, level * breaksAt))
                let lead = Double(row["lead_seconds_surge"] ?? "") ?? -1
                #expect(abs(lead - expected) < 1e-4 * (1 + expected), "\(row)")
                #expect(row["lead_from"] == (row["lead_seconds_past"] == "" ? "surge" : "past breaks"))
                #expect(row["lead_seconds"] != "")
            }
            let work = rows.compactMap { Double($0["work"] ?? "") }
            #expect(work.count == 5 && abs(work[0] / work[4] - 5.0 / 9) < 1e-6)
        }
    }

    /// The ladder of each tier rises to what the plan runs at the most.
    private func checkLadder(_ files: [String: Data]) throws {
        let plan = try rows("plan.csv", files)
        for (tier, rungs) in Dictionary(grouping: try rows("ladder.csv", files), by: { $0["tier"] ?? "" }) {
            var nodes: [String: Int] = [:]
            for row in plan where row["tier"] == tier {
                nodes[row["ds"] ?? "", default: 0] += Int(row["nodes"] ?? "") ?? 0
            }
            let steps = rungs.compactMap { Int($0["nodes"] ?? "") }
            #expect(steps.count == 6 && steps == steps.sorted(), "\(tier): \(steps)")
            #expect(steps.last == nodes.values.max(), "\(tier)")
        }
    }

    /// That a notebook is one of nbformat 4.5: cells with identifiers of their own, plots that are PNG images and that
    /// the text shows, and no name from the plan as markup or in code.
    private func checkNotebook(_ data: Data) throws {
        let notebook = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(notebook["nbformat"] as? Int == 4 && notebook["nbformat_minor"] as? Int == 5)
        let cells = try #require(notebook["cells"] as? [[String: Any]])
        #expect(Set(cells.compactMap { $0["id"] as? String }).count == cells.count)
        var plots = 0
        for cell in cells {
            let source = try #require(cell["source"] as? [String]).joined()
            #expect(!source.contains("<b>") && !source.contains(" ](x)"))
            if cell["cell_type"] as? String == "code" { #expect(!source.contains("x3")) }
            for (name, image) in cell["attachments"] as? [String: [String: String]] ?? [:] {
                let bytes = try #require(image["image/png"].flatMap { Data(base64Encoded: $0) })
                #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
                #expect(source.contains("(attachment:\(name))"))
                plots += 1
            }
        }
        #expect(plots >= 3)
    }

    @Test("the mix is that of the logs, and the demand their level")
    func demand() throws {
        let folder = try TemporaryFolder()
        let root = try logs(folder)
        let built = try WeeklyRun(plan: try plan(), dataRoot: root, threads: 2).demand()
        let mix = try #require(built.demand.symbols.first?.mix.perTrade)
        // Half a request a trade, of which the log holds a twentieth: ten, in the proportions of the
        // generator.
        #expect(abs(mix.perSecond.sum() - 1 - 10) < 0.5)
        #expect(abs(mix[.order] / mix[.cancel] - 9.9 / 8.4) < 0.05)
        var mean = 0.0
        for path in 0..<built.demand.pathCount {
            for step in 0..<built.demand.stepCount {
                for symbol in 0..<3 { mean += built.demand.trades(path: path, symbol: symbol, step: step) }
            }
        }
        mean /= Double(built.demand.pathCount * built.demand.stepCount)
        #expect((1...4).contains(mean))
        #expect(built.asOf == Timestamp(iso8601: "2025-12-22T00:00:00Z"))
        #expect(built.demand.symbols.allSatisfy { $0.bursts.origin.contains("raw trades of trades/") })
    }

    @Test("tables of no known format are read by the plan's map, and requests classed by its routes")
    func mapsAndRoutes() throws {
        let folder = try TemporaryFolder()
        var counts = ["when|who|n"]
        var requests: [String] = []
        for hour in 0..<400 {
            let start = 1_700_000_000 / 3600 * 3600 + hour * 3600
            for name in ["A", "B"] { counts.append("\(start)|trades/venue/\(name)|\(80 + hour % 24 * 2)") }
            // In an hour 60 requests: 36 orders, 18 cancels and 6 that are neither.
            for number in 0..<60 {
                let target = number % 10 < 6 ? "/x/place" : number % 10 < 9 ? "/x/undo" : "/x/look"
                requests.append("\(start + number * 60);POST;\(target);200")
            }
        }
        _ = try folder.write(counts.joined(separator: "\n"), to: "logs/counts.txt")
        _ = try folder.write(requests.joined(separator: "\n"), to: "logs/requests.txt")
        let text = """
            { "sources": [
              { "use": "demand", "paths": ["counts.txt"], "map": {
                  "rows": "counts", "columns": { "time": "when", "unique_id": "who", "count": "n" } } },
              { "use": "traffic", "paths": ["requests.txt"], "sample_share": 0.5,
                "routes": ["POST /x/place orders", "* /x/undo cancels"], "map": { "rows": "requests",
                  "header": false, "columns": { "time": 1, "method": 2, "path": 3, "status": 4 } } }],
              "forecast": { "horizon": "1d", "paths": 20 } }
            """
        let plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
        let built = try WeeklyRun(plan: plan, dataRoot: folder.path("logs"), threads: 2).demand()
        #expect(built.demand.symbols.map(\.id.name).sorted() == ["A", "B"])
        let mix = try #require(built.demand.symbols.first?.mix.perTrade)
        // The hours of a whole number of days: 103 trades of each symbol, and twice 60 requests, an hour on
        // average.
        #expect(abs(mix[.order] / mix[.cancel] - 2) < 1e-9 && abs(mix[.order] / mix[.query] - 6) < 1e-9)
        #expect(abs(mix[.order] - 72 / 206) < 0.01)
    }

    @Test("a plan that does not hold is exported only by force, and says so")
    func exportsOfWhatDoesNotHold() throws {
        let folder = try TemporaryFolder()
        var plan = try plan()
        // The loss of the only zone cannot be survived.
        plan.options.zones = ["a"]
        let run = WeeklyRun(plan: plan, dataRoot: try logs(folder), threads: 2)
        var report = try run.run()
        #expect(!report.plan.isFeasible && !report.forcesExports)
        let out = folder.path("out")
        report.forcesExports = true
        try run.write(report, to: out)
        let forced = try files(out)
        let keda = String(decoding: try #require(forced["exports/keda/gateway.yaml"]), as: UTF8.self)
        #expect(keda.hasPrefix("# WARNING: this plan does not hold"))
        #expect(forced["exports/highwater.tfvars.json"] != nil)
        #expect(try RunManifest(out).areExportsForced)
        // The next run without force removes what could be applied by mistake.
        report.forcesExports = false
        try run.write(report, to: out)
        let kept = try files(out)
        #expect(!kept.keys.contains { $0.hasPrefix("exports/") })
        #expect(try !RunManifest(out).areExportsForced)
        let summary = String(decoding: try #require(kept["summary.md"]), as: UTF8.self)
        #expect(summary.contains("- Exports: none, because the plan does not hold; --force-exports"))
        #expect(report.screen().lines.contains { $0.hasPrefix("exports        none") })
        let runbook = String(decoding: try #require(kept["runbook.md"]), as: UTF8.self)
        #expect(!runbook.contains("exports/prometheus") && !runbook.contains("exports/maintenance"))
    }

    @Test("what is known later does not change what was forecast before")
    func asOf() throws {
        let folder = try TemporaryFolder()
        let root = try logs(folder)
        var early = try plan()
        early.asOf = Timestamp(iso8601: "2025-12-19T07:30:00Z")
        let built = try WeeklyRun(plan: early, dataRoot: root, threads: 2).demand()
        #expect(built.asOf == Timestamp(iso8601: "2025-12-19T07:00:00Z"))
        #expect(built.histories.allSatisfy { $0.end <= built.asOf })
        #expect(built.forecasts.allSatisfy { $0.start == built.asOf })
    }

    @Test("a plan that cannot be run leaves the old result as it was")
    func failure() throws {
        let folder = try TemporaryFolder()
        let root = try logs(folder)
        _ = try folder.write("old", to: "out-summary")
        var broken = try plan()
        broken.sources[0].paths = ["nowhere.csv"]
        #expect(throws: ConfigurationError.self) {
            try WeeklyRun(plan: broken, dataRoot: root, threads: 1).run()
        }
        broken = try plan(", \"scenarios\": [{ \"name\": \"x\", \"events\": [\"halt:tier=nowhere\"] }]")
        #expect(throws: WhatIfError.self) { try WeeklyRun(plan: broken, dataRoot: root, threads: 2).run() }
        #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    }

    @Test("symbols of hostile names are planned for, and stay text in every output")
    func hostileNames() throws {
        let folder = try TemporaryFolder()
        var lines = ["unique_id,ds,y"]
        let names = ["=cmd()", "../../x", "<script>alert(1)</script>", "a\tb", "a|b`c"]
        for hour in 0..<400 {
            let time = Timestamp(seconds: 1_700_000_000 / 3600 * 3600 + Int64(hour) * 3600)
            for name in names {
                lines.append("\"trades/venue/\(name)\",\(time.description),\(1000 + hour % 24 * 50)")
            }
        }
        _ = try folder.write(lines.joined(separator: "\n") + "\n", to: "logs/series.csv")
        var plan = try plan()
        plan.sources = [PlanFile.Source(paths: ["series.csv"], use: .demand)]
        plan.options.pastWeeks = 0
        let run = WeeklyRun(plan: plan, dataRoot: folder.path("logs"), threads: 2)
        let report = try run.run()
        #expect(report.demand.symbols.map(\.id.name).sorted() == names.sorted())
        // None of them has a raw log, and no past week was asked for.
        #expect(report.bursts.assumed.map(\.name).sorted() == names.sorted())
        #expect(report.bursts.error?.logs == 0 && report.bursts.rows.isEmpty && report.pastPlans == nil)
        #expect(report.pastPlansAbsence == .switchedOff)
        try run.write(report, to: folder.path("out"))
        let page = String(decoding: try #require(files(folder.path("out"))["report.html"]), as: UTF8.self)
        #expect(!page.contains("<script>"))
        for (name, data) in try files(folder.path("out")) where name.hasSuffix(".csv") {
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
                #expect(!line.hasPrefix("=") && !line.contains(",="), "\(name): \(line)")
            }
        }
    }
}

@Suite("Scenario files")
struct ScenarioFileTests {
    @Test("every scenario of the library is valid")
    func library() throws {
        let folder = Tool.checkout.appending(path: "Datasets/scenarios").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".json")
        }
        #expect(names.count >= 10)
        for name in names {
            let scenario = try ScenarioFile.read(path: folder + "/" + name)
            #expect(scenario.name + ".json" == name && !scenario.description.isEmpty)
        }
    }

    @Test("what is wrong with an event is told with its place")
    func errors() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "{ \"name\": \"x\",\n  \"events\": [\n    { \"event\": \"surge\", \"x\": 5,\n      \"rmp\": \"4m\" }] }",
            to: "s.json")
        let error = #expect(throws: ConfigurationError.self) { try ScenarioFile.read(path: path) }
        #expect(error?.place == TextPlace(line: 4, column: 7))
        #expect(error?.message.contains("did you mean 'ramp'?") == true)
    }
}
