import Tables
import Tape
import Units

/// What can be seen in one series by itself.
struct SeriesDoctor {
    let summary: SeriesSummary
    let rows: SeriesRows
    /// Where logs of single events exist.
    private let covered: [ClosedRange<Timestamp>]

    init(summary: SeriesSummary, rows: SeriesRows) {
        self.summary = summary
        self.rows = rows
        covered = summary.covered
    }

    func findings() -> [TapeFinding] {
        gaps() + silences() + missingBars() + offGrid() + repeatedHours() + evenCounts() + censored()
            + short()
    }

    private func finding(
        _ severity: TapeFinding.Severity, _ check: TapeFinding.Check, _ from: Int64? = nil,
        _ to: Int64? = nil,
        _ figure: Double? = nil, _ unit: String = "", _ message: String
    ) -> TapeFinding {
        TapeFinding(
            severity: severity, check: check, series: summary.id,
            from: from.map { Timestamp(seconds: $0) }, to: to.map { Timestamp(seconds: $0) }, figure: figure,
            unit: unit, message: message)
    }

    /// The longest stretches first, as many as are told, and a word on the rest.
    private func longest(
        _ stretches: [(from: Int64, to: Int64)], _ severity: TapeFinding.Severity, _ check: TapeFinding.Check,
        _ message: (Int64) -> String
    ) -> [TapeFinding] {
        let sorted = stretches.sorted { ($1.to - $1.from, $0.from) < ($0.to - $0.from, $1.from) }
        var told = sorted.prefix(TapeDoctor.findingsMax).map { stretch in
            let length = stretch.to - stretch.from
            return finding(
                severity, check, stretch.from, stretch.to, Double(length), "seconds", message(length))
        }
        if sorted.count > told.count {
            let rest = sorted.dropFirst(told.count)
            let total = rest.reduce(0) { $0 + $1.to - $1.from }
            told.append(
                finding(
                    severity, check, nil, nil, Double(total), "seconds",
                    "\(rest.count) more of this kind, all shorter, \(Self.length(total)) in total"))
        }
        return told
    }

    /// Between two logs of single events there is time of which no log exists.
    private func gaps() -> [TapeFinding] {
        guard summary.hasEvents else { return [] }
        let gaps = zip(covered, covered.dropFirst()).map {
            (from: $0.upperBound.seconds + 1, to: $1.lowerBound.seconds)
        }
        return longest(gaps, .warning, .gap) {
            "no log for \(Self.length($0)): the load then is unknown and is not counted as zero"
        }
    }

    /// A silence inside a log that a process of its rate would not make: longer than 200 mean distances of
    /// the events around it, and a minute.
    private func silences() -> [TapeFinding] {
        let seconds = rows.rows.indices.filter { rows.isEvents[$0] && rows.rows[$0].count > 0 }
        guard seconds.count >= 100 else { return [] }
        var found: [(from: Int64, to: Int64)] = []
        for (position, index) in seconds.enumerated().dropFirst() {
            let from = rows.rows[seconds[position - 1]].start + 1
            let to = rows.rows[index].start
            guard to - from >= 60, isCovered(from, to), let rate = rate(around: position, seconds),
                Double(to - from) * rate >= 200
            else { continue }
            found.append((from, to))
        }
        return longest(found, .warning, .silence) {
            "no event for \(Self.length($0)) inside a log: an outage, or missing lines; exclude it from the "
                + "forecast's history"
        }
    }

    private func isCovered(_ from: Int64, _ to: Int64) -> Bool {
        covered.contains { $0.lowerBound.seconds < from && to <= $0.upperBound.seconds + 1 }
    }

    /// Events a second over the 50 busy seconds on either side, the slower side.
    private func rate(around position: Int, _ seconds: [Int]) -> Double? {
        func side(_ range: Range<Int>) -> Double? {
            guard range.count >= 10 else { return nil }
            let picked = seconds[range]
            guard let first = picked.first, let last = picked.last else { return nil }
            let length = rows.rows[last].start - rows.rows[first].start + 1
            return picked.reduce(0) { $0 + rows.rows[$1].y } / Double(max(1, length))
        }
        let before = side(max(0, position - 50)..<position)
        let after = side(position..<min(seconds.count, position + 50))
        switch (before, after) {
        case (let one?, let other?): return min(one, other)
        default: return before ?? after
        }
    }

    /// Bars that are missing between others, and runs of bars without events where there are usually some.
    private func missingBars() -> [TapeFinding] {
        let bars = rows.rows.indices.filter { !rows.isEvents[$0] }
        guard bars.count >= 2 else { return [] }
        var gaps: [(from: Int64, to: Int64)] = []
        var zeros: [(from: Int64, to: Int64)] = []
        let counts = bars.map { rows.rows[$0].y }.sorted()
        let median = counts[counts.count / 2]
        var zeroStart: Int64?
        for (one, next) in zip(bars, bars.dropFirst()) {
            let end = rows.rows[one].start + rows.stepSeconds[one]
            if rows.rows[next].start - end >= rows.stepSeconds[one] {
                gaps.append((end, rows.rows[next].start))
            }
        }
        for index in bars {
            let start = rows.rows[index].start
            if rows.rows[index].y == 0, median >= 10 {
                zeroStart = zeroStart ?? start
            } else if let first = zeroStart {
                zeros.append((first, start))
                zeroStart = nil
            }
        }
        return longest(gaps, .warning, .gap) {
            "no bars for \(Self.length($0)): treated as unknown, not as zero"
        }
            + longest(zeros, .warning, .silence) {
                "bars without events for \(Self.length($0)), where the median is \(NumberText.figure(median)): "
                    + "an outage"
            }
    }

