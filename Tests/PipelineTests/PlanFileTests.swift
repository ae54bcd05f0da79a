import Exchange
import Foundation
import Pipeline
import TestSupport
import Testing
import Units
import WhatIf

@Suite("Plan files")
struct PlanFileTests {
    static let sources = #""sources": [{ "use": "demand", "paths": ["x"] }]"#

    private func failure(_ text: String) -> String {
        do {
            _ = try PlanFile(text: Array(text.utf8), path: "plan.json")
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("every key that is absent has its default")
    func defaults() throws {
        let plan = try PlanFile(text: Array("{ \(Self.sources) }".utf8), path: "plan.json")
        #expect(plan.topology == .standard)
        #expect(plan.forecast == PlanFile.ForecastPlan())
        #expect(plan.seed == 1 && plan.mix == nil && plan.asOf == nil && plan.bursts == .measured)
        #expect(plan.whatIfOptions(threads: 1).failoverSeconds == WhatIfOptions().failoverSeconds)
        #expect(plan.whatIfOptions(threads: 1).replicationLagSeconds == WhatIfOptions().replicationLagSeconds)
        #expect(plan.whatIfOptions(threads: 1).timeoutSeconds == WhatIfOptions().timeoutSeconds)
        #expect(plan.options.zones == ["a", "b", "c"])
        #expect(plan.catalogue.shapes.contains { $0.name == "c7i.large" })
    }

    @Test("what is set is read")
    func values() throws {
        let text = """
            {
              "name": "x", "seed": 7, "as_of": "2026-01-05T00:00:00Z",
              "sources": [{ "use": "traffic", "paths": ["a", "b"], "sample_share": 0.01, "venue": "v" }],
              "forecast": { "step": "15m", "horizon": "1d", "seasons": ["1d"], "history": "4w", "paths": 50 },
              "bursts": "poisson", "failover": "500ms", "replication_lag": "1s", "client_timeout": "5s",
              "mix": { "orders_per_trade": 3, "cancels_per_trade": 2, "queries_per_trade": 1 },
              "plan": { "zones": ["z"], "spare_nodes": 2, "survives_zone_loss": false,
                        "probability_broken": 0.05, "minimum_up": "1h",
                        "history_peaks": [{ "messages_per_second": 5 }, { "messages_per_second": 9, "years": 3 }] }
            }
            """
        let plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
        #expect(plan.sources[0].sampleShare == 0.01 && plan.sources[0].venue == "v")
        #expect(plan.sources[0].use == .traffic && plan.sources[0].paths == ["a", "b"])
        #expect(plan.forecast.stepSeconds == 900 && plan.forecast.horizon == 96)
        #expect(plan.forecast.seasons == [96] && plan.forecast.historySeconds == 4 * 604_800)
        #expect(plan.mix == MessageMix(ordersPerTrade: 3, cancelsPerTrade: 2, queriesPerTrade: 1))
        #expect(plan.asOf == Timestamp(iso8601: "2026-01-05T00:00:00Z"))
        let options = plan.whatIfOptions(threads: 2)
        #expect(plan.bursts == .poisson && !options.hasBursts && options.seed == 7 && options.threads == 2)
        #expect(options.failoverSeconds == 0.5 && options.replicationLagSeconds == 1)
        #expect(options.timeoutSeconds == 5)
        #expect(plan.options.spareNodes == 2 && !plan.options.survivesZoneLoss)
        #expect(plan.options.minimumUpSeconds == 3600)
        #expect(plan.options.historicalPeak?.messagesPerSecond == 9)
        #expect(plan.options.historicalPeak?.yearsCovered == 3)
    }

    @Test("a source says how tables of no known format, and routes, are read")
    func mapAndRoutes() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("# routes\nPOST /v1/* orders\n*  /v1/undo cancels\n", to: "routes.txt")
        _ = try folder.write(
            #"{ "rows": "trades", "columns": { "time": "t", "price": 2, "quantity": "q" } }"#, to: "map.json")
        let text = """
            { "sources": [
              { "use": "demand", "paths": ["x"], "map": "map.json", "routes": "routes.txt" },
              { "use": "traffic", "paths": ["y"], "routes": ["GET /book market"],
                "map": { "rows": "requests", "columns": { "time": 1, "path": 2, "status": 3 } } }] }
            """
        let plan = try PlanFile(text: Array(text.utf8), path: folder.path("plan.json"))
        let map = try #require(plan.sources[0].map)
        #expect(
            map.kind == .trades && map.columns["price"] == .column(2) && map.columns["time"] == .name("t"))
        #expect(plan.sources[0].routes.map(\.className) == ["orders", "cancels"])
        #expect(plan.sources[1].map?.kind == .requests)
        #expect(
            plan.sources[1].routes == [.init(method: "GET", pattern: "/book", className: "market")])
    }

