import Foundation
import Ingest
import Tape
import TestSupport
import Testing

/// What the fuzzer has found, each as small as it gets.
@Suite struct RegressionTests {
    /// An object that closes before its key made the next scalar a key of nothing.
    @Test(arguments: ["{}0", "{}\"a\"", "[{}]1", "{}{}", "{\"a\":{}}}1,2", "{", "[", "[{", "{\"a\"", "}"])
    func jsonThatClosesTooSoonIsAnErrorAndNothingElse(_ text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text + "\n" + text + "\n", to: "x.json")
        let report = try ingest([path], folder.path("tape")) { $0.badRowShareMax = 1 }
        let file = try #require(report.files.first)
        #expect(file.failure != nil && file.accepted == 0)
    }
}
