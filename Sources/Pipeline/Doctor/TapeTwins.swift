import Tables
import Tape
import Units

/// Series that hold the same under two names.
enum TapeTwins {
    static func findings(_ all: [SeriesRows]) -> [TapeFinding] {
        var seen: [Fingerprint: SeriesID] = [:]
        var found: [TapeFinding] = []
        var known: Set<SeriesID> = []
        for rows in all where rows.count >= leastAlike && rows.rows.contains(where: { $0.y > 0 }) {
            let print = Fingerprint(rows)
            guard let other = seen[print] else {
                seen[print] = rows.id
                continue
            }
            known.insert(rows.id)
            found.append(
                TapeFinding(
                    severity: .error, check: .duplicates, series: rows.id, from: rows.rows.first?.time,
                    to: rows.rows.last?.time, figure: Double(rows.count), unit: "rows",
                    message: "same counts at the same times as \(other): one log under two names"))
        }
        return found + sharedTrades(all.filter { $0.id.kind == "trades" && !known.contains($0.id) })
    }

    /// So many rows that are alike are no chance.
    private static let leastAlike = 20
    /// About so many rows of all series are compared.
    private static let comparedMax = 300_000

    /// Pairs of series of one venue of which one holds trades of the other: where both have rows, at least four in five are
    /// alike in every figure. Files of one symbol under two names need not cover the same time.
    private static func sharedTrades(_ all: [SeriesRows]) -> [TapeFinding] {
        let stride = Int64(all.reduce(0) { $0 + $1.count } / comparedMax + 1)
        var first: [UInt64: Int] = [:]
        var alike: [Pair: Int] = [:]
        for (index, series) in all.enumerated() {
            let venue = FNV1a.hash(series.id.venue.utf8)
            for row in series.rows where row.start % stride == 0 && row.count > 0 && row.quantity > 0 {
                let digest = row.fingerprint ^ venue
                if let other = first[digest] {
                    if other != index { alike[Pair(one: other, other: index), default: 0] += 1 }
                } else {
                    first[digest] = index
                }
            }
        }
        return alike.sorted { ($0.key.other, $0.key.one) < ($1.key.other, $1.key.one) }.compactMap {
            pair, count in
            finding(all[pair.one], all[pair.other], alike: count, stride)
        }
    }

    private struct Pair: Hashable {
        let one: Int
        let other: Int
    }

    private static func finding(
        _ one: SeriesRows, _ other: SeriesRows, alike: Int, _ stride: Int64
    ) -> TapeFinding? {
        guard alike >= leastAlike, let low = [one, other].compactMap({ $0.rows.first?.start }).max(),
            let high = [one, other].compactMap({ $0.rows.last?.start }).min()
        else { return nil }
        let counts = [one, other].map { series in
            series.rows.count {
                low <= $0.start && $0.start <= high && $0.start % stride == 0 && $0.count > 0
                    && $0.quantity > 0
            }
        }
        guard let fewest = counts.min(), 5 * alike >= 4 * fewest else { return nil }
        return TapeFinding(
            severity: .error, check: .duplicates, series: other.id, from: Timestamp(seconds: low),
            to: Timestamp(seconds: high), figure: Double(alike), unit: "rows",
            message:
                "holds the trades of \(one.id) a second time: the same figures at the same times; the files of "
                + "one symbol were read under two names")
    }

    private struct Fingerprint: Hashable {
        var starts: [Int64]
        var counts: [Int64]
        var fractions: [Int64]

        init(_ rows: SeriesRows) {
            starts = rows.rows.map(\.start)
            counts = rows.rows.map(\.count)
            fractions = rows.rows.map(\.countFraction)
        }
    }
}

/// Whether two series of one symbol have the same clock: bursts of one are bursts of the other, at the same
/// second.
///
/// The correlation of the counts by the second is taken at lags of up to ten seconds; where another lag than
/// zero fits clearly better, the clocks differ. Only series that share at least five minutes are compared.
enum ClockSkew {
    static let lagMax = 10
    private static let secondsMin = 300
    /// Seconds of a shared stretch that are looked at: the busiest hours of a year tell no more than one of
    /// them.
    private static let secondsMax = 86_400