    @Test(
        "errors have a place and a way out",
        arguments: [
            ("{ \"sorces\": [] }", "plan.json:1:3: unknown key 'sorces'; did you mean 'sources'? Known: "),
            ("{ \"seed\": 1,\n  \"seed\": 2 }", "plan.json:2:3: duplicate key 'seed', already set in line 1"),
            (
                "{ \"seed\": \"1\" }",
                "plan.json:1:11: 'seed' must be a whole number from 0 to 2147483647, not a string"
            ),
            (
                "{ \"seed\": 1.5 }",
                "plan.json:1:11: 'seed' must be a whole number from 0 to 2147483647, not 1.5"
            ),
            ("[]", "plan.json:1:1: the file must be an object, not a list"),
            ("{ }", "plan.json:1:1: the key 'sources' is missing here"),
            (
                "{ \"sources\": [] }",
                "plan.json:1:14: 'sources' must be a list of at least 1, not a list of 0"
            ),
            (
                "{ \"sources\": [{ \"paths\": [\"a\"], \"use\": \"demnd\" }] }",
                "plan.json:1:40: unknown value 'demnd'; did you mean 'demand'? Known: demand, burstiness, traffic"
            ),
            (
                "{ \(sources), \"forecast\": { \"step\": \"7m\" } }",
                "'step' must divide a day"
            ),
            (
                "{ \(sources), \"forecast\": { \"step\": \"soon\" } }",
                "'step' must be a duration such as"
            ),
            ("{ \(sources), \"as_of\": \"yesterday\" }", "'as_of' must be a time such as"),
            (
                "{ \(sources), \"catalogue\": \"nowhere.json\" }",
                "the catalogue 'nowhere.json' does not exist"
            ),
            ("{ \(sources), \"plan\": { \"zones\": [\"a\", \"a\"] } }", "duplicate zone name"),
            (
                "{ \"sources\": [{ \"use\": \"demand\", \"paths\": [\"x\"], \"map\": \"none.json\" }] }",
                "plan.json:1:57: the column map 'none.json' does not exist"
            ),
            (
                "{ \"sources\": [{ \"use\": \"demand\", \"paths\": [\"x\"], \"map\": { \"rows\": \"trade\" } }] }",
                "plan.json:1:67: unknown value 'trade'; did you mean 'trades'?"
            ),
            (
                "{ \"sources\": [{ \"use\": \"traffic\", \"paths\": [\"x\"], \"routes\": [\"GET /a\"] }] }",
                "plan.json:1:62: expected a method (or *), a pattern and a class, found 2 words"
            ),
        ])
    func errors(text: String, message: String) {
        let found = failure(text)
        #expect(found.contains(message), "\(found)")
    }

    private func topology(tiers: String, edges: String, source: String = "a") -> String {
        """
        { \(Self.sources),
          "topology": {
            "tiers": [
        \(tiers)
            ],
            "sources": { "order": "\(source)" },
            "edges": [
        \(edges)
            ] } }
        """
    }

