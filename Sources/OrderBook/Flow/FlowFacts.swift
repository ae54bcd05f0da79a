import Units

/// What can be said of a flow of orders in a few figures: the facts that a generated flow has to share with a real one.
public struct FlowFacts: Sendable, Equatable {
    /// Windows of the index of dispersion, in seconds.
    public static let windowsSeconds = [0.001, 0.01, 0.1, 1.0]

    /// Messages a second.
    public var ratePerSecond = 0.0
    /// Shares of all events, which add up to 1.
    public var addShare = 0.0
    public var cancelShare = 0.0
    /// Aggressors.
    public var takeShare = 0.0
    /// Trades that an aggressor makes, in the mean.
    public var fillsPerAggressor = 0.0
    /// The share of aggressors with more than one trade.
    public var shareOverOneFill = 0.0
    /// Price levels that an aggressor takes from, in the mean.
    public var levelsPerAggressor = 0.0
    /// The share of aggressors that take from more than one level.
    public var shareOverOneLevel = 0.0
    /// The most levels that one took from.
    public var levelsMax = 0
    /// Variance over mean of the number of messages in windows of `windowsSeconds`.
    public var indexOfDispersion: [Double] = []
    /// The mean spread in ticks.
    public var spreadTicks = 0.0

    /// The facts of a flow.
    public init(_ flow: ObservedFlow) {
        let takes = flow.events.filter { $0.kind == .take }
        let count = Double(max(1, flow.events.count))
        ratePerSecond = flow.seconds > 0 ? Double(flow.times.count) / flow.seconds : 0
        addShare = Double(flow.events.count { $0.kind == .add }) / count
        cancelShare = Double(flow.events.count { $0.kind == .cancel }) / count
        takeShare = Double(takes.count) / count
        let aggressors = Double(max(1, takes.count))
        fillsPerAggressor = Double(takes.reduce(0) { $0 + $1.fills }) / aggressors
        shareOverOneFill = Double(takes.count { $0.fills > 1 }) / aggressors
        levelsPerAggressor = Double(takes.reduce(0) { $0 + $1.levels }) / aggressors
        shareOverOneLevel = Double(takes.count { $0.levels > 1 }) / aggressors
        levelsMax = takes.map(\.levels).max() ?? 0
        indexOfDispersion = FlowFacts.windowsSeconds.map {
            FlowFacts.indexOfDispersion(flow.times, windowSeconds: $0)
        }
        spreadTicks = flow.spreadTicks
    }

    /// The variance over the mean of counts in windows that lie side by side from the first time on; NaN where there are
    /// fewer than two whole windows.
    public static func indexOfDispersion(_ times: [Double], windowSeconds window: Double) -> Double {
        guard let first = times.first, let last = times.last else { return .nan }
        let windows = Int(saturating: (last - first) / window)
        guard windows >= 2 else { return .nan }
        // Empty windows are counted by what is left over, so that a long silence costs nothing.
        var sum = 0.0
        var squares = 0.0
        var index = 0
        while index < times.count {
            let place = Int(saturating: (times[index] - first) / window)
            guard place < windows else { break }
            var end = index
            while end < times.count, Int(saturating: (times[end] - first) / window) == place { end += 1 }
            let count = Double(end - index)
            sum += count
            squares += count * count
            index = end
        }
        let mean = sum / Double(windows)
        let variance = (squares - sum * mean) / Double(windows - 1)
        return mean > 0 ? variance / mean : .nan
    }
}
