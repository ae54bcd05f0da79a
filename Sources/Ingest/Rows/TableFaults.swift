/// Finds the field of a table's row that is at fault.
struct TableFaults: RowFaults {
    var delimiter: UInt8
    var columnCount: Int
    var mayTrail = false
    var columns: [ColumnRole: Int]
    var time: TimeColumn?
    var closeTime: TimeColumn?
    /// How values are written.
    var style = NumberStyle.plain
    /// Whether every column but the time holds a value.
    var valuesAreAllOthers = false

    init(delimiter: UInt8 = 0x2C, columnCount: Int, mayTrail: Bool = false, columns: [ColumnRole: Int]) {
        self.delimiter = delimiter
        self.columnCount = columnCount
        self.mayTrail = mayTrail
        self.columns = columns
    }

    /// Those of a table; without one, no column is known.
    init(_ table: TableReading?) {
        let layout = table?.layout ?? TableLayout(columns: [:])
        self.init(
            delimiter: layout.delimiter, columnCount: layout.columnCount, mayTrail: layout.mayTrail,
            columns: layout.columns)
        time = table?.time
        closeTime = table?.closeTime
        style = layout.numbers
    }

    /// Where the field begins; for a wrong number of fields, where the first that is too many begins, or the
    /// row ends.
    func offset(of reason: BadRow, in row: Bytes) -> Int? {
        let fields = TableFaults.fields(row, delimiter)
        switch reason {
        case .quotes: return row.firstIndex(of: 0x22)
        case .fieldCount:
            return fields.count > columnCount && !mayTrail ? fields[columnCount].lowerBound : row.count
        default:
            return column(of: reason, row, fields).flatMap { $0 < fields.count ? fields[$0].lowerBound : nil }
        }
    }

    /// Of the columns that can be at fault, the first that is.
    func column(of reason: BadRow, _ row: Bytes, _ fields: [Range<Int>]) -> Int? {
        var candidates = reason.roles.compactMap { role in columns[role].map { (role, $0) } }
        if reason == .value, valuesAreAllOthers {
            candidates = (0..<fields.count).filter { $0 != columns[.time] }.map { (.value, $0) }
        }
        if reason == .barPrice { return barPriceColumn(row, fields) }
        let faulty = candidates.first { role, column in
            column < fields.count && isFaulty(TableFaults.plain(row, fields[column]), role)
        }
        return (faulty ?? candidates.first)?.1
    }

    /// The column of the open where that is outside the range of its bar, that of the close otherwise.
    private func barPriceColumn(_ row: Bytes, _ fields: [Range<Int>]) -> Int? {
        func price(_ role: ColumnRole) -> Int64? {
            guard let column = columns[role], column < fields.count else { return nil }
            return NumberParsing.price(TableFaults.plain(row, fields[column]))
        }
        guard let low = price(.low), let high = price(.high), low <= high, let close = price(.close) else {
            return columns[.open]
        }
        return (low...high).contains(close) ? columns[.open] : columns[.close]
    }

    /// Whether a field cannot be read as what its column holds.
    private func isFaulty(_ field: Bytes, _ role: ColumnRole) -> Bool {
        func isNoQuantity(_ field: Bytes) -> Bool {
            guard case .success(let value) = NumberParsing.checkedQuantity(field) else { return true }
            return value < 0
        }
        func isUnreadable(_ column: TimeColumn?) -> Bool {
            guard var column else { return false }
            if case .failure = column.read(field) { return true }
            return false
        }
        switch role {
        case .time: return isUnreadable(time)
        case .closeTime: return isUnreadable(closeTime)
        case .price, .open, .high, .low, .close: return NumberParsing.price(field) == nil
        case .quantity: return isNoQuantity(field)
        case .volume, .quoteVolume: return !field.isEmpty && isNoQuantity(field)
        case .firstID, .lastID: return NumberParsing.signed(field).map { $0 < 0 } ?? true
        case .value: return CountValue.read(field, style) == .unreadable
        case .symbol, .exchange, .uniqueID: return field.isEmpty
        default: return true
        }
    }

    /// Where the fields of a row lie, quotation marks included.
    static func fields(_ row: Bytes, _ delimiter: UInt8) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        var start = 0
        var isQuoted = false
        for index in row.indices {
            if row[index] == 0x22, isQuoted || index == start { isQuoted.toggle() }
            guard row[index] == delimiter, !isQuoted else { continue }
            fields.append(start..<index)
            start = index + 1
        }
        return fields + [start..<row.count]
    }

    /// A field without the quotation marks around it.
    static func plain(_ row: Bytes, _ range: Range<Int>) -> Bytes {
        let field = Bytes(rebasing: row[range])
        guard field.count >= 2, field.first == 0x22, field.last == 0x22 else { return field }
        return Bytes(rebasing: field.dropFirst().dropLast())
    }
}
