import Foundation
import TestSupport
import Testing

@Suite("Surges against the generator's truth.json")
struct SurgeTruthFileTests {
    @Test("surges are found symbol by symbol, soon after they begin, and little else is called one")
    func truth() throws {
        var (planted, found, reported, right) = (0, 0, 0, 0)
        for seed in [3, 4, 5] {
            let folder = try TemporaryFolder()
            let logs = folder.path("logs")
            let tape = folder.path("tape")
            for arguments in [
                [
                    "generate", "--days", "28", "--symbols", "3", "--trades-per-second", "1",
                    "--requests-per-trade", "0.02", "--seed", "\(seed)", "-o", logs,
                ], ["ingest", logs + "/trades", "--tape", tape],
            ] {
                #expect(try Tool.highwater(arguments).code == 0)
            }
            let truth = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: logs + "/truth.json")))
                    as? [String: Any])
            let surges = try #require(truth["surges"] as? [[String: Any]]).map { surge in
                try seconds(surge["onset"] as? String)...seconds(surge["end"] as? String)
            }
            let outcome = try Tool.highwater([
                "surge", "--tape", tape, "--series", "trades/*", "--every", "1h",
            ])
            #expect(outcome.code == 0)
            let rows = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
            for symbol in Set(rows.map { $0[0] }) {
                let events = try rows.filter { $0[0] == symbol }.map {
                    try seconds(String($0[2]))...seconds(String($0[4]))
                }
                planted += surges.count
                reported += events.count
                right += events.count { event in surges.contains { $0.overlaps(event) } }
                for surge in surges {
                    guard let event = events.first(where: { $0.overlaps(surge) }) else { continue }
                    found += 1
                    // Within the hour before, which the step begins in, and the one after.
                    #expect(abs(event.lowerBound - surge.lowerBound) <= 3600)
                }
            }
        }
        #expect(planted == 18)
        #expect(Double(found) >= 0.85 * Double(planted))
        #expect(Double(right) >= 0.9 * Double(reported))
    }

    private func seconds(_ text: String?) throws -> Double {
        let text = try #require(text)
        return try Date(text, strategy: .iso8601).timeIntervalSince1970
    }
}
