import Units

/// How the values of a row become the columns of a table, as a map says: parted, joined, and put into the words and numbers
/// that parsers of tables read.
struct RowMapping: Sendable {
    /// How the values of a row are parted.
    enum Source: Sendable {
        case table(delimiter: UInt8, columnCount: Int, mayTrail: Bool)
        /// The values at some paths of an object.
        case object([String])
        /// The elements of an array.
        case array
        /// The values behind some labels.
        case labels(LabelledLine.Grammar, [String])
    }

    /// A column that is made.
    struct Column: Sendable {
        /// The values it is made of: fields, elements, or the numbers of paths or labels; none for a constant.
        var places: [Int] = []
        var conversion = Conversion.text
    }

    enum Conversion: Sendable {
        case text
        /// A date and a time of day.
        case clock(ClockText)
        case number(NumberConversion)
        /// Whether a word in lower case is one for a purchase.
        case side([String: Bool])
        case constant([UInt8])
    }

    let source: Source
    var columns: [Column]

    /// The bracket that begins a row of a JSON document.
    var opening: UInt8 {
        if case .array = source { 0x5B } else { 0x7B }
    }
}

/// Reads the values of one row after the other and makes the columns of them.
struct MappedRow: ~Copyable {
    private let mapping: RowMapping
    private var splitter: FieldSplitter
    private var leaves: JSONLeaves
    private var labelled: LabelledLine
    private var elements: [[UInt8]] = []
    private var elementsAreNumbers: [Bool] = []

    init(_ mapping: RowMapping) {
        self.mapping = mapping
        var delimiter = JSONShape.delimiter
        var paths: [String] = []
        labelled = LabelledLine(.ltsv, [])
        switch mapping.source {
        case .table(let byte, _, _): delimiter = byte
        case .object(let wanted): paths = wanted
        case .array: break
        case .labels(let grammar, let labels): labelled = LabelledLine(grammar, labels)
        }
        splitter = FieldSplitter(delimiter: delimiter)
        leaves = JSONLeaves(paths)
    }

    /// Whether a quoted field may run over several lines.
    var joinsQuotedLines: Bool {
        if case .table = mapping.source { true } else { false }
    }

    /// Makes the columns of a row, as the fields of one with `JSONShape.delimiter` between them; returns what is wrong with the
    /// row, in which case the columns may be lacking.
    mutating func read(_ line: Bytes, into row: inout [UInt8]) -> BadRow? {
        row.removeAll(keepingCapacity: true)
        if let fault = part(line) { return fault }
        var fault: BadRow?
        for (index, column) in mapping.columns.enumerated() {
            if index > 0 { row.append(JSONShape.delimiter) }
            fault = append(column, of: line, to: &row) ?? fault
        }
        // A row of one field has no delimiter and would look empty.
        if mapping.columns.count == 1 { row.append(JSONShape.delimiter) }
        return fault
    }

    private mutating func part(_ line: Bytes) -> BadRow? {
        switch mapping.source {
        case .table(_, let columnCount, let mayTrail):
            guard let count = splitter.split(line) else { return .quotes }
            if count == columnCount { return nil }
            guard mayTrail, count > columnCount else { return .fieldCount }
            for index in columnCount..<count where !splitter.field(index).isEmpty { return .fieldCount }
            return nil
        case .object: return leaves.read(line) ? leaves.ambiguity?.reason : .json
        case .array:
            elements.removeAll(keepingCapacity: true)
            elementsAreNumbers.removeAll(keepingCapacity: true)
            let count = JSONText.forEachScalar(line) { _, value, kind in
                elements.append(Array(value))
                elementsAreNumbers.append(kind == .number)
            }
            return count == nil ? .json : nil
        case .labels: return labelled.read(line)
        }
    }

    /// Whether a value of the row that was parted last is a number of JSON, which is written alike everywhere.
    private func isPlainNumber(_ place: Int) -> Bool {
        switch mapping.source {
        case .object: leaves.isNumber(place)
        case .array: place < elements.count && elementsAreNumbers[place]
        case .table, .labels: false
        }
    }

    /// A value of the row that was parted last.
    private mutating func value(_ place: Int, of line: Bytes) -> [UInt8] {
        switch mapping.source {
        case .table: Array(splitter.field(place))
        case .object: Array(leaves.value(place))
        case .array: place < elements.count ? elements[place] : []
        case .labels: labelled.value(place, of: line)
        }
    }

    /// Where a value begins in the row that was parted last; nil where it is absent.
    func offset(_ place: Int, in line: Bytes) -> Int? {
        switch mapping.source {
        case .table(let delimiter, _, _):
            let fields = TableFaults.fields(line, delimiter)
            return place < fields.count ? fields[place].lowerBound : nil
        case .object: return leaves.range(place)?.lowerBound
        case .array: return ElementFaults.offset(ofElement: place, in: line)
        case .labels: return labelled.range(place)?.lowerBound
        }
    }

