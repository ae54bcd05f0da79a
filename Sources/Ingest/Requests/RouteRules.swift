import Units

/// What is wrong with a file of rules or a column map.
public struct IngestConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The line, from 1; 0 where there is none.
    public let line: Int
    /// The column, from 1; 0 where there is none.
    public let column: Int
    /// What is wrong, and what was expected.
    public let message: String

    /// The message, in words.
    public var description: String {
        line == 0 ? "\(path): \(message)" : "\(path):\(line):\(column): \(message)"
    }
}

extension RouteTable {
    /// A pattern over bytes: `*` is any run of them (slashes too), `?` any one.
    static func pattern(_ text: String) -> Wildcards<UInt8> {
        Wildcards(Array(text.utf8), run: 0x2A, one: 0x3F)
    }

    /// The most rules that a file may hold.
    public static let rulesMax = 1000

    /// Reads rules, one a line: a method or `*`, a pattern over the path, the name of the class; `#` begins a
    /// comment.
    ///
    /// ```
    /// POST  /api/v?/order*   orders
    /// *     /internal/*      internal
    /// ```
    public static func rules(_ text: String, path: String) throws(IngestConfigurationError) -> [Rule] {
        var rules: [Rule] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            if words.isEmpty { continue }
            guard words.count == 3 else {
                let column = line.distance(
                    from: line.startIndex, to: words.last?.startIndex ?? line.startIndex)
                throw IngestConfigurationError(
                    path: path, line: number + 1, column: column + 1,
                    message: "expected a method (or *), a pattern and a class, found \(words.count) words")
            }
            guard rules.count < rulesMax else {
                throw IngestConfigurationError(
                    path: path, line: number + 1, column: 1, message: "more than \(rulesMax) rules")
            }
            let method = words[0] == "*" ? nil : words[0].uppercased()
            rules.append(Rule(method: method, pattern: String(words[1]), className: String(words[2])))
        }
        return rules
    }
}
