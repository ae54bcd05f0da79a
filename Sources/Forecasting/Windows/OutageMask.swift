import Numerics

/// Takes outages out of a history, so that they do not teach the baseline.
///
/// An outage is a run of values below 5 % of the median of their phase, in a series where that is rare: at
/// most 2 % of all values. A run that reaches the end and is longer than the shortest season is not an outage
/// but the new level.
enum OutageMask {
    /// The share of the phase's median under which a value counts as an outage.
    static let threshold = 0.05
    /// The largest share of the values that may be masked.
    static let rareShare = 0.02

    /// Sets the values of outages to NaN; their places.
    static func apply(to values: inout [Double], seasons: [Int], extent: Extent) -> [Int] {
        // Nothing lies under 5 % of a phase's median if the smallest value does not lie under that of the
        // largest.
        guard let season = seasons.last(where: { 4 * $0 <= values.count }), extent.count > 0,
            extent.lowest >= 0, extent.lowest < threshold * extent.highest
        else { return [] }
        let medians = (0..<season).map { phase in
            Selection.median(
                stride(from: phase, to: values.count, by: season).map { values[$0] }
                    .filter { !$0.isNaN })
        }
        let low = values.indices.filter { values[$0] < threshold * medians[$0 % season] }
        guard !low.isEmpty, Double(low.count) <= rareShare * Double(values.count) else { return [] }
        let shortest = seasons.first ?? season
        var tail = values.count
        let isLow = Set(low)
        while tail > 0, isLow.contains(tail - 1) { tail -= 1 }
        let tailCounts = values.count - tail <= shortest
        let masked = low.filter { $0 < tail || tailCounts }
        for index in masked { values[index] = .nan }
        return masked
    }
}
