/// Reads the numbers of a written date and the marks between them, one after the other.
struct DateParts {
    let text: Bytes
    /// Where the next part begins.
    var position = 0

    init(_ text: Bytes) {
        self.text = text
    }

    /// The number at the place, of so many digits at most; nil where there is none.
    mutating func number(_ digitsMax: Int) -> Int? {
        let count = text[position...].prefix(digitsMax).prefix { $0 &- 0x30 < 10 }.count
        defer { position += count }
        return count == 0 ? nil : ISOTime.digits(text, position, count)
    }

    /// The byte at the place, where it is one of some.
    mutating func mark(_ marks: [UInt8]) -> UInt8? {
        guard position < text.count, marks.contains(text[position]) else { return nil }
        defer { position += 1 }
        return text[position]
    }
}
