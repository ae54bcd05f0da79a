import Exchange

extension BurstProfile {
    /// The longest stretch over which counts are compared: slower changes are those of the level.
    private static let blockSeconds = 300.0

    /// The index of dispersion of a log's counts within its five minutes, so that the course of the level is no burst.
    ///
    /// - Parameters:
    ///   - times: Arrivals in seconds, ascending.
    ///   - windowsSeconds: The windows, each no longer than five minutes.
    ///   - origin: Where they are from, in words.
    public init(seconds times: [Double], windowsSeconds: [Double], origin: String) {
        guard let first = times.first, let last = times.last, last > first else {
            self.init(measuredRatePerSecond: 0, points: [], origin: origin)
            return
        }
        let rate = Double(times.count) / (last - first)
        let block = BurstProfile.blockSeconds
        let points = windowsSeconds.compactMap { window -> Point? in
            let inBlock = (block / window).rounded(.down)
            guard inBlock >= 2, last - first >= 2 * window else { return nil }
            var spread = 0.0
            var total = 0.0
            var place = 0
            while place < times.count {
                let index = ((times[place] - first) / block).rounded(.down)
                let start = first + index * block
                // The windows that lie in the log.
                let windows = min(inBlock, ((last - start) / window).rounded(.down))
                var (count, squares) = (0.0, 0.0)
                let end = start + block
                while place < times.count, times[place] < end {
                    let slot = ((times[place] - start) / window).rounded(.down)
                    var inWindow = 0.0
                    while place < times.count, times[place] < end,
                        ((times[place] - start) / window).rounded(.down) == slot
                    {
                        inWindow += 1
                        place += 1
                    }
                    guard slot < windows else { continue }
                    count += inWindow
                    squares += inWindow * inWindow
                }
                guard windows >= 2 else { continue }
                spread += (squares - count * count / windows) * windows / (windows - 1)
                total += count
            }
            guard total > 0 else { return nil }
            return Point(windowSeconds: window, indexOfDispersion: max(1, spread / total))
        }
        self.init(measuredRatePerSecond: rate, points: points, origin: origin)
    }
}
