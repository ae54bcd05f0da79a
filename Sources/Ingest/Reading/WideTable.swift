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

    /// Whether rows are those of series; nil where they have no times.
    static func isOfSeries(_ rows: [[[UInt8]]], _ layout: TableLayout, _ zone: LocalZone) -> Bool? {
        guard let index = layout.columns[.time], !rows.isEmpty,
            var time = TimeColumn(texts: rows.map { $0[index] }, zone: zone)
        else { return nil }
        let stamps = rows.compactMap { time.read(text: $0[index])?.nanoseconds }.sorted()
        guard 2 * stamps.count >= rows.count else { return nil }
        return isRegular(stamps) && areNumbers(rows, except: index)
    }

    /// Most neighbours lie as far apart as the commonest two, which are not one instant.
    private static func isRegular(_ stamps: [Int64]) -> Bool {
        var distances: [Int64: Int] = [:]
        for (one, next) in zip(stamps, stamps.dropFirst()) { distances[next - one, default: 0] += 1 }
        guard let best = distances.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }) else { return true }
        return best.key >= 1_000_000_000 && 2 * best.value >= stamps.count - 1
    }

    private static func areNumbers(_ rows: [[[UInt8]]], except time: Int) -> Bool {
        var fits = 0
        var all = 0
        for row in rows {
            for (index, field) in row.enumerated() where index != time {
                all += 1
                if CountValue.isReadable(field) { fits += 1 }
            }
        }
        return 2 * fits >= all
    }
}
