/// Fingerprints of the bars of one series and length, by their starts, for telling a repeated bar from a
/// different one.
///
/// Bars mostly come in time order: then each goes to the end of an array, and nothing is hashed. Those that
/// come late are kept aside in a table.
struct BarPrints: Sendable {
    /// In ascending order.
    private var starts: [Int64] = []
    private var prints: [UInt64] = []
    private var late: [Int64: UInt64] = [:]

    var count: Int { starts.count + late.count }

    /// The print of the bar that starts then, or nil. O(1) behind the last one, otherwise O(log n).
    subscript(start: Int64) -> UInt64? {
        if let last = starts.last, start <= last {
            let index = starts.partitioningIndex { $0 >= start }
            if starts[index] == start { return prints[index] }
        }
        return late.isEmpty ? nil : late[start]
    }

    /// Sets the print of the bar that starts then.
    mutating func insert(_ start: Int64, _ print: UInt64) {
        guard let last = starts.last, start <= last else {
            starts.append(start)
            prints.append(print)
            return
        }
        let index = starts.partitioningIndex { $0 >= start }
        if starts[index] == start { prints[index] = print } else { late[start] = print }
    }

    /// Takes in those of another input, which go before what is here.
    mutating func merge(_ other: BarPrints) {
        if count == 0 {
            self = other
            return
        }
        for (start, print) in zip(other.starts, other.prints) { insert(start, print) }
        for (start, print) in other.late { insert(start, print) }
    }

    /// Whether a bar of another input starts when one of these does.
    func overlaps(_ other: BarPrints) -> Bool {
        other.starts.contains { self[$0] != nil } || other.late.keys.contains { self[$0] != nil }
    }

    /// Those that start in a range of seconds.
    func slice(_ seconds: Range<Int64>) -> BarPrints {
        let low = starts.partitioningIndex { $0 >= seconds.lowerBound }
        let high = starts.partitioningIndex { $0 >= seconds.upperBound }
        var result = BarPrints()
        result.starts = Array(starts[low..<high])
        result.prints = Array(prints[low..<high])
        result.late = late.filter { seconds.contains($0.key) }
        return result
    }
}
