import Foundation
import Units

/// The shape of the week on the log scale, as it was known at each step: from what lies before it alone.
///
/// Hours of the week are those of New York, whose daylight saving crypto's demand follows. Each phase is an
/// exponential average of log deviations from the week's mean with a half-life of ten visits, drawn to the
/// mean of its hour on days of the same kind, and smoothed over its neighbours. A series shares up to half of
/// its shape with the mean of all, as far as the two agree.
struct WeeklyShape: Sendable {
    /// Phases of a week: hours, or steps where these are longer.
    let phaseCount: Int
    /// Steps from one table to the next: a day.
    let refresh: Int
    /// By table and phase.
    private let tables: [[Double]]
    private let phases: WeekPhases

    /// The shape at a step of the grid as known at an origin.
    func value(at step: Int, knownAt origin: Int) -> Double {
        tables[min(origin / refresh, tables.count - 1)][phases[step]]
    }

    /// Whether a step lies on a Saturday or a Sunday in New York.
    func isWeekend(_ step: Int) -> Bool { phases[step] >= 5 * phases.perDay }

    /// Shapes of all series of a grid from their log values.
    static func all(_ grid: CapacityGrid, logs: [[Double]], horizon: Int) -> [WeeklyShape] {
        let phases = WeekPhases(grid, extra: horizon)
        let deviations = logs.indices.map { index in
            WeeklyShape.deviations(logs[index], week: grid.steps(hours: 168), day: grid.steps(hours: 24))
        }
        let teachers = logs.indices.filter { !grid.isSum[$0] }
        let mean = (0..<grid.count).map { step in
            var sum = 0.0
            var count = 0.0
            for index in teachers where !deviations[index][step].isNaN {
                sum += deviations[index][step]
                count += 1
            }
            return count > 0 ? sum / count : .nan
        }
        let refresh = max(1, Int(86_400 / grid.stepSeconds))
        let common = WeeklyShape.tables(mean, phases: phases, refresh: refresh)
        return logs.indices.map { index in
            let own = WeeklyShape.tables(deviations[index], phases: phases, refresh: refresh)
            let shares = WeeklyShape.shares(deviations[index], mean, refresh: refresh, count: own.count)
            let mixed = own.indices.map { table in
                zip(own[table], common[table]).map { (1 - shares[table]) * $0 + shares[table] * $1 }
            }
            return WeeklyShape(
                phaseCount: phases.count, refresh: refresh, tables: mixed, phases: phases)
        }
    }

    /// Log deviations from the trailing mean of a week, between −2 and 2.
    private static func deviations(_ logs: [Double], week: Int, day: Int) -> [Double] {
        var result = [Double](repeating: .nan, count: logs.count)
        var sum = 0.0
        var count = 0
        for step in logs.indices where !logs[step].isNaN {
            sum += logs[step]
            count += 1
            if count > week {
                sum -= logs[step - week]
                count -= 1
            }
            result[step] = count < min(day, 24) ? 0 : min(max(logs[step] - sum / Double(count), -2), 2)
        }
        return result
    }

    /// Visits of a phase after which one counts half. Chosen, not measured.
    private static let halfLifeVisits = 10.0
    /// The weight of a weekend's day in a working day's prior and the other way round. Chosen, not measured.
    private static let unlikeDayWeight = 0.1
    /// The largest part of the common shape that a table takes. Chosen, not measured.
    private static let commonShareMax = 0.5

    /// Tables at every refresh, the first one before any value.
    private static func tables(_ deviations: [Double], phases: WeekPhases, refresh: Int) -> [[Double]] {
        let keep = pow(0.5, 1 / halfLifeVisits)
        var sums = [Double](repeating: 0, count: phases.count)
        var weights = sums
        var result: [[Double]] = []
        // Visits last as long as a phase: several steps of one visit count as one.
        let visit = Double(phases.stepsPerPhase)
        for step in 0...deviations.count {
            if step % refresh == 0 || step == deviations.count {
                if step % refresh == 0 { result.append(table(sums, weights, phases)) }
            }
            guard step < deviations.count, !deviations[step].isNaN else { continue }
            let phase = phases[step]
            let decay = pow(keep, 1 / visit)
            sums[phase] = decay * sums[phase] + (1 - keep) / visit * deviations[step]
            weights[phase] = decay * weights[phase] + (1 - keep) / visit
        }
        return result
    }

    private static func table(_ sums: [Double], _ weights: [Double], _ phases: WeekPhases) -> [Double] {
        let perDay = phases.perDay
        // Sums are averages already; in visits they are ten half-lives' worth.
        let scale = 1 / (1 - pow(0.5, 1 / halfLifeVisits))
        let raw = sums.indices.map { phase -> Double in
            var sum = 0.0
            var weight = 0.0
            for day in 0..<7 {
                let other = phase % perDay + day * perDay
                let isAlike = (day >= 5) == (phase / perDay >= 5)
                sum += (isAlike ? 1 : unlikeDayWeight) * sums[other]
                weight += (isAlike ? 1 : unlikeDayWeight) * weights[other]
            }
            let prior = weight > 0 ? sum / weight : 0
            let strength = 2 / scale
            return (sums[phase] + strength * prior) / (weights[phase] + strength)
        }
        guard perDay >= 8 else { return raw }
        let count = raw.count
        return raw.indices.map {
            (raw[($0 + count - 1) % count] + 2 * raw[$0] + raw[($0 + 1) % count]) / 4
        }
    }

    /// How much of the common shape each table takes: half where the correlation is a half or more.
    private static func shares(_ own: [Double], _ mean: [Double], refresh: Int, count: Int) -> [Double] {
        var result: [Double] = []
        var both = 0.0
        var ownSquare = 1e-9
        var meanSquare = 1e-9
        for step in 0...own.count {
            if step % refresh == 0 {
                result.append(min(commonShareMax, max(0, both / (ownSquare * meanSquare).squareRoot())))
            }
            guard step < own.count, !own[step].isNaN, !mean[step].isNaN else { continue }
            both += own[step] * mean[step]
            ownSquare += own[step] * own[step]
            meanSquare += mean[step] * mean[step]
        }
        return Array(result.prefix(count))
    }
}

/// The phase of the week of each step of a grid, and of a horizon after it.
struct WeekPhases: Sendable {
    /// Phases of a week.
    let count: Int
    /// Phases of a day.
    let perDay: Int
    let stepsPerPhase: Int
    private let byStep: [Int32]

    subscript(step: Int) -> Int { Int(byStep[min(step, byStep.count - 1)]) }

    init(_ grid: CapacityGrid, extra: Int) {
        let length = min(max(3600, grid.stepSeconds), 86_400)
        let seconds = 86_400 % length == 0 ? length : 3600
        perDay = Int(86_400 / seconds)
        count = 7 * Int(86_400 / seconds)
        stepsPerPhase = max(1, Int(seconds / grid.stepSeconds))
        byStep = (0...grid.count + extra).map { step in
            let instant = grid.start.advanced(bySeconds: Int64(step) * grid.stepSeconds)
            // Day 0 of the epoch was a Thursday.
            let local = Market.newYork.localSeconds(instant) + 3 * 86_400
            let week = ((local % 604_800) + 604_800) % 604_800
            return Int32(week / seconds)
        }
    }
}
