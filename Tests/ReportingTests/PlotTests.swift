import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Plots in files of their own")
struct PlotTests {
    /// The elements of a file in order, with their attributes; nil where it is no XML.
    private final class Elements: NSObject, XMLParserDelegate {
        var found: [(name: String, attributes: [String: String])] = []
        var text = ""

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String] = [:]
        ) {
            found.append((name, attributes))
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

        init?(_ svg: String) {
            super.init()
            let parser = XMLParser(data: Data(svg.utf8))
            parser.delegate = self
            guard parser.parse() else { return nil }
        }
    }

    @Test("a frontier is well-formed, names every curve, and puts cheaper plans further left")
    func frontier() throws {
        let shares = [0.01, 0.001, 0.0001]
        let plot = FrontierPlot(
            title: "ours & <theirs>", measure: "share of hours missed", shares: shares,
            curves: [
                FrontierPlot.Curve(name: "ours", costs: [2, 3, .nan], planned: [(0.002, 2.5)]),
                FrontierPlot.Curve(name: "a \"rule\"", costs: [4, 6, 8]),
            ])
        let file = try #require(Elements(plot.svg()))
        for text in ["ours & <theirs>", "a \"rule\"", "ours, as planned", "0.1 %"] {
            #expect(file.text.contains(text))
        }
        let paths = file.found.filter { $0.name == "path" }.compactMap { $0.attributes["d"] }
        #expect(paths.count == 2)
        func points(_ path: String) -> [[Double]] {
            path.dropFirst().split(separator: "L").map { $0.split(separator: " ").compactMap { Double($0) } }
        }
        // The curve without a value at the rarest share ends there.
        let lengths = paths.map { points($0).count }.sorted()
        #expect(lengths == [2, 3])
        let ours = try #require(paths.first { points($0).count == 2 })
        let rule = try #require(paths.first { points($0).count == 3 })
        for (one, other) in zip(points(ours), points(rule)) {
            #expect(one[0] < other[0] && one[1] == other[1])
        }
    }
}
