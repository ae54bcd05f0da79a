import Exchange
import Foundation
import Planning
import Reporting
import TestSupport
import Testing
import Units

@Suite("Exports")
struct ExportTests {
    static let start = Timestamp(seconds: 1_769_385_600)  // 2026-01-26T00:00:00Z

    func exports(
        nodes: [Int], tier: String = "gateway", name: String = "exchange", windows: Int = 2,
        findings: [PlanFinding] = [], settings: ExportSettings = ExportSettings()
    ) -> [String: String] {
        let held = nodes.map { Double($0) * 0.5 }
        let pool = TierPlan(
            tier: tier, kind: .pool, shape: "c7i.large", nodes: nodes, servingNodes: nodes,
            requiredNodes: nodes,
            reservedNodes: 2, requiredServers: held, heldServers: held, shards: [], cost: .zero,
            todaysCost: .zero, todaysProbabilityBroken: nil)
        let maintenance = (1...max(1, windows)).prefix(windows).map { rank in
            MaintenanceRow(
                rank: rank, start: Self.start.advanced(bySeconds: Int64(rank) * 7200),
                end: Self.start.advanced(bySeconds: Int64(rank) * 7200 + 7200), loadShare: 0.5,
                probabilityBrokenNodeOut: 0, probabilityBrokenZoneOut: 0, worstLoadOverHeldQ99: 0.4,
                tightestTier: tier)
        }
        let plan = Plan(
            options: PlanOptions(),
            promise: PlanPromise(
                probabilityAllowed: 0.01, eachTier: 0.01, tierCount: 1, pathCount: 1, usesTail: false,
                headroomFactor: 1), findings: findings, tiers: [pool], allocation: [], placement: [],
            placements: [:], cost: [], excuses: [], risk: [], compliance: [], maintenance: maintenance)
        let files = Exports(
            plan: plan, catalogue: Catalogue(source: "none", shapes: []), name: name, start: Self.start,
            stepSeconds: 3600, settings: settings
        ).files()
        return Dictionary(
            uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
    }

    @Test("a schedule is its steps run together, and made coarser never falls below itself")
    func schedule() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<50 {
            let nodes = (0..<168).map { _ in Int.random(in: 1...6, using: &generator) }
            let whole = ScalingSchedule(nodes: nodes, start: Self.start, stepSeconds: 3600)
            let limit = Int.random(in: 1...60, using: &generator)
            let coarse = whole.coarsened(to: limit)
            #expect(coarse.stretches.count <= limit && coarse.most == whole.most)
            #expect(coarse.stretches.first?.start == Self.start)
            #expect(coarse.stretches.last?.end == Self.start.advanced(bySeconds: 168 * 3600))
            for (schedule, exact) in [(whole, true), (coarse, false)] {
                for (one, two) in zip(schedule.stretches, schedule.stretches.dropFirst()) {
                    #expect(one.end == two.start && one.nodes != two.nodes)
                }
                for (step, count) in nodes.enumerated() {
                    let time = Self.start.advanced(bySeconds: Int64(step) * 3600)
                    let stretch = schedule.stretches.first { $0.start <= time && time < $0.end }
                    #expect(exact ? stretch?.nodes == count : (stretch?.nodes ?? 0) >= count)
                }
            }
        }
    }

