import Numerics
import Units

/// Finds the seasons that a series has: the short one, as the day in hours, and a long one that is a whole
/// multiple of it, as the week.
///
/// A season is tested by leaving out one cycle after another: the mean of the others has to forecast it about
/// its own moving level. The day and the week of the calendar, and 24 and 168 steps where there is none, are
/// tried first and believed on little; other lengths come from peaks of the autocorrelation and have to
/// explain much.
public enum SeasonSearch {
    /// The longest history that is looked at, in steps.
    static let longest = 26_280
    /// The part of the best length's share from which a shorter one explains nearly as much. Chosen, not measured.
    private static let nearlyShare = 0.7

    /// The lengths of the seasons in steps, rising; empty where the series shows none twice.
    ///
    /// Without a calendar the instants only count steps. O(n log n) for a season of the calendar, at most
    /// about 10⁷ products for others.
    public static func seasons(of series: RegularSeries, hasCalendar: Bool = true) -> [Int] {
        guard let values = SeasonSearch.prepared(series.values) else { return [] }
        let natural = hasCalendar ? naturalSeasons(series.stepSeconds) : [24, 168]
        let test = SeasonTest(values)
        if let day = natural.first {
            if test.passes(day, natural: true) {
                return [day] + multiple(of: day, test, natural: natural.dropFirst())
            }
            // What repeats after a week is the week of days, also where one day is not like another.
            if let week = natural.dropFirst().first, test.passes(week, natural: true) { return natural }
        }
        // Of steps as long as days only the week is natural.
        let found = SeasonPeaks.candidates(values).map(test.climbed) + natural
        guard let short = shortest(test.passed(found, natural: natural)) else { return [] }
        for ratio in [7, 24] where short % ratio == 0 && short / ratio > 1 {
            let part = short / ratio
            if test.passes(part, natural: true) { return [part, short] }
        }
        return [short] + multiple(of: short, test, natural: natural[...])
    }

    /// A day and a week in steps, where they are more than one.
    public static func naturalSeasons(_ stepSeconds: Int64) -> [Int] {
        [86_400, 604_800].filter { $0 % stepSeconds == 0 }.map { Int($0 / stepSeconds) }.filter { $0 > 1 }
    }

    /// The last values without gaps and leading zeros, on the logarithmic scale; nil of a constant or of
    /// fewer than eight.
    private static func prepared(_ values: [Double]) -> [Double]? {
        guard let first = values.firstIndex(where: { $0.isFinite && $0 != 0 }) else { return nil }
        var known = Array(values[first...].suffix(longest))
        let extent = Extent(cleaning: &known)
        guard extent.count >= 8, extent.lowest < extent.highest else { return nil }
        let scale = ValueScale.logarithmic(known, extent, middle: Summary.mean) ?? .identity
        return GapFilling.fill(known, seasons: []).map(scale.apply)
    }

    /// The shortest length that explains nearly as much as the best, since multiples explain the same; of lengths within
    /// a twentieth of it, the one that explains most.
    private static func shortest(_ passed: [SeasonTest.Passed]) -> Int? {
        let most = passed.map(\.explained).max() ?? 0
        let good = passed.filter { $0.explained >= nearlyShare * most }
        guard let least = good.map(\.season).min() else { return nil }
        return good.filter { 20 * $0.season <= 21 * least }.max { $0.explained < $1.explained }?.season
    }

    /// What repeats after several short seasons, beyond the short season; at most one.
    private static func multiple(of short: Int, _ test: SeasonTest, natural: ArraySlice<Int>) -> [Int] {
        let rest = test.without(short)
        if let long = natural.last(where: { $0 > short && $0 % short == 0 }) {
            return rest.passes(long, natural: true) ? [long] : []
        }
        let multiples = (2...31).map { $0 * short }
        return shortest(rest.passed(multiples, natural: [])).map { [$0] } ?? []
    }
}

/// How far the cycles of a series are alike.
struct SeasonTest {
    /// A length that passed, and the variance that it explains.
    struct Passed {
        let season: Int
        let explained: Double
    }

