/// Distances in ticks, put into buckets that widen with the distance.
public enum DistanceBuckets {
    /// The first distance of each bucket; each is about a quarter farther than the one before.
    public static let edges: [Int64] = {
        var edges: [Int64] = [0, 1]
        while let last = edges.last, last < 100_000 { edges.append(max(last + 1, last * 5 / 4)) }
        return edges
    }()

    /// The number of buckets.
    public static var count: Int { edges.count }

    /// The bucket of a distance; what is below 0 counts as 0, what is farther than all as the last.
    public static func index(of distance: Int64) -> Int {
        var low = 0
        var high = edges.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if edges[middle] <= distance { low = middle } else { high = middle }
        }
        return low
    }

    /// The distances of a bucket.
    public static func distances(of index: Int) -> ClosedRange<Int64> {
        edges[index]...(index + 1 < edges.count ? edges[index + 1] - 1 : edges[index])
    }
}
