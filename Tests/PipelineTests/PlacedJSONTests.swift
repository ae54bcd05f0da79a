import Pipeline
import TestSupport
import Testing

@Suite("JSON with places")
struct PlacedJSONTests {
    private func parse(_ text: String) throws -> PlacedJSON {
        try PlacedJSON(parsing: Array(text.utf8), file: "f.json")
    }

    private func failure(_ text: String) -> String {
        do {
            _ = try parse(text)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("values know their line and column, in characters")
    func places() throws {
        let value = try parse("{\n  \"é\": [1, // one\n   true, null],\n \"b\": {\"c\": \"x\"}\n}")
        #expect(value.place == TextPlace(line: 1, column: 1))
        #expect(value["é"]?.place == TextPlace(line: 2, column: 8))
        #expect(
            value["é"]?.items.map(\.place) == [
                TextPlace(line: 2, column: 9), TextPlace(line: 3, column: 4), TextPlace(line: 3, column: 10),
            ])
        #expect(value["b"]?["c"]?.string == "x")
        #expect(value.members.map(\.key) == ["é", "b"])
    }

    @Test("escapes, comments, a byte order mark and a comma at the end are taken")
    func liberties() throws {
        let value = try parse("\u{FEFF}/* a\n b */ [\"a\\n\\u00e9\\ud83d\\ude00\\/\", -1.5e3, 0,]")
        #expect(value.items.first?.string == "a\né😀/")
        #expect(value.items.dropFirst().map(\.number) == [-1500, 0])
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("", "f.json:1:1: the file is empty; expected '{'"),
            ("{\"a\": 1", "f.json:1:8: expected ',' or '}', found the end of the file"),
            ("{\"a\" 1}", "f.json:1:6: expected ':' after the key, found '1'"),
            ("{a: 1}", "f.json:1:2: expected a key in quotes, found 'a'"),
            ("[1 2]", "f.json:1:4: expected ',' or ']', found '2'"),
            ("[01]", "f.json:1:2: not a number"), ("[1.]", "f.json:1:2: not a number"),
            ("[1e999]", "f.json:1:2: not a number"), ("[-]", "f.json:1:2: not a number"),
            ("[\"a\nb\"]", "f.json:1:2: the string that starts here is not closed"),
            ("{\n\"a\": \"b", "f.json:2:6: the string that starts here is not closed"),
            (
                "[\"\\x\"]",
                "f.json:1:3: invalid escape; JSON allows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
            ),
            (
                "[\"\\ud800\"]",
                "f.json:1:3: invalid escape; JSON allows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
            ),
            ("[1] x", "f.json:1:5: expected the end of the file, found 'x'"),
            ("/* a", "f.json:1:1: the comment that starts here is not closed; expected '*/'"),
            ("[\u{1}]", "f.json:1:2: expected a value, found a control character"),
        ])
    func errors(text: String, message: String) {
        #expect(failure(text) == message)
    }

    @Test("nesting without end is refused, not followed")
    func nesting() {
        #expect(failure(String(repeating: "[", count: 100_000)).contains("nested more than 100 levels deep"))
    }

    @Test("random bytes never trap")
    func randomBytes() {
        var random = SplitMix64(seed: 5)
        let alphabet = Array("{}[]\",:\\u0123456789eE+-./*\n\r\t truefalsn\u{FF}é".utf8)
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            _ = try? PlacedJSON(parsing: text, file: "f")
        }
    }
}
