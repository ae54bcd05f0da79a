import Foundation
import Planning
import Reporting
import TestSupport
import Testing
import Units

/// What is true of files that other systems apply, as those systems read them.
@Suite("Exports as they are applied")
struct AppliedExportTests {
    private let fixture = ExportTests()

    /// Nodes of a week of hours, which rise and fall at random.
    private func week(seed: UInt64, hours: Int = 168) -> [Int] {
        var generator = SplitMix64(seed: seed)
        return (0..<hours).map { _ in Int.random(in: 2...9, using: &generator) }
    }

    /// A cron trigger of KEDA: minutes of the week, from Sunday.
    private struct Trigger {
        var start: Int
        var end: Int
        var nodes: Int

        /// KEDA's rule: the trigger is on where its end comes before its next start.
        func isOn(at minute: Int) -> Bool {
            func wait(_ time: Int) -> Int {
                let wait = (time - minute + 10_080) % 10_080
                return wait == 0 ? 10_080 : wait
            }
            return wait(end) < wait(start)
        }
    }

    private func values(_ text: String, _ key: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let line = line.trimmingCharacters(in: .whitespaces)
            guard line.hasPrefix(key + ": ") else { return nil }
            return line.dropFirst(key.count + 2).trimmingCharacters(in: ["\""])
        }
    }

    private func triggers(_ keda: String) throws -> [Trigger] {
        func minute(_ cron: String) throws -> Int {
            let fields = cron.split(separator: " ")
            #expect(fields.count == 5 && fields[2] == "*" && fields[3] == "*", "no date comes again: \(cron)")
            let numbers = [0, 1, 4].compactMap { Int(fields[$0]) }
            try #require(numbers.count == 3)
            return numbers[2] * 1440 + numbers[1] * 60 + numbers[0]
        }
        return try zip(zip(values(keda, "start"), values(keda, "end")), values(keda, "desiredReplicas")).map {
            let (start, end) = try (minute($0.0), minute($0.1))
            #expect(start != end)
            return Trigger(start: start, end: end, nodes: try #require(Int($1)))
        }
    }

    @Test(
        "KEDA runs the plan's nodes in every hour, this week and the next",
        arguments: 1...5 as ClosedRange<UInt64>)
    func kedaFollowsThePlan(seed: UInt64) throws {
        let nodes = week(seed: seed)
        let keda = try #require(fixture.exports(nodes: nodes)["keda/gateway.yaml"])
        let triggers = try triggers(keda)
        let least = try #require(values(keda, "minReplicaCount").first.flatMap { Int($0) })
        for hour in 0..<336 {
            // The fixture starts on a Monday, KEDA's week on a Sunday.
            for minute in [0, 31, 59] {
                let time = (1440 + hour * 60 + minute) % 10_080
                let asked = triggers.filter { $0.isOn(at: time) }.map(\.nodes).max() ?? 0
                #expect(max(least, asked) == nodes[hour % 168], "hour \(hour)")
            }
        }
    }

    @Test(
        "a plan of other than a week never gets fewer nodes than it asks for", arguments: [5, 100, 169, 400])
    func otherSpans(hours: Int) throws {
        let nodes = week(seed: 9, hours: hours)
        let schedule = ScalingSchedule(nodes: nodes, start: ExportTests.start, stepSeconds: 3600)
        let minutes = schedule.nodesByMinuteOfWeek
        for hour in nodes.indices {
            let weekly = (hour % 168..<hour % 168 + 1).map { minutes[$0 * 60 + 30] }[0]
            let same = nodes.indices.filter { $0 % 168 == hour % 168 }.map { nodes[$0] }.max()
            #expect(weekly == same)
        }
        let stretches = schedule.weeklyStretches
        for (one, two) in zip(stretches, stretches.dropFirst()) {
            #expect(one.endMinute == two.startMinute && one.nodes != two.nodes)
        }
    }

    @Test(
        "every maximum leaves room above the plan, and every list of triggers has one",
        arguments: [[2], [7, 7], [2, 5, 3]])
    func room(nodes: [Int]) throws {
        let files = fixture.exports(nodes: nodes)
        let most = try #require(nodes.max())
        for (path, text) in files where path.hasPrefix("hpa/") {
            let least = try #require(values(text, "minReplicas").first.flatMap { Int($0) })
            let maximum = try #require(values(text, "maxReplicas").first.flatMap { Int($0) })
            #expect(least < maximum && maximum > most, "\(path)")
        }
        let keda = try #require(files["keda/gateway.yaml"])
        #expect(try !triggers(keda).isEmpty)
        #expect(values(keda, "maxReplicaCount").compactMap { Int($0) } == [most + (most + 1) / 2])
        #expect(values(keda, "replicas") == ["\(most)"], "the fallback is the plan's most")
        let aws = try #require(files["aws-scheduled-actions.json"])
        #expect(aws.contains("\"MaxSize\" : \(most + (most + 1) / 2)"))
        let buffer = try #require(files["capacity-buffer/gateway.yaml"])
        let rise = zip(nodes, nodes.dropFirst()).map { $1 - $0 }.max() ?? 0
        #expect(values(buffer, "replicas") == ["\(max(1, rise))"])
        #expect(buffer.contains("apiVersion: autoscaling.x-k8s.io/v1alpha1\nkind: CapacityBuffer\n"))
    }

    @Test("with the address of Prometheus, KEDA scales with the load: as many nodes as hold it")
    func loadTrigger() throws {
        var settings = ExportSettings()
        settings.prometheusURL = "http://prometheus.monitoring:9090"
        settings.runbookURL = "https://wiki.example/runbook"
        let files = fixture.exports(nodes: [2, 4], settings: settings)
        let keda = try #require(files["keda/gateway.yaml"])
        #expect(keda.contains("    - type: prometheus\n"))
        #expect(values(keda, "serverAddress") == ["http://prometheus.monitoring:9090"])
        // The fixture holds half a server with each node.
        #expect(values(keda, "threshold") == ["0.5"])
        let rules = try #require(files["prometheus-rules.yaml"])
        #expect(Set(values(rules, "runbook_url")) == ["https://wiki.example/runbook"])
        let plain = fixture.exports(nodes: [2, 4])
        #expect(plain["keda/gateway.yaml"]?.contains("type: prometheus") == false)
        #expect(plain["prometheus-rules.yaml"]?.contains("runbook_url: \"runbook.md\"") == true)
    }

    @Test("alerts tell of a series that is missing and of a plan that ends, and every one has a runbook")
    func alerts() throws {
        // 48 hours from 1769385600: the notice is a day.
        let rules = try #require(
            fixture.exports(nodes: [Int](repeating: 2, count: 48))["prometheus-rules.yaml"])
        #expect(rules.contains("expr: \"absent(highwater:busy_servers{tier=\\\"gateway\\\"})\""))
        #expect(rules.contains("expr: \"vector(time()) >= 1769472000 < 1769558400\""))
        #expect(rules.contains("expr: \"vector(time()) >= 1769558400\""))
        let alerts = rules.components(separatedBy: "- alert: ").dropFirst()
        #expect(alerts.count == 6)
        #expect(alerts.allSatisfy { $0.contains("\n          runbook_url: ") })
    }

    @Test("the dashboard reads the series that the rules write, and its panels do not overlap")
    func dashboard() throws {
        let files = fixture.exports(nodes: [2, 3])
        let text = try #require(files["grafana-dashboard.json"])
        let rules = try #require(files["prometheus-rules.yaml"])
        let board = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let panels = try #require(board["panels"] as? [[String: Any]])
        #expect(panels.count == 3 && Set(panels.compactMap { $0["id"] as? Int }).count == 3)
        var taken: Set<[Int]> = []
        for panel in panels {
            let place = try #require(panel["gridPos"] as? [String: Int])
            let (x, y) = try (#require(place["x"]), #require(place["y"]))
            for column in x..<(x + (place["w"] ?? 0)) {
                for row in y..<(y + (place["h"] ?? 0)) { #expect(taken.insert([column, row]).inserted) }
                #expect(column < 24)
            }
            let targets = try #require(panel["targets"] as? [[String: Any]])
            for expression in targets.compactMap({ $0["expr"] as? String }) {
                guard let name = expression.firstMatch(of: /highwater:[a-z_]+/)?.output else { continue }
                #expect(rules.contains(String(name)), "\(name)")
            }
        }
    }

    @Test("a plan without shards has no placement file")
    func placement() {
        #expect(fixture.exports(nodes: [2])["placement.json"] == nil)
    }

    @Test("of a plan that does not hold, formats without comments say so too")
    func marked() throws {
        let short = PlanFinding(tier: "gateway", fact: .moreSymbolsOutgrowShards(1))
        let files = fixture.exports(nodes: [2, 3], findings: [short])
        #expect(files["aws-scheduled-actions.json"]?.contains("\"highwater-NOT-HELD-gateway-") == true)
        #expect(files["highwater.tfvars.json"]?.contains("\"highwater_holds\" : false") == true)
        #expect(files["grafana-dashboard.json"]?.contains("\"NOT HELD: ") == true)
        let good = fixture.exports(nodes: [2, 3])
        #expect(!good.values.contains { $0.contains("NOT HELD") || $0.contains("NOT-HELD") })
    }

    private static func has(_ tool: String) -> Bool {
        (try? Tool.run("/usr/bin/env", ["sh", "-c", "command -v \"$1\"", "sh", tool]))?.code == 0
    }

    private func write(_ files: [String: String], to folder: TemporaryFolder) throws {
        for (path, text) in files { try folder.write(text, to: path) }
    }

    @Test("promtool takes the rules", .enabled(if: has("promtool"), "needs promtool"))
    func promtool() throws {
        let folder = try TemporaryFolder()
        try write(fixture.exports(nodes: week(seed: 3)), to: folder)
        let outcome = try Tool.run(
            "/usr/bin/env", ["promtool", "check", "rules", folder.path("prometheus-rules.yaml")])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test(
        "kubectl reads every object, and patches an autoscaler", .enabled(if: has("kubectl"), "needs kubectl")
    )
    func kubectl() throws {
        let folder = try TemporaryFolder()
        let files = fixture.exports(nodes: [2, 5], name: "a\nb: c")
        try write(files, to: folder)
        for path in files.keys where path.hasPrefix("keda/") || path.hasPrefix("capacity-buffer/") {
            let outcome = try Tool.run(
                "/usr/bin/env",
                ["kubectl", "label", "--local", "-f", folder.path(path), "a=b", "-o", "json"])
            #expect(outcome.code == 0 && outcome.output.contains("\"gateway\""), "\(path): \(outcome.errors)")
        }
        let scaler = try folder.write(
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata:
              name: gateway
            spec:
              scaleTargetRef:
                apiVersion: apps/v1
                kind: Deployment
                name: gateway
              minReplicas: 1
              maxReplicas: 1
            """, to: "hpa.yaml")
        for path in files.keys where path.hasPrefix("hpa/") {
            let outcome = try Tool.run(
                "/usr/bin/env",
                [
                    "kubectl", "patch", "--local", "-f", scaler, "--patch-file", folder.path(path), "-o",
                    "json",
                ])
            #expect(outcome.code == 0 && outcome.output.contains("\"maxReplicas\": 8"), "\(outcome.errors)")
        }
    }

    @Test(
        "kubeconform finds nothing against the published schemas",
        .enabled(if: has("kubeconform"), "needs kubeconform, and its schemas"))
    func kubeconform() throws {
        let folder = try TemporaryFolder()
        try write(fixture.exports(nodes: [2, 5]), to: folder)
        let outcome = try Tool.run(
            "/usr/bin/env",
            [
                "kubeconform", "-strict", "-ignore-missing-schemas", folder.path("keda"),
                folder.path("capacity-buffer"),
            ])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }
}
