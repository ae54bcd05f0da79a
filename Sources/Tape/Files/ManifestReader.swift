/// Reads the JSON of a manifest: objects, arrays, texts, whole numbers, `true`, `false` and `null`; what it
/// does not know it passes over.
///
/// A manifest of a year of a thousand series has hundreds of thousands of numbers, most of which nobody asks
/// for: those are found by their ends and read when they are wanted.
struct ManifestReader {
    struct Malformed: Error {}

    private let text: UnsafeRawBufferPointer
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    /// Reads an object; `member` has to read, or to skip, the value of the key that it is given.
    mutating func readObject(_ member: (String, inout ManifestReader) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        if skips(UInt8(ascii: "}")) { return }
        repeat {
            let key = try readText()
            try expect(UInt8(ascii: ":"))
            try member(key, &self)
        } while skips(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Reads an array; `element` has to read one element.
    mutating func readArray(_ element: (inout ManifestReader) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        if skips(UInt8(ascii: "]")) { return }
        repeat { try element(&self) } while skips(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    mutating func readNumber() throws -> Int64 {
        skipBlanks()
        let isNegative = skips(UInt8(ascii: "-"))
        let start = position
        var value: Int64 = 0
        while position < text.count, case let digit = text[position] &- 0x30, digit < 10 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.subtractingReportingOverflow(Int64(digit))
            guard !overflow, !carry else { throw Malformed() }
            value = sum
            position += 1
        }
        guard position > start, isNegative || value > .min else { throw Malformed() }
        return isNegative ? value : -value
    }

    mutating func readInt() throws -> Int { Int(try readNumber()) }

    mutating func readFlag() throws -> Bool {
        skipBlanks()
        if skipsWord("true") { return true }
        guard skipsWord("false") else { throw Malformed() }
        return false
    }

    mutating func readText() throws -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        while position < text.count, text[position] != 0x22, text[position] != 0x5C { position += 1 }
        guard position < text.count else { throw Malformed() }
        if text[position] == 0x22 {
            position += 1
            return String(decoding: text[start..<position - 1], as: UTF8.self)
        }
        var units: [UInt8] = Array(text[start..<position])
        while position < text.count, text[position] != 0x22 {
            if text[position] == 0x5C { try readEscape(into: &units) } else { units.append(text[position]) }
            position += 1
        }
        try expect(UInt8(ascii: "\""))
        return String(decoding: units, as: UTF8.self)
    }

    /// Passes over a value and returns where it lies.
    mutating func skipValue() throws -> Range<Int> {
        skipBlanks()
        let start = position
        var depth = 0
        repeat {
            guard position < text.count else { throw Malformed() }
            switch text[position] {
            case 0x22: _ = try readText()
            case 0x7B, 0x5B:
                depth += 1
                position += 1
            case 0x7D, 0x5D:
                depth -= 1
                position += 1
            default: position += 1
            }
            if depth == 0 { skipScalar() }
        } while depth > 0
        return start..<position
    }

    /// Passes over pairs of numbers and returns where they lie.
    mutating func skipPairs() throws -> Range<Int> {
        skipBlanks()
        let start = position
        try expect(UInt8(ascii: "["))
        if skips(UInt8(ascii: "]")) { return start..<position }
        while position + 1 < text.count {
            if text[position] == 0x5D, text[position + 1] == 0x5D {
                position += 2
                return start..<position
            }
            position += 1
        }
        throw Malformed()
    }

    private mutating func skipScalar() {
        while position < text.count, text[position] != 0x2C, text[position] != 0x5D, text[position] != 0x7D {
            position += 1
        }
    }

    private mutating func readEscape(into units: inout [UInt8]) throws {
        position += 1
        guard position < text.count else { throw Malformed() }
        switch text[position] {
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "u"):
            guard position + 4 < text.count,
                let code = UInt32(
                    String(decoding: text[position + 1...position + 4], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw Malformed() }
            units.append(contentsOf: String(Character(scalar)).utf8)
            position += 4
        default: units.append(text[position])
        }
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard skips(byte) else { throw Malformed() }
    }

    private mutating func skips(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipsWord(_ word: StaticString) -> Bool {
        let isThere = word.withUTF8Buffer { text[min(position, text.count)...].starts(with: $0) }
        if isThere { position += word.utf8CodeUnitCount }
        return isThere
    }

    private mutating func skipBlanks() {
        while position < text.count, text[position] <= 0x20 { position += 1 }
    }
}
