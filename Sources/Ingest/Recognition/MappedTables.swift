import Units

/// Applies a column map to the first lines of a file.
struct MappedTables {
    let map: ColumnMap

    /// The reading that the map asks for. Throws where the file does not have what the map names.
    func find(_ sample: TextSample, skip: Int) throws(IngestError) -> Finding {
        let lines = Array(sample.lines.dropFirst(map.skipLines))
        guard let first = lines.first else { throw .empty(path: sample.path) }
        if let missing = map.kind.needs.first(where: { map.columns[$0] == nil && map.constants[$0] == nil }) {
            throw problem(sample, "it has no '\(missing)'")
        }
        var found: Finding
        switch map.text {
        case _ where needsConversion(first): found = try MappedRows(tables: self).find(first, lines, sample)
        case .jsonLines: found = try json(lines, sample)
        default: found = try table(first, lines, sample)
        }
        found.skip = skip
        found.bannerLines = map.skipLines
        // Where rows are counted, the header must not be taken for the first.
        if case .steps = map.clock, map.text == .table, map.hasHeader { found.bannerLines += 1 }
        return found
    }

    /// Whether values have to be made from those of a row before a parser of tables can read them.
    private func needsConversion(_ first: Bytes) -> Bool {
        let isPlain =
            map.columns["time_of_day"] == nil && map.sides == nil && map.decimalMark == nil
            && map.scales.isEmpty && map.constants.isEmpty
        switch map.text {
        case .ltsv, .logfmt: return true
        case .jsonLines: return !isPlain || NumberParsing.trimmed(first).first == 0x5B
        case .table: return !isPlain
        }
    }

    private func table(_ first: Bytes, _ lines: [Bytes], _ sample: TextSample) throws(IngestError) -> Finding
    {
        let delimiter = map.delimiter ?? guess(first)
        var splitter = FieldSplitter(delimiter: delimiter)
        guard let count = splitter.split(first) else {
            throw problem(sample, "the first line cannot be split")
        }
        let names = (0..<count).map {
            String(decoding: NumberParsing.trimmed(splitter.field($0)), as: UTF8.self)
        }
        var columns: [ColumnRole: Int] = [:]
        for (name, place) in map.columns {
            guard let role = ColumnRole(mapped: name) else { continue }
            columns[role] = try index(place, name, names, sample, delimiter: delimiter)
        }
        try checkShared(
            columns.map { ($0.key.mappedName, $0.value) }, sample, title: { "column \($0 + 1)" })
        if columns[.time] == nil {
            guard case .steps = map.clock else {
                throw problem(sample, "it has no 'time', and no 'start' and 'step'")
            }
        }
        var layout = TableLayout(
            delimiter: delimiter, columnCount: count, columns: columns,
            header: map.hasHeader ? Array(first) : nil, names: map.hasHeader ? names : [])
        complete(&layout)
        let rows = map.hasHeader ? Array(lines.dropFirst()) : lines
        return Finding(map.format, table: try reading(layout, rows, sample))
    }

    private func json(_ lines: [Bytes], _ sample: TextSample) throws(IngestError) -> Finding {
        var paths: [String] = []
        var columns: [ColumnRole: Int] = [:]
        for (name, place) in map.columns.sorted(by: { $0.key < $1.key }) {
            guard let role = ColumnRole(mapped: name) else { continue }
            guard case .name(let path) = place else {
                throw problem(sample, "'\(name)' is given as a number, but JSON needs a key name")
            }
            columns[role] = paths.count
            paths.append(path)
        }
        // A row of one field has no delimiter and would look empty.
        if paths.count == 1 { paths.append("") }
        var layout = TableLayout(columns: columns)
        complete(&layout)
        let shape = JSONShape(paths: paths)
        guard
            let found = JSONRecogniser.finding(
                map.format, layout, shape, lines.map(Array.init), sample, isArray: false)
        else {
            throw problem(sample, "the first lines have no times at the mapped place")
        }
        return Finding(map.format, found.container, table: found.table.map(clocked))
    }

    func complete(_ layout: inout TableLayout) {
        layout.sideIsMakers = map.sideIsMakers
        if let side = map.columns["side"], side == map.columns["quantity"] {
            layout.signIsSide = true
            layout.columns[.side] = nil
        }
        layout.dateOrder = map.dateOrder
        layout.mayLackID = true
        layout.absentIsZero = map.absentIsZero
        layout.mayTrail = map.kind == .requests
        layout.mayCountTime = map.kind == .counts
        if map.kind == .requests, layout.columns[.bytes] == nil {
            layout.columns[.bytes] = layout.columns[.quantity]
        }
        if map.kind == .counts {
            layout.columns[.value] = layout.columns[.value] ?? layout.columns[.tradeCount]
            if layout.columns[.uniqueID] == nil { layout.check = TimestampValueFormat.hasValues }
        }
    }

    func reading(
        _ layout: TableLayout, _ rows: [Bytes], _ sample: TextSample
    ) throws(IngestError) -> TableReading {
        if case .steps(let start, let step, let first) = map.clock {
            let time = TimeColumn(
                counting: start, stepSeconds: step, first: first,
                readsField: layout.columns[.time] != nil)
            return TableReading(layout, time: time, stepSeconds: step)
        }
        guard let table = TableReading(layout, rows: rows, zone: sample.zone) else {
            let found = example(layout, rows, sample)
            throw problem(
                sample, "the first lines have no times at the mapped place" + found + advice(layout, rows))
        }
        if let reason = Refusal.splitTime(rows, layout) { throw problem(sample, reason) }
        return clocked(table)
    }