    /// Bars whose starts do not fall on one grid, or that overlap.
    private func offGrid() -> [TapeFinding] {
        var found: [TapeFinding] = []
        for part in summary.resolutions where !part.isEvents {
            let starts = rows.rows.indices.filter {
                !rows.isEvents[$0] && rows.stepSeconds[$0] == part.stepSeconds
            }
            .map { rows.rows[$0].start }
            var offsets: [Int64: Int] = [:]
            for start in starts { offsets[start % part.stepSeconds, default: 0] += 1 }
            let usual = offsets.max { ($0.value, $1.key) < ($1.value, $0.key) }
            if let usual, offsets.count > 1 {
                let others = starts.count - usual.value
                found.append(
                    finding(
                        .warning, .clock, starts.first, starts.last, Double(others), "rows",
                        "\(others) of \(starts.count) bars of \(Self.length(part.stepSeconds)) are "
                            + "misaligned with the rest: a clock adjustment or summer time"))
            }
            let overlaps = zip(starts, starts.dropFirst()).filter { $1 - $0 < part.stepSeconds }
            if let first = overlaps.first, let last = overlaps.last {
                found.append(
                    finding(
                        .warning, .duplicates, first.0, last.1, Double(overlaps.count), "rows",
                        "\(overlaps.count) bars begin before the previous bar ends, so some time is counted "
                            + "twice"
                    ))
            }
        }
        return found
    }

    /// Hours that count double as summer time ends, in logs of a local clock.
    private func repeatedHours() -> [TapeFinding] {
        guard summary.id.kind != "metrics" else { return [] }
        return RepeatedHour(summary: summary, rows: rows).found().map { hour in
            finding(
                .warning, .clock, hour.from, hour.to, hour.share, "ratio",
                "this hour holds \(NumberText.figure(hour.share)) times as much as the hours around it, on a day when clocks "
                    + "are set back: the timestamps are probably local, and the repeated hour counts as one. Give the "
                    + "time zone of the log with `ingest --zone`")
        }
    }

    /// Where every count is even, a log was added to itself.
    private func evenCounts() -> [TapeFinding] {
        let counts = rows.rows.indices.filter { rows.isEvents[$0] }.map { rows.rows[$0].count }
        guard counts.count >= 50, counts.allSatisfy({ $0 % 2 == 0 }) else { return [] }
        return [
            finding(
                .error, .duplicates, rows.rows.first?.start, rows.rows.last?.start, Double(counts.count),
                "seconds",
                "all \(counts.count) seconds have an even count: the log was very likely ingested twice"
            )
        ]
    }

    /// The busiest minutes, and whether they were cut off.
    private func censored() -> [TapeFinding] {
        guard summary.id.kind != "metrics" else { return [] }
        var minutes: [Int64: (served: Double, refused: Double)] = [:]
        for row in rows.rows {
            let minute = row.start / 60
            let entry = minutes[minute] ?? (0, 0)
            minutes[minute] = (entry.served + row.y, entry.refused + Double(row.refused))
        }
        guard minutes.count >= 20 else { return [] }
        let busiest = minutes.sorted { ($1.value.served, $0.key) < ($0.value.served, $1.key) }
        let top = busiest.prefix(max(5, minutes.count / 100))
        let offered = top.reduce(0) { $0 + $1.value.served }
        let refused = top.reduce(0) { $0 + $1.value.refused }
        let times = top.map(\.key)
        var found: [TapeFinding] = []
        if refused >= 0.01 * offered, refused > 0 {
            found.append(
                finding(
                    .warning, .censored, (times.min() ?? 0) * 60, (times.max() ?? 0) * 60 + 60,
                    refused / offered,
                    "share",
                    "\(NumberText.percent(refused / offered)) of the requests in the \(top.count) busiest "
                        + "minutes were rejected (429 or 5xx). They are counted as offered load, but clients "
                        + "that gave up are not, so these peaks are lower bounds"))
        }
        let peak = busiest[0].value.served
        let flat = busiest.prefix { $0.value.served >= 0.995 * peak }
        let median = busiest[busiest.count / 2].value.served
        if flat.count >= 10, flat.count < busiest.count / 2, peak > 2 * median, peak >= 100 {
            found.append(
                finding(
                    .warning, .censored, (flat.map(\.key).min() ?? 0) * 60,
                    (flat.map(\.key).max() ?? 0) * 60 + 60,
                    peak / 60, "per_second",
                    "\(flat.count) minutes reach \(NumberText.figure(peak / 60)) per second and none exceeds "
                        + "it: a limit cut them off, so the peak is a lower bound"))
        }
        return found
    }

    /// Whether there is enough to forecast from.
    private func short() -> [TapeFinding] {
        let covered = coveredSeconds()
        let days = Double(covered) / 86_400
        let (least, what): (Double, String) =
            days < 2 ? (2, "a daily season needs two days") : (14, "a weekly season needs two weeks")
        guard days < least else { return [] }
        return [
            finding(
                days < 2 ? .warning : .note, .short, summary.first.seconds, summary.end.seconds, days, "days",
                "\(Self.length(covered)) of history: \(what)")
        ]
    }

    private func coveredSeconds() -> Int64 {
        let events = self.covered.reduce(0) { $0 + $1.upperBound.seconds - $1.lowerBound.seconds + 1 }
        let bars = rows.rows.indices.filter { !rows.isEvents[$0] }.reduce(0) { $0 + rows.stepSeconds[$1] }
        return summary.hasEvents ? max(events, bars) : bars
    }

    static func length(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(NumberText.figure(Double(seconds) / 60)) min"
        case ..<172_800: "\(NumberText.figure(Double(seconds) / 3600)) h"
        default: "\(NumberText.figure(Double(seconds) / 86_400)) d"
        }
    }
}
