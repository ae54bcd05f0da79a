import Tape
import Units

extension InputFormat {
    /// The status of nginx Plus, taken every few seconds: counters, of which the differences are requests.
    public static let nginxPlusStatus = InputFormat(
        "nginx-plus-status", rows: .counts, venue: "nginx-plus",
        title: "nginx Plus status, one JSON object per line",
        grammar:
            "objects with `timestamp` (ms), `nginx_version`, `load_timestamp` and the counter "
            + "`requests.total`",
        recognition: "these keys in half of the first 50 lines",
        series: "`requests/<venue>/<file>`, at the usual interval between samples",
        notes:
            "The increase of the counter between two samples is spread evenly over the time between them, in "
            + "whole requests that add up. After a restart (another `load_timestamp`), the counter starts "
            + "again.",
        samples: ["nginx_plus_status.jsonl"])
}

struct NginxPlusFormat: LogFormat {
    let about = InputFormat.nginxPlusStatus

    static let paths = ["timestamp", "requests.total", "load_timestamp", "nginx_version"]

    var recognition: [Recognition] { [.text(recognise)] }

    private func recognise(_ sample: TextSample) -> Finding? {
        guard sample.lines.first?.first == 0x7B else { return nil }
        var leaves = JSONLeaves(Self.paths)
        let fits = sample.mostLines { leaves.read($0) && leaves.has(0) && leaves.has(1) && leaves.has(3) }
        return fits ? Finding(self) : nil
    }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.lines(&lines, NginxPlusParser(naming: feed.naming, builder: feed.builder))
    }

    func faults(in found: Finding) -> any RowFaults {
        JSONFaults(paths: Self.paths, columns: [.time: 0, .tradeCount: 1])
    }
}

/// Collects samples of the counter; what they say is known at the end.
struct NginxPlusParser: RowParser, ~Copyable {
    private var leaves = JSONLeaves(NginxPlusFormat.paths)
    private var time = TimeColumn(
        unit: .milliseconds, isResolved: true, reference: Timestamp(seconds: 1_767_225_600))
    private let id: SeriesID
    private let builder: TapeDeltaBuilder
    private var samples: [Sample] = []

    private struct Sample {
        let nanoseconds: Int64
        let total: Int64
        let load: Int64
        let position: RowPosition
    }

    init(naming: SeriesNaming, builder: TapeDeltaBuilder) {
        self.builder = builder
        id = SeriesID(kind: "requests", venue: naming.venue, name: naming.symbol)
    }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard leaves.read(line) else { return .bad(.json) }
        if leaves.ambiguity?.reason == .repeatedKey { return .bad(.repeatedKey) }
        let stamp: Timestamp
        switch time.read(leaves.value(0)) {
        case .success(let read): stamp = read
        case .failure(let problem): return .bad(problem.reason)
        }
        guard let total = NumberParsing.unsigned(leaves.value(1)) else { return .bad(.count) }
        let load = NumberParsing.unsigned(leaves.value(2)) ?? 0
        samples.append(Sample(nanoseconds: stamp.nanoseconds, total: total, load: load, position: position))
        return .accepted
    }

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] {
        let sorted = samples.sorted {
            ($0.nanoseconds, $0.position.line) < ($1.nanoseconds, $1.position.line)
        }
        let step = StepInference.stepSeconds(sorted.map { $0.nanoseconds / 1_000_000_000 })
        var revised: [(position: RowPosition, outcome: RowOutcome)] = []
        var counts: [Int64: Int64] = [:]
        for (before, after) in zip(sorted, sorted.dropFirst()) {
            if before.nanoseconds == after.nanoseconds, before.total == after.total {
                revised.append((after.position, .duplicate))
            }
            // Another worker may answer a moment late: a counter only goes back when the server was loaded
            // anew.
            let isAnew = before.load != after.load && after.total < before.total
            let gain = isAnew ? after.total : max(0, after.total - before.total)
            NginxPlusParser.spread(gain, before.nanoseconds, after.nanoseconds, step, &counts)
        }
        guard !counts.isEmpty else { return revised.sorted { $0.position.line < $1.position.line } }
        let handle = builder.barSeries(id, stepSeconds: step)
        for (start, count) in counts.sorted(by: { $0.key < $1.key }) {
            _ = builder.addBar(TapeRow(start: start, count: count), to: handle)
        }
        return revised.sorted { $0.position.line < $1.position.line }
    }

    /// Shares a gain among the intervals between two instants by their overlap; the parts add up to the gain.
    /// A silence of more than a hundred intervals is not filled: the gain counts where it was seen.
    private static func spread(
        _ gain: Int64, _ from: Int64, _ to: Int64, _ step: Int64, _ counts: inout [Int64: Int64]
    ) {
        let length = step * 1_000_000_000
        let last = to / length
        guard to > from, last - from / length <= 100 else {
            counts[last * step, default: 0] += gain
            return
        }
        var given: Int64 = 0
        for slot in from / length...last {
            let end = min((slot + 1) * length, to)
            let due = Int64((Int128(gain) * Int128(end - from)) / Int128(to - from))
            counts[slot * step, default: 0] += due - given
            given = due
        }
    }
}
