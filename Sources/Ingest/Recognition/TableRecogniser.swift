/// Recognises delimited tables, with a header or without.
struct TableRecogniser {
    let formats: [any LogFormat]

    static let delimiters: [UInt8] = [0x2C, 0x09, 0x3B, 0x7C]

    /// How many lines before the header may be a banner.
    private static let bannerLinesMax = 4

    /// What a text may be, the likeliest first.
    func recognise(_ sample: TextSample) -> [Finding] {
        for banner in 0...min(Self.bannerLinesMax, max(0, sample.lines.count - 1)) {
            // A banner stands above a table: its header is followed by rows.
            if banner > 0, sample.lines.count == banner + 1 { continue }
            var found = Self.delimiters.flatMap { headed(sample, banner: banner, delimiter: $0) }
            if banner == 0 { found += Self.delimiters.flatMap { headerless(sample, delimiter: $0) } }
            if !found.isEmpty { return found }
        }
        return []
    }

    private func headed(_ sample: TextSample, banner: Int, delimiter: UInt8) -> [Finding] {
        let header = sample.lines[banner]
        // Names hold no JSON; cut at its commas a document would be a header without rows.
        if header.first == 0x7B { return [] }
        if header.first == 0x5B,
            header.dropFirst().first.map({ $0 &- 0x30 < 10 || "{[\"".utf8.contains($0) }) == true
        {
            return []
        }
        var splitter = FieldSplitter(delimiter: delimiter)
        guard let count = splitter.split(header), count >= 2 else { return [] }
        let names = (0..<count).map { String(decoding: splitter.field($0), as: UTF8.self) }
        let rows = Array(sample.lines.dropFirst(banner + 1))
        return candidates(ColumnNames(names, isJSON: false)).compactMap { format, layout in
            var layout = layout
            layout.delimiter = delimiter
            layout.header = Array(header)
            return TableReading(layout, rows: rows, zone: sample.zone).map {
                Finding(format, table: $0, bannerLines: banner)
            }
        }
    }

    private func headerless(_ sample: TextSample, delimiter: UInt8) -> [Finding] {
        headerless(sample.lines, delimiter: delimiter, zone: sample.zone)
    }

    /// What rows without names may be, cut at a delimiter.
    func headerless(_ lines: [Bytes], delimiter: UInt8, zone: LocalZone) -> [Finding] {
        let first = Array(lines.prefix(50))
        return formats.flatMap { format in
            format.recognition.compactMap { recognition in
                guard case .columns(let shape) = recognition, shape.fits(first, delimiter: delimiter) else {
                    return nil
                }
                var layout = shape.layout
                layout.delimiter = delimiter
                layout.detectsNumbers = delimiter != JSONShape.delimiter
                return TableReading(layout, rows: lines, zone: zone).map {
                    Finding(format, table: $0)
                }
            }
        }
    }

    /// The layouts that names may stand for, the strongest claim first. A general format does not get what a particular one
    /// of the same kind of rows takes; of two particular ones, what the rows hold decides.
    func candidates(_ names: ColumnNames) -> [(format: any LogFormat, layout: TableLayout)] {
        var claims: [(claim: Recognition.Claim, format: any LogFormat, layout: TableLayout)] = []
        for format in formats {
            for case .names(let claim, let read) in format.recognition {
                guard claim <= .kind || !names.isJSON, var layout = read(names) else { continue }
                layout.columnCount = names.names.count
                layout.names = names.names
                claims.append((claim, format, layout))
            }
        }
        var taken: Set<InputFormat.Rows> = []
        // Stable, since formats of one claim are tried in the order of the list.
        return claims.enumerated().sorted { ($0.element.claim, $0.offset) < ($1.element.claim, $1.offset) }
            .compactMap { _, found in
                let isFirst = found.claim > .kind || taken.insert(found.format.about.rows).inserted
                return isFirst || found.claim == .particular ? (found.format, found.layout) : nil
            }
    }
}