    /// The share of the variance from which a season of the calendar is believed.
    static let naturalShare = 0.04
    /// The share from which any other length is.
    static let otherShare = 0.25
    /// How much more is asked of few cycles: over their square where the calendar has the season, else over them. With
    /// less, one random walk in twenty was given a season.
    private static let naturalRise = 0.6
    private static let otherRise = 0.8
    /// Robust deviations to which values are drawn in. Chosen, not measured.
    private static let valueDeviations = 5.0

    private let values: [Double]

    init(_ values: [Double]) { self.values = values }

    /// Whether a length passes.
    func passes(_ season: Int, natural: Bool) -> Bool {
        !passed([season], natural: natural ? [season] : []).isEmpty
    }

    /// The length near a guess that explains most: uphill, in steps that halve from a hundredth of it.
    func climbed(_ guess: Int) -> Int {
        func height(_ season: Int) -> Double {
            let (share, variance, _) = explained(season)
            return share * variance
        }
        var best = (season: guess, height: height(guess))
        var step = max(1, guess / 100)
        while step > 0 {
            var moved = false
            for season in [best.season - step, best.season + step] where season > 1 {
                let found = height(season)
                if found > best.height {
                    best = (season, found)
                    moved = true
                }
            }
            if !moved { step /= 2 }
        }
        return best.season
    }

    /// The lengths that pass; two cycles have to be more alike than many.
    func passed(_ seasons: [Int], natural: [Int]) -> [Passed] {
        Set(seasons).sorted().compactMap { season in
            let (share, variance, cycles) = explained(season)
            let few = 1 / Double(max(cycles, 1))
            let least =
                natural.contains(season)
                ? SeasonTest.naturalShare + SeasonTest.naturalRise * few * few
                : SeasonTest.otherShare + SeasonTest.otherRise * few
            return share > least ? Passed(season: season, explained: share * variance) : nil
        }
    }

    /// The values less the mean cycle.
    func without(_ season: Int) -> SeasonTest {
        let rest = SeasonTest.rest(values, span: season)
        let first = values.count % season
        var sums = [Double](repeating: 0, count: season)
        for index in first..<values.count { sums[(index - first) % season] += rest[index] }
        let cycles = Double(max(values.count / season, 1))
        return SeasonTest(
            values.indices.map { values[$0] - sums[($0 - first % season + season) % season] / cycles })
    }

    /// The share of the variance about the moving level that the season explains of a cycle which it has not seen,
    /// corrected for the few cycles it was learnt from; 0 with fewer than two cycles.
    private func explained(_ season: Int) -> (share: Double, variance: Double, cycles: Int) {
        let cycles = season > 1 ? values.count / season : 0
        guard cycles >= 2 else { return (0, 0, cycles) }
        var rest = SeasonTest.rest(values, span: season)
        let first = values.count - cycles * season
        // What all of a cycle has in common is no shape.
        for start in stride(from: first, to: values.count, by: season) {
            let mean = rest[start..<start + season].reduce(0, +) / Double(season)
            for index in start..<start + season { rest[index] -= mean }
        }
        var sums = [Double](repeating: 0, count: season)
        var total = 0.0
        for index in first..<values.count {
            sums[(index - first) % season] += rest[index]
            total += rest[index] * rest[index]
        }
        guard total > 0 else { return (0, 0, cycles) }
        let others = Double(cycles - 1)
        var missed = 0.0
        for index in first..<values.count {
            let error = rest[index] - (sums[(index - first) % season] - rest[index]) / others
            missed += error * error
        }
        // Noise alone would miss by 1 + 1 / others.
        let share = 1 - missed / total / (1 + 1 / others)
        return (max(0, share), total / Double(values.count - first), cycles)
    }

    /// Values less their level, which is a centred mean over a span and, of what that leaves, once more (Tukey's
    /// twicing: a growth that bends is level too); what lies more than five robust deviations out is drawn in.
    private static func rest(_ values: [Double], span: Int) -> [Double] {
        let span = min(span, values.count)
        let rest = SeasonTest.lessLevel(SeasonTest.lessLevel(values, span: span), span: span)
        let bound = valueDeviations * RobustScale.madToSigma * Selection.medianAbsolute(rest)
        guard bound > 0 else { return rest }
        return rest.map { min(max($0, -bound), bound) }
    }

