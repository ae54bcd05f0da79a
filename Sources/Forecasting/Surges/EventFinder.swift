import Foundation
import Numerics
import Units

/// Puts runs of unusual steps together into events.
struct EventFinder {
    /// The series with all its levels brought to the last one.
    let series: RegularSeries
    /// What was multiplied for that.
    let factors: [Double]
    let baseline: SeasonalBaseline
    /// The shortest season in steps.
    let season: Int

    /// Steps of a dip that do not part an event.
    var bridge: Int { max(1, season / 8) }

    /// The steps of an event.
    struct Run {
        var first: Int
        var last: Int
        /// The step furthest from the baseline.
        var top: Int
    }

    /// Deviations over the baseline from which a step may belong to a surge. Chosen, not measured.
    private static let highDeviations = 3.0
    /// A peak stands out by four deviations or by two and a half times, and by five or by twice. Chosen, not measured.
    private static let peak = (deviations: 4.0, ratio: 2.5)
    private static let lowPeak = (deviations: 5.0, ratio: 2.0)
    /// The part of the least peak by which a run rises over what was before. Chosen, not measured.
    private static let riseShare = 0.75
    /// How many times the least peak a run is that may swell slowly. Chosen, not measured.
    private static let slowRiseFactor = 2.2
    /// The part of a peak's excess under which a surge is over; a tenth by every step, so that all find the same end.
    private static let endShare = 0.1
    /// Deviations over the baseline, and the part of the peak, over which a surge has begun. Chosen, not measured.
    static let edgeDeviations = 1.5
    static let onsetShare = 0.4
    /// The parts of a peak's excess where its ramp ends and its decay begins. Chosen, not measured.
    private static let rampEndShare = 0.8
    private static let decayStartShare = 0.5

    func surgeRuns() -> [Run] {
        let high = EventFinder.highDeviations * baseline.deviation
        let deviation = baseline.deviation
        let peak = max(
            min(EventFinder.peak.deviations * deviation, log(EventFinder.peak.ratio)),
            min(EventFinder.lowPeak.deviations * deviation, log(EventFinder.lowPeak.ratio)),
            log(SurgeDetector.smallestRatio))
        var runs: [Run] = []
        var index = 0
        while index < baseline.logRatios.count {
            guard baseline.logRatios[index] > high else {
                index += 1
                continue
            }
            let (first, last, top) = extent(of: baseline.logRatios, from: index)
            let held = heldPeak(first, last)
            // A bump that swells over many hours is the level's own wandering, unless it is very high.
            let least = EventFinder.riseShare * peak
            if held >= peak, held - levelBefore(first, season / 4) >= least,
                held >= EventFinder.slowRiseFactor * peak || steepestRise(first, top) >= least
            {
                runs.append(Run(first: first, last: last, top: top))
            }
            index = last + 1
        }
        return runs
    }

    /// Steps that a peak has to last: twenty minutes of a day, so that one noisy step among many is no peak.
    var held: Int { max(1, season / 72) }

    /// The mean of e over so many steps from one on; −∞ where nothing is there.
    private func mean(from start: Int) -> Double {
        let part = baseline.logRatios[start..<min(start + held, baseline.logRatios.count)].filter(\.isFinite)
        return part.isEmpty ? -.infinity : Summary.mean(part)
    }

    private func heldPeak(_ first: Int, _ last: Int) -> Double {
        (first...max(first, last + 1 - held)).reduce(-.infinity) { max($0, mean(from: $1)) }
    }

    private func levelBefore(_ first: Int, _ count: Int) -> Double {
        EventFinder.level(of: baseline.logRatios, before: first, steps: count)
    }

    /// The median of log ratios over some steps before one, where that is over zero: a surge stands out from the
    /// hours before it, not only from the days around it.
    static func level(of ratios: [Double], before first: Int, steps: Int) -> Double {
        let before = ratios[max(0, first - max(1, steps))..<first].filter(\.isFinite)
        return before.isEmpty ? 0 : max(0, Summary.median(before))
    }

    /// The most that e rises over the median of the eighth of a season before.
    private func steepestRise(_ first: Int, _ top: Int) -> Double {
        (first...top).reduce(-.infinity) { max($0, mean(from: $1) - levelBefore($1, season / 8)) }
    }

    /// The log ratio at which a tenth of a peak's excess over the baseline is left.
    static func tenth(of peak: Double) -> Double { log(1 + endShare * (exp(peak) - 1)) }

    /// The run around a step: back from the peak while e stays over 1.5 deviations and two fifths of it, on until
    /// it falls under that or a tenth of the peak's excess for longer than the bridge.
    private func extent(of ratios: [Double], from index: Int) -> (first: Int, last: Int, top: Int) {
        let low = EventFinder.edgeDeviations * baseline.deviation
        var last = index
        var top = index
        var place = index
        while place < ratios.count, place - last <= bridge {
            let value = ratios[place]
            if value > max(low, EventFinder.tenth(of: ratios[top])) {
                last = place
                if value > ratios[top] { top = place }
            }
            place += 1
        }
        let begun = max(low, EventFinder.onsetShare * ratios[top])
        var first = top
        var back = top - 1
        while back >= max(0, index - bridge * 4), first - back <= max(2, bridge / 4) {
            if ratios[back] > begun { first = back }
            back -= 1
        }
        return (first, last, top)
    }

    /// A run as an event, with its ramp, hold and decay.
    func event(_ kind: SurgeEvent.Kind, _ run: Run) -> SurgeEvent {
        let (first, last, top) = (run.first, run.last, run.top)
        func excess(_ index: Int) -> Double {
            let value = series.values[index]
            return value.isFinite ? abs(value - baseline.values[index]) : 0
        }
        let peak = excess(top)
        // The highest step of a surge need not be the one that stands out most.
        let highest = kind == .surge ? highest(first...last) ?? top : top
        let usual = ordinary(at: highest)
        let reached = (first...top).first { excess($0) >= EventFinder.rampEndShare * peak } ?? top
        let held = (top...last).last { excess($0) >= EventFinder.decayStartShare * peak } ?? top
        let step = series.stepSeconds
        return SurgeEvent(
            id: series.id, kind: kind, onset: series.time(at: first), peakAt: series.time(at: highest),
            end: series.time(at: last + 1), baseline: usual / factors[highest],
            peak: series.values[highest] / factors[highest],
            ratio: usual > 0 ? series.values[highest] / usual : .infinity,
            rampSeconds: Int64(reached - first) * step, holdSeconds: Int64(held - reached + 1) * step,
            decaySeconds: Int64(last - held) * step)
    }

    /// The step with the largest value; nil where none has one.
    private func highest(_ steps: ClosedRange<Int>) -> Int? {
        steps.filter { series.values[$0].isFinite }.max { one, other in
            (series.values[one] / factors[one], other) < (series.values[other] / factors[other], one)
        }
    }

    /// The baseline around a step, its mean over an hour of a day: by the minute it scatters.
    private func ordinary(at step: Int) -> Double {
        let hour = season / 24
        guard hour > 1 else { return baseline.values[step] }
        let start = max(0, step - hour / 2)
        return Summary.mean(Array(baseline.values[start..<min(start + hour, baseline.values.count)]))
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
