import Numerics

/// The median of the last values of a series, found anew every eighth of a window.
struct RecentMedian {
    let window: Int
    private var recent: [Double] = []
    private var since = 0
    private(set) var median: Double?

    init(window: Int) { self.window = max(8, window) }

    mutating func append(_ value: Double) {
        guard value.isFinite else { return }
        recent.append(value)
        since += 1
        guard since >= window / 8, recent.count >= window / 2 else { return }
        if recent.count > window { recent.removeFirst(recent.count - window) }
        median = Summary.median(recent)
        since = 0
    }
}
