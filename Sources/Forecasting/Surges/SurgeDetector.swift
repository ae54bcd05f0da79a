import Foundation
import Numerics
import Units

/// Finds surges, outages and brown-outs in a series against its seasonal baseline.
///
/// Works on e = log((y + c) / (b + c)), with b the baseline and c 1 % of the mean. A surge begins where e
/// passes three robust deviations. It must reach a ratio of 1.5, and five deviations or a ratio of 2,
/// and four deviations or a ratio of 2.5, for twenty minutes of a day (a 72nd of the shortest season). Three
/// quarters of that it must rise over the hours before, and within an eighth of a day unless it is more than
/// twice as high: what swells slowly is the level's own wandering. It ends where e falls under 1.5 deviations
/// or a tenth of its peak; dips of up to an eighth of the shortest season are bridged. A lasting change of
/// level is an event of its own (`LastingShift`): the baseline is learnt from both levels brought to one, so that
/// neither looks like a surge or an outage beside the other. By steps of five minutes and less, outages are told
/// from the hours before as well (`LocalFalls`).
public struct SurgeDetector: Sendable {
    /// Lengths of the seasons in steps.
    public let seasons: [Int]

    /// The smallest ratio of peak to baseline that is a surge.
    public static let smallestRatio = 1.5

    /// A detector with the seasons of the baseline, in steps.
    public init(seasons: [Int]) {
        self.seasons = seasons.filter { $0 > 1 }.sorted()
    }

    /// The events of a series in order of time.
    ///
    /// Empty where the history holds less than four of the shortest season (or 32 values without seasons).
    /// O(n log n).
    public func events(in series: RegularSeries) -> [SurgeEvent] {
        let mean = Summary.mean(series.values.filter(\.isFinite))
        guard mean > 0, !series.values.contains(where: { $0 < 0 }) else { return [] }
        let shifts = LastingShift.all(series.values, seasons: seasons, offset: 0.01 * mean)
        var level = series
        var factors = [Double](repeating: 1, count: series.values.count)
        for shift in shifts {
            for step in 0..<shift.index { factors[step] *= exp(shift.logRatio) }
        }
        for step in factors.indices { level.values[step] *= factors[step] }
        guard let baseline = SeasonalBaseline(level.values, seasons: seasons) else { return [] }
        let finder = EventFinder(
            series: level, factors: factors, baseline: baseline, season: seasons.first ?? 8)
        return (finder.surges() + finder.allFalls() + shifts.indices.map { finder.shift(shifts, $0) }).sorted
        {
            ($0.onset, $0.kind.rawValue) < ($1.onset, $1.kind.rawValue)
        }
    }
}

/// What a series would ordinarily have been at each step, and how far it was off.
public struct SeasonalBaseline: Sendable {
    /// The baseline of each step.
    public let values: [Double]
    /// log((y + c) / (baseline + c)); NaN where y is missing.
    public let logRatios: [Double]
    /// The robust standard deviation of the log ratios.
    public let deviation: Double

    /// The baseline from the median of the nearest values of the same phase (four seasons on each side),
    /// times the median ratio to it over the five nearest short seasons.
    ///
    /// Nil where the history is too short or negative.
    public init?(_ series: [Double], seasons: [Int]) {
        let present = series.filter { $0.isFinite }
        guard let lowest = present.min(), lowest >= 0, present.count >= 32 else { return nil }
        let season = seasons.last { 4 * $0 <= series.count } ?? 1
        if season == 1, let short = seasons.first, 4 * short > series.count { return nil }
        let mean = Summary.mean(present)
        guard mean > 0 else { return nil }
        let offset = 0.01 * mean
        let profile = SeasonalBaseline.profile(series, season: season)
        let raw = zip(series, profile).map { $0.isFinite ? log(($0 + offset) / ($1 + offset)) : .nan }
        let level = SeasonalBaseline.level(raw, season: seasons.first ?? 32)
        logRatios = zip(raw, level).map { $0 - $1 }
        values = zip(profile, level).map { max(0, ($0 + offset) * exp($1) - offset) }
        let known = logRatios.filter(\.isFinite)
        let centre = Summary.median(known)
        deviation = max(1.4826 * Summary.median(known.map { abs($0 - centre) }), 0.02)
    }

