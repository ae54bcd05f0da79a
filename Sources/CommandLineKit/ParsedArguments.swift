/// What was given on a command line, after it was checked against the table.
public struct ParsedArguments: Sendable {
    /// The command's path, as `["config", "check"]`.
    public let command: [String]
    /// The values without a name, in order.
    public let arguments: [String]
    private let values: [String: [String]]

    init(command: [String], values: [String: [String]], arguments: [String]) {
        self.command = command
        self.values = values
        self.arguments = arguments
    }

    /// Whether a flag was given.
    public func flag(_ long: String) -> Bool { values[long] != nil }

    /// The value of an option; nil where it was not given.
    public func string(_ long: String) -> String? { values[long]?.last }

    /// All values of an option that may be repeated.
    public func strings(_ long: String) -> [String] { values[long] ?? [] }

    /// The value of an option, read by a function that gives nil for what it cannot read.
    ///
    /// - Throws: `UsageError` that says what was expected.
    public func value<T>(_ long: String, expected: String, _ parse: (String) -> T?) throws(UsageError) -> T? {
        guard let text = string(long) else { return nil }
        guard let value = parse(text) else {
            throw UsageError(
                "The value '\(printable(text))' is invalid for '--\(long)': expected \(expected)",
                path: command)
        }
        return value
    }

    /// A whole number within a range.
    public func int(_ long: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        try value(long, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number within a range.
    public func double(_ long: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
        try value(long, expected: "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Numbers within a range, comma separated.
    public func doubles(_ long: String, in range: ClosedRange<Double>) throws(UsageError) -> [Double]? {
        let expected = "numbers from \(range.lowerBound) to \(range.upperBound), comma separated"
        return try value(long, expected: expected) { text in
            ParsedArguments.list(text) { Double($0).flatMap { range.contains($0) ? $0 : nil } }
        }
    }

    /// Whole numbers within a range, comma separated.
    public func ints(_ long: String, in range: ClosedRange<Int>) throws(UsageError) -> [Int]? {
        let expected = "whole numbers from \(range.lowerBound) to \(range.upperBound), comma separated"
        return try value(long, expected: expected) { text in
            ParsedArguments.list(text) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
        }
    }

    private static func list<T>(_ text: String, _ parse: (String) -> T?) -> [T]? {
        var values: [T] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let trimmed = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            guard let value = parse(String(trimmed)) else { return nil }
            values.append(value)
        }
        return values
    }
}
