/// A JSON value that knows where it stands in its text, so that what is wrong with it can be pointed at.
public struct PlacedJSON: Sendable, Equatable {
    /// What it is.
    public indirect enum Kind: Sendable, Equatable {
        case null
        /// `true` or `false`.
        case bool(Bool)
        case number(Double)
        case string(String)
        /// A list.
        case array([PlacedJSON])
        /// An object; keys may repeat, which the reader has to look for.
        case object([Member])
    }

    /// A key with its value.
    public struct Member: Sendable, Equatable {
        public var key: String
        /// Where it stands.
        public var place: TextPlace
        public var value: PlacedJSON
    }

    /// What it is.
    public var kind: Kind
    /// Where it starts.
    public var place: TextPlace

    /// The value of a key; nil where it is absent or this is no object.
    public subscript(key: String) -> PlacedJSON? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The items of a list; none where this is no list.
    public var items: [PlacedJSON] {
        if case .array(let items) = kind { items } else { [] }
    }

    /// The members of an object; none where this is no object.
    public var members: [Member] {
        if case .object(let members) = kind { members } else { [] }
    }

    /// The text of a string.
    public var string: String? {
        if case .string(let text) = kind { text } else { nil }
    }

    /// The value of a number.
    public var number: Double? {
        if case .number(let value) = kind { value } else { nil }
    }

    /// The value of `true` or `false`.
    public var bool: Bool? {
        if case .bool(let value) = kind { value } else { nil }
    }

    /// Reads JSON (RFC 8259) with two liberties: comments, `//` to the end of the line and `/* … */`, and a comma after
    /// the last item.
    ///
    /// - Parameters:
    ///   - text: UTF-8, with or without a byte order mark.
    ///   - file: The name that errors give.
    /// - Throws: `ConfigurationError`, with line and column.
    public init(parsing text: [UInt8], file: String) throws(ConfigurationError) {
        var parser = PlacedJSONParser(text: text, file: file)
        self = try parser.document()
    }

    init(_ kind: Kind, at place: TextPlace) {
        self.kind = kind
        self.place = place
    }
}

/// A recursive descent over bytes.
private struct PlacedJSONParser {
    private let text: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var depth = 0

    /// Objects and lists may nest this deep.
    private static let depthMax = 100

