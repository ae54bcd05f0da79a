import Foundation
import TestSupport
import Testing

/// What the sources do with numbers, as far as their text tells. The compiler knows types and this does not: names that a
/// file declares as `Double` count as such, and so does what looks like arithmetic with fractions.
@Suite("Numbers in the house")
struct HouseNumberTests {
    private struct Call {
        let path: String
        let line: Int
        /// What stands before it on the line, and behind its closing parenthesis.
        let before: Substring
        let after: Substring
        let argument: Substring
    }

    /// Names that are floating point: those that the file declares so, and members that some file does and none as whole.
    private struct Names {
        var own: Set<Substring> = []
        var members: Set<Substring> = []

        func isFloating(_ name: Substring, isMember: Bool) -> Bool {
            (isMember ? members : own).contains(name)
        }

        static func floating(in text: String) -> Set<Substring> {
            Set(text.matches(of: /\b(\w+): (?:Double|Float|TimeInterval)\b(?!\?|\])/).map(\.output.1))
        }

        static func whole(in text: String) -> Set<Substring> {
            Set(text.matches(of: /\b(\w+): U?Int(?:8|16|32|64|128)?\b/).map(\.output.1))
        }
    }

    @Test("floating point becomes a whole number by the checked conversion alone")
    func conversionsAreChecked() throws {
        let found = try Self.calls(of: /\b(?:U?Int(?:8|16|32|64|128)?)\(/, Self.isUncheckedConversion)
        #expect(found.isEmpty, "use Int(saturating:) in\n\(found.joined(separator: "\n"))")
    }

    @Test("text becomes a number by the strict reader alone")
    func numbersAreReadStrictly() throws {
        let found = try Self.calls(of: /\b(?:Double|Float)(?:\.init)?[(]/, Self.isLooseReading)
        #expect(found.isEmpty, "use Double(decimal:) in\n\(found.joined(separator: "\n"))")
        for (path, text) in try Self.sources() {
            #expect(
                !text.contains(/(?:flat|compact)Map\((?:Double|Float)(?:\.init)?\)|(?:strtod|atof)\(/),
                "\(path) reads numbers loosely")
        }
    }

    @Test(
        "both rules see what they are for",
        arguments: [
            "let a = Int(x.rounded())", "let a = Int64(seconds * 1e9)", "let x: Double = 1; let a = Int(x)",
            "func f(_ x: Double) { g(Int(min(x, 3))) }", "let a = UInt32(0.5 * Double(b))",
            "let a = Int(pow(2, b))",
        ])
    func seesConversions(_ source: String) {
        #expect(
            !Self.calls(in: source, "x", of: /\b(?:U?Int(?:8|16|32|64|128)?)\(/, Self.isUncheckedConversion)
                .isEmpty)
        let checked = source.replacing(/(U?Int(?:32|64)?)\(/) { "\($0.output.1)(saturating: " }
        #expect(
            Self.calls(in: checked, "x", of: /\b(?:U?Int(?:8|16|32|64|128)?)\(/, Self.isUncheckedConversion)
                .isEmpty)
    }

    @Test(
        "loose readings are seen, and conversions of numbers are none",
        arguments: [
            ("guard let value = Double(text) else { return }", true),
            ("let a = parts.compactMap { Double($0) }", true), ("let a = Double(cell) ?? 0", true),
            ("if let a = b.flatMap({ Double($0) }) {}", true),
            ("return Double(String(decoding: field, as: UTF8.self))", true),
            ("guard let value = Double(decimal: text) else { return }", false),
            ("let a = Double(count) * 2", false), ("let a = counts.map { Double($0) }", false),
        ])
    func seesReadings(_ source: String, _ isLoose: Bool) {
        let found = Self.calls(in: source, "x", of: /\b(?:Double|Float)(?:\.init)?[(]/, Self.isLooseReading)
        #expect(found.isEmpty != isLoose)
    }

    // MARK: Rules

    private static func isUncheckedConversion(_ call: Call, _ names: Names) -> Bool {
        let argument = call.argument
        if argument.firstMatch(of: /^\s*[a-zA-Z]+:/) != nil || argument.contains(".bitPattern") {
            return false
        }
        // What a conversion to floating point, or a name within another call, holds is looked at with it.
        if argument.contains(
            /\.rounded\(|\b\d+\.\d|\b\d+[eE]-?\d|\bDouble\(|\bFloat\(|squareRoot\(|\b(?:floor|ceil|log|log2|log10|exp|pow)\(|\.infinity/
        ) {
            return true
        }
        // A subscript or a count of something floating is whole.
        let bare = argument.replacing(/\[[^\]]*\]|\.count\b/, with: "[]")
        return bare.matches(of: /(\.?)\b([A-Za-z_]\w*)(?!\w|\[\]|\.)/).contains { match in
            names.isFloating(match.output.2, isMember: !match.output.1.isEmpty)
        }
    }

    private static func isLooseReading(_ call: Call, _ names: Names) -> Bool {
        let argument = call.argument
        if argument.firstMatch(of: /^\s*(?:decimal|bitPattern|exactly|sign|signOf)\s*:/) != nil {
            return false
        }
        if argument.firstMatch(of: /^\s*(?:Sub)?[sS]tring\(|^\s*text\b|^\s*self\.text\(|\.text\s*$/) != nil {
            return true
        }
        // A result that may be missing is one of a text.
        if call.after.firstMatch(of: /^\)*\s*(?:\?\?|\?\.|[!=]=\s*nil|\.flatMap|\.map\b)/) != nil {
            return true
        }
        if call.before.firstMatch(of: /(?:\b(?:guard|if|while)|,)\s+(?:let|var)\s+\w+\s*=\s*$/) != nil,
            call.after.firstMatch(of: /^\s*(?:,|else|\{|$)/) != nil
        {
            return true
        }
        return call.before.firstMatch(of: /(?:flatMap|compactMap)\s*\(?\s*\{\s*$/) != nil
    }

    // MARK: Text

    private static func sources() throws -> [(path: String, text: String)] {
        try SourceText.all(below: "Sources").map {
            ($0.path, try String(contentsOf: Tool.checkout.appending(path: $0.path), encoding: .utf8))
        }
    }

    /// Where a rule is broken, with the line, in all sources but the files of the two conversions themselves.
    private static func calls(
        of pattern: some RegexComponent<Substring>, _ isBroken: (Call, Names) -> Bool
    ) throws -> [String] {
        let sources = try sources()
        var names = Names()
        for (_, text) in sources { names.members.formUnion(Names.floating(in: text)) }
        for (_, text) in sources { names.members.subtract(Names.whole(in: text)) }
        return sources.flatMap { path, text -> [String] in
            let isRule = path.hasSuffix("CheckedConversion.swift") || path.hasSuffix("DecimalNumber.swift")
            return isRule ? [] : calls(in: text, path, of: pattern, beside: names, isBroken)
        }
    }

    private static func calls(
        in text: String, _ path: String, of pattern: some RegexComponent<Substring>,
        beside all: Names = Names(),
        _ isBroken: (Call, Names) -> Bool
    ) -> [String] {
        var names = all
        names.own = Names.floating(in: text)
        var found: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.firstMatch(of: /^\s*\/\//) == nil else { continue }
            for match in line.matches(of: pattern) {
                let rest = line[match.range.upperBound...]
                var depth = 1
                let end = rest.firstIndex { character in
                    depth += character == "(" ? 1 : character == ")" ? -1 : 0
                    return depth == 0
                }
                let call = Call(
                    path: path, line: index + 1, before: line[..<match.range.lowerBound],
                    after: end.map { rest[rest.index(after: $0)...] } ?? "",
                    argument: rest[..<(end ?? rest.endIndex)])
                if isBroken(call, names) { found.append("\(path):\(index + 1): \(line.drop { $0 == " " })") }
            }
        }
        return found
    }
}