    private func tier(_ name: String, shape: String = "c7i.large") -> String {
        "{ \"name\": \"\(name)\", \"kind\": \"pool\", \"nodes\": 1, \"shape\": \"\(shape)\", "
            + "\"service\": { \"order\": { \"mean\": \"1ms\" } }, \"objective\": { \"latency\": \"1s\" } }"
    }

    @Test("a circle of tiers is shown at one of its edges")
    func circle() {
        let text = topology(
            tiers: [tier("a"), tier("b")].joined(separator: ",\n"),
            edges: """
                { "from": "a", "to": "b", "carries": { "order": 1 } },
                { "from": "b", "to": "a", "carries": { "order": 1 } }
                """)
        #expect(failure(text).hasPrefix("plan.json:9:1: the tiers form a cycle: a → b → a"))
    }

    @Test("a tier that nobody feeds is shown where it is declared")
    func unfed() {
        let text = topology(tiers: [tier("a"), tier("b")].joined(separator: ",\n"), edges: "")
        #expect(failure(text).hasPrefix("plan.json:5:1: no messages reach the tier 'b'"))
    }

    @Test("an unknown shape or tier is shown with what is known")
    func unknownNames() {
        let shape = failure(topology(tiers: tier("a", shape: "c7i.larg"), edges: ""))
        #expect(shape.contains("unknown shape 'c7i.larg'; did you mean 'c7i.large'?"))
        let source = failure(topology(tiers: tier("a"), edges: "", source: "b"))
        #expect(source.contains("enters at the tier 'b', which does not exist"))
    }

    @Test("a tier may only send, and says what memory its nodes need")
    func sendingAndMemory() throws {
        let keys = """
            "sending": { "bytes": { "order": 60 }, "subscribers": 200 },
            "memory": { "per_node_gib": 1, "per_symbol_gib": 0.01 }
            """
        let link = """
            { "name": "a", "kind": "link", "nodes": 1, "shape": "c7i.large", \(keys),
              "objective": { "latency": "1s" } }
            """
        let text = topology(tiers: link, edges: "")
        let plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
        let tier = plan.topology.tiers[0]
        #expect(tier.processing.isEmpty)
        #expect(tier.sending == Sending(bytes: [.order: 60], subscribers: 200))
        #expect(tier.memory == MemoryNeed(perNodeGiB: 1, perSymbolGiB: 0.01))
        // The built-in c7i.large has 0.78 Gbit/s, sustained.
        let time = plan.topology.on(plan.catalogue).tiers[0].service[.order]
        #expect(abs((time?.meanSeconds ?? 0) - 96_000 / 0.78e9) < 1e-12)
        let misspelt = text.replacingOccurrences(of: "subscribers", with: "subscriber")
        #expect(failure(misspelt).contains("did you mean 'subscribers'?"))
        let idle = text.replacingOccurrences(
            of: "\"sending\": { \"bytes\": { \"order\": 60 }",
            with: "\"sending\": { \"bytes\": { \"order\": 0 }")
        #expect(failure(idle).contains("the tier 'a' has no service time for the messages that reach it"))
    }

