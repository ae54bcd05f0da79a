import Units

/// What can be laid out in time.
protocol StartedRow: Sendable {
    /// The start of the interval, in seconds since the epoch.
    var start: Int64 { get }
}

extension TapeRow: StartedRow {}

/// How many events a row counted, and nothing else of it.
struct CountRow: StartedRow, Equatable {
    var start: Int64
    var count: Int64
    /// Parts of 1e-8 on top.
    var countFraction: Int64

    /// The count as a number.
    var y: Double { TapeRow.y(count: count, fraction: countFraction) }
}

/// Counts in time order with their bins, a tenth the size of whole rows.
struct CountBatch: Sendable, Equatable {
    private(set) var rows: [CountRow] = []
    /// Occupied bins of all rows in one run, ascending within a row.
    private(set) var bins: [PackedBin] = []
    /// Where each row's bins end.
    private(set) var binEnds: [Int] = []

    init() {}

    /// Rows with their bins; `binEnds` holds one end a row.
    init(rows: [CountRow], bins: [PackedBin], binEnds: [Int]) {
        self.rows = rows
        self.bins = bins
        self.binEnds = binEnds
    }

    var count: Int { rows.count }

    func binRange(_ index: Int) -> Range<Int> { (index == 0 ? 0 : binEnds[index - 1])..<binEnds[index] }

    /// Adds the rows of a later page that start within bounds, without their bins unless these are wanted.
    mutating func append(_ page: CountBatch, within bounds: Range<Int64>, bins wantsBins: Bool) {
        let low = page.rows.partitioningIndex { $0.start >= bounds.lowerBound }
        let high = page.rows.partitioningIndex { $0.start >= bounds.upperBound }
        guard low < high else { return }
        rows.append(contentsOf: page.rows[low..<high])
        guard wantsBins else { return }
        let first = page.binRange(low).lowerBound
        let base = bins.count - first
        bins.append(contentsOf: page.bins[first..<page.binEnds[high - 1]])
        binEnds.append(contentsOf: page.binEnds[low..<high].lazy.map { base + $0 })
    }
}
