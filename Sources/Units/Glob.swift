/// A shell-style pattern over whole names: `*` is any run of characters (slashes too), `?` any one character.
public struct Glob: Sendable {
    private let pattern: Wildcards<Character>

    public init(_ pattern: String) {
        self.pattern = Wildcards(Array(pattern), run: "*", one: "?")
    }

    /// Whether the whole text matches.
    public func matches(_ text: String) -> Bool { pattern.matches(Array(text)) }
}

/// A pattern over any elements, two of which stand for others.
public struct Wildcards<Element: Equatable & Sendable>: Sendable {
    @usableFromInline let pattern: [Element]
    @usableFromInline let run: Element
    @usableFromInline let one: Element

    /// A pattern in which one element stands for any run of others, and another one for any one.
    @inlinable
    public init(_ pattern: [Element], run: Element, one: Element) {
        self.pattern = pattern
        self.run = run
        self.one = one
    }

    /// Whether the whole text fits. One backtrack point is kept, so that the time is at most the product of the
    /// lengths.
    @inlinable
    public func matches<Text: RandomAccessCollection>(_ text: Text) -> Bool
    where Text.Element == Element, Text.Index == Int {
        var position = 0
        var index = text.startIndex
        var star: (pattern: Int, text: Int)?
        while index < text.endIndex {
            if position < pattern.count, pattern[position] == run {
                star = (position, index)
                position += 1
            } else if position < pattern.count, pattern[position] == one || pattern[position] == text[index] {
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
        return pattern[position...].allSatisfy { $0 == run }
    }
}
