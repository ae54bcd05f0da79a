import Pipeline
import Tables
import TestSupport
import Testing

@Suite("A ledger of runs") struct RunLedgerTests {
    private static let entry = """
        {"as_of":"2026-01-05T00:00:00Z","holds":true,"p_broken":0.01,"cost_usd":5,"todays_cost_usd":6}
        """

    @Test("an error behind blank lines names the line of the file")
    func lines() throws {
        let folder = try TemporaryFolder()
        for (broken, column) in [("{\"as_of\": 1}", 1), ("{\"as_of\": }", 11)] {
            let path = try folder.write(
                "\(Self.entry)\n\n  \r\n\(broken)\n\(Self.entry)\n", to: "ledger.jsonl")
            let error = #expect(throws: TableError.self) { try RunLedger(path: path) }
            #expect(error?.line == 4 && error?.column == column, "\(error.map { "\($0)" } ?? "")")
        }
        let path = try folder.write("\n\(Self.entry)\n\n\(Self.entry)\r\n\n", to: "ledger.jsonl")
        #expect(try RunLedger(path: path).entries.count == 2)
    }
}
