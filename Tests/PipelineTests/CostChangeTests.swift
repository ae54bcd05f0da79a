import Foundation
import Pipeline
import TestSupport
import Testing

/// Two runs that were written by hand, which differ in one thing.
@Suite("The change of a cost") struct CostChangeTests {
    /// What one run has to do, holds, and pays.
    private struct Figures {
        var work = 2.0
        var held = 4.0
        var hours = 10.0
        var dollars = 1.0
        var spares = 1
    }

    private func run(_ folder: TemporaryFolder, _ name: String, _ figures: Figures) throws -> String {
        let time = "2026-01-05T00:00:00Z"
        let plan = "{ \\\"plan\\\": { \\\"spare_nodes\\\": \(figures.spares) } }"
        _ = try folder.write(
            """
            { "as_of": "\(time)", "feasible": true, "version": "1", "plan_text": "\(plan)" }
            """, to: name + "/manifest.json")
        let tables = [
            "plan": "tier,ds,nodes,shape\ngateway,\(time),2,large\n", "placement": "tier,shard\n",
            "cost":
                "tier,purchase,node_hours,cost_usd\ngateway,reserved,\(figures.hours),\(figures.dollars)\n",
            "capacity": "tier,work_q99,held_all_up\ngateway,\(figures.work),\(figures.held)\n",
            "risk": "tier,p_any_step\nall,0.01\n",
            "saturation": "tier,shard,kind,load_multiplier,reached_at\n",
            "forecast": "unique_id,mean\ntrades/x/A,5\n",
        ]
        for (table, text) in tables { _ = try folder.write(text, to: "\(name)/\(table).csv") }
        return folder.path(name)
    }

    private func comparison(_ folder: TemporaryFolder, _ new: Figures) throws -> RunComparison {
        return try RunComparison(
            old: run(folder, "old", Figures()), new: run(folder, "new", new))
    }

    @Test("what alone changes has the whole of the change")
    func one() throws {
        let folder = try TemporaryFolder()
        let cases: [(String, Figures)] = [
            ("demand", Figures(work: 4, held: 8, hours: 20, dollars: 2)),
            ("rules: what is held over the demand", Figures(held: 8, hours: 20, dollars: 2, spares: 3)),
            ("bursts, service times and sizes of nodes", Figures(hours: 20, dollars: 2)),
            ("shapes and prices", Figures(dollars: 2)),
        ]
        for (cause, figures) in cases {
            let compared = try comparison(folder, figures)
            let parts = try #require(compared.costParts.first?.change.parts)
            for part in parts {
                #expect(abs(part.dollars - (part.cause == cause ? 1 : 0)) < 1e-12, "\(cause): \(part.cause)")
            }
            #expect(compared.sentences.contains("gateway: +1 USD by \(cause)"))
            #expect(compared.rules.map(\.figure) == (figures.spares == 3 ? ["plan.spare_nodes"] : []))
        }
    }

    @Test("the parts of any change add up to it")
    func all() throws {
        let folder = try TemporaryFolder()
        let compared = try comparison(
            folder, Figures(work: 3, held: 5, hours: 7, dollars: 1.9, spares: 2))
        let parts = try #require(compared.costParts.first?.change.parts)
        #expect(parts.count == 4 && parts.allSatisfy { abs($0.dollars) > 0.01 })
        #expect(abs(parts.reduce(0) { $0 + $1.dollars } - 0.9) < 1e-12)
        #expect(compared.sentences.contains("rule plan.spare_nodes: 1 to 2"))
    }
}
