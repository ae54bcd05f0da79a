#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

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
    ///
    /// In this order: months; one distance of which all others are multiples, or nearly all, as where a clock was set; times
    /// near a usual step; and for series with more holes than rows, a step that no two neighbours need to be apart.
    private init(single starts: [Int64]) {
        let sorted = Set(starts).sorted()
        let distances = zip(sorted, sorted.dropFirst()).map { $1 - $0 }
        let step = TimeGrid.commonestStep(sorted)
        let misfits = distances.count { $0 % step != 0 }
        let share = TimeGrid.share(of: sorted, atStep: step)
        if let months = TimeGrid.months(sorted) {
            self = months
        } else if misfits == 0 || (share >= 0.4 && 5 * misfits <= distances.count) {
            self = .exact(stepSeconds: step)
        } else if let jittered = TimeGrid.jittered(sorted, distances.sorted()) {
            self = jittered
        } else if let sparse = TimeGrid.sparse(sorted, distances) {
            self = sparse
        } else {
            self = share >= 0.4 || distances.count < TimeGrid.fewMax ? .exact(stepSeconds: step) : .none
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
        let phase = phase(of: sorted, step)
        let isNear = sorted.allSatisfy { 4 * abs(centred($0 - phase, step)) <= step }
        return isNear ? .jittered(stepSeconds: step, phase: rest(phase, step)) : nil
    }

    /// The step of times most of which are left out, so that neighbours may be any number of steps apart.
    ///
    /// A step of a minute or more, or a usual one of at least five seconds, is one where times that know nothing of it would
    /// keep it with a chance below 1e-6: n times all are multiples of s seconds by chance with s^(1 - n), and are within a
    /// tenth of a step of them with some 0.2^(n - 1). Many steps are tried for the latter, which takes 1e-9.
    private static func sparse(_ sorted: [Int64], _ distances: [Int64]) -> TimeGrid? {
        guard distances.count >= 2, let least = distances.min() else { return nil }
        if let day = days(distances) { return day }
        let divisor = distances.reduce(0, greatestCommonDivisor)
        let isDivided =
            (divisor >= 60 || (divisor >= 5 && usualSteps.contains(divisor)))
            && Double(distances.count) * log2(Double(divisor)) >= leastEvidence
        for step in usualSteps.reversed() where step >= 60 && 5 * step <= 6 * least {
            if isDivided, divisor % step == 0 { break }
            let share = Double(2 * (step / 10) + 1) / Double(step)
            guard -Double(distances.count) * log2(share) >= 1.5 * leastEvidence else { continue }
            let phase = phase(of: sorted, step)
            if sorted.allSatisfy({ 10 * abs(centred($0 - phase, step)) <= step }) {
                return .jittered(stepSeconds: step, phase: rest(phase, step))
            }
        }
        return isDivided ? .exact(stepSeconds: divisor) : nil
    }

    /// The negative binary logarithm of a chance of 1e-6.
    private static let leastEvidence: Double = 20

    /// Whole days, but for the hour by which a clock was set now and then.
    private static func days(_ distances: [Int64]) -> TimeGrid? {
        let set = distances.filter { $0 % 86_400 != 0 }
        guard distances.count >= 5, !set.isEmpty, 10 * set.count <= distances.count,
            set.allSatisfy({ abs(centred($0, 86_400)) == 3600 })
        else { return nil }
        return .exact(stepSeconds: 86_400)
    }

    private static func greatestCommonDivisor(_ one: Int64, _ other: Int64) -> Int64 {
        var (one, other) = (one, other)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }

    /// Where times lie between the multiples of a step: that of the middle time, then of all times around it. A clock that is
    /// a little off is meant to be on the step.
    private static func phase(of sorted: [Int64], _ step: Int64) -> Int64 {
        let middle = rest(sorted[sorted.count / 2], step)
        let offsets = sorted.map { centred($0 - middle, step) }.sorted()
        let phase = middle + offsets[offsets.count / 2]
        return abs(centred(phase, step)) <= step / 20 ? 0 : phase
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