    /// The reading by the unit of time that the map says, if it does.
    private func clocked(_ found: TableReading) -> TableReading {
        // Beside a date, the unit is that of the time of day.
        guard case .epoch(let nanoseconds) = map.clock, map.columns["time_of_day"] == nil else {
            return found
        }
        let unit: TimeUnit =
            switch nanoseconds {
            case 1: .nanoseconds
            case 1000: .microseconds
            case 1_000_000: .milliseconds
            default: .seconds
            }
        var table = found
        table.time = TimeColumn(
            unit: unit, isResolved: unit != .seconds || found.time.isResolved,
            earliest: Timestamp.plausible.lowerBound)
        return table
    }

    func index(
        _ place: ColumnMap.Place, _ name: String, _ names: [String], _ sample: TextSample, delimiter: UInt8
    ) throws(IngestError) -> Int {
        switch place {
        case .column(let number):
            guard number <= names.count else {
                throw problem(
                    sample, "'\(name)' is column \(number), but the first line has \(names.count) columns")
            }
            return number - 1
        case .name(let wanted):
            guard map.hasHeader, let index = names.firstIndex(of: wanted) else {
                let near = nearMiss(to: wanted, among: names).map { "; did you mean '\($0)'?" } ?? ""
                throw problem(sample, "there is no column '\(wanted)'\(near)")
            }
            if let message = RepeatedName.message(index, names) {
                let again = names.lastIndex(of: wanted) ?? index
                throw sample.malformed(map.skipLines, field: again, delimiter: delimiter, message)
            }
            return index
        }
    }

    /// Refuses one column for two values, which a name and a number may hide.
    func checkShared(
        _ places: [(name: String, place: Int)], _ sample: TextSample, title: (Int) -> String
    ) throws(IngestError) {
        let sorted = places.sorted { $0.name < $1.name }
        for (index, one) in sorted.enumerated() {
            let other = sorted[..<index].first {
                $0.place == one.place && !ColumnMap.mayShare($0.name, one.name)
            }
            guard let other else { continue }
            throw problem(sample, "'\(other.name)' and '\(one.name)' are both \(title(one.place))")
        }
    }

    /// What would help where no times can be read.
    private func advice(_ layout: TableLayout, _ rows: [Bytes]) -> String {
        if let time = layout.columns[.time],
            case let cut = layout.cut(Array(rows.prefix(50))).map({ $0[time] }), cut.count > 1,
            cut.allSatisfy({ $0.withUnsafeBytes(SerialDate.isOne) })
        {
            return
                "; they are dates as spreadsheet day numbers ('\(String(decoding: cut[0], as: UTF8.self))'): format "
                + "the column as a date and time before export"
        }
        guard let time = layout.columns[.time], layout.dateOrder == nil,
            let text = layout.cut(Array(rows.prefix(1))).first?[time],
            [DateOrder.dayFirst, .monthFirst].contains(where: { order in
                text.withUnsafeBytes { NumericDate.read($0, order) != nil }
            })
        else { return "" }
        return
            "; for '\(String(decoding: text, as: UTF8.self))' add \"dates\": \"day-first\" or \"month-first\""
    }

    /// Where the first field stands that should be a time, and what it holds.
    private func example(_ layout: TableLayout, _ rows: [Bytes], _ sample: TextSample) -> String {
        guard let time = layout.columns[.time],
            let row = rows.first(where: { !layout.cut([$0]).isEmpty }),
            let text = layout.cut([row]).first?[time]
        else { return "" }
        let shown = "'\(String(decoding: text.prefix(40), as: UTF8.self))'"
        guard let line = sample.lineNumber(of: row) else { return ": \(shown)" }
        let fields = TableFaults.fields(row, layout.delimiter)
        return ": line \(line), column \(time < fields.count ? fields[time].lowerBound + 1 : 1) has \(shown)"
    }

    /// The delimiter that cuts a line into most columns.
    func guess(_ line: Bytes) -> UInt8 {
        TableRecogniser.delimiters.max { one, other in
            line.filter { $0 == one }.count < line.filter { $0 == other }.count
        } ?? 0x2C
    }

    func problem(_ sample: TextSample, _ message: String) -> IngestError {
        .unmapped(path: sample.path, message: message)
    }
}

extension ColumnMap {
    /// The format that rows of the map's kind are read as.
    var format: any LogFormat {
        switch kind {
        case .trades: HeadedTradesFormat()
        case .bars: HeadedBarsFormat()
        case .requests: text == .jsonLines ? JSONRequestsFormat() : RequestTableFormat()
        case .counts:
            columns["unique_id"] == nil && constants["unique_id"] == nil
                ? TimestampValueFormat() : SeriesTableFormat()
        case .events: EventsFormat()
        }
    }
}

extension ColumnMap.Kind {
    /// The values that a row of this kind cannot do without, beside its time.
    fileprivate var needs: [String] {
        switch self {
        case .trades: ["price", "quantity"]
        case .bars: ["open", "high", "low", "close", "count"]
        case .requests: ["path", "status"]
        case .counts, .events: []
        }
    }
}

extension ColumnRole {
    /// The role that a map calls so.
    init?(mapped name: String) {
        switch name {
        case "first_id": self = .firstID
        case "last_id": self = .lastID
        case "is_buyer_maker": self = .isBuyerMaker
        default: self.init(rawValue: name)
        }
    }

    /// What a map calls it.
    var mappedName: String {
        switch self {
        case .firstID: "first_id"
        case .lastID: "last_id"
        case .isBuyerMaker: "is_buyer_maker"
        default: rawValue
        }
    }
}
