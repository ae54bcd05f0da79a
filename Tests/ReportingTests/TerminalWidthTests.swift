import Reporting
import Testing

@Suite("Lines for a terminal")
struct TerminalWidthTests {
    @Test("no line is longer than 80 columns, and no word is lost")
    func wraps() {
        let words = (1...60).map { "word\($0)" }
        let line = "  breaks first        " + words.joined(separator: " ")
        let wrapped = TerminalWidth.wrapped(["short", line])
        #expect(wrapped.first == "short" && wrapped.count > 3)
        #expect(wrapped.allSatisfy { $0.count <= TerminalWidth.columns })
        #expect(wrapped[1].hasPrefix("  breaks first        word1 word2"))
        let all = wrapped.dropFirst().joined(separator: " ").split(separator: " ").map(String.init)
        #expect(all == ["breaks", "first"] + words)
    }

    @Test("a line that fits, and a word that is too long, stay whole")
    func stays() {
        let full = String(repeating: "x", count: 80)
        #expect(TerminalWidth.wrapped([full]) == [full])
        #expect(TerminalWidth.wrapped(["a " + full + full]) == ["a", "      " + full + full])
    }
}
