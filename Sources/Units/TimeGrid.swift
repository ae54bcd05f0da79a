/// Where the times of one series lie: at a fixed step, around one, or at months.
public enum TimeGrid: Equatable, Sendable {
    /// As they stand, each for a step.
    case exact(stepSeconds: Int64)
    /// Within a quarter of a step of `phase` and its multiples, on which they are put.
    case jittered(stepSeconds: Int64, phase: Int64)
    /// A number of months apart, on one day of the month or on the last: each stands for the time up to the next.
    case months(Int, isAtEnd: Bool)
    /// At two steps, in seconds, the finer first: the series changes from one to the other, or holds both.
    case mixed(Int64, Int64)
    /// Neither.
    case none

    /// The grid of some times, in any order, repeated or not. A few times have the commonest distance for a step, and a
    /// single one an hour.
    ///
    /// - Parameters:
    ///   - starts: The times, in seconds.
    ///   - repeats: Those of them that are there more than once, with different values.
    public init(_ starts: [Int64], repeats: [Int64] = []) {
        self = TimeGrid(single: starts)
        let step: Int64
        switch self {
        case .exact(let own), .jittered(let own, _): step = own
        case .months, .mixed, .none: return
        }
        let sorted = Set(starts).sorted()
        let distances = zip(sorted, sorted.dropFirst()).map { $1 - $0 }
        self =
            TimeGrid.change(in: distances, of: step) ?? TimeGrid.change(ofRepeats: repeats, step: step)
            ?? self
    }

    /// The grid of times that have but one step.
    private init(single starts: [Int64]) {
        let sorted = Set(starts).sorted()
        let distances = zip(sorted, sorted.dropFirst()).map { $1 - $0 }
        let step = TimeGrid.commonestStep(sorted)
        if let months = TimeGrid.months(sorted) {
            self = months
        } else if TimeGrid.share(of: sorted, atStep: step) >= 0.4
            || distances.allSatisfy({ $0 % step == 0 })
        {
            self = .exact(stepSeconds: step)
        } else if let jittered = TimeGrid.jittered(sorted, distances.sorted()) {
            self = jittered
        } else {
            self = distances.count < TimeGrid.fewMax ? .exact(stepSeconds: step) : .none
        }
    }

    /// The commonest distance between neighbours, the smallest of them in a tie; an hour where there is none.
    public static func commonestStep(_ starts: [Int64]) -> Int64 {
        let isSorted = zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
        let sorted = isSorted ? starts : starts.sorted()
        var distances: [Int64: Int] = [:]
        // Distances mostly repeat: they are counted run by run.
        var run: (distance: Int64, count: Int) = (0, 0)
        for (one, next) in zip(sorted, sorted.dropFirst()) where next > one {
            if next - one != run.distance {
                if run.count > 0 { distances[run.distance, default: 0] += run.count }
                run = (next - one, 0)
            }
            run.count += 1
        }
        if run.count > 0 { distances[run.distance, default: 0] += run.count }
        return distances.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 3600
    }

    /// The largest share of times that keep one step from each other, whatever lies between them.
    private static func share(of sorted: [Int64], atStep step: Int64) -> Double {
        var rests: [Int64: Int] = [:]
        for time in sorted { rests[rest(time, step), default: 0] += 1 }
        return Double(rests.values.max() ?? 0) / Double(max(1, sorted.count))
    }

    /// Up to so many distances show no pattern.
    private static let fewMax = 6

    /// Steps that people choose, in seconds.
    private static let usualSteps: [Int64] = [
        1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 14_400, 21_600,
        28_800,
        43_200, 86_400, 604_800,
    ]

    private static func jittered(_ sorted: [Int64], _ distances: [Int64]) -> TimeGrid? {
        guard distances.count >= 2 else { return nil }
        let median = distances[distances.count / 2]
        guard let step = usualSteps.min(by: { abs($0 - median) < abs($1 - median) }),
            10 * abs(step - median) <= step
        else { return nil }
        // The phase is that of the middle time, then that of all times around it.
        let middle = rest(sorted[sorted.count / 2], step)
        let offsets = sorted.map { centred($0 - middle, step) }.sorted()
        var phase = middle + offsets[offsets.count / 2]
        // A clock that is a little off is meant to be on the step.
        if abs(centred(phase, step)) <= step / 20 { phase = 0 }
        let isNear = sorted.allSatisfy { 4 * abs(centred($0 - phase, step)) <= step }
        return isNear ? .jittered(stepSeconds: step, phase: rest(phase, step)) : nil
    }

    private static func months(_ sorted: [Int64]) -> TimeGrid? {
        guard sorted.count >= 3, let first = sorted.first else { return nil }
        let clock = rest(first, 86_400)
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $1 - $0 >= 28 * 86_400 }),
            // Midnight of a clock that knows summer time is of two hours.
            sorted.allSatisfy({ abs(centred($0 - clock, 86_400)) <= 3600 })
        else { return nil }
        let dates = sorted.map { Timestamp(seconds: $0).date }
        let isAtEnd = dates.allSatisfy { $0.day == CivilDate.days(inMonth: $0.month, of: $0.year) }
        guard isAtEnd || dates.allSatisfy({ $0.day == dates[0].day }) else { return nil }
        let numbers = dates.map { $0.year * 12 + $0.month }
        var distances: [Int: Int] = [:]
        for (one, next) in zip(numbers, numbers.dropFirst()) { distances[next - one, default: 0] += 1 }
        guard let best = distances.min(by: { ($1.value, $0.key) < ($0.value, $1.key) })?.key,
            distances.keys.allSatisfy({ $0 % best == 0 }), best <= 12
        else { return nil }
        return .months(best, isAtEnd: isAtEnd)
    }

    /// The interval that a time stands for; nil where the series has no grid.
    public func place(_ time: Int64) -> (start: Int64, stepSeconds: Int64)? {
        switch self {
        case .exact(let step): return (time, step)
        case .jittered(let step, let phase): return (time - TimeGrid.centred(time - phase, step), step)
        case .months(let count, let isAtEnd):
            let date = Timestamp(seconds: time).date
            let next = CivilDate(monthsAfter: count, date, isAtEnd: isAtEnd)
            return (time, (next.daysSinceEpoch - date.daysSinceEpoch) * 86_400)
        case .mixed, .none: return nil
        }
    }

    /// The rest of a division, never negative.
    private static func rest(_ value: Int64, _ step: Int64) -> Int64 {
        let rest = value % step
        return rest < 0 ? rest + step : rest
    }

    /// The rest of a division that is nearest to zero.
    private static func centred(_ value: Int64, _ step: Int64) -> Int64 {
        let rest = rest(value, step)
        return 2 * rest > step ? rest - step : rest
    }
}
