import Tape
import Units

/// Finds the format of a text from its first lines. A file's name has no say.
struct Sniffer {
    let path: String
    let wanted: InputFormat?
    var zone = LocalZone.utc
    var formats = LogFormats.all

    /// How many bytes of the text are looked at.
    static let headLength = 256 << 10

    /// Looks at the start of a text; `isWhole` says that it is all of it. With a map, the map decides.
    func find(_ head: Bytes, isWhole: Bool, map: ColumnMap? = nil) throws(IngestError) -> Finding {
        let skip = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let sample = TextSample(
            path: path, head: Bytes(rebasing: head[skip...]), isWhole: isWhole, zone: zone)
        if head.starts(with: [0xFF, 0xFE]) {
            throw .binary(path: path, hint: "it starts as UTF-32; convert it: iconv -f UTF-32 -t UTF-8")
        }
        guard let first = sample.lines.first else {
            if head.contains(0) { throw .binary(path: path, hint: "it contains NUL bytes") }
            // Nothing but comments, which may say what would follow.
            guard var found = texts(sample).first(where: { _ in true }) else { throw .empty(path: path) }
            found.skip = skip
            return found
        }
        if let map { return try MappedTables(map: map).find(sample, skip: skip) }
        if let reason = Refusal.loadTest(sample) { throw .unrecognised(path: path, near: reason) }
        var other: Finding?
        func isWanted(_ found: Finding) -> Bool {
            if wanted == nil || wanted == found.format.about { return true }
            other = other ?? found
            return false
        }
        let tables = TableRecogniser(formats: formats)
        let found =
            texts(sample).first(where: isWanted)
            ?? JSONRecogniser(tables: tables).recognise(sample).first(where: isWanted)
            ?? tables.recognise(sample).first(where: isWanted)
        if found == nil || found?.format is PrometheusFormat, let reason = Refusal.answer(sample) {
            throw .unrecognised(path: path, near: reason)
        }
        if let found, let reason = splitTime(found, sample) { throw .unrecognised(path: path, near: reason) }
        if let found, let problem = Refusal.repeatedName(found, sample) { throw problem }
        if var found {
            found.skip = skip
            return found
        }
        if let wanted, let other {
            throw .otherFormat(path: path, wanted: wanted.rawValue, found: other.format.about.rawValue)
        }
        if sample.lines.prefix(5).contains(where: { $0.contains(0) }) {
            throw .binary(path: path, hint: "it contains NUL bytes")
        }
        throw .unrecognised(
            path: path,
            near: Refusal.splitTime(sample) ?? Refusal.formattedNumbers(sample) ?? Refusal.serialDates(sample)
                ?? near(first))
    }

    /// That a reading would take the date for the time, which stands beside it.
    private func splitTime(_ found: Finding, _ sample: TextSample) -> String? {
        guard let layout = found.table?.layout else { return nil }
        switch found.container {
        case .lines: return Refusal.splitTime(sample.lines, layout, rows: found.format.about.rows)
        case .jsonLines, .jsonArray: return Refusal.splitTime(Refusal.objects(sample), found)
        default: return nil
        }
    }

    /// The formats with a grammar or a document of their own that a text may be, what is unmistakable.
    private func texts(_ sample: TextSample) -> some Sequence<Finding> {
        formats.lazy.flatMap { format in
            format.recognition.lazy.compactMap { recognition in
                if case .text(let recognise) = recognition { recognise(sample) } else { nil }
            }
        }
    }

    /// What the file looks like, for the message that says that no format fits.
    private func near(_ first: Bytes) -> String {
        if first.first == 0x7B || first.first == 0x5B {
            return "this is JSON of an unknown shape; `--map` can describe its keys"
        }
        if first.starts(with: "PAR1".utf8) { return "it looks like Parquet; export it as CSV" }
        let text = String(decoding: first.prefix(60), as: UTF8.self)
        let shown = text.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        if NumberParsing.fixed(first) != nil {
            return "the lines are single numbers without times; `--map` can set when they start: \(shown)"
        }
        let delimiter = TableRecogniser.delimiters.max { one, other in
            first.count(where: { $0 == one }) < first.count(where: { $0 == other })
        }
        let name = [0x09: "tab", 0x3B: "semicolon", 0x7C: "bar"][delimiter ?? 0x2C] ?? "comma"
        let fields = first.count { $0 == delimiter } + 1
        return
            "the first line has \(fields) \(name)-separated fields, but no column of times, requests or "
            + "prices matches in the lines below: \(shown)"
    }
}
