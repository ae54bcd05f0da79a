import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Small networks beside SimPy")
struct SimPyTests {
    /// Made by `Tests/Peers/whatif_simpy.py`, which simulates every request.
    private static let file = Tool.checkout.appending(path: "Tests/Peers/whatif_simpy.json").path

    @Test("nine of ten networks come out as when every request is simulated; work dropped when late does not")
    func networks() throws {
        let lines = try IncidentFile.read(path: Self.file).comparisons()
        #expect(lines.count == 10)
        for line in lines {
            // Who is served just before the timeout is done just after it: the model counts it as in time.
            #expect(line.agrees == (line.run != "timeout of 2 s, late work dropped"), "\(line)")
        }
    }
}
