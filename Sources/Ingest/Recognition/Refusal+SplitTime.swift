extension Refusal {
    /// That a table has the date in one column and the time of day in another, of which only the first would be read; nil where
    /// it has not. A table with one row a day may have any other column.
    static func splitTime(_ lines: some Sequence<Bytes>, _ layout: TableLayout) -> String? {
        guard let time = layout.columns[.time] else { return nil }
        var splitter = FieldSplitter(delimiter: layout.delimiter)
        let rows = lines.lazy.compactMap { line -> [[UInt8]]? in
            guard let count = splitter.split(line), count >= layout.columnCount else { return nil }
            if let header = layout.header, line.elementsEqual(header) { return nil }
            return (0..<layout.columnCount).map { Array(NumberParsing.trimmed(splitter.field($0))) }
        }.prefix(100)
        let body = Array(rows)
        guard body.count >= 2, body.allSatisfy({ isDate($0[time]) }),
            Set(body.map { $0[time] }).count < body.count
        else { return nil }
        let clock = (0..<layout.columnCount).first { column in
            column != time
                && (body.allSatisfy { isClock($0[column]) }
                    || (isHour(name(column, layout)) && body.allSatisfy { isHourNumber($0[column]) }))
        }
        guard let clock else { return nil }
        return
            "\(title(time, layout)) has dates alone, and \(title(clock, layout)) has the time of day; join them into one "
            + "column, such as 2026-02-03T09:30:00"
    }

    private static func name(_ column: Int, _ layout: TableLayout) -> String {
        column < layout.names.count ? layout.names[column] : ""
    }

    private static func title(_ column: Int, _ layout: TableLayout) -> String {
        let name = name(column, layout)
        return name.isEmpty ? "column \(column + 1)" : "column '\(name)'"
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

    private static func isHour(_ name: String) -> Bool {
        ["hour", "hr", "hh", "hourofday", "hourending", "hourbeginning", "stunde"].contains(
            name.lowercased().filter(\.isLetter))
    }

    private static func isHourNumber(_ text: [UInt8]) -> Bool {
        Int(String(decoding: text, as: UTF8.self)).map { (0...24).contains($0) } ?? false
    }
}