    @Test("the standard topology survives being written and read")
    func templateRoundTrip() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<50).map { "\($0),2.0,1.5,3.0,\(1_700_000_000_000 + $0 * 700),True,True" }
        _ = try folder.write(lines.joined(separator: "\n") + "\n", to: "spot_BTCUSDT-trades-2023-11-14.csv")
        let text = try PlanTemplate(logs: folder.url.path, threads: 1).text()
        let plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
        #expect(plan.topology == .standard)
        #expect(plan.sources.map(\.use) == [.demand])
        #expect(plan.sources.first?.paths == ["spot_BTCUSDT-trades-2023-11-14.csv"])
    }

    @Test(
        "files of one kind become a pattern that finds tomorrow's too, and only where it names no other file")
    func templatePatterns() throws {
        let folder = try TemporaryFolder()
        let trades = (0..<50).map { "\($0),2.0,1.5,3.0,\(1_700_000_000_000 + $0 * 700),True,True\n" }.joined()
        let request = "1.2.3.4 - - [14/Nov/2023:22:13:20 +0000] \"GET /api HTTP/1.1\" 200 5\n"
        for day in ["14", "15"] {
            // The ids of the second day follow those of the first.
            let lines = day == "14" ? trades : trades.replacing("\n", with: "\n1").dropLast().description
            _ = try folder.write(
                day == "14" ? lines : "1" + lines, to: "mixed/spot_BTCUSDT-trades-2023-11-\(day).csv")
            _ = try folder.write(request, to: "access/gateway-\(day).log")
        }
        _ = try folder.write("unique_id,ds,y\nrequests/x/y,2023-11-14T00:00:00Z,5\n", to: "mixed/other.csv")
        let text = try PlanTemplate(logs: folder.url.path, threads: 1).text()
        let plan = try PlanFile(text: Array(text.utf8), path: "plan.json")
        #expect(plan.sources.map(\.paths).contains(["access/*.log"]))
        #expect(plan.sources.map(\.paths).contains(["mixed/spot_BTCUSDT-trades-*.csv"]))
        for source in plan.sources {
            let found = try SourceFiles(root: folder.url.path).files(of: source, plan: nil)
            #expect(found.count == source.paths.reduce(0) { $0 + ($1.contains("*") ? 2 : 1) })
        }
    }

    @Test("the schema is JSON and names every key")
    func schema() throws {
        let data = Data(PlanFile.shape.jsonSchema(title: "plan"))
        let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let properties = try #require(schema["properties"] as? [String: Any])
        #expect(Set(properties.keys) == Set(PlanFile.shape.fields.map(\.key)))
        #expect(schema["required"] as? [String] == ["sources"])
    }

    /// The defaults of an object and of the objects directly in it, by its schema. A budget has one of several forms, none of
    /// which is a default.
    private static func defaults(_ schema: [String: Any]) -> [String: Any] {
        var object: [String: Any] = [:]
        for (key, value) in schema["properties"] as? [String: [String: Any]] ?? [:] {
            if let found = value["default"] {
                object[key] = found
            } else if (value["required"] as? [String])?.isEmpty == true, key != "budget" {
                object[key] = defaults(value)
            }
        }
        return object
    }

    @Test("a plan with every default of the schema is the plan without them")
    func defaultsAreWhatHolds() throws {
        let schema = try JSONSerialization.jsonObject(with: Data(PlanFile.shape.jsonSchema(title: "plan")))
        var written = Self.defaults(try #require(schema as? [String: Any]))
        #expect(written["name"] as? String == "exchange" && written["seed"] as? Int == 1)
        #expect((written["forecast"] as? [String: Any])?["horizon"] as? String == "7d")
        #expect((written["plan"] as? [String: Any])?["survives_zone_loss"] as? Bool == true)
        written["sources"] = [["use": "demand", "paths": ["x"]]]
        let full = try PlanFile(
            text: Array(try JSONSerialization.data(withJSONObject: written)), path: "plan.json")
        let empty = try PlanFile(text: Array("{ \(Self.sources) }".utf8), path: "plan.json")
        #expect(full.name == empty.name && full.seed == empty.seed)
        #expect(full.forecast == empty.forecast && full.options == empty.options)
        #expect(full.topology == empty.topology && full.catalogue == empty.catalogue)
    }

    @Test("the plans of the project are valid")
    func shippedPlans() throws {
        let folder = Tool.checkout.appending(path: "Datasets/plans")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.isEmpty)
        for name in names where name.hasSuffix(".json") {
            _ = try PlanFile(path: folder.appending(path: name).path)
        }
        _ = try PlanFile(text: Array(DemoPlan.text.utf8), path: "demo")
    }

    @Test("a file that is missing or a folder says so")
    func files() throws {
        #expect(
            throws: ConfigurationError(file: "/nowhere.json", place: nil, message: "no such file")
        ) {
            try PlanFile(path: "/nowhere.json")
        }
        #expect(throws: ConfigurationError.self) { try PlanFile(path: "/tmp") }
    }
}
