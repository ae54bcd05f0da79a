import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("The outages that happened")
struct IncidentFileTests {
    private static let folder = Tool.checkout.appending(path: "Datasets/scenarios/incidents")

    private static var files: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".json") }.sorted()
            .map { folder.appending(path: $0).path }
    }

    @Test(
        "every outcome and time of the laboratories comes out, but for what a limited number of clients sends"
    )
    func laboratories() throws {
        let laboratories = Self.files.filter { $0.contains("retry-storm") }
        #expect(laboratories.count == 2)
        var agreed = 0
        for file in laboratories {
            for line in try IncidentFile.read(path: file).comparisons() {
                guard let agrees = line.agrees else { continue }
                if line.reported == "20000/s" || line.reported == "600/s" {
                    #expect(!agrees, "\(line)")
                } else {
                    #expect(agrees, "\(line)")
                    agreed += 1
                }
            }
        }
        #expect(agreed == 4 + 10)
    }

    @Test("each incident is named after its file, and says where it was read")
    func names() throws {
        #expect(Self.files.count == 12)
        for file in Self.files {
            let incident = try IncidentFile.read(path: file)
            #expect(file.hasSuffix("/\(incident.name).json"))
            #expect(!incident.source.isEmpty && !incident.given.isEmpty)
            #expect(!incident.runs.isEmpty || !incident.notShown.isEmpty)
        }
    }
}
