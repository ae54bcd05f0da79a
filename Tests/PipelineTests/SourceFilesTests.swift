import Pipeline
import TestSupport
import Testing

@Suite("Files of a source")
struct SourceFilesTests {
    @Test("patterns match names in order, hidden ones apart, and plain paths stand for themselves")
    func patterns() throws {
        let folder = try TemporaryFolder()
        for name in ["b-1h.csv", "a-1h.csv", ".c-1h.csv", "a-1d.csv"] { _ = try folder.write("x", to: name) }
        let files = SourceFiles(root: folder.url.path)
        let source = PlanFile.Source(paths: ["*-1h.csv", "a-1h.csv"], use: .demand)
        let found = try files.files(of: source, plan: "plan.json")
        #expect(found == [folder.path("a-1h.csv"), folder.path("b-1h.csv")])
    }

    @Test("results name files as the plan does, wherever the logs are kept")
    func relative() {
        #expect(SourceFiles(root: "/logs/").relative("/logs/trades/a.csv") == "trades/a.csv")
        #expect(SourceFiles(root: "/logs").relative("/logs/trades/a.csv") == "trades/a.csv")
        #expect(SourceFiles(root: "/logs").relative("/logs2/a.csv") == "/logs2/a.csv")
        #expect(SourceFiles(root: ".").relative("trades/a.csv") == "trades/a.csv")
    }

    @Test("a pattern that matches nothing is an error at its source")
    func nothing() {
        var source = PlanFile.Source(paths: ["nowhere/*.csv"], use: .demand)
        source.place = TextPlace(line: 4, column: 5)
        let error = #expect(throws: ConfigurationError.self) {
            try SourceFiles(root: "/tmp").files(of: source, plan: "plan.json")
        }
        #expect(
            error?.description.hasPrefix("plan.json:4:5: no file below '/tmp' matches 'nowhere/*.csv'")
                == true)
    }
}
