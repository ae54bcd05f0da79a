import Units

/// A pattern over bytes: `*` is any run of them (slashes too), `?` any one.
struct BytePattern: Sendable {
    private let pattern: [UInt8]

    init(_ text: String) {
        pattern = Array(text.utf8)
    }

    /// Whether the whole text fits. One backtrack point is kept, so that the time is at most the product of
    /// the lengths.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        var index = 0
        var star: (pattern: Int, text: Int)?
        while index < text.count {
            if position < pattern.count, pattern[position] == 0x2A {
                star = (position, index)
                position += 1
            } else if position < pattern.count, pattern[position] == 0x3F || pattern[position] == text[index]
            {
                position += 1
                index += 1
            } else if let last = star {
                position = last.pattern + 1
                index = last.text + 1
                star = (last.pattern, index)
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == 0x2A }
    }
}

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
