import Units

/// Recognises JSON lines and JSON arrays of objects whose keys say what they hold.
enum JSONRecogniser {
    static func recognise(_ sample: TextSample) -> [Finding] {
        guard let first = sample.lines.first else { return [] }
        switch NumberParsing.trimmed(first).first {
        case 0x7B: return recognise(sample.lines.map(Array.init), sample, isArray: false)
        case 0x5B:
            let rows = JSONDocumentSample.rows(sample, limit: 500, wants: isRow) { raw, _ in Array(raw) }
            return recognise(rows, sample, isArray: true)
        default: return []
        }
    }

    static func isRow(_ place: JSONElements.Place) -> Bool { place.depth == 1 && !place.isArray }

    private static func recognise(_ rows: [[UInt8]], _ sample: TextSample, isArray: Bool) -> [Finding] {
        var paths: [String] = []
        var known: Set<String> = []
        for row in rows.prefix(20) {
            for path in row.withUnsafeBytes({ JSONText.leafPaths($0) }) where known.insert(path).inserted {
                paths.append(path)
            }
        }
        return HeaderRules.layouts(paths).compactMap { found in
            guard found.format != .grafana, found.format != .timestampValue else { return nil }
            return finding(found, paths, rows, sample, isArray: isArray)
        }
    }

    private static func finding(
        _ found: TableLayout, _ paths: [String], _ rows: [[UInt8]], _ sample: TextSample, isArray: Bool
    ) -> Finding? {
        let roles = found.columns.sorted { $0.value < $1.value }
        var places: [Int] = []
        var columns: [ColumnRole: Int] = [:]
        for (role, place) in roles {
            if places.last != place { places.append(place) }
            columns[role] = places.count - 1
        }
        let shape = JSONShape(paths: places.map { paths[$0] })
        var layout = found
        layout = TableLayout(
            format: found.format == .requestTable ? .jsonRequests : found.format,
            delimiter: JSONShape.delimiter, columnCount: places.count, columns: columns)
        layout.sideIsMakers = found.sideIsMakers
        layout.mayLackID = found.mayLackID
        return finding(layout, shape, rows, sample, isArray: isArray)
    }

    /// The reading of JSON rows by a layout and a shape; nil where their times cannot be read.
    static func finding(
        _ layout: TableLayout, _ shape: JSONShape, _ rows: [[UInt8]], _ sample: TextSample, isArray: Bool
    ) -> Finding? {
        var leaves = JSONLeaves(shape.paths)
        var flat: [[UInt8]] = []
        for row in rows {
            row.withUnsafeBytes { text in
                guard leaves.read(text) else { return }
                flat.append(JSONRecogniser.row(&leaves, columns: shape.paths.count))
            }
        }
        // The fields must outlive the layout's look at them.
        let joined = flat.flatMap { $0 }
        let table: TableReading? = joined.withUnsafeBytes { all in
            var start = 0
            let lines = flat.map { line in
                defer { start += line.count }
                return Bytes(rebasing: all[start..<start + line.count])
            }
            return lines.isEmpty ? nil : TableRecogniser.reading(layout, rows: lines, sample)
        }
        guard let table else { return nil }
        return Finding(
            format: layout.format, container: isArray ? .jsonArray(shape) : .jsonLines(shape), table: table)
    }

    static func row(_ leaves: inout JSONLeaves, columns: Int) -> [UInt8] {
        var row: [UInt8] = []
        for index in 0..<columns {
            if index > 0 { row.append(JSONShape.delimiter) }
            leaves.append(index, to: &row, delimiter: JSONShape.delimiter)
        }
        return row
    }
}