    private static func profile(_ series: [Double], season: Int) -> [Double] {
        guard season > 1 else {
            let middle = Summary.median(series.filter(\.isFinite))
            return [Double](repeating: middle, count: series.count)
        }
        var near: [Double] = []
        return series.indices.map { index in
            near.removeAll(keepingCapacity: true)
            for direction in [-1, 1] {
                var place = index + direction * season
                var found = 0
                while series.indices.contains(place), found < 4 {
                    if series[place].isFinite {
                        near.append(series[place])
                        found += 1
                    }
                    place += direction * season
                }
            }
            // A value is no part of its own baseline, unless there is nothing else.
            if near.isEmpty, series[index].isFinite { near.append(series[index]) }
            near.sort()
            guard !near.isEmpty else { return 0 }
            let half = near.count / 2
            return near.count % 2 == 1 ? near[half] : (near[half - 1] + near[half]) / 2
        }
    }

    /// A running median over five short seasons, in blocks of a quarter of one.
    private static func level(_ ratios: [Double], season: Int) -> [Double] {
        let block = max(1, season / 4)
        let blocks = stride(from: 0, to: ratios.count, by: block).map { start in
            Summary.median(ratios[start..<min(start + block, ratios.count)].filter(\.isFinite))
        }
        let smooth = blocks.indices.map { index in
            let near = blocks[max(0, index - 10)...min(blocks.count - 1, index + 10)].filter(\.isFinite)
            return near.isEmpty ? 0 : Summary.median(near)
        }
        return ratios.indices.map { smooth[$0 / block] }
    }
}

/// Puts runs of unusual steps together into events.
private struct EventFinder {
    /// The series with all its levels brought to the last one.
    let series: RegularSeries
    /// What was multiplied for that.
    let factors: [Double]
    let baseline: SeasonalBaseline
    /// The shortest season in steps.
    let season: Int

    /// Steps of a dip that do not part an event.
    var bridge: Int { max(1, season / 8) }

    func surges() -> [SurgeEvent] {
        let high = 3 * baseline.deviation
        let deviation = baseline.deviation
        let peak = max(
            min(4 * deviation, log(2.5)), min(5 * deviation, log(2)), log(SurgeDetector.smallestRatio))
        var events: [SurgeEvent] = []
        var index = 0
        while index < baseline.logRatios.count {
            guard baseline.logRatios[index] > high else {
                index += 1
                continue
            }
            let (first, last, top) = extent(of: baseline.logRatios, from: index)
            let held = heldPeak(first, last)
            // A bump that swells over many hours is the level's own wandering, unless it is very high.
            let least = 0.75 * peak
            if held >= peak, held - levelBefore(first, season / 4) >= least,
                held >= 2.2 * peak || steepestRise(first, top) >= least
            {
                events.append(event(.surge, first, last, top))
            }
            index = last + 1
        }
        return events
    }

    /// Steps that a peak has to last: twenty minutes of a day, so that one noisy step among many is no peak.
    private var held: Int { max(1, season / 72) }

    /// The mean of e over so many steps from one on; −∞ where nothing is there.
    private func mean(from start: Int) -> Double {
        let part = baseline.logRatios[start..<min(start + held, baseline.logRatios.count)].filter(\.isFinite)
        return part.isEmpty ? -.infinity : Summary.mean(part)
    }

    private func heldPeak(_ first: Int, _ last: Int) -> Double {
        (first...max(first, last + 1 - held)).reduce(-.infinity) { max($0, mean(from: $1)) }
    }

    /// The median of e over some steps before one, where that is over zero: a surge stands out from the hours
    /// before it, not only from the days around it.
    private func levelBefore(_ first: Int, _ count: Int) -> Double {
        let before = baseline.logRatios[max(0, first - max(1, count))..<first].filter(\.isFinite)
        return before.isEmpty ? 0 : max(0, Summary.median(before))
    }

    /// The most that e rises over the median of the eighth of a season before.
    private func steepestRise(_ first: Int, _ top: Int) -> Double {
        (first...top).reduce(-.infinity) { max($0, mean(from: $1) - levelBefore($1, season / 8)) }
    }

    /// The run around a step: back from the peak while e stays over 1.5 deviations and two fifths of it, on until
    /// it falls under that or a tenth of the peak for longer than the bridge.
    private func extent(of ratios: [Double], from index: Int) -> (first: Int, last: Int, top: Int) {
        let low = 1.5 * baseline.deviation
        var last = index
        var top = index
        var place = index
        while place < ratios.count, place - last <= bridge {
            let value = ratios[place]
            if value > max(low, 0.1 * ratios[top]) {
                last = place
                if value > ratios[top] { top = place }
            }
            place += 1
        }
        let begun = max(low, 0.4 * ratios[top])
        var first = top
        var back = top - 1
        while back >= max(0, index - bridge * 4), first - back <= max(2, bridge / 4) {
            if ratios[back] > begun { first = back }
            back -= 1
        }
        return (first, last, top)
    }

