import Foundation
import TestSupport
import Testing

@Suite("Surges against the generator's truth.json")
struct SurgeTruthFileTests {
    /// What was planted and what was found, over series and seeds.
    private struct Tally {
        var planted = 0
        var found = 0
        var reported = 0
        var right = 0
    }

    @Test(
        "surges are found symbol by symbol by any step, soon after they begin, and little else is called one")
    func truth() throws {
        // By a step, an event begins within the step before it or the one after; by fine steps within ten minutes.
        let lateness: [(step: String, seconds: Double)] = [
            ("1h", 3600), ("15m", 900), ("5m", 600), ("1m", 600),
        ]
        var tallies = [Tally](repeating: Tally(), count: lateness.count)
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
            for (place, (step, late)) in lateness.enumerated() {
                try add(surges, tape: tape, step: step, late: late, to: &tallies[place])
            }
        }
        for (tally, (step, _)) in zip(tallies, lateness) {
            #expect(tally.planted == 18, "\(step)")
            #expect(Double(tally.found) >= 0.85 * Double(tally.planted), "\(step)")
            #expect(Double(tally.right) >= 0.9 * Double(tally.reported), "\(step)")
        }
    }

    private func add(
        _ surges: [ClosedRange<Double>], tape: String, step: String, late: Double, to tally: inout Tally
    ) throws {
        let outcome = try Tool.highwater([
            "surge", "--tape", tape, "--series", "trades/*", "--every", step,
        ])
        #expect(outcome.code == 0)
        let rows = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
        for symbol in Set(rows.map { $0[0] }) {
            let events = try rows.filter { $0[0] == symbol }.map {
                try seconds(String($0[2]))...seconds(String($0[4]))
            }
            tally.planted += surges.count
            tally.reported += events.count
            tally.right += events.count { event in surges.contains { $0.overlaps(event) } }
            for surge in surges {
                guard let event = events.first(where: { $0.overlaps(surge) }) else { continue }
                tally.found += 1
                #expect(abs(event.lowerBound - surge.lowerBound) <= late, "\(step) \(symbol)")
            }
        }
    }

    private func seconds(_ text: String?) throws -> Double {
        let text = try #require(text)
        return try Date(text, strategy: .iso8601).timeIntervalSince1970
    }
}
