import Units

/// Rows in time order, each with its events by ten-millisecond bin where the clock resolved them.
struct RowBatch: Sendable, Equatable {
    private(set) var rows: [TapeRow] = []
    /// Occupied bins of all rows in one run, ascending within a row.
    private(set) var bins: [PackedBin] = []
    /// Where each row's bins end.
    private(set) var binEnds: [Int] = []

    static let binsPerSecond = 100

    init() {}

    /// Rows with their bins; `binEnds` holds one end a row.
    init(rows: [TapeRow], bins: [PackedBin], binEnds: [Int]) {
        self.rows = rows
        self.bins = bins
        self.binEnds = binEnds
    }

    var count: Int { rows.count }
    var isEmpty: Bool { rows.isEmpty }

    func binRange(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : binEnds[index - 1])..<binEnds[index]
    }

    mutating func append(_ row: TapeRow) {
        rows.append(row)
        binEnds.append(bins.count)
    }

    mutating func append(_ row: TapeRow, bins added: some Sequence<PackedBin>) {
        rows.append(row)
        bins.append(contentsOf: added)
        binEnds.append(bins.count)
    }

    mutating func reserve(_ capacity: Int) {
        rows.reserveCapacity(capacity)
        binEnds.reserveCapacity(capacity)
    }

    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        bins.removeAll(keepingCapacity: true)
        binEnds.removeAll(keepingCapacity: true)
    }

    /// Whether each row starts after the one before it.
    var isAscending: Bool {
        for index in rows.indices.dropFirst() where rows[index - 1].start >= rows[index].start {
            return false
        }
        return true
    }

    /// The batch with its rows in time order and one row an interval.
    func normalised() -> RowBatch {
        isAscending ? self : RowBatch.merging([self])
    }

    /// All rows of several batches in time order, one row an interval. O(n log n).
    static func merging(_ batches: [RowBatch]) -> RowBatch {
        if let result = concatenatingIfOrdered(batches) { return result }
        var order: [(start: Int64, batch: Int32, row: Int32)] = []
        order.reserveCapacity(batches.reduce(0) { $0 + $1.count })
        for (index, batch) in batches.enumerated() {
            for (position, row) in batch.rows.enumerated() {
                order.append(
                    (row.start, Int32(truncatingIfNeeded: index), Int32(truncatingIfNeeded: position)))
            }
        }
        order.sort { ($0.start, $0.batch, $0.row) < ($1.start, $1.batch, $1.row) }
        var result = RowBatch()
        result.reserve(order.count)
        var next = 0
        while next < order.count {
            let first = order[next]
            let source = batches[Int(first.batch)]
            var row = source.rows[Int(first.row)]
            var merged = Array(source.bins[source.binRange(Int(first.row))])
            next += 1
            while next < order.count, order[next].start == first.start {
                let other = batches[Int(order[next].batch)]
                row.merge(other.rows[Int(order[next].row)])
                merged = addBins(merged, other.bins[other.binRange(Int(order[next].row))])
                next += 1
            }
            result.append(row, bins: merged)
        }
        return result
    }

    /// Batches that follow one another in time, whatever their order in the list, as one; nil where they interleave.
    private static func concatenatingIfOrdered(_ batches: [RowBatch]) -> RowBatch? {
        let parts = batches.filter { !$0.isEmpty }.sorted { $0.rows[0].start < $1.rows[0].start }
        for (one, next) in zip(parts, parts.dropFirst()) {
            guard one.rows[one.count - 1].start < next.rows[0].start else { return nil }
        }
        return parts.allSatisfy(\.isAscending) ? concatenating(parts) : nil
    }

    /// Batches of which each starts after the one before has ended, as one.
    static func concatenating(_ parts: [RowBatch]) -> RowBatch {
        if parts.count == 1 { return parts[0] }
        var result = RowBatch()
        result.reserve(parts.reduce(0) { $0 + $1.count })
        for part in parts {
            let base = result.bins.count
            result.rows.append(contentsOf: part.rows)
            result.bins.append(contentsOf: part.bins)
            for end in part.binEnds { result.binEnds.append(base + end) }
        }
        return result
    }

    /// The part whose rows start in a range of seconds. The rows must be in time order.
    func slice(_ seconds: Range<Int64>) -> RowBatch {
        let low = rows.partitioningIndex { $0.start >= seconds.lowerBound }
        let high = rows.partitioningIndex { $0.start >= seconds.upperBound }
        if low == 0, high == rows.count { return self }
        guard low < high else { return RowBatch() }
        var result = RowBatch()
        result.reserve(high - low)
        for index in low..<high { result.append(rows[index], bins: bins[binRange(index)]) }
        return result
    }

    private static func addBins(_ one: [PackedBin], _ other: ArraySlice<PackedBin>) -> [PackedBin] {
        if other.isEmpty { return one }
        var result: [PackedBin] = []
        result.reserveCapacity(one.count + other.count)
        var left = 0
        var right = other.startIndex
        while left < one.count || right < other.endIndex {
            let leftBin = left < one.count ? one[left].bin : .max
            let rightBin = right < other.endIndex ? other[right].bin : .max
            if leftBin < rightBin {
                result.append(one[left])
                left += 1
            } else if rightBin < leftBin {
                result.append(other[right])
                right += 1
            } else {
                result.append(one[left].merging(other[right]))
                left += 1
                right += 1
            }
        }
        return result
    }
}
