import Units

/// How much more the counts of windows of one length scatter than a Poisson process of the same rate would.
public struct BurstinessPoint: Sendable, Equatable {
    /// The length of a window.
    public let windowSeconds: Double
    /// Variance over mean of the counts; 1 for a Poisson process.
    public let indexOfDispersion: Double
    /// Events per second over the windows.
    public let meanRatePerSecond: Double
    /// How many whole windows there were.
    public let windows: Int
}

extension Tape {
    /// The index of dispersion of counts (Cox and Lewis 1966) over windows of several lengths.
    ///
    /// It is taken where logs of single events exist: over each covered stretch without its first and last second, cut
    /// into whole windows. Windows below one second have to divide it in whole tens of milliseconds, and use the seconds
    /// in which the clock resolved every event; where none did, or the clock only ever says whole seconds, such a
    /// window is left out, and so is one that fits fewer than twice. O(rows) for each window.
    public func burstiness(
        of id: SeriesID, windowsSeconds: [Double] = [0.01, 0.1, 1, 10, 60], from: Timestamp? = nil,
        to: Timestamp? = nil
    ) throws(TapeError) -> [BurstinessPoint] {
        let limits = bounds(from, to)
        let batch = try batch(GroupKey(series: id, step: 0), bounds: limits)
        let stretches = try record(of: id).coveredSet.joined(across: Tape.joinGapSeconds)
            .clipped(to: limits.lowerBound...max(limits.lowerBound, limits.upperBound - 1))
            .intervals.filter { $0.upperBound - $0.lowerBound >= 2 }
            .map { ($0.lowerBound + 1)...($0.upperBound - 1) }
        return windowsSeconds.compactMap { window in
            if window < 1 {
                return Tape.subsecond(batch, stretches, window: window)
            }
            return Tape.wholeSeconds(batch, stretches, window: Int64(window.rounded()))
        }
    }

    private static func wholeSeconds(
        _ batch: RowBatch, _ stretches: [ClosedRange<Int64>], window: Int64
    ) -> BurstinessPoint? {
        var moments = Moments()
        for stretch in stretches {
            let windows = (stretch.upperBound - stretch.lowerBound + 1) / window
            let end = stretch.lowerBound + windows * window
            moments.windows += Double(windows)
            var index = batch.rows.partitioningIndex { $0.start >= stretch.lowerBound }
            while index < batch.count, batch.rows[index].start < end {
                let slot = (batch.rows[index].start - stretch.lowerBound) / window
                var count = 0.0
                while index < batch.count, batch.rows[index].start < end,
                    (batch.rows[index].start - stretch.lowerBound) / window == slot
                {
                    count += Double(batch.rows[index].count)
                    index += 1
                }
                moments.add(count)
            }
        }
        return moments.point(windowSeconds: Double(window))
    }

    private static func subsecond(
        _ batch: RowBatch, _ stretches: [ClosedRange<Int64>], window: Double
    ) -> BurstinessPoint? {
        let width = Int((window * 100).rounded())
        guard width >= 1, 100 % width == 0, abs(Double(width) / 100 - window) < 1e-9 else { return nil }
        var moments = Moments()
        var isResolved = false
        for stretch in stretches {
            moments.windows += Double(stretch.upperBound - stretch.lowerBound + 1) * Double(100 / width)
            var index = batch.rows.partitioningIndex { $0.start >= stretch.lowerBound }
            while index < batch.count, batch.rows[index].start <= stretch.upperBound {
                let bins = batch.bins[batch.binRange(index)]
                let resolved = bins.reduce(0) { $0 + Int64($1 & RowBatch.binCountMax) }
                if resolved == batch.rows[index].count {
                    isResolved = isResolved || bins.contains { $0 >> 56 > 0 }
                    moments.add(bins: bins, width: UInt64(width))
                } else {
                    moments.windows -= Double(100 / width)
                }
                index += 1
            }
        }
        return isResolved ? moments.point(windowSeconds: window) : nil
    }
}

/// Sums over windows, of which the empty ones are only counted.
private struct Moments {
    var windows = 0.0
    var sum = 0.0
    var squares = 0.0

    mutating func add(_ count: Double) {
        sum += count
        squares += count * count
    }

    /// Adds the bins of one second, several to a window.
    mutating func add(bins: ArraySlice<UInt64>, width: UInt64) {
        var slot = UInt64.max
        var count = 0.0
        for packed in bins {
            if (packed >> 56) / width != slot {
                add(count)
                slot = (packed >> 56) / width
                count = 0
            }
            count += Double(packed & RowBatch.binCountMax)
        }
        add(count)
    }

    func point(windowSeconds: Double) -> BurstinessPoint? {
        guard windows >= 2, sum > 0 else { return nil }
        let mean = sum / windows
        let variance = max(0, squares - sum * mean) / (windows - 1)
        return BurstinessPoint(
            windowSeconds: windowSeconds, indexOfDispersion: variance / mean,
            meanRatePerSecond: mean / windowSeconds, windows: Int(windows))
    }
}
