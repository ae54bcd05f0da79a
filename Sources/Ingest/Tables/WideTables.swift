/// Tells a table of series side by side (one column each, rows at a regular step) from a table of events that
/// have a time and marks of their own.
enum WideTables {
    /// The layout as `grafana` or as `events`; nil where it is neither.
    static func decide(_ layout: TableLayout, _ rows: [[[UInt8]]], _ zone: LocalZone) -> TableLayout? {
        guard let index = layout.columns[.time], !rows.isEmpty,
            var time = TimeColumn(texts: rows.map { $0[index] }, zone: zone)
        else { return nil }
        let stamps = rows.compactMap { time.read(text: $0[index])?.nanoseconds }.sorted()
        guard 2 * stamps.count >= rows.count else { return nil }
        var layout = layout
        if isRegular(stamps), areNumbers(rows, except: index) { return layout }
        layout.format = .events
        layout.columns = [.time: index]
        return layout
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
                if field.withUnsafeBytes({ CountValue.read($0) }) != .unreadable { fits += 1 }
            }
        }
        return 2 * fits >= all
    }
}
