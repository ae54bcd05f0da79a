import Exchange
import Numerics
import Units

/// Looks for the windows in which planned work is the safest.
///
/// Every step starts a window; windows are ranked by the share of paths that break a tier with one node of
/// every tier out, then with the fullest zone out, then by the hours that break when the work takes as many times as long as
/// the longest overrun, then by how close the tightest tier comes to its limit. A window that overlaps a better one is left
/// out.
struct MaintenanceSearch {
    let outcomes: [TierOutcome]
    let demand: DemandPaths
    let options: PlanOptions

    /// The rows of `maintenance.csv`, the safest first.
    func rows() -> [MaintenanceRow] {
        let length = max(
            1, Int(saturating: (options.maintenanceSeconds / Double(demand.stepSeconds)).rounded(.up)))
        guard length <= demand.stepCount, !outcomes.isEmpty else { return [] }
        let nodeOut = broken(.node)
        let zoneOut = broken(.zone)
        let overruns = MaintenanceOverruns(
            nodeOut, length: length, stepSeconds: demand.stepSeconds, minuteOver: options.risk.minuteOver)
        let tightness = tightnessByStep()
        let loads = loadShares()
        let windows = (0...(demand.stepCount - length)).map { first -> Window in
            let steps = first..<(first + length)
            let tightest = steps.max { (tightness[$0].share, $1) < (tightness[$1].share, $0) } ?? first
            return Window(
                steps: steps, nodeOut: nodeOut.chance(steps: steps), zoneOut: zoneOut.chance(steps: steps),
                overrunHours: overruns.hoursOfLongest(from: first),
                tightness: tightness[tightest].share, tier: tightness[tightest].tier,
                load: steps.reduce(0) { $0 + loads[$1] } / Double(length))
        }
        var taken: [Window] = []
        for window in windows.sorted(by: <) where taken.count < options.maintenanceWindowCount {
            if !taken.contains(where: { $0.steps.overlaps(window.steps) }) { taken.append(window) }
        }
        return taken.enumerated().map {
            row($0.element, rank: $0.offset + 1, overruns.rows(from: $0.element.steps.lowerBound))
        }
    }

    private struct Window: Comparable {
        var steps: Range<Int>
        var nodeOut: Double
        var zoneOut: Double
        var overrunHours: Double
        var tightness: Double
        var tier: String
        var load: Double

        static func < (one: Window, other: Window) -> Bool {
            (one.nodeOut, one.zoneOut, one.overrunHours, one.tightness, one.load, one.steps.lowerBound)
                < (
                    other.nodeOut, other.zoneOut, other.overrunHours, other.tightness, other.load,
                    other.steps.lowerBound
                )
        }
    }

    private func row(
        _ window: Window, rank: Int, _ overruns: [MaintenanceRow.Overrun]
    ) -> MaintenanceRow {
        return MaintenanceRow(
            rank: rank, start: demand.time(ofStep: window.steps.lowerBound),
            end: demand.time(ofStep: window.steps.upperBound), loadShare: window.load,
            probabilityBrokenNodeOut: window.nodeOut,
            probabilityBrokenZoneOut: window.zoneOut,
            worstLoadOverHeldQ99: window.tightness, tightestTier: window.tier, overruns: overruns)
    }

    private func broken(_ loss: BreakHazards.Loss) -> BreakHazards {
        BreakHazards(
            any: outcomes.map {
                BreakHazards($0, loss: loss, pathCount: demand.pathCount, stepCount: demand.stepCount)
            }, pathCount: demand.pathCount, stepCount: demand.stepCount)
    }

    /// For each step the 99 % quantile of load over what is held with the fullest zone out, in the tightest
    /// tier.
    private func tightnessByStep() -> [(share: Double, tier: String)] {
        var worst = [(share: Double, tier: String)](
            repeating: (-1, ""), count: demand.stepCount)
        for outcome in outcomes {
            for queue in outcome.queues {
                let held = queue.zoneOut.held
                for (step, load) in queue.load.quantiles(PathLoad.highLevel).enumerated() {
                    let share = share(load, of: held[step])
                    if share > worst[step].share { worst[step] = (share, outcome.plan.tier) }
                }
            }
        }
        return worst
    }

    /// Each step's load over its mean, in mean over paths and tiers with a load.
    private func loadShares() -> [Double] {
        var shares = [Double](repeating: 0, count: demand.stepCount)
        var tiers = 0.0
        for outcome in outcomes {
            var work = [Double](repeating: 0, count: demand.stepCount)
            for queue in outcome.queues {
                for path in 0..<demand.pathCount {
                    for step in work.indices { work[step] += queue.load.work(path: path, step: step) }
                }
            }
            let mean = work.reduce(0, +) / Double(work.count)
            guard mean > 0 else { continue }
            tiers += 1
            for step in work.indices { shares[step] += work[step] / mean }
        }
        return tiers > 0 ? shares.map { $0 / tiers } : shares
    }
}
