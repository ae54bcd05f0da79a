import Units

/// Applies a column map whose values have to be made of those of a row: a date and a time of day, words for a side, decimal
/// commas, labelled values.
struct MappedRows {
    let tables: MappedTables

    private var map: ColumnMap { tables.map }

    /// The first rows, and how their values are parted.
    fileprivate struct Parted {
        var source: RowMapping.Source
        var rows: [[UInt8]]
        var header: [UInt8]?
        /// The names of columns.
        var names: [String] = []
        /// Whether rows are elements of a JSON document rather than lines.
        var isDocument = false
    }

    /// The reading that the map asks for. Throws where the file does not have what the map names.
    func find(_ first: Bytes, _ lines: [Bytes], _ sample: TextSample) throws(IngestError) -> Finding {
        let parted = try part(first, lines, sample)
        var columns: [ColumnRole: Int] = [:]
        var places: [(name: String, place: Int)] = []
        var mapping = RowMapping(source: parted.source, columns: [])
        for (name, place) in map.columns.sorted(by: { $0.key < $1.key }) {
            guard let role = ColumnRole(mapped: name) else { continue }
            columns[role] = mapping.columns.count
            var column = RowMapping.Column(places: [try index(place, name, parted, sample)])
            column.conversion = conversion(of: name)
            places.append((name, column.places[0]))
            mapping.columns.append(column)
        }
        for (name, text) in map.constants.sorted(by: { $0.key < $1.key }) {
            guard let role = ColumnRole(mapped: name), columns[role] == nil else { continue }
            columns[role] = mapping.columns.count
            mapping.columns.append(.init(conversion: .constant(Array(text.utf8))))
        }
        try tables.checkShared(
            places, sample, title: { place in parted.title(place) })
        if let place = map.columns["time_of_day"] {
            try join(place, columns[.time], &mapping, parted, sample)
        }
        if columns[.time] == nil {
            guard case .steps = map.clock else {
                throw tables.problem(sample, "it has no 'time', and no 'start' and 'step'")
            }
        }
        var layout = TableLayout(
            delimiter: JSONShape.delimiter, columnCount: max(2, mapping.columns.count), columns: columns,
            header: parted.header)
        tables.complete(&layout)
        layout.detectsNumbers = map.text != .jsonLines
        try checkSplitTime(parted, sample)
        let table = try reading(layout, mapping, parted, sample)
        return Finding(map.format, parted.isDocument ? .mappedArray(mapping) : .mapped(mapping), table: table)
    }

    private func conversion(of name: String) -> RowMapping.Conversion {
        if name == "side", let sides = map.sides {
            var words: [String: Bool] = [:]
            for word in sides.sell { words[word.lowercased()] = false }
            for word in sides.buy { words[word.lowercased()] = true }
            return .side(words)
        }
        let factor = map.scales[name].flatMap { DecimalFactor($0) }
        guard ColumnMap.numberNames.contains(name), map.decimalMark != nil || factor != nil else {
            return .text
        }
        return .number(
            NumberConversion(style: map.decimalMark.map { NumberStyle(decimalMark: $0) }, factor: factor))
    }

    /// Makes the column of times one of a date and a time of day.
    private func join(
        _ place: ColumnMap.Place, _ time: Int?, _ mapping: inout RowMapping, _ parted: Parted,
        _ sample: TextSample
    ) throws(IngestError) {
        guard let time else {
            throw tables.problem(sample, "'time_of_day' needs a 'time' that holds the dates")
        }
        let clock = try index(place, "time_of_day", parted, sample)
        let fields = texts(clock, parted)
        try checkDates(mapping.columns[time].places.flatMap { texts($0, parted) }, sample)
        var style = ClockStyle(of: fields, isOfHours: isNamedAsHour(place, parted))
        if let digits = map.clockDigits { style = .digits(digits.rawValue.count, isPadded: false) }
        if case .epoch(let nanoseconds) = map.clock { style = .count(nanoseconds: nanoseconds) }
        guard let style else {
            let example = fields.first { !$0.isEmpty }.map { String(decoding: $0.prefix(20), as: UTF8.self) }
            throw tables.problem(
                sample,
                "'time_of_day' has digits such as '\(example ?? "")', which leave the time of day open, since zeros in "
                    + "front may be left out; add \"time_of_day_digits\": \"HHMMSS\" (or HH, HHMM, HHMMSSmmm), or, for "
                    + "a count since midnight, \"time_unit\"")
        }
        mapping.columns[time] = .init(
            places: mapping.columns[time].places + [clock],
            conversion: .clock(ClockText(style: style, dateOrder: map.dateOrder)))
    }

