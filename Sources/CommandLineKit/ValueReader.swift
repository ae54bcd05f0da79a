/// How the text of an option's value is read.
public struct ValueReader<Value>: Sendable {
    /// What was expected, for the error.
    let expected: String
    /// The values that are allowed; empty: any that can be read.
    let choices: [String]
    /// A value as it would be typed, for the help; nil where that is not known.
    let write: @Sendable (Value) -> String?
    private let read: @Sendable (String) -> Value?

    /// A reader by a function that gives nil for what it cannot read; the error says what was `expected`, as
    /// "a length of time, as 5us".
    public init(expected: String, _ read: @escaping @Sendable (String) -> Value?) {
        self.init(expected: expected, write: { _ in nil }, read)
    }

    /// A reader of one of several words.
    public init(choices: [String], _ read: @escaping @Sendable (String) -> Value?) {
        self.init(
            expected: choices.joined(separator: ", "), choices: choices, write: { _ in nil }, read)
    }

    init(
        expected: String, choices: [String] = [], write: @escaping @Sendable (Value) -> String?,
        _ read: @escaping @Sendable (String) -> Value?
    ) {
        self.expected = expected
        self.choices = choices
        self.write = write
        self.read = read
    }

    func value(of text: String, option: String, path: [String]) throws(UsageError) -> Value {
        guard let value = read(text) else {
            throw UsageError(
                "The value '\(printable(text))' is invalid for '--\(option)': expected \(expected)",
                path: path)
        }
        return value
    }
}

extension ValueReader where Value == String {
    /// Any text.
    public static var text: ValueReader { ValueReader(expected: "", write: { $0 }, { $0 }) }
}

extension ValueReader where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of the cases, by its raw value.
    public static var choice: ValueReader {
        let choices = Value.allCases.map(\.rawValue)
        let cases = Array(Value.allCases)
        return ValueReader(
            expected: choices.joined(separator: ", "), choices: choices, write: { $0.rawValue },
            { text in cases.first { $0.rawValue == text } })
    }
}

extension ValueReader where Value == Int {
    /// A whole number within a range.
    public static func integer(in range: ClosedRange<Int>) -> ValueReader {
        ValueReader(
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", write: { "\($0)" }
        ) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueReader where Value == Double {
    /// A number within a range.
    public static func number(in range: ClosedRange<Double>) -> ValueReader {
        ValueReader(
            expected: "a number from \(range.lowerBound) to \(range.upperBound)", write: plain
        ) { text in
            Double(decimal: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueReader where Value == [Int] {
    /// Whole numbers within a range, comma separated.
    public static func integers(in range: ClosedRange<Int>) -> ValueReader {
        ValueReader(
            expected: "whole numbers from \(range.lowerBound) to \(range.upperBound), comma separated",
            write: { $0.map { "\($0)" }.joined(separator: ",") }
        ) { text in
            list(text) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
        }
    }
}

extension ValueReader where Value == [Double] {
    /// Numbers within a range, comma separated.
    public static func numbers(in range: ClosedRange<Double>) -> ValueReader {
        ValueReader(
            expected: "numbers from \(range.lowerBound) to \(range.upperBound), comma separated",
            write: { $0.map(plain).joined(separator: ",") }
        ) { text in
            list(text) { Double(decimal: $0).flatMap { range.contains($0) ? $0 : nil } }
        }
    }
}

/// `8` for 8.0, `0.5` for 0.5.
private func plain(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
}

private func list<Element>(_ text: String, _ read: (String) -> Element?) -> [Element]? {
    var values: [Element] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let trimmed = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        guard let value = read(String(trimmed)) else { return nil }
        values.append(value)
    }
    return values
}
