/// Texts that a format would fit, or half fit, and that are something else: what they are, in words.
enum Refusal {
    /// Why a text is no traffic but a test of what carries it; nil where it is none.
    static func loadTest(_ sample: TextSample) -> String? {
        guard
            let tool = LoadTestTool(LoadTestTool.sample(sample.lines))
        else { return nil }
        return "this is the output of a load test (\(tool.rawValue)), not traffic; `highwater calibrate "
            + "--input` reads it"
    }

    /// That a name stands over two columns, of those that a reading of a table uses; nil where none does.
    static func repeatedName(_ found: Finding, _ sample: TextSample) -> IngestError? {
        guard case .lines = found.container, let layout = found.table?.layout, layout.header != nil else {
            return nil
        }
        let names = layout.names.map { $0.trimmingQuotes }
        // Series side by side are all read.
        let used = found.format is GrafanaFormat ? Set(names.indices) : Set(layout.columns.values)
        for column in used.sorted() {
            guard let message = RepeatedName.message(column, names),
                let again = names.lastIndex(of: names[column])
            else { continue }
            return sample.malformed(found.bannerLines, field: again, delimiter: layout.delimiter, message)
        }
        return nil
    }

    /// What an answer of an HTTP interface says instead of data.
    static func answer(_ sample: TextSample) -> String? {
        guard sample.head.first(where: { !JSONText.isBlank($0) }) == 0x7B, sample.isWhole,
            sample.head.count < 64 << 10
        else { return nil }
        var leaves = JSONLeaves([
            "status", "error", "errorType", "data.resultType", "code", "msg", "message", "retMsg",
        ])
        guard leaves.read(sample.head) else { return nil }
        func text(_ index: Int) -> String? {
            leaves.has(index) ? String(decoding: leaves.value(index), as: UTF8.self) : nil
        }
        let status = text(0)
        if status == "error" || (text(1) != nil && text(1) != "") {
            let kind = text(2).map { " (\($0))" } ?? ""
            return "the response reports an error\(kind): \(text(1) ?? text(6) ?? "no message")"
        }
        if let kind = text(3), kind != "matrix" {
            return "this is a Prometheus response for one time (a \(kind)); use `query_range` for a time "
                + "range"
        }
        if text(3) == "matrix", isEmptyResult(sample.head) {
            return "this is an empty Prometheus response: the query matched no series in that time range"
        }
        if let message = text(5) ?? text(7), text(4) != nil || text(7) != nil, sample.lines.count == 1,
            message != "OK", message != ""
        {
            return "the response reports an error: \(message)"
        }
        return krakenError(sample.head)
    }

    /// Whether no element stands in the result of a matrix.
    private static func isEmptyResult(_ head: Bytes) -> Bool {
        var found = 0
        var elements = JSONElements { place in
            if place.depth == 3, place.keys[0] == Array("data".utf8), place.keys[1] == Array("result".utf8) {
                found += 1
            }
            return false
        }
        try? elements.read(head) { _, _ in }
        return found == 0
    }

    /// `{"error":["EQuery:Unknown asset pair"]}`.
    private static func krakenError(_ head: Bytes) -> String? {
        var text: String?
        var elements = JSONElements { $0.isArray && $0.depth == 1 && $0.keys[0] == Array("error".utf8) }
        try? elements.read(head) { raw, _ in
            guard let texts = JSONText.scalars(raw), !texts.isEmpty else { return }
            text = texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "; ")
        }
        return text.map { "the response reports an error: \($0)" }
    }

    /// That a table's times are days since 1899, as spreadsheets count them; nil where they are not.
    static func serialDates(_ sample: TextSample) -> String? {
        for delimiter in TableRecogniser.delimiters {
            var splitter = FieldSplitter(delimiter: delimiter)
            let rows = sample.lines.dropFirst().prefix(50).compactMap { line -> [[UInt8]]? in
                guard let count = splitter.split(line), count >= 2 else { return nil }
                return (0..<count).map { Array(splitter.field($0)) }
            }
            guard rows.count > 1, let width = rows.map(\.count).min() else { continue }
            let column = (0..<width).first { index in
                rows.allSatisfy { $0[index].withUnsafeBytes(SerialDate.isOne) }
            }
            guard let column else { continue }
            return "column \(column + 1) may contain dates as spreadsheet day numbers "
                + "('\(String(decoding: rows[0][column], as: UTF8.self))'); format it as a date and time "
                + "before export"
        }
        return nil
    }

    /// What a table holds that only a reader's eye takes for numbers; nil where there is no such table.
    static func formattedNumbers(_ sample: TextSample) -> String? {
        for delimiter in TableRecogniser.delimiters {
            var splitter = FieldSplitter(delimiter: delimiter)
            let rows = sample.lines.prefix(100).compactMap { line -> [[UInt8]]? in
                guard line.contains(delimiter), let count = splitter.split(line), count >= 2 else {
                    return nil
                }
                return (0..<count).map { Array(splitter.field($0)) }
            }
            guard rows.count >= 2, 2 * rows.count >= min(100, sample.lines.count) else { continue }
            let names = rows[0].map { String(decoding: $0, as: UTF8.self) }
            let body = rows.dropFirst().filter { $0.count == names.count }
            let time = names.indices.first { index in
                TimeColumn(texts: body.map { $0[index] }, earliest: TimeColumn.earliestLog) != nil
            }
            guard let time, let found = WideTable.formatted(Array(body), except: time, anyUnit: true) else {
                continue
            }
            let text = String(decoding: found.text, as: UTF8.self)
            if found.text.withUnsafeBytes({ NumberParsing.fixed(NumberParsing.trimmed($0)) }) != nil {
                return
                    "column '\(names[found.column])' has negative numbers such as '\(text)', which cannot be "
                    + "counts"
            }
            return "column '\(names[found.column])' has numbers formatted for display, such as '\(text)': "
                + (NumberStyle.isNumber(found.text)
                    ? "its marks may separate thousands or decimals" : "rounded, or with a unit")
                + "; export it without formatting (in Grafana, switch off 'Formatted data')"
        }
        return nil
    }
}
