import Foundation
import TestSupport
import Testing

@Suite("Signposts")
struct SignpostTests {
    private static let sources = Tool.checkout.appending(path: "Sources")

    /// Swift files and pages below the sources, the links to kernel folders left out.
    private static func files(endingIn suffix: String) throws -> [URL] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
        return names.filter { $0.hasSuffix(suffix) }.map { sources.appending(path: $0) }
    }

    /// What stands between back quotes in a page, its blocks of code left out.
    private static func quoted(in page: String) -> [String] {
        let lines = page.split(separator: "\n").filter { !$0.hasPrefix("    ") }
        return lines.flatMap { line -> [String] in
            line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    @Test("name types and files that exist, in the pages about the house")
    func namesExist() throws {
        var known = Set<Substring>()
        for file in try Self.files(endingIn: ".swift") {
            known.formUnion(
                try String(contentsOf: file, encoding: .utf8).split { !$0.isLetter && !$0.isNumber })
            // A folder, as `Models`, is named too.
            known.formUnion(file.deletingPathExtension().pathComponents.map { Substring($0) })
        }
        let pages = try Self.files(endingIn: ".md")
        #expect(pages.count > 15)
        for page in pages {
            for name in Self.quoted(in: try String(contentsOf: page, encoding: .utf8)) {
                if name.hasSuffix(".swift") {
                    let places = [Self.sources, Tool.checkout].map { $0.appending(path: name).path }
                    #expect(
                        places.contains { FileManager.default.fileExists(atPath: $0) },
                        "\(page.lastPathComponent) names \(name)")
                } else if let type = Self.typeName(name) {
                    let isKnown = known.contains(type)
                    #expect(isKnown, "\(page.lastPathComponent) names \(name)")
                }
            }
        }
    }

    /// The first word of a quotation that reads like a type's name, as `Tape` in `Tape.regular`; nil for others.
    private static func typeName(_ text: String) -> Substring? {
        guard !text.contains(" "), !text.contains("/"), let first = text.first, first.isUppercase else {
            return nil
        }
        let word = text.prefix { $0.isLetter || $0.isNumber }
        return word.contains(where: \.isLowercase) ? word : nil
    }

    @Test("lead to pages that exist")
    func linksLead() throws {
        for page in try Self.files(endingIn: ".md")
            + ["README.md", "CONTRIBUTING.md", "Datasets/README.md"].map({ Tool.checkout.appending(path: $0) }
            )
        {
            let text = try String(contentsOf: page, encoding: .utf8)
            for part in text.components(separatedBy: "](").dropFirst() {
                let target = part.prefix { $0 != ")" && $0 != "#" }
                guard !target.isEmpty, !target.contains("://") else { continue }
                let url = page.deletingLastPathComponent().appending(path: String(target))
                #expect(
                    FileManager.default.fileExists(atPath: url.path),
                    "\(page.lastPathComponent) leads to \(target)")
            }
        }
    }

    @Test("stand in every module: a page of its own, or a line in the house's page")
    func everyModuleHasItsLine() throws {
        let house = try String(contentsOf: Self.sources.appending(path: "README.md"), encoding: .utf8)
        for module in HouseTests.order where module != "COpenBLAS" {
            #expect(house.contains("`\(module)`"), "Sources/README.md has no line for \(module)")
        }
    }
}