    /// Where a key is there twice, or a quotation mark has text behind it, in the row that was read last.
    func unclearOffset(in line: Bytes) -> Int? {
        switch mapping.source {
        case .object: leaves.ambiguity?.offset
        case .labels: labelled.repeatedOffset ?? line.firstIndex(of: 0x22)
        case .table, .array: nil
        }
    }

    /// The place of the value that is at fault in a column of the row that was read last.
    mutating func faultyPlace(_ column: Int, of line: Bytes) -> Int? {
        let column = mapping.columns[column]
        guard case .clock(let clock) = column.conversion, let date = column.places.first else {
            return column.places.first
        }
        return value(date, of: line).withUnsafeBytes(clock.days) == nil ? date : column.places.last
    }

    private mutating func append(
        _ column: RowMapping.Column, of line: Bytes, to row: inout [UInt8]
    ) -> BadRow? {
        let values = column.places.map { value($0, of: line) }
        var fault: BadRow?
        let text: [UInt8]
        switch column.conversion {
        case .constant(let constant): text = constant
        case .text: text = values.first ?? []
        case .number(var conversion):
            if let place = column.places.first, isPlainNumber(place) { conversion.style = nil }
            var number: [UInt8] = []
            (values.first ?? []).withUnsafeBytes { conversion.append($0, to: &number) }
            text = number
        case .clock(let clock):
            let joined: [UInt8]? = (values.first ?? []).withUnsafeBytes { date in
                (values.last ?? []).withUnsafeBytes { time in
                    let joined = clock.joined(date: date, clock: time)
                    if joined == nil { fault = clock.fault(date: date, clock: time) }
                    return joined
                }
            }
            // What cannot be joined must not be read as the date alone.
            text = joined ?? [UInt8(ascii: "?")]
        case .side(let words):
            let word = (values.first ?? []).withUnsafeBytes {
                String(decoding: NumberParsing.trimmed($0), as: UTF8.self).lowercased()
            }
            let isBuy = words[word]
            if isBuy == nil, !word.isEmpty { fault = .sideWord }
            text = Array((isBuy.map { $0 ? "buy" : "sell" } ?? "").utf8)
        }
        text.withUnsafeBytes { JSONShape.append($0, to: &row) }
        return fault
    }
}

/// Makes the columns of each row and hands them to the parser of a table.
struct MappedRowParser<Inner: RowParser & ~Copyable>: RowParser, ~Copyable {
    private var reader: MappedRow
    private var inner: Inner
    private var row: [UInt8] = []

    init(_ mapping: RowMapping, _ inner: consuming Inner) {
        reader = MappedRow(mapping)
        self.inner = inner
    }

    var joinsQuotedLines: Bool { reader.joinsQuotedLines }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        if let fault = reader.read(line, into: &row) {
            // A row whose quotation marks are open is tried again with the lines behind it.
            if fault != .quotes || !joinsQuotedLines { inner.pass() }
            return .bad(fault)
        }
        return row.withUnsafeBytes { inner.parse($0, at: position) }
    }

    mutating func pass() { inner.pass() }

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] { inner.finish() }
}

/// Finds the value of a mapped row that is at fault.
struct MappedFaults: RowFaults {
    let mapping: RowMapping
    let table: TableReading?

    init(_ mapping: RowMapping, _ table: TableReading?) {
        self.mapping = mapping
        self.table = table
    }

    func offset(of reason: BadRow, in row: Bytes) -> Int? {
        switch (reason, mapping.source) {
        case (.json, _): return JSONText.faultOffset(row)
        case (.quotes, .table(let delimiter, let count, let mayTrail)),
            (.fieldCount, .table(let delimiter, let count, let mayTrail)):
            return TableFaults(delimiter: delimiter, columnCount: count, mayTrail: mayTrail, columns: [:])
                .offset(of: reason, in: row)
        default: break
        }
        var reader = MappedRow(mapping)
        var flat: [UInt8] = []
        _ = reader.read(row, into: &flat)
        if reason == .repeatedKey || reason == .severalValues || reason == .quotes {
            return reader.unclearOffset(in: row)
        }
        let column = flat.withUnsafeBytes { fields in
            TableFaults(table).column(of: reason, fields, TableFaults.fields(fields, JSONShape.delimiter))
        }
        guard let column, column < mapping.columns.count, let place = reader.faultyPlace(column, of: row)
        else { return nil }
        return reader.offset(place, in: row)
    }
}
