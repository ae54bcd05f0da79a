/// Finds the values of a line by their labels.
struct LabelledLine {
    enum Grammar: Sendable {
        /// `label:value` between tabs (ltsv.org).
        case ltsv
        /// `key=value` between blanks; a value may be quoted, with backslashes before marks in it. Words without `=` are passed
        /// over, such as those of a syslog header.
        case logfmt
    }

    private let grammar: Grammar
    private let labels: [[UInt8]]
    private var ranges: [Range<Int>?]
    private var escaped: [Bool]
    private var count = 0
    /// Where a label that is asked for stands the second time.
    private(set) var repeatedOffset: Int?

    init(_ grammar: Grammar, _ labels: [String]) {
        self.grammar = grammar
        self.labels = labels.map { Array($0.utf8) }
        ranges = Array(repeating: nil, count: labels.count)
        escaped = Array(repeating: false, count: labels.count)
    }

    /// Reads a line; returns what is wrong with it: nothing in it has a label, a quoted value does not end or has text stuck to
    /// its end, or a label comes twice.
    mutating func read(_ line: Bytes) -> BadRow? {
        repeatedOffset = nil
        for index in ranges.indices { ranges[index] = nil }
        count = 0
        switch grammar {
        case .ltsv: readTabs(line)
        case .logfmt: if let fault = readPairs(line) { return fault }
        }
        if repeatedOffset != nil { return .repeatedKey }
        return count > 0 ? nil : .labels
    }

    /// Where a value lies in the line that was read last, its marks left out; nil where it is absent.
    func range(_ label: Int) -> Range<Int>? { ranges[label] }

    /// A value of the line; empty where it is absent.
    func value(_ label: Int, of line: Bytes) -> [UInt8] {
        guard let range = ranges[label] else { return [] }
        let raw = Bytes(rebasing: line[range])
        return escaped[label] ? JSONText.unescaped(raw) : Array(raw)
    }

    private mutating func note(_ line: Bytes, _ label: Range<Int>, _ range: Range<Int>, isEscaped: Bool) {
        count += 1
        for index in labels.indices where line[label].elementsEqual(labels[index]) {
            if ranges[index] != nil { repeatedOffset = repeatedOffset ?? label.lowerBound }
            ranges[index] = range
            escaped[index] = isEscaped
        }
    }

    private mutating func readTabs(_ line: Bytes) {
        var start = 0
        while start < line.count {
            let end = line[start...].firstIndex(of: 0x09) ?? line.count
            if let colon = line[start..<end].firstIndex(of: 0x3A), colon > start {
                note(line, start..<colon, colon + 1..<end, isEscaped: false)
            }
            start = end + 1
        }
    }

    private mutating func readPairs(_ line: Bytes) -> BadRow? {
        var position = 0
        while position < line.count {
            let start = position
            while position < line.count, line[position] > 0x20, line[position] != 0x3D { position += 1 }
            let key = start..<position
            guard position < line.count, line[position] == 0x3D, !key.isEmpty else {
                position += 1
                continue
            }
            position += 1
            guard let (range, isEscaped) = pairValue(line, &position) else { return .labels }
            // `"12"34`: a value that is more than what its marks enclose.
            if line[start..<position].last == 0x22, position < line.count, line[position] > 0x20 {
                return .quotes
            }
            note(line, key, range, isEscaped: isEscaped)
        }
        return nil
    }

    /// The value at a position, which moves behind it; nil where its quotation mark is not closed.
    private func pairValue(_ line: Bytes, _ position: inout Int) -> (Range<Int>, Bool)? {
        let start = position
        guard position < line.count, line[position] == 0x22 else {
            while position < line.count, line[position] > 0x20 { position += 1 }
            return (start..<position, false)
        }
        guard let (range, kind) = JSONText.scalar(line, &position) else { return nil }
        return (range, kind == .escapedText)
    }
}
