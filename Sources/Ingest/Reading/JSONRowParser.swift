/// Which values of a JSON object make the columns of a table.
struct JSONShape: Sendable {
    /// Parts the fields of the table that an object is turned into; no text of a log holds it.
    static let delimiter: UInt8 = 0x1F

    /// The paths of the values, in the order of the columns.
    let paths: [String]
    /// How texts of a column of counts are written, where this is not plain.
    var texts: (column: Int, style: NumberStyle)?

    init(paths: [String]) {
        self.paths = paths
    }

    /// Whether an element of a document is a row: an object in the outermost array.
    static func isRow(_ place: JSONElements.Place) -> Bool { place.depth == 1 && place.kind == .object }

    /// Whether an element of a document is a row of scalars: an array in the outermost array.
    static func isArrayRow(_ place: JSONElements.Place) -> Bool { place.depth == 1 && place.kind == .array }

    /// Whether a value stands where rows do: anything in the outermost array, whether it is a row or not.
    static func standsForRow(_ place: JSONElements.Place) -> Bool { place.depth == 1 }

    /// Turns an array of scalars into the row of a table; false where it is none.
    static func flatten(_ raw: Bytes, into row: inout [UInt8]) -> Bool {
        row.removeAll(keepingCapacity: true)
        let count = JSONText.forEachScalar(raw) { index, value in
            if index > 0 { row.append(delimiter) }
            append(value, to: &row)
        }
        return count != nil
    }

    /// Appends a value as a field of a table, quoted where it has to be.
    static func append(_ value: Bytes, to row: inout [UInt8]) {
        guard value.contains(where: { $0 == delimiter || $0 == 0x22 }) else {
            row.append(contentsOf: value)
            return
        }
        row.append(0x22)
        for byte in value { row += byte == 0x22 ? [0x22, 0x22] : [byte] }
        row.append(0x22)
    }

    /// Appends the fields of the object that was read last.
    @inline(__always)
    func append(_ leaves: inout JSONLeaves, to row: inout [UInt8]) {
        for index in paths.indices {
            if index > 0 { row.append(JSONShape.delimiter) }
            if let texts, texts.column == index, !leaves.isNumber(index),
                let plain = texts.style.plainText(leaves.value(index))
            {
                row.append(contentsOf: plain)
            } else {
                leaves.append(index, to: &row, delimiter: JSONShape.delimiter)
            }
        }
    }
}

/// Turns each JSON object into the row of a table and hands it to that table's parser.
struct JSONRowParser<Inner: RowParser & ~Copyable>: RowParser, ~Copyable {
    private var leaves: JSONLeaves
    private let shape: JSONShape
    private var inner: Inner
    private var row: [UInt8] = []

    init(_ shape: JSONShape, _ inner: consuming Inner) {
        leaves = JSONLeaves(shape.paths)
        self.shape = shape
        self.inner = inner
    }

    mutating func pass() { inner.pass() }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard leaves.read(line) else {
            inner.pass()
            return .bad(.json)
        }
        if let ambiguity = leaves.ambiguity {
            inner.pass()
            return .bad(ambiguity.reason)
        }
        row.removeAll(keepingCapacity: true)
        shape.append(&leaves, to: &row)
        return row.withUnsafeBytes { inner.parse($0, at: position) }
    }

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] { inner.finish() }
}
