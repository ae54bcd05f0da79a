import Foundation
import Numerics
import Units

extension EventFinder {
    /// The ratio to what is ordinary up to which a fall is an outage, and that of one or two steps, each of which may
    /// be out in part. Chosen, not measured.
    private static let (outageRatio, partOutageRatio) = (0.05, 0.2)
    /// Deviations and ratio under which a step is a fall. Chosen, not measured.
    private static let fall = (deviations: 6.0, ratio: 0.5)
    /// The largest share of steps in falls, of each of which an hour counts; where there are more, low is ordinary.
    private static let largestShare = 0.02
    /// Events in a step under which falls are not told from chance.
    private static let leastCount = 10.0

    /// Falls against the hours around them, which tell their ends better, and those that only the season shows.
    func falls() -> [SurgeEvent] {
        let local = LocalFalls.runs(series.values, baseline: baseline.values, season: season)
            .map { (run: $0, event: event($0)) }
            .filter { $0.event.kind == .outage || dropsAtOnce($0.run.first) }
            .map(\.event)
        // Against the season one fine step says nothing.
        let least = season >= LocalFalls.fineSeason ? Int64(held) * series.stepSeconds : 0
        return local
            + seasonalFalls().filter { fall in
                fall.end.seconds - fall.onset.seconds >= least
                    && !local.contains { $0.onset < fall.end && fall.onset < $0.end }
            }
    }

    private func event(_ run: LocalFalls.Run) -> SurgeEvent {
        let steps = run.last + 1 - run.first
        let outage = steps <= 2 ? EventFinder.partOutageRatio : EventFinder.outageRatio
        let factor = factors[run.bottom]
        return SurgeEvent(
            id: series.id, kind: run.ratio <= outage ? .outage : .brownout, onset: series.time(at: run.first),
            peakAt: series.time(at: run.bottom), end: series.time(at: run.last + 1),
            baseline: run.level / factor, peak: series.values[run.bottom] / factor,
            ratio: series.values[run.bottom] / run.level, rampSeconds: 0,
            holdSeconds: Int64(steps) * series.stepSeconds, decaySeconds: 0)
    }

    private func seasonalFalls() -> [SurgeEvent] {
        let runs = lowRuns()
        let steps = runs.reduce(0) { $0 + min(max(1, season / 24), $1.last + 1 - $1.first) }
        guard Double(steps) <= EventFinder.largestShare * Double(series.values.count) else { return [] }
        return runs.compactMap { run in
            let low = EventFinder.outageRatio * baseline.values[run.top]
            if series.values[run.top] <= low { return event(.outage, run) }
            return dropsAtOnce(run.first) ? event(.brownout, run) : nil
        }
    }

    /// The log ratio under which a step is a fall.
    private var brownout: Double {
        min(-EventFinder.fall.deviations * baseline.deviation, log(EventFinder.fall.ratio))
    }

    /// Runs of low steps; a missing value goes on with what was before it.
    private func lowRuns() -> [Run] {
        let ratios = baseline.logRatios
        // Where nearly nothing is ordinary, it is no outage.
        let isCount = series.values.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
        func isLow(_ index: Int) -> Bool {
            ratios[index] < brownout && (!isCount || baseline.values[index] >= EventFinder.leastCount)
        }
        var runs: [Run] = []
        var index = 0
        while index < ratios.count {
            guard isLow(index) else {
                index += 1
                continue
            }
            var run = Run(first: index, last: index, top: index)
            var place = index
            while place < ratios.count, isLow(place) || (ratios[place].isNaN && place - run.last <= bridge) {
                if isLow(place) {
                    run.last = place
                    if ratios[place] < ratios[run.top] { run.top = place }
                }
                place += 1
            }
            runs.append(run)
            index = run.last + 1
        }
        return runs
    }

    /// Whether the series itself drops to less than a half as a fall begins, within two steps, or forty minutes: on a
    /// quiet day, as a holiday, it only fails to rise as the season does.
    private func dropsAtOnce(_ first: Int) -> Bool {
        func mean(_ start: Int) -> Double? {
            let known = series.values[(start..<start + held).clamped(to: 0..<series.values.count)].filter(
                \.isFinite)
            return known.isEmpty ? nil : Summary.mean(known)
        }
        guard let before = [first - 2 * held, first - held].compactMap(mean).max(),
            let after = [first, first + held].compactMap(mean).min()
        else { return true }
        return after < EventFinder.fall.ratio * before
    }
}
