import Units

/// Rows of one series within one page, coded, with what can be said of them without decoding.
///
/// A page holds an hour of events, or a whole day where that has at most `PageLayout.wholeRowsMax` rows, or a month of
/// bars; a builder may make pages of less, which are merged when they are written.
struct CodedPage: Sendable {
    let rows: Int
    let first: Int64
    let last: Int64
    let events: Int64
    let bytes: PageBytes

    init(rows: Int, first: Int64, last: Int64, events: Int64, bytes: PageBytes) {
        self.rows = rows
        self.first = first
        self.last = last
        self.events = events
        self.bytes = bytes
    }

    /// Codes a range of rows in time order, which must not be empty.
    init(
        _ batch: RowBatch, _ range: Range<Int>, _ encoder: PageEncoder, _ store: PageStore?
    ) throws(TapeError) {
        rows = range.count
        first = batch.rows[range.lowerBound].start
        last = batch.rows[range.upperBound - 1].start
        events = batch.rows[range].reduce(0) { $0.addingSaturating($1.count) }
        let coded = encoder.encode(batch, range)
        bytes = if let store { try store.keep(coded) } else { .memory(Array(coded)) }
    }

    /// The rows; `file` names the place in an error.
    func decoded(from file: String) throws(TapeError) -> RowBatch {
        try decoded(from: file) { try RowBatch(decodingPage: $0) }
    }

    /// The counts alone; `file` names the place in an error.
    func decodedCounts(from file: String) throws(TapeError) -> CountBatch {
        try decoded(from: file) { try CountBatch(decodingPage: $0) }
    }

    private func decoded<Batch>(
        from file: String, _ decode: (UnsafeRawBufferPointer) throws -> Batch
    ) throws(TapeError) -> Batch {
        do {
            return try bytes.withBytes(decode)
        } catch {
            throw error as? TapeError ?? .corrupt(file: file, reason: "rows cannot be decoded")
        }
    }
}

/// Where the bytes of a page are.
enum PageBytes: Sendable {
    case memory([UInt8])
    case stored(PageStore, offset: Int, length: Int)
    case held(FileBytes, offset: Int, length: Int)

    var count: Int {
        switch self {
        case .memory(let bytes): bytes.count
        case .stored(_, _, let length), .held(_, _, let length): length
        }
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        switch self {
        case .memory(let bytes): return try bytes.withUnsafeBytes(body)
        case .stored(let store, let offset, let length):
            let bytes = try store.read(offset: offset, length: length)
            return try bytes.withUnsafeBytes(body)
        case .held(let held, let offset, let length):
            return try held.withBytes {
                try body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + length]))
            }
        }
    }
}

/// How the rows of a period are cut into pages. The pages follow from the rows alone, in whatever pieces they came.
enum PageLayout {
    /// A day of events with more rows than this is cut by the hour.
    static let wholeRowsMax = 4096
    static let pageSeconds: Int64 = 3600

    /// The ranges of rows that make a page each; rows in time order, all of one period.
    static func ranges(_ rows: [TapeRow], isEvents: Bool) -> [Range<Int>] {
        guard isEvents, rows.count > wholeRowsMax else { return rows.isEmpty ? [] : [0..<rows.count] }
        return hours(rows[...])
    }

    static func hour(_ second: Int64) -> Int64 {
        second >= 0 ? second / pageSeconds : (second - pageSeconds + 1) / pageSeconds
    }

    /// The pages of a period from pages of any cut; those that are right already are passed on as they are.
    static func merging(
        _ pages: [CodedPage], isEvents: Bool, _ encoder: PageEncoder, file: String
    ) throws(TapeError) -> [CodedPage] {
        if pages.count <= 1 { return pages }
        let sorted = pages.sorted { ($0.first, $0.last) < ($1.first, $1.last) }
        guard isEvents else { return try coded(try merged(sorted, file), isEvents: false, encoder) }
        // Runs of pages that share an hour; a page alone in its hour stays as it is.
        var runs: [[CodedPage]] = []
        var runEnd = Int64.min
        for page in sorted {
            if hour(page.first) > runEnd { runs.append([]) }
            runs[runs.count - 1].append(page)
            runEnd = max(runEnd, hour(page.last))
        }
        var parts: [Part] = []
        for run in runs {
            let isHour = run.count == 1 && hour(run[0].first) == hour(run[0].last)
            parts.append(isHour ? .coded(run[0]) : .rows(try merged(run, file)))
        }
        guard parts.reduce(0, { $0 + $1.count }) > wholeRowsMax else {
            return try coded(try merged(sorted, file), isEvents: true, encoder)
        }
        var result: [CodedPage] = []
        for part in parts {
            switch part {
            case .coded(let page): result.append(page)
            case .rows(let batch):
                for range in hours(batch.rows[...]) {
                    result.append(try CodedPage(batch, range, encoder, nil))
                }
            }
        }
        return result
    }

    private enum Part {
        case coded(CodedPage)
        case rows(RowBatch)

        var count: Int {
            switch self {
            case .coded(let page): page.rows
            case .rows(let batch): batch.count
            }
        }
    }

    /// One range an hour, however few rows there are.
    static func hours(_ rows: ArraySlice<TapeRow>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = rows.startIndex
        while start < rows.endIndex {
            let end = (hour(rows[start].start) + 1) * pageSeconds
            let next = rows[start...].partitioningIndex { $0.start >= end }
            ranges.append(start..<next)
            start = next
        }
        return ranges
    }

    private static func merged(_ pages: [CodedPage], _ file: String) throws(TapeError) -> RowBatch {
        var batches: [RowBatch] = []
        for page in pages { batches.append(try page.decoded(from: file)) }
        return RowBatch.merging(batches)
    }

    private static func coded(
        _ batch: RowBatch, isEvents: Bool, _ encoder: PageEncoder
    ) throws(TapeError) -> [CodedPage] {
        var result: [CodedPage] = []
        for range in ranges(batch.rows, isEvents: isEvents) {
            result.append(try CodedPage(batch, range, encoder, nil))
        }
        return result
    }
}
