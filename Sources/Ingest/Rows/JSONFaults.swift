/// Finds the value of a JSON row that is at fault.
struct JSONFaults {
    private let paths: [String]
    private let columns: [ColumnRole: Int]
    private let table: TableReading?

    init(paths: [String], _ format: InputFormat, _ table: TableReading?) {
        self.paths = paths
        self.table = table
        columns =
            format == .nginxPlusStatus ? [.time: 0, .tradeCount: 1] : table?.layout.columns ?? [:]
    }

    /// Where the value begins, a text's mark left out; nil where it is not there.
    func offset(of reason: BadRow, in row: Bytes) -> Int? {
        var leaves = JSONLeaves(paths)
        guard leaves.read(row) else { return nil }
        // The values as the fields of a table, so that the same rules find the faulty one.
        var flat: [UInt8] = []
        var fields: [Range<Int>] = []
        for index in paths.indices {
            let start = flat.count
            flat += leaves.value(index)
            fields.append(start..<flat.count)
        }
        let faults = TableFaults(
            delimiter: JSONShape.delimiter, columnCount: paths.count, columns: columns, time: table?.time,
            closeTime: table?.closeTime)
        let column = flat.withUnsafeBytes { faults.column(of: reason, $0, fields) }
        return column.flatMap { leaves.range($0)?.lowerBound }
    }

    /// Where an element of an array of scalars begins.
    static func element(_ places: [ColumnRole: Int], _ reason: BadRow, _ row: Bytes) -> Int? {
        guard let place = reason.roles.lazy.compactMap({ places[$0] }).first else { return nil }
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
