import Foundation
import TestSupport
import Testing

@Suite("The keys of plan files")
struct PlanReferenceTests {
    private static let page = Result { try Tool.highwater(["config", "reference"]).output }

    /// The rows of all tables: the section, and its cells.
    private static func rows() throws -> [(section: String, cells: [String])] {
        var section = ""
        var rows: [(section: String, cells: [String])] = []
        for line in try page.get().split(separator: "\n") {
            if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
            guard line.hasPrefix("| `") else { continue }
            let cells = line.replacing("\\|", with: "¦").split(
                separator: "|", omittingEmptySubsequences: false)
            rows.append(
                (section, cells.dropFirst().dropLast().map { $0.trimmingCharacters(in: .whitespaces) }))
        }
        return rows
    }

    @Test("the page of keys is made from their tables")
    func page() throws {
        let page = try String(
            contentsOf: Tool.checkout.appending(path: "Datasets/PLAN.md"), encoding: .utf8)
        #expect(page == (try Self.page.get()), "highwater config reference -o Datasets/PLAN.md")
    }

    @Test("every key tells what it takes, and its meaning in a sentence, once in its object")
    func sentences() throws {
        let rows = try Self.rows()
        #expect(rows.count > 120)
        for (section, cells) in rows {
            #expect(cells.count == 4, "\(section): \(cells)")
            #expect(!cells[1].isEmpty && cells[3].hasSuffix("."), "\(section): \(cells)")
            #expect(
                rows.filter { $0.section == section && $0.cells[0] == cells[0] }.count == 1,
                "\(section): \(cells[0]) stands twice")
        }
    }

    @Test("each kind of file has its schema", arguments: ["plan", "scenario", "catalogue", "column-map"])
    func schemas(kind: String) throws {
        let result = try Tool.highwater(["config", "schema", "--of", kind])
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let keys = ["plan": "sources", "scenario": "events", "catalogue": "shapes", "column-map": "columns"]
        let properties = try #require(schema["properties"] as? [String: Any])
        #expect(properties[keys[kind] ?? ""] != nil)
        #expect((schema["required"] as? [String])?.contains(keys[kind] ?? "") == true)
        if kind == "plan" { #expect(result.output == (try Tool.highwater(["config", "schema"]).output)) }
    }
}
