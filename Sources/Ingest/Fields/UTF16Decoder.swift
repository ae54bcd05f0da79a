/// Turns UTF-16 into UTF-8, block by block. What is no character becomes the replacement character.
struct UTF16Decoder {
    private let isLittleEndian: Bool
    private var rest: [UInt8] = []
    private var high: UInt16?

    /// A decoder for a text that starts with these bytes, or nil where they are no byte order mark of UTF-16.
    init?(mark head: Bytes) {
        // FF FE 00 00 is UTF-32.
        if head.starts(with: [0xFF, 0xFE]), !(head.count >= 4 && head[2] == 0 && head[3] == 0) {
            isLittleEndian = true
        } else if head.starts(with: [0xFE, 0xFF]) {
            isLittleEndian = false
        } else {
            return nil
        }
    }

    /// Decodes the next bytes; the mark at the front of the text becomes the mark of UTF-8.
    mutating func decode(_ bytes: Bytes) -> [UInt8] {
        let all = rest + bytes
        var text: [UInt8] = []
        text.reserveCapacity(all.count * 3 / 2)
        var index = 0
        while index + 1 < all.count {
            let unit =
                isLittleEndian
                ? UInt16(all[index]) | UInt16(all[index + 1]) << 8
                : UInt16(all[index]) << 8 | UInt16(all[index + 1])
            index += 2
            take(unit, &text)
        }
        rest = Array(all[index...])
        return text
    }

    private mutating func take(_ unit: UInt16, _ text: inout [UInt8]) {
        if let first = high {
            high = nil
            if (0xDC00..<0xE000).contains(unit) {
                let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
                append(Unicode.Scalar(value) ?? "\u{FFFD}", &text)
                return
            }
            append("\u{FFFD}", &text)
        }
        if (0xD800..<0xDC00).contains(unit) {
            high = unit
        } else if unit < 0x80 {
            text.append(UInt8(unit))
        } else {
            append(Unicode.Scalar(unit) ?? "\u{FFFD}", &text)
        }
    }

    private func append(_ scalar: Unicode.Scalar, _ text: inout [UInt8]) {
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
