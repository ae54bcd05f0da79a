import Foundation
import Numerics
import Units

/// Surges of a series by steps finer than an hour.
///
/// By the minute trades come in bursts, and one busy minute among thousands is no surge. What an hour (a 24th of the
/// shortest season) shows is found by the hour, so that every step finds the same, and gets its edges from finer sums.
/// What is too short for that has to stand out over twenty minutes (a 72nd): by twice the baseline, and from the two
/// hours before (a twelfth) by five robust deviations of such steps up at its level; quiet hours scatter more than
/// busy ones.
struct FineSurges {
    private let finder: EventFinder
    /// Steps of an hour.
    private let hour: Int
    private let hourly: [EventFinder.Run]
    /// Over five minutes around each step.
    private let near: WindowRatios
    /// Over twenty minutes around each step.
    private let held: WindowRatios

    /// Deviations over the baseline of a surge that hours do not show.
    private static let leastDeviations = 5.0
    /// Its smallest ratio, as a logarithm.
    private static let leastRatio = log(2.0)

    /// Nil where steps are not finer than an hour.
    init?(_ finder: EventFinder, seasons: [Int]) {
        let season = finder.season
        guard let hour = stride(from: season / 24, to: 1, by: -1).first(where: { season % $0 == 0 }) else {
            return nil
        }
        self.finder = finder
        self.hour = hour
        let values = finder.series.values
        near = WindowRatios(values, finder.baseline.values, width: max(1, season / 288))
        held = WindowRatios(values, finder.baseline.values, width: max(1, season / 72))
        var sums = finder.series
        sums.stepSeconds *= Int64(hour)
        // Hours of the clock: steps before the first whole one belong to a part of one.
        let place = Int(sums.start.seconds / finder.series.stepSeconds % Int64(hour))
        let before = (place + hour) % hour
        sums.start = finder.series.time(at: -before)
        sums.values = stride(from: -before, to: values.count, by: hour).map { start in
            let part = values[max(0, start)..<min(start + hour, values.count)].filter(\.isFinite)
            return 2 * part.count >= hour ? Summary.mean(part) * Double(hour) : .nan
        }
        let wider = seasons.filter { $0 % hour == 0 }.map { $0 / hour }
        let runs = SeasonalBaseline(sums.values, seasons: wider).map {
            EventFinder(
                series: sums, factors: [Double](repeating: 1, count: sums.values.count), baseline: $0,
                season: season / hour
            ).surgeRuns()
        }
        hourly = (runs ?? []).map { run in
            EventFinder.Run(
                first: max(0, run.first * hour - before),
                last: min((run.last + 1) * hour - before, values.count) - 1, top: run.top * hour - before)
        }
    }

    /// The runs in order of time.
    func runs() -> [EventFinder.Run] {
        var runs = hourly.compactMap { edges($0.first, $0.last) }
        runs += short().filter { one in !runs.contains { $0.first <= one.last && one.first <= $0.last } }
        return runs.sorted { $0.first < $1.first }
    }

    /// A run's own steps, no further than an hour beyond where it was found.
    ///
    /// By five minutes, from its peak back while e stays over 1.5 deviations and two fifths of the peak, with dips of
    /// ten; by twenty, on while it stays over 1.5 deviations and a tenth of the peak's excess, above the two hours
    /// before.
    private func edges(_ first: Int, _ last: Int) -> EventFinder.Run? {
        let range = max(0, first - hour)...min(near.ratios.count - 1, last + hour)
        let found = (first...min(last, range.upperBound)).filter { near.ratios[$0].isFinite }
        guard let top = found.max(by: { near.ratios[$0] < near.ratios[$1] }) else { return nil }
        let peak = near.ratios[top]
        var onset = top
        for step in (range.lowerBound...top).reversed() {
            if onset - step > max(1, finder.season / 144) { break }
            let begun = max(
                EventFinder.edgeDeviations * near.deviation(at: step), EventFinder.onsetShare * peak)
            if near.ratios[step] > begun { onset = step }
        }
        let level = EventFinder.level(of: held.ratios, before: onset, steps: finder.season / 12)
        let tenth = EventFinder.tenth(of: peak)
        var end = top
        for step in top...range.upperBound {
            if step - end > held.width { break }
            let over = max(EventFinder.edgeDeviations * held.deviation(at: step), tenth)
            if held.ratios[step] > level + over { end = step }
        }
        // A window around the last high step reaches beyond it.
        return EventFinder.Run(first: onset, last: max(top, end - held.width / 4), top: top)
    }

    /// What stands out over twenty minutes.
    private func short() -> [EventFinder.Run] {
        let ratios = held.ratios
        var past = RecentMedian(window: finder.season / 12)
        let rises = ratios.indices.map { step -> Double in
            let before = step >= held.width ? ratios[step - held.width] : .nan
            past.append(before)
            return past.median.map { ratios[step] - max(0, $0) } ?? .nan
        }
        let scatter = held.scatter(of: rises)
        func isHigh(_ step: Int) -> Bool {
            guard ratios[step] >= FineSurges.leastRatio, let deviation = scatter[held.levels[step]] else {
                return false
            }
            return rises[step] >= FineSurges.leastDeviations * deviation
        }
        var runs: [EventFinder.Run] = []
        var step = 0
        while step < ratios.count {
            guard isHigh(step) else {
                step += 1
                continue
            }
            var last = step
            var next = step
            while next < ratios.count, next - last <= held.width {
                if isHigh(next) { last = next }
                next += 1
            }
            if let run = edges(step, last) { runs.append(run) }
            step = last + 1
        }
        return runs
    }
}
