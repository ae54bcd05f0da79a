import Exchange
import Glibc
import Numerics
import Units

/// Turns a queue's replications and the paths' peaks into what is reported.
///
/// A multiple's value is that of the path whose peak is the median, at the median of the hours that were drawn: its base is
/// that path's busiest step, for every kind of point and every queue. Its interval is the central 95 % of all pairs of a path
/// and an hour, since both the forecast and the bursts are uncertain.
struct SaturationSummary {
    let queue: ReplayQueue
    let outcomes: [QueueSimulation.Outcome]
    let screen: Screen
    let options: ReplayOptions

    /// A queue's p99 turns up where it is this many times the p99 of an idle queue.
    static let kneeFactor = 10.0
    /// The quantile over paths of the utilisation by which a level is reached.
    private static let reachedLevel = 0.99

    /// Stability, latency objective and knee; for a tier whose throughput has a largest figure, that too.
    func points() -> [SaturationPoint] {
        let law = screen.topology.tiers.first { queue.scope == .tier($0.name) }?.scalability
        let peak = law.map { law in
            point(
                .uslPeak,
                multipliers: law.peakPerSecond.flatMap {
                    queue.ratePerSecond > 0 ? [$0 / queue.ratePerSecond] : nil
                })
        }
        return [
            point(.stability, multipliers: queue.utilisation > 0 ? [1 / queue.utilisation] : nil),
            point(.slo, multipliers: outcomes.isEmpty ? nil : outcomes.map(\.latencyMultiplier)),
            point(.knee, multipliers: kneeMultipliers()),
        ] + (peak.map { [$0] } ?? [])
    }

    /// A saturation point from each replication's multiple of the simulated step; nil or nothing past the range that
    /// is searched: "none in range".
    private func point(_ kind: SaturationPoint.Kind, multipliers: [Double]?) -> SaturationPoint {
        var point = SaturationPoint(
            scope: queue.scope, shard: queue.shard, kind: kind, loadMultiplier: nil, ratePerSecond: nil,
            bindingResource: queue.bindingResource, reachedAt: nil)
        guard let multipliers, !multipliers.isEmpty, queue.ratePerSecond > 0 else { return point }
        let value = typical(multipliers)
        guard value <= options.largestMultiplier else { return point }
        // Bursts are taken at the level of saturation, so that all paths saturate there, each at its own multiple.
        let peaks = screen.peaks(row: queue.row).filter { $0 > 0 }.sorted()
        let typical = screen.table.utilisation(row: queue.row, path: queue.peak.path, step: queue.peak.step)
        let pairs = multipliers.flatMap { multiple in peaks.map { multiple * typical / $0 } }.sorted()
        point.loadMultiplier = Estimate(
            value, lo: min(value, Summary.quantile(sorted: pairs, Summary.levels95.low)),
            hi: max(value, Summary.quantile(sorted: pairs, Summary.levels95.high)))
        let rates = multipliers.map { $0 * queue.ratePerSecond }.sorted()
        let rate = value * queue.ratePerSecond
        point.ratePerSecond = Estimate(
            rate, lo: min(rate, Summary.quantile(sorted: rates, Summary.levels95.low)),
            hi: max(rate, Summary.quantile(sorted: rates, Summary.levels95.high)))
        point.reachedAt = reached(utilisation: value * typical)
        return point
    }

    /// The first step at which the 99 % quantile over paths of the queue's utilisation gets so far.
    private func reached(utilisation: Double) -> Timestamp? {
        (0..<screen.table.stepCount).first {
            screen.table.utilisation(row: queue.row, step: $0, quantile: SaturationSummary.reachedLevel)
                >= utilisation * (1 - 1e-12)
        }.map { screen.demand.time(ofStep: $0) }
    }

    /// Where each replication's p99 passes ten times that of an idle queue; nil where one does not pass it within its
    /// curve.
    private func kneeMultipliers() -> [Double]? {
        let multipliers = queue.multipliers
        guard !multipliers.isEmpty, queue.idleSeconds > 0, !shown.isEmpty else { return nil }
        let level = SaturationSummary.kneeFactor * queue.idleSeconds
        var found: [Double] = []
        for outcome in shown {
            guard let first = outcome.curve.first, first.p99 < level,
                let after = outcome.curve.firstIndex(where: { $0.p99 >= level })
            else { return nil }
            let (before, behind) = (outcome.curve[after - 1].p99, outcome.curve[after].p99)
            let part = log(level / before) / log(behind / before)
            found.append(multipliers[after - 1] * pow(multipliers[after] / multipliers[after - 1], part))
        }
        return found
    }
}

extension SaturationSummary {
    /// The latency curve: means over replications, with the central 95 % of them.
    func curve() -> [LatencyCurvePoint] {
        guard !shown.isEmpty else { return [] }
        let window = outcomes.reduce(0) { $0 + $1.windowFactor } / Double(outcomes.count)
        return queue.multipliers.indices.map { index in
            let multiplier = queue.multipliers[index]
            return LatencyCurvePoint(
                scope: queue.scope, shard: queue.shard, loadMultiplier: multiplier,
                ratePerSecond: multiplier * queue.ratePerSecond * window,
                utilisation: multiplier * queue.utilisation * window,
                p50Seconds: spread { $0.curve[index].p50 }, p99Seconds: spread { $0.curve[index].p99 },
                p999Seconds: spread { $0.curve[index].p999 },
                shareOverObjective: spread { $0.curve[index].shareOver })
        }
    }

    /// The window that was simulated; nil for a queue without work, for people and quotas, and for the journey, which shares its shard's.
    func worstWindow() -> WorstWindow? {
        guard !outcomes.isEmpty, case .tier(let tier) = queue.scope,
            screen.topology.tiers.first(where: { $0.name == tier })?.kind.law == .queue
        else { return nil }
        return WorstWindow(
            tier: tier, shard: queue.shard, path: queue.peak.path, step: queue.peak.step,
            start: screen.demand.time(ofStep: queue.peak.step), ratePerSecond: queue.ratePerSecond,
            utilisation: queue.utilisation, windowFactor: spread(\.windowFactor))
    }

    private func spread(_ value: (QueueSimulation.Outcome) -> Double) -> Estimate {
        let values = shown.map(value).sorted()
        let mean = values.reduce(0, +) / Double(values.count)
        return Estimate(
            mean, lo: Summary.quantile(sorted: values, Summary.levels95.low),
            hi: Summary.quantile(sorted: values, Summary.levels95.high))
    }

    /// Histories for which the latency was worked out.
    private var shown: [QueueSimulation.Outcome] {
        outcomes.filter { $0.curve.count == queue.multipliers.count && !$0.curve.isEmpty }
    }

    /// The median in logarithms; 0 where an hour never keeps the objective.
    private func typical(_ values: [Double]) -> Double {
        guard values.allSatisfy({ $0 > 0 }) else { return 0 }
        // A single figure is not put through the logarithm and back: stability is exact.
        if values.count == 1 { return values[0] }
        return exp(Summary.median(values.map { log($0) }))
    }
}
