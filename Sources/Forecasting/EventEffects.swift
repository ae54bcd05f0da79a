import Foundation
import Numerics
import Units

/// What planned events did to a series, taken out of its history and put into its forecast.
///
/// On the log scale (as it is where values are negative) the effect of an occurrence is the mean distance of
/// its steps, in units of their intensity, from the profile and from the level of the season before and after.
/// The effect of a kind is the median over its occurrences, drawn to zero where they are few. Steps with more
/// than one kind teach nothing.
struct EventEffects: Sendable {
    /// The history as it would have been without the events.
    let series: RegularSeries
    /// Kinds that the history does not hold.
    let notes: [String]
    private let scale: ValueScale
    /// The effect of each step of the horizon, on the scale.
    private let ahead: [Double]

    /// nil where no event touches the history or the horizon, or nothing is observed.
    init?(_ series: RegularSeries, _ settings: ForecastSettings) {
        var kinds: [(name: String, events: [PlannedEvent])] = []
        let end = series.time(at: series.values.count + settings.horizon)
        for event in settings.events where event.end > series.start && event.start < end {
            if let place = kinds.firstIndex(where: { $0.name == event.name }) {
                kinds[place].events.append(event)
            } else {
                kinds.append((event.name, [event]))
            }
        }
        guard settings.hasCalendar, !kinds.isEmpty else { return nil }
        let count = series.values.count
        let exposures = kinds.map { kind in
            EventEffects.exposure(kind.events, series: series, count: count + settings.horizon)
        }
        var plain = series
        for index in 0..<count where exposures.contains(where: { $0[index] != 0 }) {
            plain.values[index] = .nan
        }
        guard
            let window = HistoryWindow(plain, end: count, seasons: settings.seasons, hasCalendar: true)
        else { return nil }
        let rest = EventEffects.rest(of: series, window: window)
        let season = window.shortSeason ?? 24
        var adjusted = series
        var ahead = [Double](repeating: 0, count: settings.horizon)
        var notes: [String] = []
        for (kind, exposure) in zip(kinds, exposures) {
            let others = exposures.indices.filter { kinds[$0].name != kind.name }
            let effect = EventEffects.effect(
                rest, exposure: exposure,
                isPlain: { index in !plain.values[index].isNaN },
                isAlone: { index in others.allSatisfy { exposures[$0][index] == 0 } }, season: season)
            guard let effect else {
                notes.append("event '\(kind.name)' has not occurred before, so its effect is unknown")
                continue
            }
            for index in 0..<count where exposure[index] != 0 && adjusted.values[index].isFinite {
                adjusted.values[index] = window.logScale.invert(
                    window.logScale.apply(adjusted.values[index]) - effect * exposure[index])
            }
            for step in ahead.indices { ahead[step] += effect * exposure[count + step] }
        }
        self.series = adjusted
        self.notes = notes
        self.ahead = ahead
        scale = window.logScale
    }

    /// A forecast of the adjusted history with the events of its horizon.
    func applied(to forecast: SeriesForecast) -> SeriesForecast {
        guard forecast.isAnswered else { return forecast }
        let highest = ahead.max() ?? 0
        return SeriesForecast(
            id: forecast.id, start: forecast.start, stepSeconds: forecast.stepSeconds,
            mean: applied(to: forecast.mean), combined: applied(to: forecast.combined),
            levels: forecast.levels,
            quantiles: forecast.quantiles.map { applied(to: $0) },
            candidates: forecast.candidates, seasons: forecast.seasons, notes: forecast.notes + notes,
            range: forecast.range.lowerBound...moved(forecast.range.upperBound, max(highest, 0)))
    }

    /// A value for each step of the horizon with the events.
    func applied(to values: [Double]) -> [Double] { zip(values, ahead).map(moved) }

    private func moved(_ value: Double, _ effect: Double) -> Double {
        effect == 0 ? value : scale.invert(scale.apply(value) + effect)
    }

    /// Σ intensity × the share of each step that events cover.
    private static func exposure(_ events: [PlannedEvent], series: RegularSeries, count: Int) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        let step = series.stepSeconds
        for event in events {
            let from = max(0, (event.start.seconds - series.start.seconds) / step)
            var index = Int(min(from, Int64(count)))
            while index < count {
                let begins = series.start.seconds + Int64(index) * step
                guard begins < event.end.seconds else { break }
                let covered = min(begins + step, event.end.seconds) - max(begins, event.start.seconds)
                result[index] += event.intensity * Double(max(covered, 0)) / Double(step)
                index += 1
            }
        }
        return result
    }

    /// The series without its profile, on the scale; NaN where missing or before the window.
    private static func rest(of series: RegularSeries, window: HistoryWindow) -> [Double] {
        let count = series.values.count
        let profile =
            window.shortSeason == nil
            ? nil : window.profile(on: window.logScale, shrinkage: SeasonalProfile.weeklyShrinkage)
        return series.values.enumerated().map { index, value in
            guard value.isFinite, index >= count - window.count else { return .nan }
            return window.logScale.apply(value) - (profile?.value(atStep: index - count) ?? 0)
        }
    }

    /// Occurrences that draw an effect to zero: of one a tenth is not believed. Chosen, not measured.
    private static let priorOccurrences = 0.1

    /// The effect of a unit of intensity; nil where no occurrence can be measured.
    private static func effect(
        _ rest: [Double], exposure: [Double], isPlain: (Int) -> Bool, isAlone: (Int) -> Bool, season: Int
    ) -> Double? {
        var found: [Double] = []
        var index = 0
        while index < rest.count {
            guard exposure[index] != 0 else {
                index += 1
                continue
            }
            let first = index
            while index < rest.count, exposure[index] != 0 { index += 1 }
            let around =
                (max(0, first - season)..<first).map { $0 }
                + (index..<min(rest.count, index + season)).map { $0 }
            let level = Selection.median(around.filter { isPlain($0) && !rest[$0].isNaN }.map { rest[$0] })
            guard level.isFinite else { continue }
            var product = 0.0
            var square = 0.0
            for step in first..<index where isAlone(step) && !rest[step].isNaN {
                product += exposure[step] * (rest[step] - level)
                square += exposure[step] * exposure[step]
            }
            if square > 0 { found.append(product / square) }
        }
        guard !found.isEmpty else { return nil }
        let occurrences = Double(found.count)
        return Selection.median(found) * occurrences / (occurrences + priorOccurrences)
    }
}
