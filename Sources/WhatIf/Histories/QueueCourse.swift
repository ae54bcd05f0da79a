/// What one queue did in one second of a scenario in which arrivals do not bunch.
public struct QueueSecond: Sendable, Equatable {
    /// The second, from the start of the scenario.
    public var second: Int
    public var tier: String
    /// Messages that came for the first time.
    public var fresh: Double
    /// Messages that were sent, those sent again included.
    public var sent: Double
    /// Messages that were served, whether or not somebody still waited.
    public var served: Double
    /// Messages of which it shows in this second that they were served in time.
    public var inTime: Double
    /// Messages that were refused, or given up in it.
    public var failed: Double
    /// Messages that were refused or given up, and will not be sent again.
    public var lost: Double
    /// Messages that wait at its end.
    public var backlog: Double
    /// How long its messages wait for work that is ahead, in seconds; no longer than clients do.
    public var waitSeconds: Double
    /// Work that comes over what the queue can do.
    public var utilisation: Double
    /// Nodes in service, as a share of those that run today.
    public var nodesShare: Double
}

/// The course of every queue through a scenario, second by second, in one history without bursts: what a replay of an
/// incident, or of a laboratory's test, is read from.
///
/// - Throws: `WhatIfError` where the scenario names what there is not, or the exchange cannot be.
public func course(
    of scenario: Scenario, on input: WhatIfInput, options: WhatIfOptions = WhatIfOptions()
) throws(WhatIfError) -> [QueueSecond] {
    var options = options
    options.hasBursts = false
    options.replications = 1
    return try Trial(scenario, input, options, bursts: nil).course()
}

extension Trial {
    /// Every second of the first history, queue by queue.
    fileprivate func course() -> [QueueSecond] {
        var rows: [QueueSecond] = []
        follow(replication: 0) { network, index in
            guard index >= Conditions.warmUpSeconds else { return }
            for (queue, done) in network.seconds.enumerated() {
                rows.append(
                    QueueSecond(
                        second: index - Conditions.warmUpSeconds, tier: conditions.queues[queue].name,
                        fresh: done.fresh, sent: done.offered, served: done.served, inTime: done.inTime,
                        failed: done.refused + done.timedOut, lost: done.rejected, backlog: done.backlog,
                        waitSeconds: min(done.wait, network.states[queue].patienceSeconds),
                        utilisation: done.utilisation, nodesShare: done.nodesShare))
            }
        }
        return rows
    }
}
