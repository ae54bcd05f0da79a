import Units

/// Recognises JSON lines and JSON arrays of objects whose keys say what they hold.
struct JSONRecogniser {
    let tables: TableRecogniser

    /// What a text may be, the likeliest first.
    func recognise(_ sample: TextSample) -> [Finding] {
        guard let first = sample.lines.first else { return [] }
        // The objects of an array may begin lines as those that stand by themselves do.
        if NumberParsing.trimmed(first).first == 0x5B, case let found = array(sample), !found.isEmpty {
            return found
        }
        // A line of something else may stand in front.
        guard sample.mostLines(50, { NumberParsing.trimmed($0).first == 0x7B }) else { return [] }
        return recognise(sample.lines.map(Array.init), sample, isArray: false)
    }

    /// What a JSON array may be.
    private func array(_ sample: TextSample) -> [Finding] {
        if case let found = arrays(sample), !found.isEmpty { return found }
        let rows = JSONDocumentSample.rows(sample, limit: 500, wants: JSONShape.isRow) { raw, _ in Array(raw)
        }
        return recognise(rows, sample, isArray: true)
    }

    /// What an array of arrays may be, as exchanges answer with: a table without names.
    private func arrays(_ sample: TextSample) -> [Finding] {
        let rows = JSONDocumentSample.rows(sample, limit: 50, wants: JSONShape.isArrayRow) { raw, _ in
            var row: [UInt8] = []
            return JSONShape.flatten(raw, into: &row) ? row : nil
        }
        let joined = rows.flatMap { $0 }
        return joined.withUnsafeBytes { all in
            var start = 0
            let lines = rows.map { row in
                defer { start += row.count }
                return Bytes(rebasing: all[start..<start + row.count])
            }
            guard !lines.isEmpty else { return [] }
            return tables.headerless(lines, delimiter: JSONShape.delimiter, zone: sample.zone).map { found in
                var found = found
                found.container = .jsonRows
                return found
            }
        }
    }

    private func recognise(_ rows: [[UInt8]], _ sample: TextSample, isArray: Bool) -> [Finding] {
        var paths: [String] = []
        var known: Set<String> = []
        for row in rows.prefix(20) {
            for path in row.withUnsafeBytes({ JSONText.leafPaths($0) }) where known.insert(path).inserted {
                paths.append(path)
            }
        }
        return tables.candidates(ColumnNames(paths, isJSON: true)).compactMap { format, layout in
            var places: [Int] = []
            var columns: [ColumnRole: Int] = [:]
            for (role, place) in layout.columns.sorted(by: { $0.value < $1.value }) {
                if places.last != place { places.append(place) }
                columns[role] = places.count - 1
            }
            let shape = JSONShape(paths: places.map { paths[$0] })
            var cut = TableLayout(columns: columns)
            cut.sideIsMakers = layout.sideIsMakers
            cut.mayLackID = layout.mayLackID
            cut.opensAtLastClose = layout.opensAtLastClose
            return Self.finding(format, cut, shape, rows, sample, isArray: isArray)
        }
    }

    /// The reading of JSON rows by a layout and a shape; nil where their times cannot be read.
    static func finding(
        _ format: any LogFormat, _ layout: TableLayout, _ shape: JSONShape, _ rows: [[UInt8]],
        _ sample: TextSample, isArray: Bool
    ) -> Finding? {
        var layout = layout
        layout.delimiter = JSONShape.delimiter
        layout.columnCount = shape.paths.count
        layout.detectsNumbers = false
        var shape = shape
        if layout.isOfCounts, let value = layout.columns[.value] {
            let style = NumberStyle(ofCounts: texts(value, shape, rows))
            if style != .plain { shape.texts = (value, style) }
        }
        var leaves = JSONLeaves(shape.paths)
        var flat: [[UInt8]] = []
        for row in rows {
            row.withUnsafeBytes { text in
                guard leaves.read(text) else { return }
                var row: [UInt8] = []
                shape.append(&leaves, to: &row)
                flat.append(row)
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
            return lines.isEmpty ? nil : TableReading(layout, rows: lines, zone: sample.zone)
        }
        return table.map { Finding(format, isArray ? .jsonArray(shape) : .jsonLines(shape), table: $0) }
    }

    /// The values of a column that stand in quotation marks: a number without them has one reading only, and says nothing of
    /// how the texts beside it are written.
    private static func texts(_ column: Int, _ shape: JSONShape, _ rows: [[UInt8]]) -> [[UInt8]] {
        var leaves = JSONLeaves(shape.paths)
        return rows.compactMap { row in
            row.withUnsafeBytes { text in
                leaves.read(text) && leaves.has(column) && !leaves.isNumber(column)
                    ? Array(leaves.value(column)) : nil
            }
        }
    }
}
