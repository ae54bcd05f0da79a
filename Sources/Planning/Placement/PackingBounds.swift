/// Lower bounds on the bins that sizes in falling order need; none may be larger than the capacity.
struct PackingBounds {
    /// The sum over the capacity, rounded up.
    let sum: Int
    /// L2 of Martello and Toth (1990), which is never below `sum`.
    ///
    /// For each threshold k up to half the capacity: items above C − k fit with nothing of k or more, items
    /// above C / 2 need a bin each, and what of the items of at least k does not fit beside those needs more
    /// bins. O(n log n).
    let martelloToth: Int

    init(sizes: [Double], capacity: Double) {
        var prefix = [0.0]
        for size in sizes { prefix.append(prefix[prefix.count - 1] + size) }
        let total = prefix[sizes.count]
        sum = PackingBounds.bins(for: total, capacity: capacity)
        // The first places at which a size is at most, or below, a limit.
        func firstNotAbove(_ limit: Double) -> Int { partition(sizes) { $0 > limit } }
        func firstBelow(_ limit: Double) -> Int { partition(sizes) { $0 >= limit } }
        let half = firstNotAbove(capacity / 2)
        var best = max(sum, half)
        var threshold = -1.0
        for index in half..<sizes.count where sizes[index] != threshold {
            threshold = sizes[index]
            let alone = firstNotAbove(capacity - threshold)
            let middle = half - alone
            guard middle >= 0 else { continue }
            let room = Double(middle) * capacity - (prefix[half] - prefix[alone])
            let small = prefix[firstBelow(threshold)] - prefix[half]
            best = max(best, half + PackingBounds.bins(for: small - room, capacity: capacity))
        }
        martelloToth = best
    }

    /// Bins that a sum needs at least; a hair of rounding does not open another.
    private static func bins(for sum: Double, capacity: Double) -> Int {
        guard sum > 0 else { return 0 }
        return Int(saturating: min(1e15, (sum / capacity - placementTolerance).rounded(.up)))
    }
}

/// The number of leading sizes, of those in falling order, for which a test holds.
private func partition(_ sizes: [Double], _ test: (Double) -> Bool) -> Int {
    var lo = 0
    var hi = sizes.count
    while lo < hi {
        let middle = (lo + hi) / 2
        if test(sizes[middle]) { lo = middle + 1 } else { hi = middle }
    }
    return lo
}
