/// The mark before the decimals of numbers.
public enum DecimalMark: String, Sendable, CaseIterable {
    case point = "."
    case comma = ","

    /// A number with this mark, and perhaps with other marks between thousands, in plain writing; nil for any other text.
    public func plainText(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBytes { NumberStyle(decimalMark: self).plainText($0) }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// How a table writes its numbers: which mark goes before the decimals, and which between thousands.
///
/// Found from many fields at once, since `1,270` alone may be either of two numbers.
struct NumberStyle: Sendable, Equatable {
    /// A point before the decimals and nothing between thousands.
    static let plain = NumberStyle(decimalMark: 0x2E, groupMarks: [])

    /// A decimal mark that someone has named; all other marks may stand between thousands.
    init(decimalMark: DecimalMark) {
        let mark = decimalMark == .comma ? NumberStyle.comma : NumberStyle.point
        let other = decimalMark == .comma ? NumberStyle.point : NumberStyle.comma
        self.init(decimalMark: mark, groupMarks: NumberStyle.alwaysGroups.union([other]))
    }

    /// The mark before the decimals.
    let decimalMark: UInt8
    /// Marks that may stand between thousands.
    let groupMarks: Set<UInt8>

    private static let point: UInt8 = 0x2E
    private static let comma: UInt8 = 0x2C
    /// Marks that are never decimal: blank, apostrophe, underscore.
    private static let alwaysGroups: Set<UInt8> = [0x20, 0x27, 0x5F]

    /// What a field could be.
    private enum Evidence {
        /// Digits alone: how many.
        case digits(Int)
        case decimal(UInt8)
        case group(UInt8)
        case both(decimal: UInt8, group: UInt8)
        /// One mark before exactly three digits.
        case either(UInt8)
        case other
    }

    /// The style of some fields; nil where they contradict each other, or leave it open.
    init?(of fields: [[UInt8]]) {
        var decimals: Set<UInt8> = []
        var groups: Set<UInt8> = []
        var open: Set<UInt8> = []
        var longestBare = 0
        var hasBare = false
        for field in fields {
            switch NumberStyle.evidence(field) {
            case .digits(let count):
                longestBare = max(longestBare, count)
                hasBare = true
            case .decimal(let mark): decimals.insert(mark)
            case .group(let mark): groups.insert(mark)
            case .both(let decimal, let group):
                decimals.insert(decimal)
                groups.insert(group)
            case .either(let mark): open.insert(mark)
            case .other: break
            }
        }
        guard decimals.count <= 1, decimals.isDisjoint(with: groups) else { return nil }
        for mark in open where !decimals.contains(mark) && !groups.contains(mark) {
            if let known = decimals.first {
                // The other mark is taken: this one parts thousands.
                if known != mark { groups.insert(mark) }
            } else if mark == NumberStyle.point {
                // `1.270` is a plain number unless a decimal comma says otherwise.
                decimals.insert(mark)
            } else if hasBare, longestBare <= 3 {
                // All from a thousand on have a mark before three digits, and none below: thousands.
                groups.insert(mark)
            } else {
                return nil
            }
        }
        guard decimals.count <= 1, decimals.isDisjoint(with: groups) else { return nil }
        let fallback = groups.contains(NumberStyle.point) ? NumberStyle.comma : NumberStyle.point
        self.init(decimalMark: decimals.first ?? fallback, groupMarks: groups)
    }

    /// The style of some counts; plain where they can be read so, and where the style is not clear.
    init(ofCounts fields: [[UInt8]]) {
        let isPlain = fields.allSatisfy { CountValue.isReadable($0) }
        self = isPlain ? .plain : NumberStyle(of: fields) ?? .plain
    }

    private init(decimalMark: UInt8, groupMarks: Set<UInt8>) {
        self.decimalMark = decimalMark
        self.groupMarks = groupMarks
    }

    /// A field in plain writing; nil where it is not of this style. A field without marks is handed back as it is.
    func plainText(_ raw: Bytes) -> [UInt8]? {
        let field = NumberStyle.simplified(raw)
        var plain: [UInt8] = []
        var sinceGroup: Int?
        var digits = 0
        var isBehindPoint = false
        for byte in field {
            if byte &- 0x30 < 10 {
                plain.append(byte)
                digits += 1
                if let count = sinceGroup { sinceGroup = count + 1 }
            } else if byte == decimalMark, !isBehindPoint {
                if let count = sinceGroup, count != 3 { return nil }
                sinceGroup = nil
                isBehindPoint = true
                plain.append(NumberStyle.point)
            } else if groupMarks.contains(byte), !isBehindPoint {
                guard sinceGroup.map({ $0 == 3 }) ?? (1...3).contains(digits) else { return nil }
                sinceGroup = 0
            } else if plain.isEmpty, byte == 0x2D || byte == 0x2B {
                plain.append(byte)
            } else {
                return nil
            }
        }
        if let count = sinceGroup, count != 3 { return nil }
        return digits > 0 ? plain : nil
    }

    /// Whether a field is digits with marks among them, of whatever style.
    static func isNumber(_ field: [UInt8]) -> Bool {
        if case .other = evidence(field) { false } else { true }
    }

    private static func evidence(_ raw: [UInt8]) -> Evidence {
        let field = raw.withUnsafeBytes { simplified($0) }
        let number = field.first == 0x2D || field.first == 0x2B ? Array(field.dropFirst()) : field
        guard let first = number.first, first &- 0x30 < 10 || first == point || first == comma else {
            return .other
        }
        let marks = number.indices.filter { number[$0] &- 0x30 >= 10 }
        guard
            marks.allSatisfy({
                number[$0] == point || number[$0] == comma || alwaysGroups.contains(number[$0])
            })
        else { return .other }
        guard let last = marks.last else { return .digits(number.count) }
        let kinds = Set(marks.map { number[$0] })
        let behind = number.count - last - 1
        if kinds.count == 1 {
            let mark = number[last]
            if alwaysGroups.contains(mark) { return behind == 3 ? .group(mark) : .other }
            if marks.count > 1 { return behind == 3 ? .group(mark) : .other }
            let isOpen = behind == 3 && (1...3).contains(last) && number[0] != 0x30
            return isOpen ? .either(mark) : .decimal(mark)
        }
        guard kinds.count == 2, marks.count(where: { number[$0] == number[last] }) == 1,
            !alwaysGroups.contains(number[last])
        else { return .other }
        return .both(decimal: number[last], group: number[marks[0]])
    }

    /// A field without blanks around it, with a plain blank for those that do not break and an apostrophe for the curly
    /// one.
    private static func simplified(_ raw: Bytes) -> [UInt8] {
        let field = NumberParsing.trimmed(raw)
        guard field.contains(where: { $0 >= 0x80 }) else { return Array(field) }
        var text: [UInt8] = []
        var index = 0
        while index < field.count {
            let rest = Bytes(rebasing: field[index...])
            if let mark = wideMarks.first(where: { rest.starts(with: $0.bytes) }) {
                text.append(mark.plain)
                index += mark.bytes.count
            } else {
                text.append(field[index])
                index += 1
            }
        }
        return text.withUnsafeBytes { Array(NumberParsing.trimmed($0)) }
    }

    /// The blanks that do not break (U+00A0, U+202F, U+2009), the curly apostrophe, the minus sign.
    private static let wideMarks: [(bytes: [UInt8], plain: UInt8)] = [
        ([0xC2, 0xA0], 0x20), ([0xE2, 0x80, 0xAF], 0x20), ([0xE2, 0x80, 0x89], 0x20),
        ([0xE2, 0x80, 0x99], 0x27),
        ([0xE2, 0x88, 0x92], 0x2D),
    ]
}