    @Test("autoscalers get the hours that need more than the least, in UTC and by the day of the week")
    func autoscalers() throws {
        let files = exports(nodes: [3, 3, 5, 5, 3, 4])
        let keda = try #require(files["keda/gateway.yaml"])
        #expect(keda.contains("minReplicaCount: 3\n  maxReplicaCount: 8\n"))
        #expect(
            keda.contains(
                "start: \"0 2 * * 1\"\n        end: \"0 4 * * 1\"\n        desiredReplicas: \"5\"\n"))
        #expect(keda.components(separatedBy: "type: cron").count == 3)
        #expect(files["hpa/gateway/2026-01-26T0200Z.yaml"]?.contains("minReplicas: 5\n") == true)
        #expect(files.keys.filter { $0.hasPrefix("hpa/") }.count == 4)
        // Where the number never changes, one trigger holds it: KEDA refuses an object without.
        let flat = exports(nodes: [2, 2])["keda/gateway.yaml"] ?? ""
        #expect(flat.contains("  triggers:\n") && flat.contains("desiredReplicas: \"2\""))
        #expect(flat.contains("minReplicaCount: 2\n  maxReplicaCount: 3\n"))
        #expect(flat.contains("start: \"0 0 * * 1\"\n        end: \"59 23 * * 0\"\n"))
    }

    @Test("exports of a plan that does not hold warn wherever their format has comments")
    func warnings() throws {
        let short = PlanFinding(tier: "gateway", fact: .moreSymbolsOutgrowShards(1))
        let files = exports(nodes: [2, 3], findings: [short])
        for (path, text) in files where path.hasSuffix(".yaml") {
            #expect(text.hasPrefix("# WARNING: this plan does not hold"), "\(path)")
        }
        let calendar = try #require(files["maintenance.ics"])
        #expect(calendar.components(separatedBy: "\r\nCOMMENT:WARNING: this plan does not hold").count == 3)
        #expect(calendar.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 75 })
        for (path, text) in exports(nodes: [2, 3]) { #expect(!text.contains("WARNING"), "\(path)") }
    }

    @Test("scheduled actions fit what AWS takes in a call and in a group")
    func scheduledActions() throws {
        let text = try #require(exports(nodes: (0..<168).map { 2 + $0 % 2 })["aws-scheduled-actions.json"])
        let calls = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        let actions = calls.map { $0["ScheduledUpdateGroupActions"] as? [[String: Any]] ?? [] }
        #expect(
            actions.allSatisfy { (1...50).contains($0.count) } && (2...125).contains(actions.joined().count))
        #expect(actions.first?.first?["StartTime"] as? String == "2026-01-26T00:00:00Z")
        let names = actions.joined().compactMap { $0["ScheduledActionName"] as? String }
        #expect(Set(names).count == names.count)
    }

    @Test("what is held follows the schedule in one expression")
    func heldServers() throws {
        let rules = try #require(exports(nodes: [2, 4, 4, 3])["prometheus-rules.yaml"])
        let expected =
            "vector(1 + (time() >= bool 1769389200) * (1) + (time() >= bool 1769396400) * (-0.5))"
        #expect(rules.contains("expr: \"\(expected)\""))
        for alert in ["HighwaterNearCapacity", "HighwaterCapacityAhead", "HighwaterOverCapacity"] {
            #expect(rules.contains("alert: \(alert)\n"))
        }
    }

    @Test("calendars keep to RFC 5545: line ends, 75 octets, escapes")
    func calendar() throws {
        let name = "börse, a;b\\c\nEND:VCALENDAR " + String(repeating: "ü", count: 60)
        let text = try #require(exports(nodes: [2], name: name, windows: 3)["maintenance.ics"])
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\n") })
        #expect(
            lines.filter { $0 == "BEGIN:VEVENT" }.count == 3
                && lines.filter { $0 == "END:VCALENDAR" }.count == 1)
        let unfolded = text.replacing("\r\n ", with: "")
        #expect(unfolded.contains("SUMMARY:börse\\, a\\;b\\\\c\\nEND:VCALENDAR üüü"))
        #expect(unfolded.contains("DTSTART:20260126T020000Z\r\nDTEND:20260126T040000Z\r\n"))
    }

    @Test("names from a plan file stay text: no path, no new line of YAML, no template")
    func hostileNames() throws {
        let files = exports(
            nodes: [2, 3], tier: "../x\n  evil: {{ $labels }}\"<script>", name: "a\nkind: Evil")
        for (path, text) in files {
            #expect(!path.contains("..") && !path.contains("//"))
            #expect(!text.contains("\nkind: Evil") && !text.contains("\n  evil"))
        }
        #expect(files["prometheus-rules.yaml"]?.contains("summary: \"../x\\u000a  evil: { {") == true)
        #expect(files["keda/x-evil-labels-script.yaml"] != nil)
        #expect(ExportText.label("###") == "tier" && ExportText.labels(["a b", "a-b"]) == ["a-b", "a-b-2"])
        #expect(ExportText.label(String(repeating: "a-", count: 60)).count <= 63)
    }

    @Test("labels are told apart, whatever the names")
    func labelsAreUnique() {
        let names = [
            "x", "X", "x-2", "x 2", "x_2", "", "-", String(repeating: "y", count: 80),
            String(repeating: "y", count: 90),
        ]
        let labels = ExportText.labels(names)
        #expect(Set(labels).count == names.count && labels.allSatisfy { $0.count <= 63 && !$0.isEmpty })
    }
}