    static func findings(_ all: [SeriesRows]) -> [TapeFinding] {
        let events = all.filter { rows in
            (rows.id.kind == "trades" || rows.id.kind == "messages") && rows.isEvents.contains(true)
        }
        // Of several series that a clock differs from, the one that tells it best.
        var best: [SeriesID: (finding: TapeFinding, correlation: Double)] = [:]
        // Of a symbol's few series each is held against the others; of a hundred thousand symbols none against another.
        var bySymbol: [String: [Int]] = [:]
        for (position, rows) in events.enumerated() { bySymbol[key(rows.id), default: []].append(position) }
        for (position, one) in events.enumerated() where one.id.kind == "trades" {
            let partners = (bySymbol[key(one.id)] ?? []).map { ($0, events[$0]) }.filter { index, other in
                other.id.kind == "messages" || index > position
            }
            for (_, other) in partners {
                guard let found = compare(one, other) else { continue }
                if found.correlation > best[other.id]?.correlation ?? 0 { best[other.id] = found }
            }
        }
        return best.keys.sorted().compactMap { best[$0]?.finding }
    }

    /// Letters and digits of the symbol, as far as a stream's name holds them: `btcusdt@trade` is `btcusdt`.
    static func key(_ id: SeriesID) -> String {
        let head = id.name.prefix { $0 != "@" && $0 != ":" && $0 != "." }
        return String(head.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    private static func compare(_ one: SeriesRows, _ other: SeriesRows) -> (
        finding: TapeFinding, correlation: Double
    )? {
        guard let low = [one, other].compactMap({ first($0) }).max(),
            let high = [one, other].compactMap({ last($0) }).min(), high - low >= Int64(secondsMin)
        else { return nil }
        let count = Int(min(high - low, Int64(secondsMax)))
        let mine = counts(one, from: low, count: count)
        let theirs = counts(other, from: low, count: count)
        var best = (lag: 0, correlation: -1.0)
        var atZero = -1.0
        for lag in -lagMax...lagMax {
            let value = correlation(mine, theirs, lag: lag)
            if lag == 0 { atZero = value }
            if value > best.correlation { best = (lag, value) }
        }
        guard best.lag != 0, best.correlation >= 0.5, best.correlation >= atZero + 0.1 else { return nil }
        let direction = best.lag > 0 ? "later" : "earlier"
        let finding = TapeFinding(
            severity: .warning, check: .skew, series: other.id, from: Timestamp(seconds: low),
            to: Timestamp(seconds: high), figure: Double(best.lag), unit: "seconds",
            message: "its events are \(abs(best.lag)) s \(direction) than those of \(one.id) (correlation "
                + "\(NumberText.percent(best.correlation)), or \(NumberText.percent(max(0, atZero))) without "
                + "the shift): the clocks differ")
        return (finding, best.correlation)
    }

    private static func first(_ rows: SeriesRows) -> Int64? {
        rows.rows.indices.first { rows.isEvents[$0] }.map { rows.rows[$0].start }
    }

    private static func last(_ rows: SeriesRows) -> Int64? {
        rows.rows.indices.last { rows.isEvents[$0] }.map { rows.rows[$0].start }
    }

    private static func counts(_ rows: SeriesRows, from low: Int64, count: Int) -> [Double] {
        var counts = [Double](repeating: 0, count: count)
        for index in rows.rows.indices where rows.isEvents[index] {
            let place = rows.rows[index].start - low
            if place >= 0, place < Int64(count) { counts[Int(place)] = rows.rows[index].y }
        }
        return counts
    }

    /// Pearson's correlation of `one[t]` and `other[t + lag]`.
    static func correlation(_ one: [Double], _ other: [Double], lag: Int) -> Double {
        let low = max(0, -lag)
        let high = min(one.count, other.count - lag)
        guard high - low >= 2 else { return 0 }
        let size = Double(high - low)
        var sums = (x: 0.0, y: 0.0, xx: 0.0, yy: 0.0, xy: 0.0)
        for index in low..<high {
            let x = one[index]
            let y = other[index + lag]
            sums.x += x
            sums.y += y
            sums.xx += x * x
            sums.yy += y * y
            sums.xy += x * y
        }
        let spread = (sums.xx - sums.x * sums.x / size) * (sums.yy - sums.y * sums.y / size)
        return spread > 0 ? (sums.xy - sums.x * sums.y / size) / spread.squareRoot() : 0
    }
}
