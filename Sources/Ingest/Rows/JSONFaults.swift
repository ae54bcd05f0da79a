/// Finds the value of a JSON row that is at fault.
struct JSONFaults: RowFaults {
    /// The paths of the values, in the order of the columns.
    let paths: [String]
    let columns: [ColumnRole: Int]
    var table: TableReading?

    /// Where the value begins, a text's mark left out; nil where it is not there.
    func offset(of reason: BadRow, in row: Bytes) -> Int? {
        if reason == .json { return JSONText.faultOffset(row) }
        var leaves = JSONLeaves(paths)
        guard leaves.read(row) else { return nil }
        if reason == .repeatedKey || reason == .severalValues { return leaves.ambiguity?.offset }
        // The values as the fields of a table, so that the same rules find the faulty one.
        var flat: [UInt8] = []
        var fields: [Range<Int>] = []
        for index in paths.indices {
            let start = flat.count
            flat += leaves.value(index)
            fields.append(start..<flat.count)
        }
        var faults = TableFaults(columnCount: paths.count, columns: columns)
        faults.time = table?.time
        faults.closeTime = table?.closeTime
        let column = flat.withUnsafeBytes { faults.column(of: reason, $0, fields) }
        return column.flatMap { leaves.range($0)?.lowerBound }
    }
}

/// Finds the element of an array of scalars that is at fault.
struct ElementFaults: RowFaults {
    /// The index of the element of each role.
    let places: [ColumnRole: Int]

    func offset(of reason: BadRow, in row: Bytes) -> Int? {
        if reason == .json { return JSONText.faultOffset(row) }
        return reason.roles.lazy.compactMap { places[$0] }.first.flatMap {
            ElementFaults.offset(ofElement: $0, in: row)
        }
    }

    /// Where an element of an array of scalars begins; nil where the array has not so many.
    static func offset(ofElement place: Int, in row: Bytes) -> Int? {
        var position = 1
        for index in 0...place {
            while position < row.count, JSONText.isBlank(row[position]) || row[position] == 0x2C {
                position += 1
            }
            guard let (range, _) = JSONText.scalar(row, &position) else { return nil }
            if index == place { return range.lowerBound }
        }
        return nil
    }
}