    /// The values at a place of the first rows.
    private func texts(_ place: Int, _ parted: Parted) -> [[UInt8]] {
        var reader = MappedRow(RowMapping(source: parted.source, columns: [.init(places: [place])]))
        return parted.rows.compactMap { row in
            var flat: [UInt8] = []
            let fault = row.withUnsafeBytes { reader.read($0, into: &flat) }
            return fault == nil ? flat.dropLast() : nil
        }
    }

    /// Refuses dates of numbers alone of which nobody has said whether the day comes first.
    private func checkDates(_ dates: [[UInt8]], _ sample: TextSample) throws(IngestError) {
        guard map.dateOrder == nil else { return }
        let reader = ClockText(style: .text, dateOrder: nil)
        let unread = dates.filter { $0.withUnsafeBytes { reader.days($0) == nil } }
        func fits(_ order: DateOrder, _ date: [UInt8]) -> Bool {
            date.withUnsafeBytes { NumericDate.read($0, order) != nil }
        }
        let open = unread.filter { date in DateOrder.allCases.contains { fits($0, date) } }
        guard 2 * open.count > dates.count, let first = open.first else { return }
        // A date such as 25/02/2026 tells.
        let orders = DateOrder.allCases.filter { order in open.allSatisfy { fits(order, $0) } }
        let words = (orders.isEmpty ? DateOrder.allCases : orders).map { "\"\($0.rawValue)\"" }
        throw tables.problem(
            sample,
            "for dates such as '\(String(decoding: first.prefix(20), as: UTF8.self))' add \"dates\": "
                + words.joined(separator: " or "))
    }

    private func isNamedAsHour(_ place: ColumnMap.Place, _ parted: Parted) -> Bool {
        switch place {
        case .name(let name): isHour(name)
        case .column(let number): number <= parted.names.count && isHour(parted.names[number - 1])
        }
    }

    /// Whether a name that a person gives for times of day is one for hours.
    private func isHour(_ name: String) -> Bool {
        Refusal.isHour(name) || name.lowercased() == "h"
    }

    /// Refuses a table whose dates alone are mapped beside a column with the time of day.
    private func checkSplitTime(_ parted: Parted, _ sample: TextSample) throws(IngestError) {
        guard case .table(let delimiter, let count, _) = parted.source, map.columns["time_of_day"] == nil,
            let place = map.columns["time"]
        else { return }
        let time = try index(place, "time", parted, sample)
        let layout = TableLayout(
            delimiter: delimiter, columnCount: count, columns: [.time: time], names: parted.names)
        if let reason = parted.withLines({ Refusal.splitTime($0, layout) }) {
            throw tables.problem(sample, reason)
        }
    }