    init(text: [UInt8], file: String) {
        self.text = text
        self.file = file
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            lineStart = 3
        }
    }

    mutating func document() throws(ConfigurationError) -> PlacedJSON {
        try skipBlank()
        guard position < text.count else { throw error("the file is empty; expected '{'") }
        let value = try self.value()
        try skipBlank()
        guard position == text.count else { throw error("expected the end of the file, \(found())") }
        return value
    }

    private var place: TextPlace {
        // Continuation bytes of UTF-8 start no character.
        let before = text[lineStart..<position].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        return TextPlace(line: line, column: before + 1)
    }

    private func error(_ message: String) -> ConfigurationError {
        ConfigurationError(file: file, place: place, message: message)
    }

    private func found() -> String {
        guard position < text.count else { return "found the end of the file" }
        let byte = text[position]
        if byte < 0x20 || byte == 0x7F { return "found a control character" }
        if byte < 0x80 { return "found '\(Character(UnicodeScalar(byte)))'" }
        return "found a character that cannot start a value"
    }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipBlank() throws(ConfigurationError) {
        while let byte = next {
            switch byte {
            case 0x0A: newLine()
            case 0x20, 0x09, 0x0D: position += 1
            case UInt8(ascii: "/"): try skipComment()
            default: return
            }
        }
    }

    private mutating func newLine() {
        position += 1
        line += 1
        lineStart = position
    }

    private mutating func skipComment() throws(ConfigurationError) {
        let kind = position + 1 < text.count ? text[position + 1] : 0
        if kind == UInt8(ascii: "/") {
            while let byte = next, byte != 0x0A { position += 1 }
            return
        }
        guard kind == UInt8(ascii: "*") else { throw error("expected a value, found '/'") }
        let start = error("the comment that starts here is not closed; expected '*/'")
        position += 2
        while let byte = next {
            if byte == UInt8(ascii: "*"), position + 1 < text.count, text[position + 1] == UInt8(ascii: "/") {
                position += 2
                return
            }
            if byte == 0x0A { newLine() } else { position += 1 }
        }
        throw start
    }

    private mutating func value() throws(ConfigurationError) -> PlacedJSON {
        let start = place
        switch next {
        case UInt8(ascii: "{"): return PlacedJSON(.object(try object()), at: start)
        case UInt8(ascii: "["): return PlacedJSON(.array(try array()), at: start)
        case UInt8(ascii: "\""): return PlacedJSON(.string(try string()), at: start)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            return PlacedJSON(.number(try number()), at: start)
        default: return PlacedJSON(try word(), at: start)
        }
    }

    private mutating func word() throws(ConfigurationError) -> PlacedJSON.Kind {
        for (name, kind) in [("true", PlacedJSON.Kind.bool(true)), ("false", .bool(false)), ("null", .null)]
        where text[position...].starts(with: Array(name.utf8)) {
            position += name.utf8.count
            return kind
        }
        throw error("expected a value, \(found())")
    }

    private mutating func nest() throws(ConfigurationError) {
        depth += 1
        guard depth <= PlacedJSONParser.depthMax else { throw error("nested more than 100 levels deep") }
        position += 1
    }

    private mutating func array() throws(ConfigurationError) -> [PlacedJSON] {
        try nest()
        defer { depth -= 1 }
        var items: [PlacedJSON] = []
        while true {
            try skipBlank()
            if next == UInt8(ascii: "]") { break }
            items.append(try value())
            try skipBlank()
            if next == UInt8(ascii: ",") {
                position += 1
            } else if next != UInt8(ascii: "]") {
                throw error("expected ',' or ']', \(found())")
            }
        }
        position += 1
        return items
    }

    private mutating func object() throws(ConfigurationError) -> [PlacedJSON.Member] {
        try nest()
        defer { depth -= 1 }
        var members: [PlacedJSON.Member] = []
        while true {
            try skipBlank()
            if next == UInt8(ascii: "}") { break }
            guard next == UInt8(ascii: "\"") else { throw error("expected a key in quotes, \(found())") }
            let keyPlace = place
            let key = try string()
            try skipBlank()
            guard next == UInt8(ascii: ":") else { throw error("expected ':' after the key, \(found())") }
            position += 1
            try skipBlank()
            members.append(PlacedJSON.Member(key: key, place: keyPlace, value: try value()))
            try skipBlank()
            if next == UInt8(ascii: ",") {
                position += 1
            } else if next != UInt8(ascii: "}") {
                throw error("expected ',' or '}', \(found())")
            }
        }
        position += 1
        return members
    }

    private mutating func number() throws(ConfigurationError) -> Double {
        let start = position
        let failure = error("not a number")
        while let byte = next,
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        {
            position += 1
        }
        let digits = text[start..<position]
        let body = digits.first == UInt8(ascii: "-") ? digits.dropFirst() : digits
        // JSON has no leading zeros and no bare points; the library's parser would take them.
        let hasLeadingZero =
            body.count > 1 && body.first == UInt8(ascii: "0")
            && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(body[body.startIndex + 1])
        guard !hasLeadingZero, body.last.map({ $0 != UInt8(ascii: ".") }) ?? false,
            let value = Double(decimal: String(decoding: digits, as: UTF8.self))
        else { throw failure }
        return value
    }

    private mutating func string() throws(ConfigurationError) -> String {
        let open = error("the string that starts here is not closed")
        position += 1
        var bytes: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw ConfigurationError(file: file, place: open.place, message: "not valid UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): bytes.append(contentsOf: try escape())
            case 0..<0x20: throw byte == 0x0A ? open : error("a control character in a string; escape it")
            default:
                bytes.append(byte)
                position += 1
            }
        }
        throw open
    }

    private mutating func escape() throws(ConfigurationError) -> [UInt8] {
        let failure = error("invalid escape; JSON allows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
        position += 1
        guard let byte = next else { throw failure }
        let plain: [UInt8: UInt8] = [
            UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
            UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
            UInt8(ascii: "t"): 9,
        ]
        position += 1
        if let value = plain[byte] { return [value] }
        guard byte == UInt8(ascii: "u"), let first = hexadecimal() else { throw failure }
        var units = [first]
        if (0xD800..<0xDC00).contains(first), next == UInt8(ascii: "\\"), position + 1 < text.count,
            text[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            guard let second = hexadecimal() else { throw failure }
            units.append(second)
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw failure }
        return Array(text.utf8)
    }

    private mutating func hexadecimal() -> UInt16? {
        guard position + 4 <= text.count else { return nil }
        let digits = text[position..<position + 4]
        guard digits.allSatisfy({ UnicodeScalar($0).properties.isHexDigit }) else { return nil }
        position += 4
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
