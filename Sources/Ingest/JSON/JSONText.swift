/// The small parts of JSON: blanks, scalars, escapes.
enum JSONText {
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// The scalar that begins at a position, which moves behind it; the range of a text is without its marks.
    @inline(__always)
    static func scalar(_ text: Bytes, _ position: inout Int) -> (Range<Int>, JSONScalar)? {
        let start = position
        guard start < text.count else { return nil }
        switch text[start] {
        case 0x22:
            var hasEscape = false
            var index = start + 1
            while index < text.count {
                let byte = text[index]
                if byte == 0x22 {
                    position = index + 1
                    return (start + 1..<index, hasEscape ? .escapedText : .text)
                }
                if byte == 0x5C {
                    hasEscape = true
                    index += 1
                }
                index += 1
            }
            return nil
        case 0x74: return literal(text, &position, "true", .literal)
        case 0x66: return literal(text, &position, "false", .literal)
        case 0x6E: return literal(text, &position, "null", .null)
        case 0x2D, 0x30...0x39:
            var index = start + 1
            while index < text.count, isNumberByte(text[index]) { index += 1 }
            guard text[index - 1] &- 0x30 < 10 else { return nil }
            position = index
            return (start..<index, .number)
        default: return nil
        }
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || byte == 0x2E || byte == 0x2D || byte == 0x2B || byte | 0x20 == 0x65
    }

    private static func literal(
        _ text: Bytes, _ position: inout Int, _ word: StaticString, _ kind: JSONScalar
    ) -> (Range<Int>, JSONScalar)? {
        let start = position
        let end = start + word.utf8CodeUnitCount
        guard end <= text.count,
            word.withUTF8Buffer({ text[start..<end].elementsEqual($0) })
        else { return nil }
        position = end
        return (start..<end, kind)
    }