    private func reading(
        _ layout: TableLayout, _ mapping: RowMapping, _ parted: Parted, _ sample: TextSample
    ) throws(IngestError) -> TableReading {
        var reader = MappedRow(mapping)
        var flat = parted
        flat.rows = parted.rows.compactMap { row in
            var fields: [UInt8] = []
            return row.withUnsafeBytes { reader.read($0, into: &fields) } == nil ? fields : nil
        }
        let result: Result<TableReading, IngestError> = flat.withLines { rows in
            do throws(IngestError) {
                return .success(try tables.reading(layout, rows, sample))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    // MARK: Parting

    private func part(_ first: Bytes, _ lines: [Bytes], _ sample: TextSample) throws(IngestError) -> Parted {
        switch map.text {
        case .table: return try table(first, lines, sample)
        case .ltsv: return labels(.ltsv, lines)
        case .logfmt: return labels(.logfmt, lines)
        case .jsonLines:
            if NumberParsing.trimmed(first).first == 0x5B { return try array(first, lines, sample) }
            return Parted(source: .object(names), rows: lines.map(Array.init))
        }
    }

    /// The names of all places, each once.
    private var names: [String] {
        var names: [String] = []
        for (_, place) in map.columns.sorted(by: { $0.key < $1.key }) {
            if case .name(let name) = place, !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func labels(_ grammar: LabelledLine.Grammar, _ lines: [Bytes]) -> Parted {
        Parted(source: .labels(grammar, names), rows: lines.map(Array.init))
    }

    private func table(_ first: Bytes, _ lines: [Bytes], _ sample: TextSample) throws(IngestError) -> Parted {
        let delimiter = map.delimiter ?? tables.guess(first)
        var splitter = FieldSplitter(delimiter: delimiter)
        guard let count = splitter.split(first) else {
            throw tables.problem(sample, "the first line cannot be split")
        }
        let names = (0..<count).map {
            String(decoding: NumberParsing.trimmed(splitter.field($0)), as: UTF8.self)
        }
        return Parted(
            source: .table(delimiter: delimiter, columnCount: count, mayTrail: map.kind == .requests),
            rows: (map.hasHeader ? Array(lines.dropFirst()) : lines).map(Array.init),
            header: map.hasHeader ? Array(first) : nil, names: names)
    }

    /// Lines of an array each, or one array of arrays or objects.
    private func array(_ first: Bytes, _ lines: [Bytes], _ sample: TextSample) throws(IngestError) -> Parted {
        if JSONText.forEachScalar(first, { _, _ in }) != nil {
            return Parted(source: .array, rows: lines.map(Array.init))
        }
        guard map.skipLines == 0 else {
            throw tables.problem(sample, "'skip_lines' cannot skip lines of a JSON array")
        }
        let objects = JSONDocumentSample.rows(sample, limit: 500, wants: JSONShape.isRow) { raw, _ in
            Array(raw)
        }
        if !objects.isEmpty { return Parted(source: .object(names), rows: objects, isDocument: true) }
        let arrays = JSONDocumentSample.rows(sample, limit: 500, wants: JSONShape.isArrayRow) { raw, _ in
            Array(raw)
        }
        return Parted(source: .array, rows: arrays, isDocument: true)
    }

    /// Where a value stands.
    private func index(
        _ place: ColumnMap.Place, _ name: String, _ parted: Parted, _ sample: TextSample
    ) throws(IngestError) -> Int {
        switch (parted.source, place) {
        case (.table(let delimiter, _, _), _):
            return try tables.index(place, name, parted.names, sample, delimiter: delimiter)
        case (.array, .column(let number)): return number - 1
        case (.array, .name):
            throw tables.problem(
                sample, "'\(name)' is given as a name, but the rows are JSON arrays; give its place, from 1")
        case (.object(let names), .name(let wanted)), (.labels(_, let names), .name(let wanted)):
            return names.firstIndex(of: wanted) ?? 0
        case (.object, .column), (.labels, .column):
            throw tables.problem(
                sample,
                "'\(name)' is given as a number, but \(map.text == .jsonLines ? "JSON" : map.text.rawValue) needs a "
                    + "key name")
        }
    }
}

extension MappedRows.Parted {
    /// What a message calls the place of a value.
    fileprivate func title(_ place: Int) -> String {
        switch source {
        case .table: "column \(place + 1)"
        case .object(let names): "key '\(names[place])'"
        case .array: "element \(place + 1)"
        case .labels(_, let names): "label '\(names[place])'"
        }
    }

    /// The rows as the bytes of one text.
    fileprivate func withLines<Value>(_ body: ([Bytes]) -> Value) -> Value {
        rows.flatMap { $0 }.withUnsafeBytes { all in
            var start = 0
            return body(
                rows.map { row in
                    defer { start += row.count }
                    return Bytes(rebasing: all[start..<start + row.count])
                })
        }
    }
}
