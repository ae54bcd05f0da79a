import Exchange
import Foundation
import Generation
import Pipeline
import Reporting
import TestSupport
import Testing

@Suite("A plan with every kind of tier") struct EveryKindTests {
    private static func plan() throws -> PlanFile {
        try PlanFile(path: Tool.checkout.appending(path: "Datasets/plans/every-kind.json").path)
    }

    @Test("the example has a tier of each kind")
    func isWhole() throws {
        let plan = try Self.plan()
        #expect(Set(plan.topology.tiers.map(\.kind)) == Set(TierKind.all))
        let stream = try #require(plan.topology.tiers.first { $0.kind == .session })
        #expect(stream.sessions?.connectionsPerRate == 0.002 * 3600)
        let screening = try #require(plan.topology.tiers.first { $0.kind == .external })
        #expect(screening.quota?.price(named: "basic")?.window == .minute)
        #expect(plan.catalogue.shape(named: "agent") != nil)
    }

    @Test("it runs over small logs, and every output tells of every tier")
    func run() throws {
        let folder = try TemporaryFolder()
        var settings = GenerationSettings(
            symbols: 2, days: 21, tradesPerSecond: 1, requestsPerTrade: 0.01, seed: 4)
        settings.rawDays = 1
        settings.surges = []
        _ = try generate(settings, into: folder.path("logs"))
        let run = WeeklyRun(plan: try Self.plan(), dataRoot: folder.path("logs"), threads: 2)
        let report = try run.run()
        #expect(report.plan.isFeasible, "\(report.plan.findings.map(\.message))")
        for tier in report.topology.tiers {
            let planned = try #require(report.plan.tiers.first { $0.tier == tier.name })
            #expect(planned.reasons?.sentences.isEmpty == false, "\(tier.name)")
            #expect(report.replay.saturation.contains { $0.scope == .tier(tier.name) }, "\(tier.name)")
            #expect(report.plan.ladder.count { $0.tier == tier.name } == 6)
        }
        let zones = Set(report.plan.allocation.filter { $0.tier == "log" && $0.nodes == 1 }.map(\.zone))
        #expect(zones == ["a", "b", "c"])
        #expect(report.scenarios.map(\.scenario.name) == ["rack-loss", "zone-loss"])
        try run.write(report, to: folder.path("out"))
        // People and quotas are no machines of an autoscaler or of infrastructure as code.
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path("out"))
        #expect(names.contains("exports/keda/stream.yaml") && !names.contains("exports/keda/support.yaml"))
        let variables = try String(
            contentsOfFile: folder.path("out/exports/highwater.tfvars.json"), encoding: .utf8)
        #expect(variables.contains("\"log\"") && !variables.contains("\"screening\""))
    }

    @Test(
        "what is wrong with the keys of a kind is told with its place",
        arguments: [
            ("\"zone\": \"c\" }] }", "\"zone\": \"d\" }] }", "unknown zone 'd'"),
            ("\"per\": \"minute\"", "\"per\": \"hour\"", "unknown value 'hour'"),
            ("\"name\": \"business\"", "\"name\": \"c7i.large\"", "has no quota 'business'"),
            (
                "\"shape\": \"agent\"", "\"shape\": \"c7i.large\"",
                "calls a shape 'c7i.large', as the catalogue does"
            ),
            ("\"kind\": \"session\"", "\"kind\": \"pool\"", "'session' is a key of the kind session"),
            ("\"group\": \"rack-a\", ", "\"grp\": \"rack-a\", ", "has no key 'grp'"),
        ])
    func errors(old: String, new: String, message: String) throws {
        let url = Tool.checkout.appending(path: "Datasets/plans/every-kind.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(text.contains(old))
        let error = #expect(throws: ConfigurationError.self) {
            let plan = try PlanFile(text: Array(text.replacing(old, with: new).utf8), path: "plan.json")
            _ = try plan.loadedScenarios()
        }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.place != nil)
    }
}
