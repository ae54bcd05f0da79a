/// Sums over replications of what every queue did in every second that is shown.
struct TimelineSums: Sendable {
    /// Utilisation, backlog, the three quantiles, the share rejected and retries: `[second][queue]`, flat.
    private var sums: [SIMD8<Double>]
    /// What became of the messages of every minute.
    var minutes: MinuteSums
    private let stride: Int
    private let queueCount: Int

    /// More rows than this are thinned out: every second, third, … second is shown.
    static let rowsMax = 300_000

    init(_ conditions: Conditions) {
        queueCount = conditions.queues.count
        minutes = MinuteSums(conditions)
        let seconds = conditions.count - Conditions.warmUpSeconds
        stride = max(1, (seconds * queueCount + TimelineSums.rowsMax - 1) / TimelineSums.rowsMax)
        sums = [SIMD8<Double>](
            repeating: .zero, count: (seconds + stride - 1) / stride * queueCount)
    }

    /// Adds a second of one replication, with the quantiles of each queue.
    mutating func add(_ network: QueueNetwork, _ latency: [SIMD3<Double>], second: Int) {
        guard second % stride == 0 else { return }
        for queue in network.seconds.indices {
            let done = network.seconds[queue]
            var row: SIMD8<Double> = [done.utilisation, done.backlog, 0, 0, 0, 0, 0, 0]
            if done.offered > 0 {
                for place in 0..<3 { row[2 + place] = latency[queue][place] }
                row[5] = min(1, done.rejected / done.offered)
                row[6] = done.retried
            }
            sums[second / stride * queueCount + queue] += row
        }
    }

    /// Adds other replications.
    mutating func add(_ other: TimelineSums) {
        for place in sums.indices { sums[place] += other.sums[place] }
        minutes.add(other.minutes)
    }

    /// The means, up to a second.
    func rows(_ conditions: Conditions, replications: Int, until end: Double) -> [TimelineRow] {
        var rows: [TimelineRow] = []
        for place in sums.indices {
            let second = place / queueCount * stride
            guard Double(second) < end else { break }
            let spec = conditions.queues[place % queueCount]
            let mean = sums[place] / Double(replications)
            rows.append(
                TimelineRow(
                    second: second, tier: spec.name, shard: spec.shardName, utilisation: mean[0],
                    backlog: mean[1], p50Seconds: mean[2], p99Seconds: mean[3], p999Seconds: mean[4],
                    shareRejected: mean[5], retriesPerSecond: mean[6]))
        }
        return rows
    }
}
