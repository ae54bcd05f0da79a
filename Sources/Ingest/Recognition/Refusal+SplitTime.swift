extension Refusal {
    /// That a table has the date in one column and the time of day in another, of which only the first would be read; nil where
    /// it has not. A table with one row a day may have any other column. `rows` is what its format takes rows for, nil where a
    /// map is in use already.
    static func splitTime(
        _ lines: some Sequence<Bytes>, _ layout: TableLayout, rows: InputFormat.Rows? = nil,
        isJSON: Bool = false
    ) -> String? {
        guard let time = layout.columns[.time], case let body = cut(lines, layout), body.count >= 2,
            body.allSatisfy({ isDate($0[time]) }), Set(body.map { $0[time] }).count < body.count
        else { return nil }
        return advice(body, layout, date: time, rows: rows, isJSON: isJSON)
    }

    /// The same of objects of JSON, of which a format reads some values; `paths` are those of all.
    static func splitTime(_ objects: [[UInt8]], _ found: Finding) -> String? {
        let shape: JSONShape
        switch found.container {
        case .jsonLines(let found), .jsonArray(let found): shape = found
        default: return nil
        }
        guard let table = found.table, let time = table.layout.columns[.time] else { return nil }
        return splitTime(objects, time: shape.paths[time], rows: found.format.about.rows)
    }

    /// That a text that no format fits has dates in one column, or behind one key, and times of day in another; nil where it
    /// has not.
    static func splitTime(_ sample: TextSample) -> String? {
        let first = sample.head.first { !JSONText.isBlank($0) }
        if first == 0x7B || first == 0x5B { return splitTime(objects(sample), time: nil, rows: nil) }
        for delimiter in TableRecogniser.delimiters {
            var splitter = FieldSplitter(delimiter: delimiter)
            guard let header = sample.lines.first, let count = splitter.split(header), count >= 3 else {
                continue
            }
            let names = (0..<count).map { String(decoding: splitter.field($0), as: UTF8.self) }
            var layout = TableLayout(
                delimiter: delimiter, columnCount: count, columns: ColumnNames(names, isJSON: false).columns,
                header: Array(header), names: names)
            layout.mayTrail = true
            if let found = splitTime(cut(sample.lines, layout), layout, isJSON: false) { return found }
        }
        return nil
    }

    /// The first objects of JSON lines, or of a JSON array.
    static func objects(_ sample: TextSample) -> [[UInt8]] {
        if sample.head.first(where: { !JSONText.isBlank($0) }) == 0x5B {
            return JSONDocumentSample.rows(sample, limit: 100, wants: JSONShape.isRow) { raw, _ in Array(raw)
            }
        }
        return sample.lines.prefix(100).map(Array.init)
    }

    private static func splitTime(_ objects: [[UInt8]], time: String?, rows: InputFormat.Rows?) -> String? {
        var paths: [String] = []
        for object in objects.prefix(20) {
            for path in object.withUnsafeBytes({ JSONText.leafPaths($0) }) where !paths.contains(path) {
                paths.append(path)
            }
        }
        guard paths.count >= 2 else { return nil }
        var leaves = JSONLeaves(paths)
        let body = objects.compactMap { object -> [[UInt8]]? in
            object.withUnsafeBytes { text in
                leaves.read(text) ? paths.indices.map { Array(leaves.value($0)) } : nil
            }
        }
        var layout = TableLayout(
            columnCount: paths.count, columns: ColumnNames(paths, isJSON: true).columns, names: paths)
        guard let time else { return splitTime(body, layout, isJSON: true) }
        layout.columns[.time] = paths.firstIndex(of: time)
        guard let date = layout.columns[.time], body.count >= 2, body.allSatisfy({ isDate($0[date]) }),
            Set(body.map { $0[date] }).count < body.count
        else { return nil }
        return advice(body, layout, date: date, rows: rows ?? .events, isJSON: true)
    }

    /// The first column of dates, with the advice on it.
    private static func splitTime(_ body: [[[UInt8]]], _ layout: TableLayout, isJSON: Bool) -> String? {
        guard body.count >= 2 else { return nil }
        for column in 0..<layout.columnCount where body.allSatisfy({ isDate($0[column]) }) {
            guard Set(body.map { $0[column] }).count < body.count else { continue }
            let names = ColumnNames(layout.names, isJSON: isJSON)
            let rows: InputFormat.Rows =
                names.areBars
                ? .bars
                : names.has(.price) && (names.has(.quantity) || names.has(.volume))
                    ? .trades : names.has(.path, .status) ? .requests : .counts
            if let found = advice(body, layout, date: column, rows: rows, isJSON: isJSON) { return found }
        }
        return nil
    }

    private static func cut(_ lines: some Sequence<Bytes>, _ layout: TableLayout) -> [[[UInt8]]] {
        var splitter = FieldSplitter(delimiter: layout.delimiter)
        let rows = lines.lazy.compactMap { line -> [[UInt8]]? in
            guard let count = splitter.split(line), count >= layout.columnCount else { return nil }
            if let header = layout.header, line.elementsEqual(header) { return nil }
            return (0..<layout.columnCount).map { Array(NumberParsing.trimmed(splitter.field($0))) }
        }.prefix(100)
        return Array(rows)
    }

    /// What to do about a column of dates beside one of times of day; nil where there is none of these.
    private static func advice(
        _ body: [[[UInt8]]], _ layout: TableLayout, date: Int, rows: InputFormat.Rows?, isJSON: Bool
    ) -> String? {
        let clock = (0..<layout.columnCount).first { column in
            column != date
                && (body.allSatisfy { isClock($0[column]) }
                    || (isHour(name(column, layout)) && body.allSatisfy { isHourNumber($0[column]) })
                    || (isTime(name(column, layout)) && areDigits(body.map { $0[column] })))
        }
        guard let clock else { return nil }
        let found =
            "\(title(date, layout, isJSON)) has dates alone, and \(title(clock, layout, isJSON)) has the time of day; "
        let place = quoted(clock, layout)
        guard let rows else { return found + "join them: add \"time_of_day\": \(place) to the map's columns" }
        return found + "join them with a map (--map FILE): "
            + map(body, layout, date: date, clock: clock, rows: rows, isJSON: isJSON)
    }

    /// The map that reads such a table.
    private static func map(
        _ body: [[[UInt8]]], _ layout: TableLayout, date: Int, clock: Int, rows: InputFormat.Rows,
        isJSON: Bool
    ) -> String {
        var kind: ColumnMap.Kind =
            switch rows {
            case .trades: .trades
            case .bars: .bars
            case .requests: .requests
            case .counts: .counts
            default: .events
            }
        var columns: [(name: String, column: Int)] = []
        let names = ColumnNames(layout.names, isJSON: isJSON)
        for name in ColumnMap.names {
            guard let role = ColumnRole(mapped: name), role != .time, role != .closeTime,
                let column = layout.columns[role] ?? names.columns[role], column != date, column != clock,
                kind.takes(role)
            else { continue }
            columns.append((name, column))
        }
        if kind == .trades, !columns.contains(where: { $0.name == "quantity" }),
            let volume = layout.columns[.volume] ?? names.columns[.volume]
        {
            columns.append(("quantity", volume))
        }
        if kind == .counts || kind == .events,
            !columns.contains(where: { $0.name == "value" || $0.name == "count" })
        {
            let value = (0..<layout.columnCount).first { column in
                column != date && column != clock
                    && body.allSatisfy { CountValue.isReadable($0[column], layout.numbers) }
            }
            if let value { columns.append(("value", value)) }
            kind = value == nil ? .events : .counts
            if value == nil { columns = [] }
        }
        columns = [("time", date), ("time_of_day", clock)] + columns
        let list = columns.map { "\"\($0.name)\": \(quoted($0.column, layout))" }.joined(separator: ", ")
        let order = body.contains { $0[date].withUnsafeBytes { WrittenTime.read($0) == nil } }
        return "{ \"rows\": \"\(kind.rawValue)\"" + (isJSON ? ", \"text\": \"json-lines\"" : "")
            + (layout.names.isEmpty ? ", \"header\": false" : "")
            + ", \"columns\": { \(list) }"
            + (order ? ", \"dates\": \"day-first\" } (or \"month-first\")" : " }")
    }

    /// A column's name, or its number where it has none, as a map has it.
    private static func quoted(_ column: Int, _ layout: TableLayout) -> String {
        let name = name(column, layout).trimmingQuotes
        if name.isEmpty { return "\(column + 1)" }
        let escaped = name.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\"\(String(escaped))\""
    }

    /// Whether a column is called like one of times.
    private static func isTime(_ name: String) -> Bool {
        let plain = name.lowercased()
        return ["time", "clock", "zeit", "heure", "hora", "tod"].contains { plain.contains($0) }
    }

    /// Whether fields are times of day of digits alone, as `093001`.
    private static func areDigits(_ fields: [[UInt8]]) -> Bool {
        guard let width = ClockStyle.likelyWidth(fields), width > 2 else { return false }
        let style = ClockStyle.digits(width, isPadded: false)
        return fields.allSatisfy { $0.withUnsafeBytes { style.read($0) != nil } }
    }

    private static func name(_ column: Int, _ layout: TableLayout) -> String {
        column < layout.names.count ? layout.names[column] : ""
    }

    private static func title(_ column: Int, _ layout: TableLayout, _ isJSON: Bool) -> String {
        let name = name(column, layout)
        return name.isEmpty ? "column \(column + 1)" : "\(isJSON ? "key" : "column") '\(name)'"
    }

    /// `2026-02-03`, `3.2.2026`, `03-Feb-2026`, `20260203`.
    private static func isDate(_ text: [UInt8]) -> Bool {
        guard (8...11).contains(text.count), let first = text.first, first &- 0x30 < 10 else { return false }
        let marks = text.count { $0 == 0x2D || $0 == 0x2F || $0 == 0x2E || $0 == 0x20 }
        let digits = text.count { $0 &- 0x30 < 10 }
        return (marks == 2 && digits >= 5) || (text.count == 8 && digits == 8)
    }

    /// `9:30`, `09:30:01.5`, `9:30 PM`.
    private static func isClock(_ text: [UInt8]) -> Bool {
        var digits = text[...]
        let ending = text.suffix(2).map { $0 | 0x20 }
        if ending == Array("am".utf8) || ending == Array("pm".utf8) { digits = digits.dropLast(2) }
        let parts = digits.filter { $0 != 0x20 }.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return false }
        return parts.enumerated().allSatisfy { place, part in
            let whole = place == 2 ? part.prefix { $0 != 0x2E } : part[...]
            return (1...2).contains(whole.count) && part.allSatisfy { $0 &- 0x30 < 10 || $0 == 0x2E }
        }
    }

    /// Whether a column is called like one of hours.
    static func isHour(_ name: String) -> Bool {
        ["hour", "hours", "hr", "hh", "hourofday", "hourending", "hourbeginning", "stunde"].contains(
            name.lowercased().filter(\.isLetter))
    }

    private static func isHourNumber(_ text: [UInt8]) -> Bool {
        Int(String(decoding: text, as: UTF8.self)).map { (0...24).contains($0) } ?? false
    }
}

extension ColumnMap.Kind {
    /// Whether rows of this kind have a value of a role.
    fileprivate func takes(_ role: ColumnRole) -> Bool {
        switch self {
        case .trades:
            [.id, .price, .quantity, .quoteQuantity, .side, .isBuyerMaker, .symbol, .exchange].contains(role)
        case .bars:
            [.open, .high, .low, .close, .volume, .quoteVolume, .tradeCount, .symbol].contains(role)
        case .requests: [.method, .path, .status, .bytes].contains(role)
        case .counts: [.value, .tradeCount, .uniqueID].contains(role)
        case .events: false
        }
    }
}