    /// Values less their centred mean over a span, which goes on at both ends by its slope over one span there.
    private static func lessLevel(_ values: [Double], span: Int) -> [Double] {
        let count = values.count
        var levels = [values[..<span].reduce(0, +) / Double(span)]
        for end in span..<max(span, count) {
            levels.append(levels[end - span] + (values[end] - values[end - span]) / Double(span))
        }
        let last = levels.count - 1
        let reach = min(span, last)
        let width = Double(max(reach, 1))
        let slopes = (
            start: (levels[reach] - levels[0]) / width, end: (levels[last] - levels[last - reach]) / width
        )
        return values.indices.map { index in
            let place = index - span / 2
            if place < 0 { return values[index] - levels[0] - slopes.start * Double(place) }
            if place > last { return values[index] - levels[last] - slopes.end * Double(place - last) }
            return values[index] - levels[place]
        }
    }
}

/// Lengths of seasons that the autocorrelation suggests.
enum SeasonPeaks {
    /// The most values, or means of values, whose products are taken.
    private static let most = 4096
    /// The most peaks that are taken at each coarseness.
    private static let mostPeaks = 6
    /// The least autocorrelation of a peak.
    private static let leastCorrelation = 0.1

    /// The highest peaks of the autocorrelation, up to a third of the values: over the last values as they
    /// are, and over means of several of all of them.
    static func candidates(_ values: [Double]) -> [Int] {
        var result: Set<Int> = []
        var width = 1
        while true {
            let means = SeasonPeaks.means(values, width: width)
            for peak in peaks(autocorrelation(means)) {
                result.formUnion(width == 1 ? [peak] : refined(peak, width: width, values))
            }
            guard means.count > most || width * most < values.count else { return result.sorted() }
            width *= 8
        }
    }

    /// Means of so many values each, the last `most` of them.
    private static func means(_ values: [Double], width: Int) -> [Double] {
        let count = min(values.count / width, most)
        let first = values.count - count * width
        return (0..<count).map { block in
            var sum = 0.0
            for index in 0..<width { sum += values[first + block * width + index] }
            return sum / Double(width)
        }
    }

    /// The autocorrelation at lags of up to a third of the values, of their rest about a moving mean.
    private static func autocorrelation(_ values: [Double]) -> [Double] {
        let count = values.count
        let longest = count / 3
        guard longest > 2 else { return [] }
        let middle = Summary.mean(values)
        let centred = values.map { $0 - middle }
        return centred.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return [] }
            let whole = max(Vector.dot(start, start, count: count), 1e-300) / Double(count)
            return (0...longest).map { lag in
                Vector.dot(start, start + lag, count: count - lag) / Double(count - lag) / whole
            }
        }
    }

    /// The lags of the highest peaks that lie above what is between them and the lag before.
    private static func peaks(_ correlation: [Double]) -> [Int] {
        guard correlation.count > 3 else { return [] }
        var found: [Int] = []
        var lowest = correlation[0]
        for lag in 1..<correlation.count - 1 {
            lowest = min(lowest, correlation[lag])
            let here = correlation[lag]
            guard here > leastCorrelation, here > correlation[lag - 1], here >= correlation[lag + 1],
                here > lowest + leastCorrelation
            else { continue }
            // Of peaks close by, the highest.
            if let last = found.last, lag - last < max(2, lag / 16) {
                if correlation[last] < here { found[found.count - 1] = lag }
            } else {
                found.append(lag)
            }
        }
        return Array(found.sorted { correlation[$0] > correlation[$1] }.prefix(mostPeaks)).filter { $0 > 1 }
    }

    /// Round lengths near a peak of means, and the lag with the highest autocorrelation of the values.
    private static func refined(_ peak: Int, width: Int, _ values: [Double]) -> [Int] {
        let middle = Summary.mean(values)
        let centred = values.map { $0 - middle }
        return centred.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return [] }
            let lags = (peak - 1) * width...(peak + 1) * width
            let best = lags.filter { $0 > 1 && $0 < values.count }.max { one, other in
                func correlation(_ lag: Int) -> Double {
                    Vector.dot(start, start + lag, count: values.count - lag) / Double(values.count - lag)
                }
                return correlation(one) < correlation(other)
            }
            return best.map { [$0] } ?? []
        }
    }
}
