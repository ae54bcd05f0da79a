import Foundation
import TestSupport
import Testing

@Suite("The page of incidents")
struct IncidentPageTests {
    @Test("is made from the incidents")
    func page() throws {
        let folder = Tool.checkout.appending(path: "Datasets/scenarios/incidents").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let files = names.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
        let page = try String(
            contentsOf: Tool.checkout.appending(path: "Datasets/INCIDENTS.md"), encoding: .utf8)
        let made = try Tool.highwater(["incidents"] + files)
        #expect(made.code == 0, "\(made.errors)")
        #expect(
            page == made.output,
            "highwater incidents Datasets/scenarios/incidents/*.json -o Datasets/INCIDENTS.md")
    }
}
