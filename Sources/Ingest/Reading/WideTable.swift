/// A table of a time and anything beside it: series side by side (one column each, rows at a regular step), or events that
/// have a time and marks of their own.
enum WideTable {
    /// The layout of such a table, whose rows have to pass a check; nil where names are missing, or no time is named.
    static func layout(_ names: ColumnNames, check: @escaping TableLayout.Check) -> TableLayout? {
        guard names.names.count >= 2, let time = names.columns[.time],
            !names.names.contains(where: ColumnNames.looksLikeData)
        else { return nil }
        var layout = TableLayout(columns: [.time: time])
        layout.mayCountTime = true
        layout.check = check
        return layout
    }

    /// What rows of a time and anything are.
    enum Rows {
        /// Those of series: numbers at a step.
        case series
        /// Events: times at no step.
        case events
        /// Numbers that were made for a reader, which are neither.
        case formatted
    }

    /// What rows are; nil where they have no times.
    static func kind(_ rows: [[[UInt8]]], _ layout: TableLayout, _ zone: LocalZone) -> Rows? {
        guard let index = layout.columns[.time], !rows.isEmpty,
            var time = TimeColumn(texts: rows.map { $0[index] }, zone: zone)
        else { return nil }
        let stamps = rows.compactMap { time.read(text: $0[index])?.nanoseconds }.sorted()
        guard 2 * stamps.count >= rows.count else { return nil }
        let isRegular = isRegular(stamps)
        if isRegular, areNumbers(rows, layout, except: index) { return .series }
        // Two columns are a time and what it has; and nothing that keeps a step comes by itself.
        let isCount = isRegular || layout.columnCount == 2
        return formatted(rows, except: index, anyUnit: isCount) == nil ? .events : .formatted
    }

    /// Most neighbours lie about as far apart as their median, which is a second or more. Of events that come by
    /// themselves, less than a fifth do.
    private static func isRegular(_ stamps: [Int64]) -> Bool {
        let distances = zip(stamps, stamps.dropFirst()).map { $1 - $0 }
        guard !distances.isEmpty else { return true }
        // A time that comes again says nothing of the step, but that rows may not be of one.
        let exact = Dictionary(distances.filter { $0 > 0 }.map { ($0, 1) }, uniquingKeysWith: +)
        if let best = exact.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }), best.key >= 1_000_000_000,
            2 * best.value >= distances.count
        {
            return true
        }
        let median = distances.sorted()[distances.count / 2]
        guard median >= 1_000_000_000, distances.count >= 4 else { return false }
        return 2 * distances.count { abs($0 - median) <= median / 4 } >= distances.count
    }

    private static func areNumbers(_ rows: [[[UInt8]]], _ layout: TableLayout, except time: Int) -> Bool {
        var fits = 0
        var all = 0
        for row in rows {
            for (index, field) in row.enumerated() where index != time {
                all += 1
                if CountValue.isReadable(field, layout.numbers) { fits += 1 }
            }
        }
        return 2 * fits >= all
    }

    /// A field of a column that holds numbers for a reader; nil where there is none. With `anyUnit` a length of time or a
    /// size is such a number too, and one with marks between its digits.
    static func formatted(_ rows: [[[UInt8]]], except time: Int?, anyUnit: Bool) -> (
        column: Int, text: [UInt8]
    )? {
        for column in (rows.first ?? []).indices where column != time {
            let fields = rows.compactMap { $0.count > column ? $0[column] : nil }.filter { !$0.isEmpty }
            let odd = fields.filter { field in
                if let suffix = FormattedNumber.suffix(field) {
                    return anyUnit || FormattedNumber.isOfRate(suffix)
                }
                guard anyUnit, !CountValue.isReadable(field) else { return false }
                return NumberStyle.isNumber(field) || FormattedNumber.hasMark(field)
                    || FormattedNumber.isForeign(field)
            }
            if let first = odd.first(where: { !NumberStyle.isNumber($0) }) ?? odd.first,
                2 * odd.count >= fields.count
            {
                return (column, first)
            }
        }
        return nil
    }
}