    /// The bytes that an escaped text stands for; an escape that is none stays as it is.
    static func unescaped(_ raw: Bytes) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            guard byte == 0x5C, index + 1 < raw.count else {
                result.append(byte)
                index += 1
                continue
            }
            let letter = raw[index + 1]
            index += 2
            switch letter {
            case 0x6E: result.append(0x0A)
            case 0x74: result.append(0x09)
            case 0x72: result.append(0x0D)
            case 0x62: result.append(0x08)
            case 0x66: result.append(0x0C)
            case 0x22, 0x5C, 0x2F: result.append(letter)
            case 0x75: append(codePoint(raw, &index), to: &result)
            default: result += [byte, letter]
            }
        }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout [UInt8]) {
        result.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    /// The character of `\uXXXX` behind the `u`, pairs of surrogates joined; the replacement character for
    /// what is none.
    private static func codePoint(_ raw: Bytes, _ index: inout Int) -> Unicode.Scalar {
        guard let first = hexadecimal(raw, index) else { return "\u{FFFD}" }
        index += 4
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard index + 1 < raw.count, raw[index] == 0x5C, raw[index + 1] == 0x75,
            let second = hexadecimal(raw, index + 2), (0xDC00..<0xE000).contains(second)
        else { return "\u{FFFD}" }
        index += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private static func hexadecimal(_ raw: Bytes, _ start: Int) -> UInt32? {
        guard start + 4 <= raw.count else { return nil }
        var value: UInt32 = 0
        for byte in raw[start..<start + 4] {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x61 + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// The paths of all values of a text that lie in objects only, in order; a path is the keys joined by
    /// dots.
    static func leafPaths(_ text: Bytes) -> [String] {
        var paths: [String] = []
        var containers: [(isObject: Bool, key: String)] = []
        var arrays = 0
        var expectsKey = false
        var position = 0
        while position < text.count {
            switch text[position] {
            case 0x7B, 0x5B:
                let isObject = text[position] == 0x7B
                containers.append((isObject, ""))
                arrays += isObject ? 0 : 1
                expectsKey = isObject
                position += 1
            case 0x7D, 0x5D:
                if let last = containers.popLast(), !last.isObject { arrays -= 1 }
                expectsKey = false
                position += 1
            case 0x2C:
                expectsKey = containers.last?.isObject == true
                position += 1
            case 0x3A, 0x20, 0x09, 0x0A, 0x0D: position += 1
            default:
                guard let (range, kind) = scalar(text, &position) else { return paths }
                if expectsKey, !containers.isEmpty {
                    let raw = Bytes(rebasing: text[range])
                    let key = kind == .escapedText ? unescaped(raw) : Array(raw)
                    containers[containers.count - 1].key = String(decoding: key, as: UTF8.self)
                    expectsKey = false
                } else if arrays == 0, !containers.isEmpty {
                    paths.append(containers.map(\.key).joined(separator: "."))
                }
            }
        }
        return paths
    }

    /// The scalars of an array that holds nothing else; nil for anything else.
    static func scalars(_ text: Bytes) -> [[UInt8]]? {
        var values: [[UInt8]] = []
        return forEachScalar(text) { values.append(Array($1)) } == nil ? nil : values
    }

    /// Hands on the scalars of an array that holds nothing else, each with its index, and returns how many
    /// there are; nil for anything else, perhaps behind some scalars. A null is an empty text.
    @inline(__always)
    static func forEachScalar(_ text: Bytes, _ body: (Int, Bytes) -> Void) -> Int? {
        forEachScalar(text) { index, value, _ in body(index, value) }
    }

    /// The same, with what each scalar is.
    @inline(__always)
    static func forEachScalar(_ text: Bytes, _ body: (Int, Bytes, JSONScalar) -> Void) -> Int? {
        var position = 1
        var count = 0
        guard text.first == 0x5B else { return nil }
        while true {
            while position < text.count, isBlank(text[position]) { position += 1 }
            guard let (range, kind) = scalar(text, &position) else { return nil }
            switch kind {
            case .null: body(count, Bytes(rebasing: text.prefix(0)), kind)
            case .escapedText:
                unescaped(Bytes(rebasing: text[range])).withUnsafeBytes { body(count, $0, kind) }
            case .text, .number, .literal, .container: body(count, Bytes(rebasing: text[range]), kind)
            }
            count += 1
            while position < text.count, isBlank(text[position]) { position += 1 }
            guard position < text.count else { return nil }
            if text[position] == 0x5D { return count }
            guard text[position] == 0x2C else { return nil }
            position += 1
        }
    }

    /// Where a text stops being one well-formed JSON value; nil where it does not.
    static func faultOffset(_ text: Bytes) -> Int? {
        var leaves = JSONLeaves([])
        return leaves.read(text) ? nil : min(leaves.end, max(0, text.count - 1))
    }

    /// Keys and values of an object of scalars; nil for anything else.
    static func pairs(_ text: Bytes) -> [(key: [UInt8], value: [UInt8])]? {
        var position = 1
        var pairs: [(key: [UInt8], value: [UInt8])] = []
        guard text.first == 0x7B else { return nil }
        func skip() { while position < text.count, isBlank(text[position]) { position += 1 } }
        skip()
        if position < text.count, text[position] == 0x7D { return [] }
        while true {
            skip()
            guard position < text.count, text[position] == 0x22, let (key, _) = scalar(text, &position) else {
                return nil
            }
            skip()
            guard position < text.count, text[position] == 0x3A else { return nil }
            position += 1
            skip()
            guard let (value, _) = scalar(text, &position) else { return nil }
            pairs.append(
                (
                    unescaped(Bytes(rebasing: text[key])), unescaped(Bytes(rebasing: text[value]))
                ))
            skip()
            guard position < text.count else { return nil }
            if text[position] == 0x7D { return pairs }
            guard text[position] == 0x2C else { return nil }
            position += 1
        }
    }
}
