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

/// What a window counts.
public enum BurstinessUnit: Sendable {
    /// Every event.
    case events
    /// Milliseconds that held an event: the fills of one order share one, so that this comes near to counting orders.
    case milliseconds
}

extension Tape {
    /// The index of dispersion of counts (Cox and Lewis 1966) over windows of several lengths.
    ///
    /// It is taken where logs of single events exist: over each covered stretch without its first and last second, cut
    /// into whole windows. Windows scatter about the mean of their own hour (of thirty windows where that is longer): the
    /// course of the day and surges of hours are the forecast's, and would count twice. Windows below one second have to
    /// divide it in whole tens of milliseconds (or be one millisecond, when milliseconds are counted), and use the seconds
    /// in which the clock resolved every event; where none did, or the clock only ever says whole seconds, such a window is
    /// left out, and so is one that fits fewer than twice, and for milliseconds every window. O(rows) for each window.
    public func burstiness(
        of id: SeriesID, counting unit: BurstinessUnit = .events,
        windowsSeconds: [Double] = [0.01, 0.1, 1, 10, 60], from: Timestamp? = nil, to: Timestamp? = nil
    ) throws(TapeError) -> [BurstinessPoint] {
        let limits = bounds(from, to)
        let batch = try counts(GroupKey(series: id, step: 0), bounds: limits, bins: true)
        let stretches = try record(of: id).coveredSet.joined(across: Tape.joinGapSeconds)
            .clipped(to: limits.lowerBound...max(limits.lowerBound, limits.upperBound - 1))
            .intervals.filter { $0.upperBound - $0.lowerBound >= 2 }
            .map { ($0.lowerBound + 1)...($0.upperBound - 1) }
        if unit == .milliseconds, !batch.isResolved { return [] }
        return windowsSeconds.compactMap { window in
            let pieces = stretches.flatMap { Tape.hours(of: $0, window: window) }
            if window < 1 { return Tape.subsecond(batch, pieces, window: window, unit: unit) }
            return Tape.wholeSeconds(
                batch, pieces, window: Int64(saturating: window.rounded()), unit: unit)
        }
    }

    /// Windows that tell their own mean well enough. Chosen, not measured.
    private static let windowsOfMean = 30.0

    /// A stretch in equal pieces of an hour, or of thirty windows where that is longer, at the most.
    private static func hours(of stretch: ClosedRange<Int64>, window: Double) -> [ClosedRange<Int64>] {
        let most = max(3600, Int64(saturating: (windowsOfMean * window).rounded(.up)))
        let length = stretch.upperBound - stretch.lowerBound + 1
        let count = (length + most - 1) / most
        return (0..<count).map { index in
            stretch.lowerBound + length * index / count...stretch.lowerBound + length * (index + 1) / count
                - 1
        }
    }

    private static func wholeSeconds(
        _ batch: CountBatch, _ stretches: [ClosedRange<Int64>], window: Int64, unit: BurstinessUnit
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
                    count += batch.count(ofRow: index, unit: unit)
                    index += 1
                }
                moments.add(count)
            }
            moments.closePiece()
        }
        return moments.point(windowSeconds: Double(window))
    }

    private static func subsecond(
        _ batch: CountBatch, _ stretches: [ClosedRange<Int64>], window: Double, unit: BurstinessUnit
    ) -> BurstinessPoint? {
        let width = Int(saturating: (window * 1000).rounded())
        let fits = width >= 10 ? width % 10 == 0 : width == 1 && unit == .milliseconds
        guard fits, 1000 % width == 0, abs(Double(width) / 1000 - window) < 1e-9 else { return nil }
        var moments = Moments()
        var isResolved = false
        for stretch in stretches {
            moments.windows +=
                Double(stretch.upperBound - stretch.lowerBound + 1) * Double(1000 / width)
            var index = batch.rows.partitioningIndex { $0.start >= stretch.lowerBound }
            while index < batch.count, batch.rows[index].start <= stretch.upperBound {
                let bins = batch.bins[batch.binRange(index)]
                if batch.isResolved(row: index) {
                    isResolved = isResolved || bins.contains { $0.bin > 0 }
                    if width == 1 {
                        // A millisecond holds one or none, so that the sum of squares is the sum.
                        moments.addOnes(bins.reduce(0) { $0 + $1.milliseconds.nonzeroBitCount })
                    } else {
                        moments.add(bins: bins, width: UInt64(width / 10), unit: unit)
                    }
                } else {
                    moments.windows -= Double(1000 / width)
                }
                index += 1
            }
            moments.closePiece()
        }
        return isResolved ? moments.point(windowSeconds: window) : nil
    }
}

extension CountBatch {
    /// Whether the clock resolved every event of a row.
    fileprivate func isResolved(row: Int) -> Bool {
        bins[binRange(row)].reduce(0) { $0 + Int64($1.count) } == rows[row].count
    }

    /// Whether it did so in every row, and ever said more than whole seconds.
    fileprivate var isResolved: Bool {
        bins.contains { $0.bin > 0 } && rows.indices.allSatisfy(isResolved(row:))
    }

    fileprivate func count(ofRow row: Int, unit: BurstinessUnit) -> Double {
        switch unit {
        case .events: Double(rows[row].count)
        case .milliseconds:
            Double(bins[binRange(row)].reduce(0) { $0 + $1.milliseconds.nonzeroBitCount })
        }
    }
}

/// Sums over windows, of which the empty ones are only counted, piece by piece.
private struct Moments {
    /// Of the piece that is looked at.
    var windows = 0.0
    private var sum = 0.0
    private var squares = 0.0
    /// Of the pieces before it: windows, what they hold, squares about each piece's mean and how many of them are free.
    private var allWindows = 0.0
    private var allSum = 0.0
    private var scatter = 0.0
    private var free = 0.0

    /// Ends a piece, whose windows scatter about their own mean.
    mutating func closePiece() {
        if windows >= 1 {
            allWindows += windows
            allSum += sum
            scatter += max(0, squares - sum * sum / windows)
            free += windows - 1
        }
        (windows, sum, squares) = (0, 0, 0)
    }

    mutating func add(_ count: Double) {
        sum += count
        squares += count * count
    }

    /// Adds a number of windows that hold one each.
    mutating func addOnes(_ count: Int) {
        sum += Double(count)
        squares += Double(count)
    }

    /// Adds the bins of one second, several to a window.
    mutating func add(bins: ArraySlice<PackedBin>, width: UInt64, unit: BurstinessUnit) {
        var slot = UInt64.max
        var count = 0.0
        for packed in bins {
            if packed.bin / width != slot {
                add(count)
                slot = packed.bin / width
                count = 0
            }
            count +=
                unit == .events ? Double(packed.count) : Double(packed.milliseconds.nonzeroBitCount)
        }
        add(count)
    }

    func point(windowSeconds: Double) -> BurstinessPoint? {
        guard free >= 1, allSum > 0 else { return nil }
        let mean = allSum / allWindows
        return BurstinessPoint(
            windowSeconds: windowSeconds, indexOfDispersion: scatter / free / mean,
            meanRatePerSecond: mean / windowSeconds, windows: Int(saturating: allWindows))
    }
}