    /// Falls against the season, and by fine steps against the hours before, which tell their ends better.
    func allFalls() -> [SurgeEvent] {
        let local = LocalFalls.runs(series.values, season: season).map { run in
            let step = series.stepSeconds
            let factor = factors[run.bottom]
            return SurgeEvent(
                id: series.id, kind: run.ratio <= 0.05 ? .outage : .brownout,
                onset: series.time(at: run.first),
                peakAt: series.time(at: run.bottom), end: series.time(at: run.last + 1),
                baseline: run.level / factor, peak: series.values[run.bottom] / factor,
                ratio: series.values[run.bottom] / run.level, rampSeconds: 0,
                holdSeconds: Int64(run.last + 1 - run.first) * step, decaySeconds: 0)
        }
        // Against the season one fine step says nothing.
        let least = season >= LocalFalls.fineSeason ? Int64(held) * series.stepSeconds : 0
        return local
            + falls().filter { fall in
                fall.end.seconds - fall.onset.seconds >= least
                    && !local.contains { $0.onset < fall.end && fall.onset < $0.end }
            }
    }

    private func falls() -> [SurgeEvent] {
        let ratios = baseline.logRatios
        let outage = log(0.05)
        let brownout = min(-6 * baseline.deviation, log(0.5))
        // Where nearly nothing is ordinary, it is no outage; counts under ten are too few to tell.
        let isCount = series.values.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
        func isLow(_ index: Int) -> Bool {
            ratios[index] < brownout && (!isCount || baseline.values[index] >= 10)
        }
        let lowCount = ratios.indices.filter(isLow).count
        guard lowCount > 0, lowCount * 50 <= ratios.count else { return [] }
        var events: [SurgeEvent] = []
        var index = 0
        while index < ratios.count {
            guard isLow(index) else {
                index += 1
                continue
            }
            var last = index
            var bottom = index
            var place = index
            // A missing value goes on with what was before it.
            while place < ratios.count, isLow(place) || (ratios[place].isNaN && place - last <= bridge) {
                if isLow(place) {
                    last = place
                    if ratios[place] < ratios[bottom] { bottom = place }
                }
                place += 1
            }
            let value = series.values[bottom]
            let kind: SurgeEvent.Kind =
                value <= exp(outage) * baseline.values[bottom] ? .outage : .brownout
            events.append(event(kind, index, last, bottom))
            index = last + 1
        }
        return events
    }

    private func event(_ kind: SurgeEvent.Kind, _ first: Int, _ last: Int, _ top: Int) -> SurgeEvent {
        func excess(_ index: Int) -> Double {
            let value = series.values[index]
            return value.isFinite ? abs(value - baseline.values[index]) : 0
        }
        let peak = excess(top)
        let reached = (first...top).first { excess($0) >= 0.8 * peak } ?? top
        let held = (top...last).last { excess($0) >= 0.5 * peak } ?? top
        let step = series.stepSeconds
        return SurgeEvent(
            id: series.id, kind: kind, onset: series.time(at: first), peakAt: series.time(at: top),
            end: series.time(at: last + 1), baseline: baseline.values[top] / factors[top],
            peak: series.values[top] / factors[top],
            ratio: baseline.values[top] > 0 ? series.values[top] / baseline.values[top] : .infinity,
            rampSeconds: Int64(reached - first) * step, holdSeconds: Int64(held - reached + 1) * step,
            decaySeconds: Int64(last - held) * step)
    }

    /// A shift, which holds until the next one or the end.
    func shift(_ shifts: [LastingShift], _ index: Int) -> SurgeEvent {
        let shift = shifts[index]
        let end = index + 1 < shifts.count ? shifts[index + 1].index : series.values.count
        let peak = baseline.values[shift.index] / factors[shift.index]
        let ratio = exp(shift.logRatio)
        return SurgeEvent(
            id: series.id, kind: .levelShift, onset: series.time(at: shift.index),
            peakAt: series.time(at: shift.index), end: series.time(at: end), baseline: peak / ratio,
            peak: peak,
            ratio: ratio, rampSeconds: 0, holdSeconds: Int64(end - shift.index) * series.stepSeconds,
            decaySeconds: 0)
    }
}
