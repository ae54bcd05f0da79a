/// The trades of one history that were harmed, from the first disturbance until it is over and all is well.
///
/// A message that is given up in one queue takes its trade with it. So the share of a group's trades that is given up is
/// that of the messages of the queue, among those that serve the group, that gives up most; and the shares of groups are
/// weighted by their trades. Trades that were late count those given up.
struct TradeHarm {
    /// Of each queue, messages offered and given up; those sent again count once.
    private var queues: [SIMD2<Double>]
    private var trades: [TradeSums]
    /// The same up to the last second in which not all was well.
    private var settledQueues: [SIMD2<Double>]
    private var settledTrades: [TradeSums]

    /// A second in which no larger share of a queue's messages is given up is a calm one. Chosen, not measured: the share
    /// that most objectives allow.
    private static let calmShareMax = 0.01

    init(_ conditions: Conditions) {
        queues = conditions.queues.map { _ in .zero }
        trades = [TradeSums](repeating: TradeSums(), count: conditions.flow.groupCount)
        settledQueues = queues
        settledTrades = trades
    }

    /// Adds a second; `isOver`: the disturbances are over, and no queue is late. Says whether some queue gives up more than
    /// a calm second's share.
    mutating func add(_ network: inout QueueNetwork, isOver: Bool) -> Bool {
        var hasRejected = false
        for (queue, done) in network.seconds.enumerated() {
            queues[queue] += SIMD2(done.fresh, done.rejected)
            if done.rejected > TradeHarm.calmShareMax * done.offered { hasRejected = true }
        }
        network.addTrades(to: &trades)
        guard hasRejected || !isOver else { return false }
        for queue in queues.indices { settledQueues[queue] = queues[queue] }
        for group in trades.indices { settledTrades[group] = trades[group] }
        return hasRejected
    }

    /// The shares of all trades that were given up, and that were late or given up.
    func shares(_ conditions: Conditions) -> (rejected: Double, affected: Double) {
        var rejectedOfGroup = [Double](repeating: 0, count: settledTrades.count)
        for (queue, spec) in conditions.queues.enumerated()
        where settledQueues[queue].x > 0 && spec.law != .staff {
            let share = min(1, settledQueues[queue].y / settledQueues[queue].x)
            let groups = spec.isSharded ? spec.groups : Array(rejectedOfGroup.indices)
            for group in groups { rejectedOfGroup[group] = max(rejectedOfGroup[group], share) }
        }
        var came = 0.0
        var rejected = 0.0
        var affected = 0.0
        for (group, sums) in settledTrades.enumerated() {
            came += sums.came
            rejected += sums.came * rejectedOfGroup[group]
            affected += max(sums.late, sums.came * rejectedOfGroup[group])
        }
        return came > 0 ? (rejected / came, affected / came) : (0, 0)
    }
}
