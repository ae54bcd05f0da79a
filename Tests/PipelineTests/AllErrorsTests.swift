import Pipeline
import Testing

@Suite("Several errors in a file") struct AllErrorsTests {
    private func errors(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try PlanFile(text: Array(text.utf8), path: "plan.json")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test("all are told, in the order of the text, each with its place")
    func all() {
        let found = errors(
            """
            { "sources": [{ "use": "demand" }],
              "seed": -1,
              "plan": { "spare_nods": 2, "zones": [] } }
            """)
        let expected = [
            "plan.json:1:15: the key 'paths' is missing here",
            "plan.json:2:11: 'seed' must be a whole number",
            "plan.json:3:13: unknown key 'spare_nods'; did you mean 'spare_nodes'?",
            "plan.json:3:39: 'zones' must be a list of at least 1",
        ]
        #expect(found.count == expected.count, "\(found)")
        for (line, start) in zip(found, expected) { #expect(line.hasPrefix(start), "\(line)") }
    }

    @Test("every shape that is gone is told")
    func shapes() {
        func tier(_ name: String, _ shape: String) -> String {
            """
            { "name": "\(name)", "kind": "pool", "nodes": 2, "shape": "\(shape)",
              "service": { "order": { "mean": "1ms" } },
              "objective": { "quantile": 0.99, "latency": "50ms" } }
            """
        }
        let found = errors(
            """
            { "sources": [{ "use": "demand", "paths": ["a.csv"] }],
              "topology": { "tiers": [\(tier("one", "c1.gone")), \(tier("two", "c2.gone"))],
                "sources": { "order": "one" },
                "edges": [{ "from": "one", "to": "two", "carries": { "order": 1 } }] } }
            """)
        #expect(found.count == 2, "\(found)")
        #expect(found.first?.contains("unknown shape 'c1.gone'") == true)
        #expect(found.last?.contains("unknown shape 'c2.gone'") == true)
    }
}
