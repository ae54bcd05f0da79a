import Numerics

/// The arrivals of one log, with its rolling windows of five minutes.
public struct ArrivalTrace: Sendable {
    /// Seconds from the first arrival, ascending.
    public let seconds: [Double]
    /// The arrivals of each window. Windows begin at multiples of 30 s from the first arrival and end within the log;
    /// of a shorter log there is one, the whole of it.
    public let windows: [Range<Int>]
    /// The length of a window, in seconds: 300, or the log's.
    public let windowSeconds: Double

    /// How far one window begins behind the other.
    public static let stepSeconds = 30.0
    /// How long a window is.
    public static let lengthSeconds = 300.0
    /// Windows within this share of a level count for it.
    static let levelTolerance = 0.25

    /// A log from its times in nanoseconds, ascending.
    public init(nanoseconds: [Int64]) {
        let first = nanoseconds.first ?? 0
        self.init(seconds: nanoseconds.map { Double($0 - first) / 1e9 })
    }

    /// A log from seconds, ascending; the first arrival is the origin.
    public init(seconds times: [Double]) {
        let first = times.first ?? 0
        seconds = first == 0 ? times : times.map { $0 - first }
        let span = seconds.last ?? 0
        guard span >= Self.lengthSeconds else {
            windows = seconds.isEmpty ? [] : [0..<seconds.count]
            windowSeconds = span
            return
        }
        windowSeconds = Self.lengthSeconds
        windows = Self.windows(of: seconds, span: span)
    }

    private static func windows(of seconds: [Double], span: Double) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var low = 0
        var high = 0
        var start = 0.0
        while start + lengthSeconds <= span {
            while seconds[low] < start { low += 1 }
            high = max(high, low)
            while seconds[high] < start + lengthSeconds { high += 1 }
            result.append(low..<high)
            start += stepSeconds
        }
        return result
    }

    /// Arrivals a second over the whole log; NaN where all come at once.
    public var ratePerSecond: Double {
        guard let span = seconds.last, span > 0 else { return .nan }
        return Double(seconds.count) / span
    }

    /// The median over windows of their arrivals a second.
    public var medianLevelPerSecond: Double {
        Summary.median(windows.map { Double($0.count) / windowSeconds })
    }

    /// The windows whose level is within a quarter of this one.
    public func windows(nearLevelPerSecond level: Double) -> [Range<Int>] {
        windows.filter {
            abs(Double($0.count) / windowSeconds - level) <= ArrivalTrace.levelTolerance * level
        }
    }

    /// The quantile of the sojourn time in the worst window, in seconds; NaN where there is none.
    public func worstQuantile(serviceSeconds: Double, servers: Int, quantile: Double) -> Double {
        let times = ServedTrace.sojournSeconds(
            arrivals: seconds, serviceSeconds: serviceSeconds, servers: servers)
        return times.withUnsafeBufferPointer { times in
            var worst = -Double.infinity
            for window in windows where !window.isEmpty {
                let part = UnsafeBufferPointer(rebasing: times[window])
                // The quantile lies between two ranks; unless the upper one is above, it cannot be either.
                let needed =
                    part.count - min(Int(saturating: quantile * Double(part.count - 1)) + 1, part.count - 1)
                var above = 0
                for time in part where time > worst { above += 1 }
                guard above >= needed else { continue }
                worst = max(worst, Selection.quantile(part, quantile))
            }
            return worst.isFinite ? worst : .nan
        }
    }

    /// The median over some windows of the quantile of the sojourn time, in seconds; NaN where there is none.
    public func medianQuantile(
        over windows: [Range<Int>], serviceSeconds: Double, servers: Int, quantile: Double
    ) -> Double {
        guard !windows.isEmpty else { return .nan }
        let times = ServedTrace.sojournSeconds(
            arrivals: seconds, serviceSeconds: serviceSeconds, servers: servers)
        return times.withUnsafeBufferPointer { times in
            Summary.median(
                windows.lazy.filter { !$0.isEmpty }.map {
                    Selection.quantile(UnsafeBufferPointer(rebasing: times[$0]), quantile)
                })
        }
    }
}
