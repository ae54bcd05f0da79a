import Exchange
import Foundation
import TestSupport
import Testing
import WhatIf

@Suite("The scenario library")
struct LibraryTests {
    static let folder = Tool.checkout.appending(path: "Datasets/scenarios")

    static var files: [URL] {
        let all = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (all ?? []).filter { $0.pathExtension == "json" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    /// A file read by Foundation alone: names and numbers as text.
    static func scenario(_ file: URL) throws -> Scenario {
        let value = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        let object = try #require(value as? [String: Any])
        #expect(Set(object.keys) == ["name", "description", "events"])
        let events = try #require(object["events"] as? [[String: Any]])
        return Scenario(
            name: try #require(object["name"] as? String),
            description: try #require(object["description"] as? String),
            events: try events.map { event in
                let kind = try #require(event["event"] as? String)
                let pairs = event.keys.filter { $0 != "event" }.sorted().map { ($0, "\(event[$0] ?? "")") }
                return try Disturbance(kind: kind, pairs: pairs)
            })
    }

    @Test("holds a scenario for every cause of outage, each named after its file")
    func names() throws {
        let names = try Self.files.map { try Self.scenario($0).name }
        #expect(names == Self.files.map { $0.deletingPathExtension().lastPathComponent })
        let causes = [
            "capacity-overload", "hardware-failure", "bad-deploy", "network-trouble", "hostile-traffic",
            "human-error", "zone-loss", "maintenance", "site-loss", "dependency-stall",
        ]
        #expect(Set(causes).isSubset(of: names))
    }

    @Test("runs on the standard exchange, and every disturbance leaves its mark", arguments: files)
    func runs(file: URL) throws {
        let scenario = try Self.scenario(file)
        // Loaded enough that each cause can be told from a quiet day.
        let input = FlowTests.standard(trades: [400, 200, 100])
        let calm = try simulate(
            Scenario(name: "calm", events: [try Disturbance(text: "surge:x=1")]), on: input,
            options: Fixtures.plain)
        #expect(calm.verdict.held)
        let result = try simulate(scenario, on: input, options: Fixtures.plain)
        // Nothing moves on a calm day: the second queue by queue before anything happens will do.
        let quiet = Dictionary(
            calm.timeline.prefix(16).map { ($0.shard ?? $0.tier, $0) },
            uniquingKeysWith: { first, _ in first })
        #expect(
            result.timeline.contains { row in
                quiet[row.shard ?? row.tier].map { row.p99Seconds > 1.001 * $0.p99Seconds } ?? false
            })
        let verdict = result.verdict
        #expect(verdict.shareRejected.value <= 1 && verdict.shareNotionalAffected.value <= 1)
        #expect((verdict.firstTier == nil) == verdict.held)
    }
}
